"""Which files are pictures, by their names alone."""

JPEG_FILE_SUFFIXES = (".jpg", ".jpeg", ".jpe", ".jfif")
"""Of files that are JPEGs."""

OTHER_IMAGE_SUFFIXES = (".png", ".tif", ".tiff", ".webp", ".bmp")
"""Of other pictures that can be read."""

WRITABLE_JPEG_SUFFIXES = (".jpg", ".jpeg")
"""Of results that are JPEGs."""

WRITABLE_SUFFIXES = (".png", ".tif", ".tiff", ".webp", *WRITABLE_JPEG_SUFFIXES)
"""Of results; `save` knows what each of these formats holds."""

MOST_CAPABLE_SUFFIX = ".tiff"
"""Of the format that holds every result."""
