"""Tables for statisticians: CSV with a codebook, workbook, Dataset-JSON 1.1 and SAS transport files."""
