"""Jobs that make the images of the compare view."""
