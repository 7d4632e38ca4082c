"""Which files are pictures, by their names alone."""

JPEG_FILE_SUFFIXES = (".jpg", ".jpeg", ".jpe", ".jfif")
"""Of files that are JPEGs."""

OTHER_IMAGE_SUFFIXES = (".png", ".tif", ".tiff", ".webp", ".bmp")
"""Of other pictures that can be read."""

WRITABLE_SUFFIXES = (".png", ".tif", ".tiff", ".webp", ".jpg", ".jpeg")
"""Of results; `save` knows what each of these formats holds."""

MOST_CAPABLE_SUFFIX = ".tiff"
"""Of the format that holds every result."""
