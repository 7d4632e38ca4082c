"""Pictures into files: which formats there are, and what each can hold."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from jaxtyping import Float
from torch import Tensor

from ddrm_core.errors import UnsupportedFormat
from ddrm_core.formats import jpeg, png, webp
from ddrm_core.formats.jpeg import encode_jpeg
from ddrm_core.formats.png import encode_png
from ddrm_core.formats.stored import Encoded, image_of
from ddrm_core.formats.tiff import encode_tiff
from ddrm_core.formats.webp import encode_webp
from ddrm_core.image import write_pixels
from ddrm_core.metadata.model import Metadata
from ddrm_core.orientation import UPRIGHT, inverse, swaps_sides, turned
from ddrm_core.pixels import Pixels

JPEG_QUALITY = 95


@dataclass(frozen=True, slots=True)
class _Limits:
    """What a format holds: bits and numbers of channels, and pixels of a side."""

    bits: tuple[int, ...]
    channels: tuple[int, ...]
    longest: int = 0x7FFFFFFF


_PNG = _Limits((8, 16), (1, 3))
_TIFF = _Limits((8, 16, 32), (1, 3, 4))
_WEBP = _Limits((8,), (1, 3), webp.LONGEST)
_JPEG = _Limits((8,), (1, 3, 4), jpeg.LONGEST)
_TYPES = {8: np.uint8, 16: np.uint16}  # by bits
_FORMATS = {
    ".png": _PNG,
    ".tif": _TIFF,
    ".tiff": _TIFF,
    ".webp": _WEBP,
    ".jpg": _JPEG,
    ".jpeg": _JPEG,
}


def check_format(path: Path, *, bits: int, channels: int, width: int = 1, height: int = 1) -> None:
    """Raises UnsupportedFormat where `encode_picture` would, as far as the size is given."""
    limits = _FORMATS.get(path.suffix.lower())
    if (
        limits is None
        or bits not in limits.bits
        or channels not in limits.channels
        or max(width, height) > limits.longest
    ):
        raise UnsupportedFormat(path, bits)


def encode_picture(
    picture: Float[Tensor, "c h w"],
    path: Path,
    *,
    bits: int,
    metadata: Metadata,
    jpeg_quality: int = JPEG_QUALITY,
    turn: int = UPRIGHT,
) -> Encoded:
    """The content of `path`; pixels stay in their colour space.

    Args:
        picture: Grey levels: grey, RGB or, for TIFF and JPEG, CMYK with 0 for no ink.
        path: Its suffix names the format: PNG, TIFF, lossless WebP or JPEG.
        bits: Per channel: 8; 16 for PNG and TIFF; 32 for TIFF, floats neither rounded nor clipped.
        metadata: Goes in byte for byte, as far as the format has a place for it.
        jpeg_quality: On libjpeg's scale, 1 to 100.
        turn: The orientation by which pixels are turned upright.

    Raises:
        UnsupportedFormat: No such format here, or it does not hold such a picture.
    """
    channels, height, width = picture.shape
    check_format(path, bits=bits, channels=channels, width=width, height=height)
    # Pixels are arguments and no variable: nothing keeps them longer than they are needed.
    match path.suffix.lower():
        case ".png":
            return png.with_metadata(encode_png(_pixels(picture, bits, turn)), metadata)
        case ".tif" | ".tiff":
            return encode_tiff(_pixels(picture, bits, turn), metadata)
        case ".webp":
            return encode_webp(image_of(_pixels(picture, bits, turn)), metadata)
        case _:
            image = image_of(_pixels(picture, bits, turn))
            return encode_jpeg(image, metadata, quality=jpeg_quality)


def _pixels(picture: Float[Tensor, "c h w"], bits: int, turn: int) -> Pixels:
    """(rows, columns, c) as shown; floats that need no rounding share their memory with these."""
    if bits not in _TYPES:
        return turned(picture.numpy(), turn).transpose(1, 2, 0)
    channels, height, width = picture.shape
    sides = (width, height) if swaps_sides(turn) else (height, width)
    # A new array in any case: imagecodecs refuses the strides that a permuted single pixel has.
    pixels = np.empty((*sides, channels), _TYPES[bits])
    write_pixels(picture, turned(pixels.transpose(2, 0, 1), inverse(turn)), bits=bits)
    return pixels
