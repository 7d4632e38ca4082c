"""The job that opens a file."""
