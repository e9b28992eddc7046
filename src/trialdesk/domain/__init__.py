"""What is asked, what was recorded, what follows: no screen, database, file or clock."""
