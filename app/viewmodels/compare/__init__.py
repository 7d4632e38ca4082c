"""View models of the compare view and of the images that it can show."""
