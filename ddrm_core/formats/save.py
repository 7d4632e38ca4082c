"""Pictures into files: which formats there are, and what each can hold."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from jaxtyping import Float
from torch import Tensor

from ddrm_core.formats import jpeg, png, profiles, webp
from ddrm_core.formats.encoded import Encoded, image_of
from ddrm_core.formats.jpeg import encode_jpeg
from ddrm_core.formats.png import encode_png
from ddrm_core.formats.profiles import ProfileRules, with_fitting_profile
from ddrm_core.formats.tiff.write import encode_tiff
from ddrm_core.formats.unsupported import Obstacle, UnsupportedFormat
from ddrm_core.formats.webp import encode_webp
from ddrm_core.imaging.array_types import Pixels
from ddrm_core.imaging.orientation import UPRIGHT, inverse, swaps_sides, turned
from ddrm_core.imaging.quantize_pixels import write_pixels
from ddrm_core.metadata.model import Metadata

JPEG_QUALITY = 95


@dataclass(frozen=True, slots=True)
class _Limits:
    """The pictures that a format holds.

    Attributes:
        profiles: The profiles that it takes, with its name.
        bits: Per channel.
        channels: Their numbers.
        longest: Pixels of a side.
    """

    profiles: ProfileRules
    bits: tuple[int, ...]
    channels: tuple[int, ...]
    longest: int = 0x7FFFFFFF

    def obstacle(self, bits: int, channels: int, longest: int) -> Obstacle | None:
        """Return the property of such a picture that the format does not hold."""
        if channels not in self.channels:
            return Obstacle.CHANNELS
        if bits not in self.bits:
            return Obstacle.BITS
        return Obstacle.SIZE if longest > self.longest else None


_PNG = _Limits(profiles.PNG, (8, 16), (1, 3))
_TIFF = _Limits(profiles.TIFF, (8, 16, 32), (1, 3, 4))
_WEBP = _Limits(profiles.WEBP, (8,), (1, 3), webp.LONGEST)
_JPEG = _Limits(profiles.JPEG, (8,), (1, 3, 4), jpeg.LONGEST)
_TYPES = {8: np.uint8, 16: np.uint16}  # by bits
_FORMATS = {
    ".png": _PNG,
    ".tiff": _TIFF,
    ".tif": _TIFF,
    ".webp": _WEBP,
    ".jpg": _JPEG,
    ".jpeg": _JPEG,
}
_USUAL = (".png", ".tiff", ".webp", ".jpg")  # one suffix for each format


def check_format(path: Path, *, bits: int, channels: int, width: int = 1, height: int = 1) -> None:
    """Raises UnsupportedFormat where `encode_picture` would, as far as the size is given."""
    limits, longest = _FORMATS.get(path.suffix.lower()), max(width, height)
    obstacle = Obstacle.FORMAT if limits is None else limits.obstacle(bits, channels, longest)
    if obstacle is not None:
        raise UnsupportedFormat(
            path,
            bits,
            channels=channels,
            size=(width, height),
            obstacle=obstacle,
            format="" if limits is None else limits.profiles.name,
            limit=0 if limits is None else limits.longest,
            holders=tuple(
                suffix
                for suffix in _USUAL
                if _FORMATS[suffix].obstacle(bits, channels, longest) is None
            ),
        )


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
    suffix = path.suffix.lower()
    rules = _FORMATS[suffix].profiles
    metadata, words = with_fitting_profile(metadata, rules, channels=channels)
    # Pixels are arguments and no variable: nothing keeps them longer than they are needed.
    match suffix:
        case ".png":
            made = png.with_metadata(encode_png(_pixels(picture, bits, turn)), metadata)
        case ".tif" | ".tiff":
            made = encode_tiff(_pixels(picture, bits, turn), metadata)
        case ".webp":
            made = encode_webp(image_of(_pixels(picture, bits, turn)), metadata)
        case _:
            image = image_of(_pixels(picture, bits, turn))
            made = encode_jpeg(image, metadata, quality=jpeg_quality)
    return Encoded(made.data, (*words, *made.losses))


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
