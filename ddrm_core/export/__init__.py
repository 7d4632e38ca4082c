"""Export of results as files with a run record."""
