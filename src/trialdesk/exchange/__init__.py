"""Files that travel: bundles to the centre, receipts back."""
