"""The image pixels under screen pixels, and lines between them."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PySide6.QtGui import QImage

from app.imaging.qimage import words_of

Indices = NDArray[np.intp]
_GREEN_TOP = np.uint32(0x8000)  # set from 128 on; green is most of what makes a colour bright


def pixels_under(first: int, end: int, corner: float, across: float, count: int) -> Indices:
    """The pixels of a row that lie under the middles of screen pixels `first` to `end` - 1.

    Args:
        first: Of the screen's.
        end: After the last of them.
        corner: Where the row begins.
        across: How wide one of its pixels is on the screen.
        count: How many it has.
    """
    found = np.floor((np.arange(first, end) + (0.5 - corner)) / across)
    indices: Indices = found.clip(0, count - 1).astype(np.intp)
    return indices


def gathered(image: QImage, columns: Indices, rows: Indices) -> QImage:
    """The pixels of these columns and rows, each of which may come again."""
    clear = image.hasAlphaChannel()
    plain = QImage.Format.Format_RGB32
    kind = QImage.Format.Format_ARGB32_Premultiplied if clear else plain
    # A part of a larger image has that one's lines, of which the last is not all there.
    image = image.copy() if image.format() == kind else image.convertToFormat(kind)
    found = QImage(len(columns), len(rows), kind)
    np.take(words_of(image).take(columns, 1), rows, 0, out=words_of(found), mode="clip")
    return found


def gridded(image: QImage, columns: Indices, rows: Indices) -> QImage:
    """RGB32 with lines along these columns and rows.

    They are darker where the picture is bright and brighter where it is dark, in its own hue.
    """
    lined = image.copy()
    pixels, plain = words_of(lined), words_of(image)
    pixels[:, columns] = _faded(plain[:, columns])
    pixels[rows] = _faded(plain[rows])
    return lined


def _faded(words: NDArray[np.uint32]) -> NDArray[np.uint32]:
    """RGB32 pixels, all channels 3/16 of the way to black or to white, whichever is farther."""
    bright = (words & _GREEN_TOP) != 0
    way = np.where(bright, words, ~words)
    # Shifted channels are kept apart, so that all four bytes are one number.
    share = (way >> 3 & np.uint32(0x1F1F1F)) + (way >> 4 & np.uint32(0x0F0F0F))
    return np.where(bright, words - share, words + share)
