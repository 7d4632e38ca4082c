"""Results as files: pixels, metadata and the record of the run; a run repeated from a record."""
