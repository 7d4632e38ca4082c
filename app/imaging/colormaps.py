"""Color maps: the difference of two images, and the spread of samples."""

from __future__ import annotations

import numpy as np
from PySide6.QtGui import QImage

from app.imaging.qimage import bytes_of, words_of

_MID_GREY = 128
# As many are subtracted at once: what that takes stays near the processor.
_DIFFERENCE_ROWS = 64
# From nothing to the most: black, then violet, red and yellow to white, each brighter than the last
# for every kind of colour vision.
_HEAT = ((0, 0, 0), (70, 10, 110), (190, 45, 75), (250, 165, 30), (255, 255, 255))


def difference(before: QImage, after: QImage, gain: int) -> QImage:
    """After minus before, `gain` times enlarged, around mid-grey: 128 where they are equal.

    Args:
        before: RGB32.
        after: The same, of the same size.
        gain: At least 1.
    """
    image = QImage(before.size(), QImage.Format.Format_RGB32)
    one, other, shown = bytes_of(before), bytes_of(after), bytes_of(image)
    for top in range(0, len(shown), _DIFFERENCE_ROWS):
        rows = slice(top, top + _DIFFERENCE_ROWS)
        parts = other[rows].astype(np.int16)
        parts -= one[rows]
        # Beyond it all are black or white, and nothing overflows.
        np.clip(parts, -256 // gain, 256 // gain, out=parts)
        parts *= gain
        parts += _MID_GREY
        np.clip(parts, 0, 255, out=parts)
        parts[:, 3::4] = 255  # unused, and Qt wants it so
        shown[rows] = parts
    return image


def heat(values: QImage, gain: int) -> QImage:
    """Values of a SpreadMap, as RGB32 greys, in colours; the brightest from a limit on.

    That is SPREAD_RANGE / gain grey levels.
    """
    places = np.linspace(0, 255 / gain, len(_HEAT))
    ramp = [np.interp(np.arange(256), places, part) for part in zip(*_HEAT, strict=True)]
    red, green, blue = np.rint(ramp).astype(np.uint32)
    table = np.uint32(0xFF000000) | red << 16 | green << 8 | blue
    image = QImage(values.size(), QImage.Format.Format_RGB32)
    np.take(table, bytes_of(values)[:, ::4], out=words_of(image), mode="clip")
    return image
