"""Pixels as Qt takes them: the one place where arrays become QImages, and back."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QRect
from PySide6.QtGui import QImage, QPainter

from ddrm_core.rectangle import Rectangle

# Nothing is gained by halving what fits on any screen.
_LEAST_SIDE = 512
# As many are halved at once: what that takes beside a large picture stays small. An even number.
_BAND_ROWS = 256
TINTED_FROM = 0.5
"""Grey levels outside a bin: half of one is what rounding a pixel may change."""
# The tint of blocks: magenta, rare in photographs, is told from their greens and greys with every
# kind of colour vision. It covers the most from so many grey levels on.
_TINT = (214, 0, 147)
_FULL_AT = 8.0
_LEAST_COVER, _MOST_COVER = 0.4, 0.75
_MID_GREY = 128
# As many are subtracted at once: what that takes stays near the processor.
_DIFFERENCE_ROWS = 64
_GREEN_TOP = np.uint32(0x8000)  # set from 128 on; green is most of what makes a colour bright
Indices = NDArray[np.intp]
SPREAD_RANGE = 16.0
"""Grey levels: the largest spread that a map tells from larger ones."""
# From nothing to the most: black, then violet, red and yellow to white, each brighter than the last
# for every kind of colour vision.
_HEAT = ((0, 0, 0), (70, 10, 110), (190, 45, 75), (250, 165, 30), (255, 255, 255))


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
    """A deep copy of (h, w) grey or (h, w, 3) RGB pixels; safe to hand to another thread.

    It takes a byte for each value: with a fourth for colours, painting would be hardly faster.
    """
    pixels = np.ascontiguousarray(pixels)
    height, width = pixels.shape[:2]
    grey = pixels.ndim == 2
    kind = QImage.Format.Format_Grayscale8 if grey else QImage.Format.Format_RGB888
    return QImage(pixels.data, width, height, pixels.strides[0], kind).copy()


def pyramid(pixels: NDArray[np.uint8]) -> Pyramid:
    """`pixels`, (h, w) grey or (h, w, 3) RGB, with their smaller copies."""
    return Pyramid(_with_smaller(pixels))


def _with_smaller(pixels: NDArray[np.uint8]) -> tuple[QImage, ...]:
    sizes = [qimage(pixels)]
    while max(pixels.shape[:2]) > _LEAST_SIDE:
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


def spread_map(deviation: NDArray[np.float32], place: Rectangle) -> SpreadMap:
    """Of (h, w) standard deviations in grey levels, upright, of a place of the shown picture."""
    values = np.rint(deviation.clip(0, SPREAD_RANGE) * np.float32(255 / SPREAD_RANGE))
    return SpreadMap(_with_smaller(values.astype(np.uint8)), place)


def difference(before: QImage, after: QImage, gain: int) -> QImage:
    """After minus before, `gain` times enlarged, around mid-grey: 128 where they are equal.

    Args:
        before: RGB32.
        after: The same, of the same size.
        gain: At least 1.
    """
    image = QImage(before.size(), QImage.Format.Format_RGB32)
    one, other, shown = _bytes_of(before), _bytes_of(after), _bytes_of(image)
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
    np.take(table, _bytes_of(values)[:, ::4], out=_words_of(image), mode="clip")
    return image


def gridded(image: QImage, columns: Indices, rows: Indices) -> QImage:
    """RGB32 with lines along these columns and rows.

    They are darker where the picture is bright and brighter where it is dark, in its own hue.
    """
    lined = image.copy()
    pixels, plain = _words_of(lined), _words_of(image)
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
    np.take(_words_of(image).take(columns, 1), rows, 0, out=_words_of(found), mode="clip")
    return found


def part_of(image: QImage, place: Rectangle) -> QImage:
    """Some of its pixels, without a copy: painting counts places of no more than 15 bits."""
    width = image.depth() // 8
    start = place.top * image.bytesPerLine() + place.left * width
    stop = start + (place.height - 1) * image.bytesPerLine() + place.width * width
    bits = image.constBits()[start:stop]
    return QImage(bits, place.width, place.height, image.bytesPerLine(), image.format())


def pixels_of(image: QImage) -> NDArray[np.uint8]:
    """(h, w, 3) RGB of a picture of any format."""
    # Under a name, it outlives the view of its memory.
    plain = image.convertToFormat(QImage.Format.Format_RGB888)
    return _values(plain).copy()


def _values(image: QImage) -> NDArray[np.uint8]:
    """What `qimage` made it of; only as long as the image is there."""
    rows = np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), image.bytesPerLine())
    if image.format() == QImage.Format.Format_Grayscale8:
        return rows[:, : image.width()]
    return rows[:, : 3 * image.width()].reshape(image.height(), image.width(), 3)


def _words_of(image: QImage) -> NDArray[np.uint32]:
    """32 bits for each pixel, to be read or written; only as long as the image is there."""
    return np.frombuffer(image.bits(), np.uint32).reshape(image.height(), image.width())


def _bytes_of(image: QImage) -> NDArray[np.uint8]:
    """(h, 4 w) of a picture of 32 bits a pixel; likewise."""
    return _words_of(image).view(np.uint8)


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


def pasted(around: Pyramid, patches: Iterable[Patch]) -> Pyramid:
    """A picture with other pixels in some places, each once."""
    whole = around.full.copy()
    painter = QPainter(whole)
    for patch in patches:
        painter.drawImage(patch.left, patch.top, qimage(patch.pixels))
    painter.end()
    return Pyramid(_with_smaller(_values(whole)))


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


def qrect(place: Rectangle) -> QRect:
    """The same pixels, as Qt takes them."""
    return QRect(place.left, place.top, place.width, place.height)
