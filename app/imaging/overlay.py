"""The deviation overlay: colors over the blocks of an image that are outside their bins."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PySide6.QtGui import QImage

from app.imaging.mipmap_image import MIN_MIPMAP_SIDE

MIN_TINTED_DISTANCE = 0.5
"""Distance from the bins in gray levels up to which a block has no color.

Rounding a pixel changes it by up to half a gray level.
"""
# Magenta is rare in photographs and differs from greens and grays for every kind of color vision.
_TINT_COLOR = (214, 0, 147)
# Distance in gray levels from which the color has its largest opacity.
_FULL_TINT_DISTANCE = 8.0
_MIN_OPACITY, _MAX_OPACITY = 0.4, 0.75


@dataclass(frozen=True, slots=True, eq=False)
class DeviationOverlay:
    """Colors over an image's blocks, with smaller copies that keep every colored block visible.

    Attributes:
        mipmaps: Image with one pixel per 8x8 pixels, then per 16x16 pixels and so on; transparent
            for blocks inside their bins.
        left: Left edge of the first block in pixels of the image; 0 or negative.
        top: Top edge of the first block in pixels of the image; 0 or negative.
        max_distance: Largest distance of a block from its bins in gray levels; 0 if all blocks are
            inside.
    """

    mipmaps: tuple[QImage, ...]
    left: int
    top: int
    max_distance: float

    def choose_mipmap(self, scale: float) -> tuple[QImage, int]:
        """Return the copy to paint at `scale`, and the side of its pixels in image pixels.

        The copy is the finest one whose pixels cover at least one screen pixel, or else the
        coarsest.
        """
        mipmap_level = 0
        while mipmap_level + 1 < len(self.mipmaps) and (8 << mipmap_level) * scale < 1:
            mipmap_level += 1
        return self.mipmaps[mipmap_level], 8 << mipmap_level


def create_deviation_overlay(
    distances: NDArray[np.floating], *, left: int, top: int
) -> DeviationOverlay:
    """Create the overlay that colors blocks outside their bins.

    Args:
        distances: Distance of each 8x8 block of the displayed image from its bins in gray levels,
            0 inside; (rows, columns).
        left: Left edge of the first block in pixels of the image; 0 or negative.
        top: Top edge of the first block in pixels of the image; 0 or negative.
    """
    mipmaps = [_render_tints(distances)]
    while max(distances.shape) > MIN_MIPMAP_SIDE // 8:
        rows, columns = distances.shape
        padded = np.pad(distances, ((0, rows % 2), (0, columns % 2)))
        distances = padded.reshape(-(-rows // 2), 2, -(-columns // 2), 2).max((1, 3))
        mipmaps.append(_render_tints(distances))
    return DeviationOverlay(tuple(mipmaps), left, top, float(distances.max()))


def _render_tints(distances: NDArray[np.floating]) -> QImage:
    """Return a premultiplied ARGB32 image with one tinted pixel for each distance.

    Opacity increases with the logarithm of the distance; negligible distances are transparent.
    """
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
