"""Color maps: the difference of two images, and the spread of samples."""

from __future__ import annotations

import numpy as np
from PySide6.QtGui import QImage

from app.imaging.qimage import view_as_bytes, view_as_uint32

MID_GRAY = 128
# Rows subtracted at once, so that the temporary arrays fit into the processor's cache.
_ROWS_PER_CHUNK = 64
# Color scale from 0 to the maximum: black, violet, red, yellow, white. Brightness increases along
# the scale for every kind of color vision.
_HEAT_COLORS = ((0, 0, 0), (70, 10, 110), (190, 45, 75), (250, 165, 30), (255, 255, 255))


def render_difference(before: QImage, after: QImage, amplification: int) -> QImage:
    """Return an image of the difference of two images.

    Each channel is 128 + `amplification` * (after - before), clipped to 0..255.

    Args:
        before: Image in RGB32.
        after: Image in RGB32 of the same size.
        amplification: Factor of the difference, at least 1.
    """
    image = QImage(before.size(), QImage.Format.Format_RGB32)
    before_bytes = view_as_bytes(before)
    after_bytes = view_as_bytes(after)
    image_bytes = view_as_bytes(image)
    for top in range(0, len(image_bytes), _ROWS_PER_CHUNK):
        rows = slice(top, top + _ROWS_PER_CHUNK)
        channels = after_bytes[rows].astype(np.int16)
        channels -= before_bytes[rows]
        # A larger difference is black or white in any case; clipping avoids an int16 overflow.
        np.clip(channels, -256 // amplification, 256 // amplification, out=channels)
        channels *= amplification
        channels += MID_GRAY
        np.clip(channels, 0, 255, out=channels)
        channels[:, 3::4] = 255  # Qt requires this value of the unused byte
        image_bytes[rows] = channels
    return image


def apply_heat_colors(values: QImage, amplification: int) -> QImage:
    """Return an RGB32 image that shows a spread map in heat colors.

    The color scale ends at `MAX_SHOWN_SPREAD` / `amplification` gray levels.

    Args:
        values: Image of a spread map in RGB32 with equal channels.
        amplification: Factor of the spread, at least 1.
    """
    stops = np.linspace(0, 255 / amplification, len(_HEAT_COLORS))
    ramp = [
        np.interp(np.arange(256), stops, channel) for channel in zip(*_HEAT_COLORS, strict=True)
    ]
    red, green, blue = np.rint(ramp).astype(np.uint32)
    table = np.uint32(0xFF000000) | red << 16 | green << 8 | blue
    image = QImage(values.size(), QImage.Format.Format_RGB32)
    np.take(table, view_as_bytes(values)[:, ::4], out=view_as_uint32(image), mode="clip")
    return image
