"""The coordinating centre: takes bundles in, answers with receipts, says how far each workstation is held."""
