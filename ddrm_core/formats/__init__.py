"""Pictures and their metadata in PNG, TIFF, WebP and JPEG files."""
