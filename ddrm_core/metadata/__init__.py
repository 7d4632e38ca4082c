"""Metadata of files: kept, edited where necessary, and written into results."""
