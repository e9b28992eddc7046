"""What the centre holds in the formats others read: ODM, tables, SDTM."""
