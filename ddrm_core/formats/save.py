"""Pictures into files: which formats there are, and what each can hold."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from jaxtyping import Float
from torch import Tensor

from ddrm_core.errors import UnsupportedFormat
from ddrm_core.formats import jpeg, webp
from ddrm_core.formats.jpeg import encode_jpeg
from ddrm_core.formats.png import encode_png
from ddrm_core.formats.stored import Encoded, Pixels
from ddrm_core.formats.tiff import encode_tiff
from ddrm_core.formats.webp import encode_webp
from ddrm_core.image import STEPS_OF_16_BITS, rounded_picture
from ddrm_core.metadata.model import Metadata

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
) -> Encoded:
    """The content of `path`; pixels stay in their colour space and orientation.

    Args:
        picture: Grey levels: grey, RGB or, for TIFF and JPEG, CMYK with 0 for no ink.
        path: Its suffix names the format: PNG, TIFF, lossless WebP or JPEG.
        bits: Per channel: 8; 16 for PNG and TIFF; 32 for TIFF, floats neither rounded nor clipped.
        metadata: Goes in byte for byte, as far as the format has a place for it.
        jpeg_quality: On libjpeg's scale, 1 to 100.

    Raises:
        UnsupportedFormat: No such format here, or it does not hold such a picture.
    """
    channels, height, width = picture.shape
    check_format(path, bits=bits, channels=channels, width=width, height=height)
    pixels = _pixels(picture, bits)
    match path.suffix.lower():
        case ".png":
            return encode_png(pixels, metadata)
        case ".tif" | ".tiff":
            return encode_tiff(pixels, metadata)
        case ".webp":
            return encode_webp(pixels, metadata)
        case _:
            return encode_jpeg(pixels, metadata, quality=jpeg_quality)


def _pixels(picture: Float[Tensor, "c h w"], bits: int) -> Pixels:
    values = rounded_picture(picture, bits=bits).permute(1, 2, 0)
    # A copy in any case: imagecodecs refuses the strides that a permuted single pixel has.
    if bits == 8:
        return np.array(values.numpy(), np.uint8, order="C")
    if bits == 16:
        return np.array((values * STEPS_OF_16_BITS).round().numpy(), np.uint16, order="C")
    return np.array(values.numpy(), np.float32, order="C")
