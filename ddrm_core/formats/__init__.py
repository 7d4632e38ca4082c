"""Images and their metadata in PNG, TIFF, WebP, JPEG and BMP files."""
