"""Which files are pictures, by their names alone."""

JPEGS = (".jpg", ".jpeg", ".jpe", ".jfif")
"""Of files that are JPEGs."""

OTHERS = (".png", ".tif", ".tiff", ".webp", ".bmp")
"""Of other pictures that can be read."""

WRITTEN = (".png", ".tif", ".tiff", ".webp", ".jpg", ".jpeg")
"""Of results; `save` knows what each of these formats holds."""

ROOMIEST = ".tiff"
"""Of the format that holds every result."""
