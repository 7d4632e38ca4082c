"""Decoding of image files to arrays, without torch."""

from __future__ import annotations

import os
import struct
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import imagecodecs
import numpy as np
import tifffile
from numpy.typing import NDArray

from ddrm_core.errors import OutOfMemory, TooManyPixels
from ddrm_core.formats import png
from ddrm_core.formats.avif.container import is_avif
from ddrm_core.formats.avif.file import decode_avif, read_avif_size
from ddrm_core.formats.bmp import decode_bmp, read_bmp_size
from ddrm_core.formats.common import DecodedFile, MultipleImagesError
from ddrm_core.formats.defaults import MAX_PIXELS
from ddrm_core.formats.jpeg import decode_jpeg, read_jpeg_size
from ddrm_core.formats.jpegxl.file import decode_jpegxl, is_jpegxl, read_jpegxl_size
from ddrm_core.formats.png import decode_png, read_png_size
from ddrm_core.formats.tiff.read import decode_tiff, read_tiff_size
from ddrm_core.formats.unsupported_format import UnsupportedImage
from ddrm_core.formats.webp import decode_webp, is_webp, read_webp_size
from ddrm_core.imaging.array_types import SIXTEEN_BIT_SCALE
from ddrm_core.metadata.jpeg_segments import START_OF_IMAGE
from ddrm_core.metadata.model import Metadata
from ddrm_core.os_errors import reading

# More than the largest of these images takes as uncompressed CMYK floats.
_MAX_FILE_BYTES = 4 << 30
# Errors of the decoders for damaged data; an OSError of Pillow has no errno.
_DAMAGE_ERRORS = (
    imagecodecs.PngError,
    tifffile.TiffFileError,
    ArithmeticError,
    LookupError,
    OSError,
    RuntimeError,
    SyntaxError,
    TypeError,
    ValueError,
    struct.error,
)
_SIGNATURE_BYTES = 32


@dataclass(frozen=True, slots=True, eq=False)
class DecodedImage:
    """Image and metadata of a file, as arrays.

    Attributes:
        pixels: Pixels in gray levels, (c, h, w): gray, RGB or CMYK (0 for no ink). Float files are
            not scaled.
        metadata: Metadata of the file, byte for byte.
        bits_per_channel: Bits per channel in the file: 8, 16 or 32, or 16 if it has 10 or 12.
    """

    pixels: NDArray[np.float32]
    metadata: Metadata
    bits_per_channel: int


@dataclass(frozen=True, slots=True)
class _FormatReader:
    read_size: Callable[[bytes], tuple[int, int]]
    decode: Callable[[bytes], DecodedFile]


def decode_image(path: Path, *, max_pixels: int = MAX_PIXELS) -> DecodedImage:
    """Decode a PNG, TIFF, WebP, BMP, JPEG, JPEG XL or AVIF file, recognized by its content.

    A palette becomes RGB. A WebP with three equal channels becomes gray.

    Raises:
        UnreadableFile: If the system cannot read the file.
        UnsupportedImage: If the file has another format, is damaged, holds several images, has
            another bit depth or color space, or is partly transparent.
        TooManyPixels: If the file claims more than `max_pixels` pixels.
        OutOfMemory: If the image does not fit into memory.
    """
    data = _read_image_file(path)
    width = height = 0
    try:
        reader = _find_reader(data)
        width, height = reader.read_size(data)
        if width < 1 or height < 1:
            raise UnsupportedImage(path)
        if width * height > max_pixels:
            raise TooManyPixels(path, width, height, max_pixels)
        decoded = reader.decode(data)
        pixels = np.ascontiguousarray(decoded.pixels.transpose(2, 0, 1), np.float32)
    except MemoryError as error:
        raise OutOfMemory("cpu", width, height) from error
    except MultipleImagesError as error:
        raise UnsupportedImage(
            path, page_count=error.page_count, frame_count=error.frame_count
        ) from error
    except _DAMAGE_ERRORS as error:
        raise UnsupportedImage(path) from error
    if pixels.shape[1:] != (height, width):
        raise UnsupportedImage(path)
    if decoded.pixels.dtype == np.uint16:
        pixels /= SIXTEEN_BIT_SCALE
    return DecodedImage(pixels, decoded.metadata, decoded.pixels.dtype.itemsize * 8)


def read_image_size(path: Path) -> tuple[int, int]:
    """Return the width and height in pixels that a file of `decode_image` states, without decoding.

    Raises:
        UnreadableFile: If the system cannot read the file.
        UnsupportedImage: If the file has another format, or its header is damaged.
    """
    data = _read_image_file(path)
    try:
        return _find_reader(data).read_size(data)
    except MultipleImagesError as error:
        raise UnsupportedImage(
            path, page_count=error.page_count, frame_count=error.frame_count
        ) from error
    except _DAMAGE_ERRORS as error:
        raise UnsupportedImage(path) from error


def _read_image_file(path: Path) -> bytes:
    try:
        with reading(path), path.open("rb") as file:
            data = file.read(_SIGNATURE_BYTES)
            _find_reader(data)
            if os.fstat(file.fileno()).st_size > _MAX_FILE_BYTES:
                raise UnsupportedImage(path)
            data += file.read()
    except ValueError as error:
        raise UnsupportedImage(path) from error
    return data


def _find_reader(data: bytes) -> _FormatReader:
    """Return the reader for the format of a file, recognized by its first bytes.

    Raise ValueError if the format is unknown.
    """
    if data.startswith(png.SIGNATURE):
        return _FormatReader(read_png_size, decode_png)
    if data.startswith((b"II*\0", b"MM\0*")):
        return _FormatReader(read_tiff_size, decode_tiff)
    if is_webp(data):
        return _FormatReader(read_webp_size, decode_webp)
    if data.startswith(START_OF_IMAGE):
        return _FormatReader(read_jpeg_size, decode_jpeg)
    if is_jpegxl(data):
        return _FormatReader(read_jpegxl_size, decode_jpegxl)
    if is_avif(data):
        return _FormatReader(read_avif_size, decode_avif)
    if data.startswith(b"BM"):
        return _FormatReader(read_bmp_size, decode_bmp)
    raise ValueError("no picture")
