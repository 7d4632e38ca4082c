"""Defaults of reading and writing, which can be known before any decoder is loaded."""

MAX_PIXELS = 178_000_000
"""Of a picture that is read: fits into memory, with all that is made of it; a small file can claim
far more. The levels of a JPEG take up to 1.1 GB then. Pillow, which decodes for the screen, refuses
from 179 million on."""

DEFAULT_JPEG_QUALITY = 95
