"""What was recorded: audit records, changes, and the casebook that follows from them (ODM ClinicalData)."""
