"""Images with smaller copies, for fast painting at any scale."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PySide6.QtGui import QImage, QPainter

from app.imaging.qimage import qimage_from_pixels, view_pixels
from ddrm_core.imaging.rectangle import Rectangle

MIN_MIPMAP_SIDE = 512
"""Side in pixels up to which no smaller copy is made; such an image fits on any screen."""
# Rows halved at once, which limits the memory of temporary arrays; an even number.
_CHUNK_ROWS = 256
MAX_SHOWN_SPREAD = 16.0
"""Spread in gray levels from which a spread map has its maximum value."""


@dataclass(frozen=True, slots=True, eq=False)
class MipmapImage:
    """An image for the screen with smaller copies, which are fast to paint at small scales.

    Attributes:
        mipmaps: The image, then copies of half, quarter and smaller width and height.
    """

    mipmaps: tuple[QImage, ...]

    @property
    def full_size(self) -> QImage:
        return self.mipmaps[0]

    @property
    def size_bytes(self) -> int:
        """Bytes of memory of the image and its copies."""
        return sum(image.sizeInBytes() for image in self.mipmaps)

    def choose_mipmap(self, scale: float) -> QImage:
        """Return the smallest copy that need not be enlarged to be painted at `scale`.

        Scale 1 paints one pixel of the image per screen pixel.
        """
        return self.mipmaps[choose_mipmap_level(scale, self.mipmaps)]


def choose_mipmap_level(scale: float, mipmaps: Sequence[QImage]) -> int:
    """Return the index of the smallest mipmap that need not be enlarged at `scale`.

    A pixel of the mipmap with index n covers 2**n pixels of the image in each direction.
    """
    level = 0
    while level + 1 < len(mipmaps) and (2 << level) * scale <= 1:
        level += 1
    return level


@dataclass(frozen=True, slots=True, eq=False)
class SpreadMap:
    """The spread of the samples as an image for the screen, with smaller averaged copies.

    Attributes:
        mipmaps: Spread scaled so that 255 is `MAX_SHOWN_SPREAD` gray levels or more, then copies
            of half, quarter and smaller width and height.
        rectangle: Rectangle that the spread covers, in pixels of the displayed image.
    """

    mipmaps: tuple[QImage, ...]
    rectangle: Rectangle


@dataclass(frozen=True, slots=True, eq=False)
class PixelPatch:
    """Pixels that replace a rectangle of an image.

    Attributes:
        pixels: (h, w) gray or (h, w, 3) RGB.
        left: Column of the image for the first column of `pixels`.
        top: Row of the image for the first row of `pixels`.
    """

    pixels: NDArray[np.uint8]
    left: int
    top: int


def create_mipmap_image(pixels: NDArray[np.uint8]) -> MipmapImage:
    """Return pixels as an image for the screen, with smaller copies.

    The pixels are (h, w) gray or (h, w, 3) RGB.
    """
    return MipmapImage(_build_mipmaps(pixels))


def create_spread_map(deviation: NDArray[np.float32], rectangle: Rectangle) -> SpreadMap:
    """Return standard deviations as an image for the screen, with smaller averaged copies.

    Args:
        deviation: Standard deviations (h, w) in gray levels, upright.
        rectangle: Rectangle of `deviation` in pixels of the displayed image.
    """
    values = np.rint(deviation.clip(0, MAX_SHOWN_SPREAD) * np.float32(255 / MAX_SHOWN_SPREAD))
    return SpreadMap(_build_mipmaps(values.astype(np.uint8)), rectangle)


def composite_patches(background: MipmapImage, patches: Iterable[PixelPatch]) -> MipmapImage:
    """Return an image in which patches replace rectangles of `background`."""
    composite = background.full_size.copy()
    painter = QPainter(composite)
    for patch in patches:
        painter.drawImage(patch.left, patch.top, qimage_from_pixels(patch.pixels))
    painter.end()
    return MipmapImage(_build_mipmaps(view_pixels(composite)))


def _build_mipmaps(pixels: NDArray[np.uint8]) -> tuple[QImage, ...]:
    mipmaps = [qimage_from_pixels(pixels)]
    while max(pixels.shape[:2]) > MIN_MIPMAP_SIDE:
        pixels = _halve_pixels(pixels)
        mipmaps.append(qimage_from_pixels(pixels))
    return tuple(mipmaps)


def _halve_pixels(pixels: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Return pixels of half the width and height: the means of 2x2 cells.

    An odd last row or column is repeated first.
    """
    height, width = pixels.shape[:2]
    half = np.empty((-(-height // 2), -(-width // 2), *pixels.shape[2:]), np.uint8)
    for top in range(0, height, _CHUNK_ROWS):
        chunk = pixels[top : top + _CHUNK_ROWS]
        padding = [(0, len(chunk) % 2), (0, width % 2), (0, 0)][: chunk.ndim]
        if len(chunk) % 2 or width % 2:
            chunk = np.pad(chunk, padding, "edge")
        sums = chunk[::2, ::2].astype(np.uint16)
        for part in (chunk[::2, 1::2], chunk[1::2, ::2], chunk[1::2, 1::2]):
            sums += part
        sums += 2
        sums >>= 2
        half[top // 2 : top // 2 + len(sums)] = sums
    return half
