"""Pixels of a file that is not a JPEG, and the compression that they show, without torch."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from ddrm_core.errors import NotAJpeg
from ddrm_core.formats.decode import DecodedImage, decode_image
from ddrm_core.formats.unsupported_format import UnsupportedImage
from ddrm_core.jpeg.recompression import PreviousCompression, detect_from_pixels

_LOADABLE_FORMATS = ("PNG", "BMP", "TIFF", "WebP", "JPEG XL", "AVIF")
_ROWS_PER_STRIP = 64  # a few megabytes of floats, even of the largest images


def decode_non_jpeg(error: NotAJpeg, *, max_pixels: int) -> DecodedImage:
    """Return pixels and metadata of a file that `read_jpeg` has rejected.

    Args:
        error: Error of `read_jpeg`, which names the file.
        max_pixels: Largest number of pixels that is read.

    Raises:
        NotAJpeg: `error` itself if the file is of no supported format.
        UnsupportedImage: If a PNG, BMP, TIFF, WebP, JPEG XL or AVIF is damaged or of an unsupported
            kind.
        UnreadableFile, TooManyPixels, OutOfMemory: See `decode_image`.
    """
    try:
        return decode_image(error.path, max_pixels=max_pixels)
    except UnsupportedImage:
        if error.found_kind in _LOADABLE_FORMATS:
            raise
        raise error from None


def detect_pixel_compression(pixels: NDArray[np.float32]) -> PreviousCompression | None:
    """Return the JPEG compression that pixels were decoded from, None if undetected.

    Args:
        pixels: Pixels in gray levels, (c, h, w): gray, RGB or CMYK (0 for no ink). Of CMYK, the
            color inks are examined.
    """
    return detect_from_pixels(_to_uint8(pixels))


def _to_uint8(pixels: NDArray[np.float32]) -> NDArray[np.uint8]:
    """Convert pixels to 8-bit gray (h, w) or RGB (h, w, 3); CMYK becomes 255 - CMY."""
    channels, height, width = pixels.shape
    colors = pixels[:3]
    result = np.empty((height, width, len(colors)), np.uint8)
    for top in range(0, height, _ROWS_PER_STRIP):
        strip = colors[:, top : top + _ROWS_PER_STRIP]
        rounded = np.rint(255 - strip if channels == 4 else strip).clip(0, 255)
        # Files of floats may hold values that are no numbers.
        result[top : top + _ROWS_PER_STRIP] = np.nan_to_num(rounded).transpose(1, 2, 0)
    return result[:, :, 0] if channels == 1 else result
