"""Tints over the blocks of an image that are outside their bins."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PySide6.QtGui import QImage

from app.imaging.mipmap_image import MIN_MIPMAP_SIDE

MIN_TINTED_DISTANCE = 0.5
"""Grey levels outside a bin: half of one is what rounding a pixel may change."""
# The tint of blocks: magenta, rare in photographs, is told from their greens and greys with every
# kind of colour vision. It covers the most from so many grey levels on.
_TINT_COLOR = (214, 0, 147)
_FULL_TINT_DISTANCE = 8.0
_MIN_OPACITY, _MAX_OPACITY = 0.4, 0.75


@dataclass(frozen=True, slots=True, eq=False)
class DeviationOverlay:
    """Tints over a picture's blocks, with coarser copies in which no tinted block gets lost.

    Attributes:
        mipmaps: A pixel for 8x8 of the picture, then for 16x16 and so on; clear where nothing is.
        left: Where the first block begins, picture pixels; 0 or less.
        top: The same downwards.
        max_distance: From its bin, of all levels, in grey levels; 0 where all are inside.
    """

    mipmaps: tuple[QImage, ...]
    left: int
    top: int
    max_distance: float

    def choose_mipmap(self, scale: float) -> tuple[QImage, int]:
        """The finest copy whose pixels are not lost at `scale`, and their side in the picture."""
        mipmap_level = 0
        while mipmap_level + 1 < len(self.mipmaps) and (8 << mipmap_level) * scale < 1:
            mipmap_level += 1
        return self.mipmaps[mipmap_level], 8 << mipmap_level


def create_deviation_overlay(
    distances: NDArray[np.floating], *, left: int, top: int
) -> DeviationOverlay:
    """Tints for blocks outside their bins.

    Args:
        distances: (rows, columns) of 8x8 blocks, as shown; grey levels from the bins, 0 inside.
        left: Where the first begins, picture pixels; 0 or less.
        top: The same downwards.
    """
    mipmaps = [_render_tints(distances)]
    while max(distances.shape) > MIN_MIPMAP_SIDE // 8:
        rows, columns = distances.shape
        padded = np.pad(distances, ((0, rows % 2), (0, columns % 2)))
        distances = padded.reshape(-(-rows // 2), 2, -(-columns // 2), 2).max((1, 3))
        mipmaps.append(_render_tints(distances))
    return DeviationOverlay(tuple(mipmaps), left, top, float(distances.max()))


def _render_tints(distances: NDArray[np.floating]) -> QImage:
    """The more opaque the farther outside, on a logarithmic scale."""
    log_range = [np.log(MIN_TINTED_DISTANCE), np.log(_FULL_TINT_DISTANCE)]
    opacity = np.interp(
        np.log(distances.clip(MIN_TINTED_DISTANCE)), log_range, [_MIN_OPACITY, _MAX_OPACITY]
    )
    pixels = np.empty((*distances.shape, 4), np.uint8)
    pixels[..., :3] = _TINT_COLOR
    pixels[..., 3] = np.where(distances > MIN_TINTED_DISTANCE, np.rint(255 * opacity), 0)
    height, width = distances.shape
    view = QImage(pixels.data, width, height, pixels.strides[0], QImage.Format.Format_RGBA8888)
    return view.convertToFormat(QImage.Format.Format_ARGB32_Premultiplied)
