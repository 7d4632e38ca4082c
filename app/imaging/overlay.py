"""Tints over the blocks of an image that are outside their bins."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PySide6.QtGui import QImage

from app.imaging.pyramid import LEAST_SIDE

TINTED_FROM = 0.5
"""Grey levels outside a bin: half of one is what rounding a pixel may change."""
# The tint of blocks: magenta, rare in photographs, is told from their greens and greys with every
# kind of colour vision. It covers the most from so many grey levels on.
_TINT = (214, 0, 147)
_FULL_AT = 8.0
_LEAST_COVER, _MOST_COVER = 0.4, 0.75


@dataclass(frozen=True, slots=True, eq=False)
class Overlay:
    """Tints over a picture's blocks, with coarser copies in which no tinted block gets lost.

    Attributes:
        sizes: A pixel for 8x8 of the picture, then for 16x16 and so on; clear where nothing is.
        left: Where the first block begins, picture pixels; 0 or less.
        top: The same downwards.
        farthest: From its bin, of all levels, in grey levels; 0 where all are inside.
    """

    sizes: tuple[QImage, ...]
    left: int
    top: int
    farthest: float

    def for_scale(self, scale: float) -> tuple[QImage, int]:
        """The finest copy whose pixels are not lost at `scale`, and their side in the picture."""
        level = 0
        while level + 1 < len(self.sizes) and (8 << level) * scale < 1:
            level += 1
        return self.sizes[level], 8 << level


def overlay(distances: NDArray[np.floating], *, left: int, top: int) -> Overlay:
    """Tints for blocks outside their bins.

    Args:
        distances: (rows, columns) of 8x8 blocks, as shown; grey levels from the bins, 0 inside.
        left: Where the first begins, picture pixels; 0 or less.
        top: The same downwards.
    """
    sizes = [_tints(distances)]
    while max(distances.shape) > LEAST_SIDE // 8:
        rows, columns = distances.shape
        even = np.pad(distances, ((0, rows % 2), (0, columns % 2)))
        distances = even.reshape(-(-rows // 2), 2, -(-columns // 2), 2).max((1, 3))
        sizes.append(_tints(distances))
    return Overlay(tuple(sizes), left, top, float(distances.max()))


def _tints(distances: NDArray[np.floating]) -> QImage:
    """The more opaque the farther outside, on a logarithmic scale."""
    places = [np.log(TINTED_FROM), np.log(_FULL_AT)]
    cover = np.interp(np.log(distances.clip(TINTED_FROM)), places, [_LEAST_COVER, _MOST_COVER])
    pixels = np.empty((*distances.shape, 4), np.uint8)
    pixels[..., :3] = _TINT
    pixels[..., 3] = np.where(distances > TINTED_FROM, np.rint(255 * cover), 0)
    height, width = distances.shape
    view = QImage(pixels.data, width, height, pixels.strides[0], QImage.Format.Format_RGBA8888)
    return view.convertToFormat(QImage.Format.Format_ARGB32_Premultiplied)
