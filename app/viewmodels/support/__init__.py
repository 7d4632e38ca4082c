"""State of a bug report."""
