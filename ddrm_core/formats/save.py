"""Pictures into files: which formats there are, and what each can hold."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from jaxtyping import Float
from torch import Tensor

from ddrm_core.formats import jpeg, png, profiles, webp
from ddrm_core.formats.common import EncodedFile, to_pillow_image
from ddrm_core.formats.defaults import DEFAULT_JPEG_QUALITY
from ddrm_core.formats.jpeg import encode_jpeg
from ddrm_core.formats.png import encode_png
from ddrm_core.formats.profiles import ProfileRules, fit_color_profile
from ddrm_core.formats.tiff.write import encode_tiff
from ddrm_core.formats.unsupported_format import UnsupportedFormat, UnsupportedProperty
from ddrm_core.formats.webp import encode_webp
from ddrm_core.imaging.array_types import PixelArray
from ddrm_core.imaging.orientation import (
    UPRIGHT_ORIENTATION,
    apply_orientation,
    invert_orientation,
    is_transposed,
)
from ddrm_core.imaging.quantize_pixels import quantize_into
from ddrm_core.metadata.model import Metadata


@dataclass(frozen=True, slots=True)
class _FormatCapabilities:
    """The pictures that a format holds.

    Attributes:
        profile_rules: The profiles that it takes, with its name.
        bit_depths: Per channel.
        channel_counts: Their numbers.
        max_side: Pixels of a side.
    """

    profile_rules: ProfileRules
    bit_depths: tuple[int, ...]
    channel_counts: tuple[int, ...]
    max_side: int = 0x7FFFFFFF

    def find_unsupported_property(
        self, bits: int, channels: int, longest_side: int
    ) -> UnsupportedProperty | None:
        """Return the property of such a picture that the format does not hold."""
        if channels not in self.channel_counts:
            return UnsupportedProperty.CMYK if channels == 4 else UnsupportedProperty.CHANNELS
        if bits not in self.bit_depths:
            return UnsupportedProperty.BITS
        return UnsupportedProperty.SIZE if longest_side > self.max_side else None


_PNG_CAPABILITIES = _FormatCapabilities(profiles.PNG_RULES, (8, 16), (1, 3))
_TIFF_CAPABILITIES = _FormatCapabilities(profiles.TIFF_RULES, (8, 16, 32), (1, 3, 4))
_WEBP_CAPABILITIES = _FormatCapabilities(profiles.WEBP_RULES, (8,), (1, 3), webp.MAX_SIDE_PX)
_JPEG_CAPABILITIES = _FormatCapabilities(profiles.JPEG_RULES, (8,), (1, 3, 4), jpeg.MAX_SIDE_PX)
_DTYPES = {8: np.uint8, 16: np.uint16}  # by bits
_CAPABILITIES_BY_SUFFIX = {
    ".png": _PNG_CAPABILITIES,
    ".tiff": _TIFF_CAPABILITIES,
    ".tif": _TIFF_CAPABILITIES,
    ".webp": _WEBP_CAPABILITIES,
    ".jpg": _JPEG_CAPABILITIES,
    ".jpeg": _JPEG_CAPABILITIES,
}
_PRIMARY_SUFFIXES = (".png", ".tiff", ".webp", ".jpg")  # one suffix for each format


def check_format(path: Path, *, bits: int, channels: int, width: int = 1, height: int = 1) -> None:
    """Raises UnsupportedFormat where `encode_image` would, as far as the size is given."""
    capabilities, longest_side = (
        _CAPABILITIES_BY_SUFFIX.get(path.suffix.lower()),
        max(width, height),
    )
    unsupported_property = (
        UnsupportedProperty.FORMAT
        if capabilities is None
        else capabilities.find_unsupported_property(bits, channels, longest_side)
    )
    if unsupported_property is not None:
        raise UnsupportedFormat(
            path,
            bits,
            width,
            height,
            unsupported_property,
            format="" if capabilities is None else capabilities.profile_rules.format_name,
            max_side=0 if capabilities is None else capabilities.max_side,
            capable_suffixes=tuple(
                suffix
                for suffix in _PRIMARY_SUFFIXES
                if _CAPABILITIES_BY_SUFFIX[suffix].find_unsupported_property(
                    bits, channels, longest_side
                )
                is None
            ),
        )


def encode_image(
    image: Float[Tensor, "c h w"],
    path: Path,
    *,
    bits: int,
    metadata: Metadata,
    jpeg_quality: int = DEFAULT_JPEG_QUALITY,
    orientation: int = UPRIGHT_ORIENTATION,
) -> EncodedFile:
    """The content of `path`; pixels stay in their colour space.

    Args:
        image: Grey levels: grey, RGB or, for TIFF and JPEG, CMYK with 0 for no ink.
        path: Its suffix names the format: PNG, TIFF, lossless WebP or JPEG.
        bits: Per channel: 8; 16 for PNG and TIFF; 32 for TIFF, floats neither rounded nor clipped.
        metadata: Goes in byte for byte, as far as the format has a place for it.
        jpeg_quality: On libjpeg's scale, 1 to 100.
        orientation: The orientation by which pixels are turned upright.

    Raises:
        UnsupportedFormat: No such format here, or it does not hold such a picture.
    """
    channels, height, width = image.shape
    check_format(path, bits=bits, channels=channels, width=width, height=height)
    suffix = path.suffix.lower()
    rules = _CAPABILITIES_BY_SUFFIX[suffix].profile_rules
    metadata, warnings = fit_color_profile(metadata, rules, channels=channels)
    # Pixels are arguments and no variable: nothing keeps them longer than they are needed.
    match suffix:
        case ".png":
            encoded = png.insert_png_metadata(
                encode_png(_quantize_upright(image, bits, orientation)), metadata
            )
        case ".tif" | ".tiff":
            encoded = encode_tiff(_quantize_upright(image, bits, orientation), metadata)
        case ".webp":
            encoded = encode_webp(
                to_pillow_image(_quantize_upright(image, bits, orientation)), metadata
            )
        case _:
            pillow_image = to_pillow_image(_quantize_upright(image, bits, orientation))
            encoded = encode_jpeg(pillow_image, metadata, quality=jpeg_quality)
    return EncodedFile(encoded.data, (*warnings, *encoded.warnings))


def _quantize_upright(image: Float[Tensor, "c h w"], bits: int, orientation: int) -> PixelArray:
    """(rows, columns, c) as shown; floats that need no rounding share their memory with these."""
    if bits not in _DTYPES:
        return apply_orientation(image.numpy().transpose(1, 2, 0), orientation)
    channels, height, width = image.shape
    upright_size = (width, height) if is_transposed(orientation) else (height, width)
    # A new array in any case: imagecodecs refuses the strides that a permuted single pixel has.
    pixels = np.empty((*upright_size, channels), _DTYPES[bits])
    quantize_into(
        image,
        apply_orientation(pixels, invert_orientation(orientation)).transpose(2, 0, 1),
        bits=bits,
    )
    return pixels
