"""Jobs that read coefficients and their statistics."""
