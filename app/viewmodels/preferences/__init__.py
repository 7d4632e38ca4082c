"""State of the preferences."""
