"""Pictures from files: results, and whatever else may once have been a JPEG."""

from __future__ import annotations

import os
import struct
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import imagecodecs
import numpy as np
import tifffile
import torch
from jaxtyping import Float
from torch import Tensor

from ddrm_core.errors import NotAPicture, OutOfMemory, TooManyPixels, UnreadableFile
from ddrm_core.formats import jpeg, png
from ddrm_core.formats.bmp import bmp_size, decode_bmp
from ddrm_core.formats.encoded import SeveralPictures, Stored
from ddrm_core.formats.jpeg import decode_jpeg, jpeg_size
from ddrm_core.formats.png import decode_png, png_size
from ddrm_core.formats.tiff.read import decode_tiff, tiff_size
from ddrm_core.formats.webp import decode_webp, is_webp, webp_size
from ddrm_core.imaging.quantize_pixels import STEPS_OF_16_BITS
from ddrm_core.metadata.model import Metadata

MAX_PIXELS = 178_000_000
"""What fits into memory, with all that is made of it; a small file can claim far more."""
# More than the largest of these pictures takes as uncompressed floats of ink.
_MOST_BYTES = 4 << 30
# What the decoders raise on damaged data; Pillow's OSError has no errno then.
_DAMAGED = (
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
_SIGNATURE = 12  # bytes


@dataclass(frozen=True, slots=True, eq=False)
class LoadedPicture:
    """A file's picture.

    Attributes:
        picture: Grey levels: grey, RGB, or CMYK with 0 for no ink; floats as stored.
        metadata: The file's blocks, byte for byte.
        bits: Per channel in the file: 8, 16 or 32.
    """

    picture: Float[Tensor, "c h w"]
    metadata: Metadata
    bits: int


@dataclass(frozen=True, slots=True)
class _Reader:
    size: Callable[[bytes], tuple[int, int]]
    decode: Callable[[bytes], Stored]


def load_picture(path: Path, *, max_pixels: int = MAX_PIXELS) -> LoadedPicture:
    """A PNG, TIFF, WebP, BMP or JPEG, whatever its name says.

    A palette becomes RGB. A WebP whose channels are equal everywhere is grey.

    Raises:
        UnreadableFile: The system did not give the bytes.
        NotAPicture: They are another format, damaged, several pictures, of another depth or
            colour space, or partly transparent.
        TooManyPixels: The file claims more than `max_pixels`.
        OutOfMemory: Or more than there is room for.
    """
    data = _bytes(path)
    width = height = 0
    try:
        reader = _reader(data)
        width, height = reader.size(data)
        if width < 1 or height < 1:
            raise NotAPicture(path)
        if width * height > max_pixels:
            raise TooManyPixels(path, width, height, max_pixels)
        stored = reader.decode(data)
        levels = np.ascontiguousarray(stored.pixels.transpose(2, 0, 1), np.float32)
    except MemoryError as error:
        raise OutOfMemory("cpu", width, height) from error
    except SeveralPictures as error:
        raise NotAPicture(path, pages=error.pages, frames=error.frames) from error
    except _DAMAGED as error:
        raise NotAPicture(path) from error
    if levels.shape[1:] != (height, width):
        raise NotAPicture(path)
    if stored.pixels.dtype == np.uint16:
        levels /= STEPS_OF_16_BITS
    return LoadedPicture(
        torch.from_numpy(levels), stored.metadata, stored.pixels.dtype.itemsize * 8
    )


def _bytes(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            data = file.read(_SIGNATURE)
            _reader(data)
            if os.fstat(file.fileno()).st_size > _MOST_BYTES:
                raise NotAPicture(path)
            data += file.read()
    except OSError as error:
        raise UnreadableFile(path, error.strerror or str(error)) from error
    except ValueError as error:
        raise NotAPicture(path) from error
    return data


def _reader(data: bytes) -> _Reader:
    """For the format that the first bytes show. Raises ValueError where they show none."""
    if data.startswith(png.SIGNATURE):
        return _Reader(png_size, decode_png)
    if data.startswith((b"II*\0", b"MM\0*")):
        return _Reader(tiff_size, decode_tiff)
    if is_webp(data):
        return _Reader(webp_size, decode_webp)
    if data.startswith(jpeg.START):
        return _Reader(jpeg_size, decode_jpeg)
    if data.startswith(b"BM"):
        return _Reader(bmp_size, decode_bmp)
    raise ValueError("no picture")
