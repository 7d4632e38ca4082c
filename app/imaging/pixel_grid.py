"""The image pixels under screen pixels, and lines between them."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PySide6.QtGui import QImage

from app.imaging.qimage import view_as_uint32

PixelIndices = NDArray[np.intp]
_GREEN_HIGH_BIT = np.uint32(0x8000)  # set from 128 on; green is most of what makes a colour bright


def find_pixels_under(
    screen_start: int, screen_end: int, origin: float, pixel_width: float, pixel_count: int
) -> PixelIndices:
    """Return the pixels under the middles of screen pixels `screen_start` to `screen_end` - 1.

    Args:
        screen_start: Of the screen's.
        screen_end: After the last of them.
        origin: Where the row begins.
        pixel_width: How wide one of its pixels is on the screen.
        pixel_count: How many it has.
    """
    positions = np.floor((np.arange(screen_start, screen_end) + (0.5 - origin)) / pixel_width)
    indices: PixelIndices = positions.clip(0, pixel_count - 1).astype(np.intp)
    return indices


def resample_nearest(image: QImage, columns: PixelIndices, rows: PixelIndices) -> QImage:
    """The pixels of these columns and rows, each of which may come again."""
    has_alpha = image.hasAlphaChannel()
    opaque_format = QImage.Format.Format_RGB32
    image_format = QImage.Format.Format_ARGB32_Premultiplied if has_alpha else opaque_format
    # A part of a larger image has that one's lines, of which the last is not all there.
    image = image.copy() if image.format() == image_format else image.convertToFormat(image_format)
    resampled = QImage(len(columns), len(rows), image_format)
    np.take(
        view_as_uint32(image).take(columns, 1), rows, 0, out=view_as_uint32(resampled), mode="clip"
    )
    return resampled


def draw_pixel_grid(image: QImage, columns: PixelIndices, rows: PixelIndices) -> QImage:
    """RGB32 with lines along these columns and rows.

    They are darker where the picture is bright and brighter where it is dark, in its own hue.
    """
    result = image.copy()
    pixels, source_pixels = view_as_uint32(result), view_as_uint32(image)
    pixels[:, columns] = _shift_contrast(source_pixels[:, columns])
    pixels[rows] = _shift_contrast(source_pixels[rows])
    return result


def _shift_contrast(pixels: NDArray[np.uint32]) -> NDArray[np.uint32]:
    """RGB32 pixels, all channels 3/16 of the way to black or to white, whichever is farther."""
    is_bright = (pixels & _GREEN_HIGH_BIT) != 0
    distance = np.where(is_bright, pixels, ~pixels)
    # Shifted channels are kept apart, so that all four bytes are one number.
    change = (distance >> 3 & np.uint32(0x1F1F1F)) + (distance >> 4 & np.uint32(0x0F0F0F))
    return np.where(is_bright, pixels - change, pixels + change)
