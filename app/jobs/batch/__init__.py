"""Jobs of the batch page: finding, planning and restoring files, and the batch file."""
