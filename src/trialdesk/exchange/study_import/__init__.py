"""A study definition of another program as a study folder: ODM 1.3 metadata, REDCap data dictionary."""
