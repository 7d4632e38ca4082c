"""Pixels of one TIFF directory, decoded by tifffile.

tifffile interprets private entries of many vendors without checking them. Therefore tifffile gets a
directory with only the entries that decoding needs, checked here. No other module imports
tifffile's decoder.
"""

from __future__ import annotations

import io
from dataclasses import dataclass
from enum import IntEnum

import numpy as np
import tifffile

from ddrm_core.formats.jpeg import read_jpeg_size
from ddrm_core.formats.tiff.ifd import TiffTag, append_tiff_directory, set_first_directory
from ddrm_core.imaging.array_types import PixelArray
from ddrm_core.metadata.tiff_reader import TiffDirectory, TiffReader


class Photometric(IntEnum):
    """Photometric interpretations of TIFF. Source: TIFF 6.0, page 37 and sections 16 and 21."""

    WHITE_IS_ZERO = 0
    BLACK_IS_ZERO = 1
    RGB = 2
    PALETTE = 3
    SEPARATED = 5
    YCBCR = 6


_JPEG_COMPRESSION = 7
_SUPPORTED_COMPRESSIONS = (
    1,
    5,
    8,
    32946,
    32773,
    _JPEG_COMPRESSION,
)  # none, LZW, both numbers of deflate, PackBits, JPEG
_DTYPES = {(8, 1): "uint8", (16, 1): "uint16", (32, 3): "float32"}  # by bits and format of a sample
_MAX_SAMPLES_PER_PIXEL = 5  # CMYK and alpha
_MAX_TILE_PIXELS = 1 << 26
_SEPARATE_PLANES = 2
_FILL_ORDER, _EXTRA_SAMPLES, _SUBSAMPLING = 266, 338, 530
_DECODER_TAGS = (
    *(
        TiffTag.WIDTH,
        TiffTag.HEIGHT,
        TiffTag.BITS_PER_SAMPLE,
        TiffTag.COMPRESSION,
        TiffTag.PHOTOMETRIC,
        TiffTag.SAMPLES_PER_PIXEL,
    ),
    *(
        TiffTag.STRIP_OFFSETS,
        TiffTag.ROWS_PER_STRIP,
        TiffTag.STRIP_BYTE_COUNTS,
        TiffTag.PLANAR_CONFIGURATION,
        TiffTag.PREDICTOR,
    ),
    *(
        TiffTag.TILE_WIDTH,
        TiffTag.TILE_HEIGHT,
        TiffTag.TILE_OFFSETS,
        TiffTag.TILE_BYTE_COUNTS,
        TiffTag.SAMPLE_FORMAT,
    ),
    *(TiffTag.JPEG_TABLES, _FILL_ORDER, _EXTRA_SAMPLES, _SUBSAMPLING),
)


@dataclass(frozen=True, slots=True)
class TiffImage:
    """The image that one TIFF directory describes.

    Every method raises ValueError if an entry is missing or invalid.
    """

    reader: TiffReader
    directory: TiffDirectory

    def read_integers(self, tag: int) -> tuple[int, ...]:
        """Return the integers in the entry of a tag. The entry must be present."""
        if tag not in self.directory.entries:
            raise ValueError("a missing entry")
        return self.reader.read_integers(self.directory.entries[tag])

    def read_integer(self, tag: int, default: int | None = None) -> int:
        """Return the single integer in the entry of a tag, or `default` if the entry is missing."""
        if default is not None and tag not in self.directory.entries:
            return default
        (number,) = self.read_integers(tag)
        return number

    def read_size(self) -> tuple[int, int]:
        """Return width and height in pixels from the directory."""
        return self.read_integer(TiffTag.WIDTH), self.read_integer(TiffTag.HEIGHT)

    def read_photometric(self) -> Photometric:
        """Return the photometric interpretation.

        Raise ValueError if the image is YCbCr without JPEG compression, because tifffile does not
        convert such pixels to RGB.
        """
        photometric = Photometric(self.read_integer(TiffTag.PHOTOMETRIC))
        if (
            photometric is Photometric.YCBCR
            and self.read_integer(TiffTag.COMPRESSION, 1) != _JPEG_COMPRESSION
        ):
            raise ValueError("YCbCr that no decoder converts")
        return photometric

    def decode(self) -> PixelArray:
        """Decode the image to its stored samples, (h, w, samples); YCbCr is converted to RGB.

        Raises:
            struct.error, RuntimeError, tifffile.TiffFileError: If the data is damaged.
        """
        self._check_decodable()
        (width, height), samples = self.read_size(), self._read_samples_per_pixel()
        data = io.BytesIO(self.reader.data)
        entries = [self.directory.entries[t] for t in _DECODER_TAGS if t in self.directory.entries]
        for entry in entries:
            self.reader.read_value(entry)
        offset = append_tiff_directory(data, self.reader.byte_order, entries)
        set_first_directory(data, self.reader.byte_order, offset)
        data.seek(0)
        with tifffile.TiffFile(data) as tiff_file:
            pixels = tiff_file.pages.first.asarray(maxworkers=1)
        if pixels.dtype != self._read_dtype():
            raise ValueError("another type of number")
        if self.read_integer(TiffTag.PLANAR_CONFIGURATION, 1) == _SEPARATE_PLANES and samples > 1:
            pixels = pixels.reshape(samples, height, width).transpose(1, 2, 0)
        return pixels.reshape(height, width, samples)

    def _read_samples_per_pixel(self) -> int:
        return self.read_integer(TiffTag.SAMPLES_PER_PIXEL, 1)

    def _read_dtype(self) -> np.dtype[np.generic]:
        samples = self._read_samples_per_pixel()
        bits = set(self.read_integers(TiffTag.BITS_PER_SAMPLE))
        formats = {1}
        if TiffTag.SAMPLE_FORMAT in self.directory.entries:
            formats = set(self.read_integers(TiffTag.SAMPLE_FORMAT))
        if not 1 <= samples <= _MAX_SAMPLES_PER_PIXEL or len(bits) != 1 or len(formats) != 1:
            raise ValueError("channels that differ")
        try:
            return np.dtype(_DTYPES[bits.pop(), formats.pop()])
        except KeyError as error:
            raise ValueError("another depth") from error

    def _check_decodable(self) -> None:
        """Raise ValueError if data is missing or decoding needs more memory than the image."""
        self._read_dtype()
        if self.read_integer(TiffTag.COMPRESSION, 1) not in _SUPPORTED_COMPRESSIONS:
            raise ValueError("another compression")
        chunk_width, chunk_height, offsets, sizes = self._read_chunk_layout()
        width, height = self.read_size()
        if min(width, height, chunk_width, chunk_height) < 1 or chunk_width * chunk_height > max(
            _MAX_TILE_PIXELS, width * height
        ):
            raise ValueError("impossible sizes")
        planes = (
            self._read_samples_per_pixel()
            if self.read_integer(TiffTag.PLANAR_CONFIGURATION, 1) == _SEPARATE_PLANES
            else 1
        )
        count = -(-width // chunk_width) * -(-height // chunk_height) * planes
        if not count == len(offsets) == len(sizes) or not all(sizes):
            raise ValueError("parts are missing")
        for offset, size in zip(offsets, sizes, strict=True):
            if offset + size > len(self.reader.data):
                raise ValueError("a part past the end")
            if self.read_integer(TiffTag.COMPRESSION, 1) == _JPEG_COMPRESSION:
                self._check_jpeg_chunk(offset, size, chunk_width, chunk_height)

    def _read_chunk_layout(self) -> tuple[int, int, tuple[int, ...], tuple[int, ...]]:
        """Return how the image is divided into TIFF tiles or strips, called chunks.

        The result is width and height of a chunk in pixels, and offsets and sizes in bytes of all
        chunks in the file.
        """
        if TiffTag.TILE_WIDTH in self.directory.entries:
            size = self.read_integer(TiffTag.TILE_WIDTH), self.read_integer(TiffTag.TILE_HEIGHT)
            return (
                *size,
                self.read_integers(TiffTag.TILE_OFFSETS),
                self.read_integers(TiffTag.TILE_BYTE_COUNTS),
            )
        width, height = self.read_size()
        rows = min(height, self.read_integer(TiffTag.ROWS_PER_STRIP, height))
        return (
            width,
            rows,
            self.read_integers(TiffTag.STRIP_OFFSETS),
            self.read_integers(TiffTag.STRIP_BYTE_COUNTS),
        )

    def _check_jpeg_chunk(self, offset: int, size: int, width: int, height: int) -> None:
        """Raise ValueError if a chunk's JPEG header claims more pixels than the chunk has.

        The decoder would allocate memory for as many pixels as the header claims.

        Args:
            offset: Offset of the chunk's data in the file.
            size: Size of the chunk's data in bytes.
            width: Width of the chunk in pixels.
            height: Height of the chunk in pixels.
        """
        jpeg_size = read_jpeg_size(self.reader.data[offset : offset + size])
        if jpeg_size[0] > width or jpeg_size[1] > height:
            raise ValueError("a part larger than it should be")
