"""State of the batch page."""
