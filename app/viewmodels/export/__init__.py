"""State of saving and sharing a result."""
