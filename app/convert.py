"""Pixels as Qt takes them: the one place where arrays become QImages."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QImage

# Nothing is gained by halving what fits on any screen.
_LEAST_SIDE = 512


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

    def for_scale(self, scale: float) -> QImage:
        """The smallest copy that need not be enlarged at `scale` (1 is full size)."""
        fitting = [image for image in self.sizes if image.width() >= scale * self.full.width()]
        return fitting[-1] if fitting else self.full


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
    sizes = [qimage(pixels)]
    while max(sizes[-1].width(), sizes[-1].height()) > _LEAST_SIDE:
        size = sizes[-1].size()
        half = QSize((size.width() + 1) // 2, (size.height() + 1) // 2)
        aspect = Qt.AspectRatioMode.IgnoreAspectRatio
        smooth = Qt.TransformationMode.SmoothTransformation
        sizes.append(sizes[-1].scaled(half, aspect, smooth))
    return Pyramid(tuple(sizes))
