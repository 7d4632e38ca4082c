"""The about dialog, the list of shortcuts and bug reports."""
