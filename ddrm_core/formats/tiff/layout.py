"""The pixels of one TIFF directory. The only module that knows tifffile.

tifffile reads vendors' private entries in many ways, and believes what they say. So it is given a
directory of the entries that a picture needs, checked here, and no others.
"""

from __future__ import annotations

import io
from dataclasses import dataclass
from enum import IntEnum

import numpy as np
import tifffile

from ddrm_core.formats.jpeg import jpeg_size
from ddrm_core.formats.tiff.ifd import Directory, Tag, TiffBytes, append_directory, begin_with
from ddrm_core.imaging.array_types import Pixels


class Kind(IntEnum):
    """Photometric interpretation: TIFF 6.0, page 37, and its sections 16 and 21."""

    WHITE_IS_ZERO = 0
    BLACK_IS_ZERO = 1
    RGB = 2
    PALETTE = 3
    SEPARATED = 5
    YCBCR = 6


_JPEG = 7
_COMPRESSIONS = (1, 5, 8, 32946, 32773, _JPEG)  # none, LZW, deflate's two numbers, PackBits, JPEG
_TYPES = {(8, 1): "uint8", (16, 1): "uint16", (32, 3): "float32"}  # by bits and sample format
_MOST_SAMPLES = 5  # ink of four colours, and alpha
_MOST_TILE = 1 << 26  # pixels
_SEPARATE_PLANES = 2
_FILL_ORDER, _EXTRA_SAMPLES, _SUBSAMPLING = 266, 338, 530
_NEEDED = (
    *(Tag.WIDTH, Tag.HEIGHT, Tag.BITS, Tag.COMPRESSION, Tag.PHOTOMETRIC, Tag.SAMPLES),
    *(Tag.STRIP_PLACES, Tag.STRIP_ROWS, Tag.STRIP_SIZES, Tag.PLANAR, Tag.PREDICTOR),
    *(Tag.TILE_WIDTH, Tag.TILE_HEIGHT, Tag.TILE_PLACES, Tag.TILE_SIZES, Tag.SAMPLE_FORMAT),
    *(Tag.JPEG_TABLES, _FILL_ORDER, _EXTRA_SAMPLES, _SUBSAMPLING),
)


@dataclass(frozen=True, slots=True)
class TiffPicture:
    """What a directory says of its picture. Every method raises ValueError where it cannot be."""

    file: TiffBytes
    directory: Directory

    def numbers(self, tag: int) -> tuple[int, ...]:
        """Of an entry that has to be there."""
        if tag not in self.directory.entries:
            raise ValueError("a missing entry")
        return self.file.numbers(self.directory.entries[tag])

    def number(self, tag: int, default: int | None = None) -> int:
        """The only one of an entry, or the default for a missing entry."""
        if default is not None and tag not in self.directory.entries:
            return default
        (number,) = self.numbers(tag)
        return number

    def size(self) -> tuple[int, int]:
        """Width and height, as claimed."""
        return self.number(Tag.WIDTH), self.number(Tag.HEIGHT)

    def kind(self) -> Kind:
        """What its channels mean."""
        kind = Kind(self.number(Tag.PHOTOMETRIC))
        if kind is Kind.YCBCR and self.number(Tag.COMPRESSION, 1) != _JPEG:
            raise ValueError("YCbCr that no decoder converts")
        return kind

    def decoded(self) -> Pixels:
        """(h, w, samples) as stored, but RGB for YCbCr.

        Raises:
            struct.error, RuntimeError, tifffile.TiffFileError: The data is damaged.
        """
        self._check()
        (width, height), samples = self.size(), self._samples()
        data = io.BytesIO(self.file.data)
        entries = [self.directory.entries[t] for t in _NEEDED if t in self.directory.entries]
        for entry in entries:
            self.file.value(entry)
        place = append_directory(data, self.file.order, entries)
        begin_with(data, self.file.order, place)
        data.seek(0)
        with tifffile.TiffFile(data) as file:
            pixels = file.pages.first.asarray(maxworkers=1)
        if pixels.dtype != self._dtype():
            raise ValueError("another type of number")
        if self.number(Tag.PLANAR, 1) == _SEPARATE_PLANES and samples > 1:
            pixels = pixels.reshape(samples, height, width).transpose(1, 2, 0)
        return pixels.reshape(height, width, samples)

    def _samples(self) -> int:
        return self.number(Tag.SAMPLES, 1)

    def _dtype(self) -> np.dtype[np.generic]:
        samples = self._samples()
        bits = set(self.numbers(Tag.BITS))
        formats = {1}
        if Tag.SAMPLE_FORMAT in self.directory.entries:
            formats = set(self.numbers(Tag.SAMPLE_FORMAT))
        if not 1 <= samples <= _MOST_SAMPLES or len(bits) != 1 or len(formats) != 1:
            raise ValueError("channels that differ")
        try:
            return np.dtype(_TYPES[bits.pop(), formats.pop()])
        except KeyError as error:
            raise ValueError("another depth") from error

    def _check(self) -> None:
        """That decoding needs no more memory than the picture, and that all of it is there."""
        self._dtype()
        if self.number(Tag.COMPRESSION, 1) not in _COMPRESSIONS:
            raise ValueError("another compression")
        part_width, part_height, places, sizes = self._parts()
        width, height = self.size()
        if min(width, height, part_width, part_height) < 1 or part_width * part_height > max(
            _MOST_TILE, width * height
        ):
            raise ValueError("impossible sizes")
        planes = self._samples() if self.number(Tag.PLANAR, 1) == _SEPARATE_PLANES else 1
        count = -(-width // part_width) * -(-height // part_height) * planes
        if not count == len(places) == len(sizes) or not all(sizes):
            raise ValueError("parts are missing")
        for place, size in zip(places, sizes, strict=True):
            if place + size > len(self.file.data):
                raise ValueError("a part past the end")
            if self.number(Tag.COMPRESSION, 1) == _JPEG:
                self._check_jpeg(place, size, part_width, part_height)

    def _parts(self) -> tuple[int, int, tuple[int, ...], tuple[int, ...]]:
        """Width, height, places and sizes of tiles or strips."""
        if Tag.TILE_WIDTH in self.directory.entries:
            size = self.number(Tag.TILE_WIDTH), self.number(Tag.TILE_HEIGHT)
            return *size, self.numbers(Tag.TILE_PLACES), self.numbers(Tag.TILE_SIZES)
        width, height = self.size()
        rows = min(height, self.number(Tag.STRIP_ROWS, height))
        return width, rows, self.numbers(Tag.STRIP_PLACES), self.numbers(Tag.STRIP_SIZES)

    def _check_jpeg(self, place: int, size: int, width: int, height: int) -> None:
        """The decoder makes as large a picture as the part's own header claims."""
        found = jpeg_size(self.file.data[place : place + size])
        if found[0] > width or found[1] > height:
            raise ValueError("a part larger than it should be")
