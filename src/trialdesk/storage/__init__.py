"""What keeps things: the encrypted trail at the ward, PostgreSQL at the centre, study files."""
