"""CDISC ODM 1.3.2 XML: the study as metadata, what was recorded as clinical data, and the values read back."""
