"""SDTM datasets and define.xml from casebooks, driven by the mapping of the study."""
