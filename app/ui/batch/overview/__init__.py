"""The overview of a folder before its files are restored."""
