"""Defaults of reading and writing, importable without any decoder."""

MAX_PIXELS = 178_000_000
"""Maximum number of pixels of an image that is read.

The image and all arrays of a run then fit into memory, and a small file that claims more is
refused. The levels of a JPEG take up to 1.1 GB. Pillow, which decodes for the screen, refuses
images of 179 million pixels or more.
"""

DEFAULT_JPEG_QUALITY = 95
