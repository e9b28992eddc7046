"""Who may act, and where (ODM AdminData)."""
