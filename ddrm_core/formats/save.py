"""Encoding of images in the format of a suffix, and the capabilities of each format."""

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
    """Bit depths, channels and sizes of images that a format can hold.

    Attributes:
        profile_rules: Rules for color profiles, with the name of the format.
        bit_depths: Possible bits per channel.
        channel_counts: Possible numbers of channels.
        max_side: Longest side in pixels.
    """

    profile_rules: ProfileRules
    bit_depths: tuple[int, ...]
    channel_counts: tuple[int, ...]
    max_side: int = 0x7FFFFFFF

    def find_unsupported_property(
        self, bits: int, channels: int, longest_side: int
    ) -> UnsupportedProperty | None:
        """Return the first property of an image that the format cannot hold, or None."""
        if channels not in self.channel_counts:
            return UnsupportedProperty.CMYK if channels == 4 else UnsupportedProperty.CHANNELS
        if bits not in self.bit_depths:
            return UnsupportedProperty.BITS
        return UnsupportedProperty.SIZE if longest_side > self.max_side else None


_PNG_CAPABILITIES = _FormatCapabilities(profiles.PNG_RULES, (8, 16), (1, 3))
_TIFF_CAPABILITIES = _FormatCapabilities(profiles.TIFF_RULES, (8, 16, 32), (1, 3, 4))
_WEBP_CAPABILITIES = _FormatCapabilities(profiles.WEBP_RULES, (8,), (1, 3), webp.MAX_SIDE_PX)
_JPEG_CAPABILITIES = _FormatCapabilities(profiles.JPEG_RULES, (8,), (1, 3, 4), jpeg.MAX_SIDE_PX)
_DTYPES = {8: np.uint8, 16: np.uint16}  # by bits per channel
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
    """Raise UnsupportedFormat if `encode_image` would for an image of these properties."""
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
    """Encode an image in the format of `path`; its color space is not converted.

    Args:
        image: Gray levels of a gray, RGB or, for TIFF and JPEG, CMYK image, 0 for no ink.
        path: Path whose suffix selects the format: PNG, TIFF, lossless WebP or JPEG.
        bits: Bits per channel: 8; 16 for PNG and TIFF; 32 for TIFF, as floats without rounding or
            clipping.
        metadata: Metadata that is written byte for byte as far as the format can hold it.
        jpeg_quality: Quality factor, 1 to 100.
        orientation: EXIF orientation, 1 to 8, by which pixels are turned upright.

    Raises:
        UnsupportedFormat: If the format is not written here or cannot hold the image.
    """
    channels, height, width = image.shape
    check_format(path, bits=bits, channels=channels, width=width, height=height)
    suffix = path.suffix.lower()
    rules = _CAPABILITIES_BY_SUFFIX[suffix].profile_rules
    metadata, warnings = fit_color_profile(metadata, rules, channels=channels)
    # Pixels are passed without a local variable, so that their memory is freed as early as
    # possible.
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
    """Return the displayed image, (rows, columns, c), rounded to `bits` bits.

    Floats are not rounded and share the memory of `image`.
    """
    if bits not in _DTYPES:
        return apply_orientation(image.numpy().transpose(1, 2, 0), orientation)
    channels, height, width = image.shape
    upright_size = (width, height) if is_transposed(orientation) else (height, width)
    # Always a new array: imagecodecs refuses the strides of a permuted single pixel.
    pixels = np.empty((*upright_size, channels), _DTYPES[bits])
    quantize_into(
        image,
        apply_orientation(pixels, invert_orientation(orientation)).transpose(2, 0, 1),
        bits=bits,
    )
    return pixels
