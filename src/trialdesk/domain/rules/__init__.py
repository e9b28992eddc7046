"""What follows from what was asked and recorded: findings, derived values, what is shown."""
