"""One file per piece of work; clock, disk and domain meet here."""
