"""Pixels as Qt takes them: the one place where arrays become QImages."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QImage, QPainter

# Nothing is gained by halving what fits on any screen.
_LEAST_SIDE = 512
TINTED_FROM = 0.5
"""Grey levels outside a bin: half of one is what rounding a pixel may change."""
# The tint of blocks: magenta, rare in photographs, is told from their greens and greys with every
# kind of colour vision. It covers the most from so many grey levels on.
_TINT = (214, 0, 147)
_FULL_AT = 8.0
_LEAST_COVER, _MOST_COVER = 0.4, 0.75


@dataclass(frozen=True, slots=True, eq=False)
class Pyramid:
    """A picture for the screen, with smaller copies so that a far view paints quickly.

    Attributes:
        sizes: The picture, then each half as wide and high as the one before.
    """

    sizes: tuple[QImage, ...]

    @property
    def full(self) -> QImage:
        return self.sizes[0]

    @property
    def bytes(self) -> int:
        """Of memory, all sizes together."""
        return sum(image.sizeInBytes() for image in self.sizes)

    def for_scale(self, scale: float) -> QImage:
        """The smallest copy that need not be enlarged at `scale` (1 is full size)."""
        fitting = [image for image in self.sizes if image.width() >= scale * self.full.width()]
        return fitting[-1] if fitting else self.full


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


def qimage(pixels: NDArray[np.uint8]) -> QImage:
    """A deep copy of (h, w) grey or (h, w, 3) RGB pixels; safe to hand to another thread."""
    pixels = np.ascontiguousarray(pixels)
    height, width = pixels.shape[:2]
    grey = pixels.ndim == 2
    kind = QImage.Format.Format_Grayscale8 if grey else QImage.Format.Format_RGB888
    view = QImage(pixels.data, width, height, pixels.strides[0], kind)
    # Conversion is what copies; 32 bits a pixel is what the raster painter is quickest with.
    return view.convertToFormat(QImage.Format.Format_RGB32)


def pyramid(pixels: NDArray[np.uint8]) -> Pyramid:
    """`pixels`, (h, w) grey or (h, w, 3) RGB, with their smaller copies."""
    return _halved(qimage(pixels))


def _halved(image: QImage) -> Pyramid:
    sizes = [image]
    while max(sizes[-1].width(), sizes[-1].height()) > _LEAST_SIDE:
        size = sizes[-1].size()
        half = QSize((size.width() + 1) // 2, (size.height() + 1) // 2)
        aspect = Qt.AspectRatioMode.IgnoreAspectRatio
        smooth = Qt.TransformationMode.SmoothTransformation
        sizes.append(sizes[-1].scaled(half, aspect, smooth))
    return Pyramid(tuple(sizes))


def pasted(around: Pyramid, pixels: NDArray[np.uint8], *, left: int, top: int) -> Pyramid:
    """A picture with other pixels in one place.

    Args:
        around: The picture.
        pixels: (h, w) grey or (h, w, 3) RGB.
        left: Where their first column belongs.
        top: Their first row.
    """
    whole = around.full.copy()
    painter = QPainter(whole)
    painter.drawImage(left, top, qimage(pixels))
    painter.end()
    return _halved(whole)


def overlay(distances: NDArray[np.floating], *, left: int, top: int) -> Overlay:
    """Tints for blocks outside their bins.

    Args:
        distances: (rows, columns) of 8x8 blocks, as shown; grey levels from the bins, 0 inside.
        left: Where the first begins, picture pixels; 0 or less.
        top: The same downwards.
    """
    sizes = [_tints(distances)]
    while max(distances.shape) > _LEAST_SIDE // 8:
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
