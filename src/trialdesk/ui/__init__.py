"""The desk's window: screens that show what the services say and hand over what a person did."""
