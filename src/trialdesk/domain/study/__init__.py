"""What the protocol asks: events, forms, items, code lists, rules, parameters (ODM Study)."""
