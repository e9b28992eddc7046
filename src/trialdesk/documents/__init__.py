"""Paper: a form as an archival PDF with its data inside, signed, and the verdict on such a file."""
