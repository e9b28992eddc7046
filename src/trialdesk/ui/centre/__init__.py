"""The coordinating centre's window."""
