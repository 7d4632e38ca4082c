"""State of the compare view and the images that it can show."""
