"""Jobs of the batch page: find, plan and restore files; the stored list of files."""
