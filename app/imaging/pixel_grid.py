"""Pixels of enlarged images: their indices under screen pixels, and a grid between them."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PySide6.QtGui import QImage

from app.imaging.qimage import view_as_uint32

PixelIndices = NDArray[np.intp]
_GREEN_HIGH_BIT = np.uint32(0x8000)  # set from 128 on; green contributes most to brightness


def find_pixels_under(
    screen_start: int, screen_end: int, origin: float, pixel_width: float, pixel_count: int
) -> PixelIndices:
    """Return the index of the image pixel under the center of each screen pixel, in one axis.

    Args:
        screen_start: First screen pixel.
        screen_end: Screen pixel after the last one.
        origin: Screen position at which the first image pixel begins.
        pixel_width: Width of an image pixel in screen pixels.
        pixel_count: Number of image pixels; indices are clipped to 0..`pixel_count` - 1.
    """
    positions = np.floor((np.arange(screen_start, screen_end) + (0.5 - origin)) / pixel_width)
    indices: PixelIndices = positions.clip(0, pixel_count - 1).astype(np.intp)
    return indices


def resample_nearest(image: QImage, columns: PixelIndices, rows: PixelIndices) -> QImage:
    """Return an image whose pixel (x, y) is pixel (`columns[x]`, `rows[y]`) of `image`.

    An index may occur several times.
    """
    has_alpha = image.hasAlphaChannel()
    opaque_format = QImage.Format.Format_RGB32
    image_format = QImage.Format.Format_ARGB32_Premultiplied if has_alpha else opaque_format
    # A crop made without a copy has the bytes per line of its source, and its last line is cut off.
    image = image.copy() if image.format() == image_format else image.convertToFormat(image_format)
    resampled = QImage(len(columns), len(rows), image_format)
    np.take(
        view_as_uint32(image).take(columns, 1), rows, 0, out=view_as_uint32(resampled), mode="clip"
    )
    return resampled


def draw_pixel_grid(image: QImage, columns: PixelIndices, rows: PixelIndices) -> QImage:
    """Return a copy of an RGB32 image with grid lines along the given columns and rows.

    A line has the hue of the image; it is darker than bright pixels and brighter than dark ones.
    """
    result = image.copy()
    pixels, source_pixels = view_as_uint32(result), view_as_uint32(image)
    pixels[:, columns] = _shift_contrast(source_pixels[:, columns])
    pixels[rows] = _shift_contrast(source_pixels[rows])
    return result


def _shift_contrast(pixels: NDArray[np.uint32]) -> NDArray[np.uint32]:
    """Return RGB32 pixels with changed brightness, for lines that are visible on any image.

    Bright pixels move 3/16 of the way to black, dark ones 3/16 of the way to white.
    """
    is_bright = (pixels & _GREEN_HIGH_BIT) != 0
    distance = np.where(is_bright, pixels, ~pixels)
    # The masks drop bits shifted in from the next channel, so all channels are computed at once.
    change = (distance >> 3 & np.uint32(0x1F1F1F)) + (distance >> 4 & np.uint32(0x0F0F0F))
    return np.where(is_bright, pixels - change, pixels + change)
