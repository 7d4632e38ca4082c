"""The `inspect` command: report of a file, and the table of several files."""
