"""Color maps: the difference of two images, and the spread of samples."""

from __future__ import annotations

import numpy as np
from PySide6.QtGui import QImage

from app.imaging.qimage import view_as_bytes, view_as_uint32

_MID_GRAY = 128
# As many are subtracted at once: what that takes stays near the processor.
_ROWS_PER_CHUNK = 64
# From nothing to the most: black, then violet, red and yellow to white, each brighter than the last
# for every kind of colour vision.
_HEAT_COLORS = ((0, 0, 0), (70, 10, 110), (190, 45, 75), (250, 165, 30), (255, 255, 255))


def render_difference(before: QImage, after: QImage, amplification: int) -> QImage:
    """Return after minus before, `amplification` times enlarged, around the mid-gray 128.

    Args:
        before: RGB32.
        after: The same, of the same size.
        amplification: At least 1.
    """
    image = QImage(before.size(), QImage.Format.Format_RGB32)
    before_bytes, after_bytes, image_bytes = (
        view_as_bytes(before),
        view_as_bytes(after),
        view_as_bytes(image),
    )
    for top in range(0, len(image_bytes), _ROWS_PER_CHUNK):
        rows = slice(top, top + _ROWS_PER_CHUNK)
        channels = after_bytes[rows].astype(np.int16)
        channels -= before_bytes[rows]
        # Beyond it all are black or white, and nothing overflows.
        np.clip(channels, -256 // amplification, 256 // amplification, out=channels)
        channels *= amplification
        channels += _MID_GRAY
        np.clip(channels, 0, 255, out=channels)
        channels[:, 3::4] = 255  # unused, and Qt wants it so
        image_bytes[rows] = channels
    return image


def apply_heat_colors(values: QImage, amplification: int) -> QImage:
    """Values of a SpreadMap, as RGB32 greys, in colours; the brightest from a limit on.

    That is SPREAD_RANGE / gain grey levels.
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
