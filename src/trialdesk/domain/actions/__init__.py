"""What a person may do, and what it causes: changes or a refusal."""
