"""Images with smaller copies, for painting at any scale."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PySide6.QtGui import QImage, QPainter

from app.imaging.qimage import qimage, values_of
from ddrm_core.imaging.rectangle import Rectangle

LEAST_SIDE = 512
"""Pixels: nothing is gained by halving what fits on any screen."""
# As many are halved at once: what that takes beside a large picture stays small. An even number.
_BAND_ROWS = 256
SPREAD_RANGE = 16.0
"""Grey levels: the largest spread that a map tells from larger ones."""


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
        return self.sizes[level_for(scale, self.sizes)]


def level_for(scale: float, sizes: Sequence[QImage]) -> int:
    """Which of a picture's sizes is painted at `scale`: each pixel of it is 2**level wide there."""
    level = 0
    while level + 1 < len(sizes) and (2 << level) * scale <= 1:
        level += 1
    return level


@dataclass(frozen=True, slots=True, eq=False)
class SpreadMap:
    """How far samples differ, for the screen, with smaller copies of their averages.

    Attributes:
        sizes: 255 for SPREAD_RANGE or more; then each half as wide and high as the one before.
        place: What is covered, in pixels of the shown picture.
    """

    sizes: tuple[QImage, ...]
    place: Rectangle


@dataclass(frozen=True, slots=True, eq=False)
class Patch:
    """Other pixels for one place of a picture.

    Attributes:
        pixels: (h, w) grey or (h, w, 3) RGB.
        left: Where their first column belongs.
        top: Their first row.
    """

    pixels: NDArray[np.uint8]
    left: int
    top: int


def pyramid(pixels: NDArray[np.uint8]) -> Pyramid:
    """`pixels`, (h, w) grey or (h, w, 3) RGB, with their smaller copies."""
    return Pyramid(_with_smaller(pixels))


def spread_map(deviation: NDArray[np.float32], place: Rectangle) -> SpreadMap:
    """Of (h, w) standard deviations in grey levels, upright, of a place of the shown picture."""
    values = np.rint(deviation.clip(0, SPREAD_RANGE) * np.float32(255 / SPREAD_RANGE))
    return SpreadMap(_with_smaller(values.astype(np.uint8)), place)


def pasted(around: Pyramid, patches: Iterable[Patch]) -> Pyramid:
    """A picture with other pixels in some places, each once."""
    whole = around.full.copy()
    painter = QPainter(whole)
    for patch in patches:
        painter.drawImage(patch.left, patch.top, qimage(patch.pixels))
    painter.end()
    return Pyramid(_with_smaller(values_of(whole)))


def _with_smaller(pixels: NDArray[np.uint8]) -> tuple[QImage, ...]:
    sizes = [qimage(pixels)]
    while max(pixels.shape[:2]) > LEAST_SIDE:
        pixels = _halved(pixels)
        sizes.append(qimage(pixels))
    return tuple(sizes)


def _halved(pixels: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """The mean of each 2x2; at odd edges, of what is there."""
    height, width = pixels.shape[:2]
    half = np.empty((-(-height // 2), -(-width // 2), *pixels.shape[2:]), np.uint8)
    for top in range(0, height, _BAND_ROWS):
        band = pixels[top : top + _BAND_ROWS]
        beyond = [(0, len(band) % 2), (0, width % 2), (0, 0)][: band.ndim]
        if len(band) % 2 or width % 2:
            band = np.pad(band, beyond, "edge")
        sums = band[::2, ::2].astype(np.uint16)
        for part in (band[::2, 1::2], band[1::2, ::2], band[1::2, 1::2]):
            sums += part
        sums += 2
        sums >>= 2
        half[top // 2 : top // 2 + len(sums)] = sums
    return half
