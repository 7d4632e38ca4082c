"""Suffixes of image files."""

JPEG_FILE_SUFFIXES = (".jpg", ".jpeg", ".jpe", ".jfif")
"""Suffixes of JPEG files that can be read."""

OTHER_IMAGE_SUFFIXES = (".png", ".tif", ".tiff", ".webp", ".bmp")
"""Suffixes of other image files that can be read."""

UNSUPPORTED_IMAGE_SUFFIXES = (".gif", ".heic", ".heif", ".jxl", ".avif", ".jp2", ".dng")
"""Suffixes of frequent image files that cannot be restored."""

WRITABLE_JPEG_SUFFIXES = (".jpg", ".jpeg")
"""Suffixes of results in JPEG format."""

WRITABLE_SUFFIXES = (".png", ".tif", ".tiff", ".webp", *WRITABLE_JPEG_SUFFIXES, ".jxl", ".avif")
"""Suffixes of results; the module `save` has the capabilities of each format."""

MOST_CAPABLE_SUFFIX = ".tiff"
"""Suffix of the format that can hold every result."""
