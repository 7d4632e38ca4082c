"""Images with smaller copies, for painting at any scale."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PySide6.QtGui import QImage, QPainter

from app.imaging.qimage import qimage_from_pixels, view_pixels
from ddrm_core.imaging.rectangle import Rectangle

MIN_MIPMAP_SIDE = 512
"""Pixels: nothing is gained by halving what fits on any screen."""
# As many are halved at once: what that takes beside a large picture stays small. An even number.
_CHUNK_ROWS = 256
MAX_SHOWN_SPREAD = 16.0
"""Grey levels: the largest spread that a map tells from larger ones."""


@dataclass(frozen=True, slots=True, eq=False)
class MipmapImage:
    """A picture for the screen, with smaller copies so that a far view paints quickly.

    Attributes:
        mipmaps: The picture, then each half as wide and high as the one before.
    """

    mipmaps: tuple[QImage, ...]

    @property
    def full_size(self) -> QImage:
        return self.mipmaps[0]

    @property
    def size_bytes(self) -> int:
        """Of memory, all sizes together."""
        return sum(image.sizeInBytes() for image in self.mipmaps)

    def choose_mipmap(self, scale: float) -> QImage:
        """The smallest copy that need not be enlarged at `scale` (1 is full size)."""
        return self.mipmaps[choose_mipmap_level(scale, self.mipmaps)]


def choose_mipmap_level(scale: float, mipmaps: Sequence[QImage]) -> int:
    """Which of a picture's sizes is painted at `scale`: each pixel of it is 2**level wide there."""
    level = 0
    while level + 1 < len(mipmaps) and (2 << level) * scale <= 1:
        level += 1
    return level


@dataclass(frozen=True, slots=True, eq=False)
class SpreadMap:
    """How far samples differ, for the screen, with smaller copies of their averages.

    Attributes:
        mipmaps: 255 for SPREAD_RANGE or more; then each half as wide and high as the one before.
        rectangle: What is covered, in pixels of the shown picture.
    """

    mipmaps: tuple[QImage, ...]
    rectangle: Rectangle


@dataclass(frozen=True, slots=True, eq=False)
class PixelPatch:
    """Other pixels for one place of a picture.

    Attributes:
        pixels: (h, w) grey or (h, w, 3) RGB.
        left: Where their first column belongs.
        top: Their first row.
    """

    pixels: NDArray[np.uint8]
    left: int
    top: int


def create_mipmap_image(pixels: NDArray[np.uint8]) -> MipmapImage:
    """`pixels`, (h, w) grey or (h, w, 3) RGB, with their smaller copies."""
    return MipmapImage(_build_mipmaps(pixels))


def create_spread_map(deviation: NDArray[np.float32], rectangle: Rectangle) -> SpreadMap:
    """Of (h, w) standard deviations in grey levels, upright, of a place of the shown picture."""
    values = np.rint(deviation.clip(0, MAX_SHOWN_SPREAD) * np.float32(255 / MAX_SHOWN_SPREAD))
    return SpreadMap(_build_mipmaps(values.astype(np.uint8)), rectangle)


def composite_patches(background: MipmapImage, patches: Iterable[PixelPatch]) -> MipmapImage:
    """A picture with other pixels in some places, each once."""
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
    """The mean of each 2x2; at odd edges, of what is there."""
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
