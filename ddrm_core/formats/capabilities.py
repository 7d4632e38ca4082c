"""Formats of results, and the images that each format supports."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from ddrm_core.formats import profiles
from ddrm_core.formats.profiles import ProfileRules
from ddrm_core.formats.suffixes import MOST_CAPABLE_SUFFIX, WRITABLE_JPEG_SUFFIXES
from ddrm_core.formats.unsupported_format import UnsupportedFormat, UnsupportedProperty

BIT_DEPTHS = (8, 10, 12, 16, 32)
"""Bits per channel of results; 32 stands for floats, neither rounded nor clipped."""

JPEG_MAX_SIDE_PX = 65_500  # libjpeg's JPEG_MAX_DIMENSION
WEBP_MAX_SIDE_PX = 16_383  # RFC 9649, section 3.4
JPEG_XL_MAX_SIDE_PX = 1 << 18  # ISO/IEC 18181-1, annex M, level 5
AVIF_MAX_SIDE_PX = 32_768  # libavif's AVIF_DEFAULT_IMAGE_DIMENSION_LIMIT


class SaveFormat(StrEnum):
    """A file format for results; the members are in the order in which the program offers them."""

    PNG = "PNG"
    TIFF = "TIFF"
    WEBP = "WebP"
    JPEG = "JPEG"
    JPEG_XL = "JPEG XL"
    AVIF = "AVIF"

    @property
    def capabilities(self) -> FormatCapabilities:
        return _CAPABILITIES[self]

    @property
    def suffixes(self) -> tuple[str, ...]:
        """Suffixes of file names, the most common one first."""
        return self.capabilities.suffixes


@dataclass(frozen=True, slots=True)
class FormatCapabilities:
    """Bit depths, channels and sizes of images that a format supports.

    Attributes:
        suffixes: Suffixes of file names, the most common one first.
        profile_rules: Rules for color profiles, with the name of the format.
        bit_depths: Possible bits per channel, see `BIT_DEPTHS`.
        channel_counts: Possible numbers of channels: 1 for gray, 3 for RGB, 4 for CMYK.
        max_side: Longest side in pixels.
        stores_orientation: Whether results are stored as their source is, with its orientation in
            EXIF. Otherwise, pixels are always stored upright, because readers of the format ignore
            EXIF's orientation.
    """

    suffixes: tuple[str, ...]
    profile_rules: ProfileRules
    bit_depths: tuple[int, ...]
    channel_counts: tuple[int, ...]
    max_side: int = 0x7FFFFFFF
    stores_orientation: bool = True

    def find_unsupported_property(
        self, bits: int, channels: int, longest_side: int
    ) -> UnsupportedProperty | None:
        """Return the first property of an image that the format does not support, or None."""
        if channels not in self.channel_counts:
            return UnsupportedProperty.CMYK if channels == 4 else UnsupportedProperty.CHANNELS
        if bits not in self.bit_depths:
            return UnsupportedProperty.BITS
        return UnsupportedProperty.SIZE if longest_side > self.max_side else None


_CAPABILITIES = {
    SaveFormat.PNG: FormatCapabilities((".png",), profiles.PNG_RULES, (8, 16), (1, 3)),
    SaveFormat.TIFF: FormatCapabilities(
        (MOST_CAPABLE_SUFFIX, ".tif"), profiles.TIFF_RULES, (8, 16, 32), (1, 3, 4)
    ),
    SaveFormat.WEBP: FormatCapabilities(
        (".webp",), profiles.WEBP_RULES, (8,), (1, 3), WEBP_MAX_SIDE_PX
    ),
    SaveFormat.JPEG: FormatCapabilities(
        WRITABLE_JPEG_SUFFIXES, profiles.JPEG_RULES, (8,), (1, 3, 4), JPEG_MAX_SIDE_PX
    ),
    SaveFormat.JPEG_XL: FormatCapabilities(
        (".jxl",),
        profiles.JPEG_XL_RULES,
        (8, 16),
        (1, 3),
        JPEG_XL_MAX_SIDE_PX,
        stores_orientation=False,
    ),
    SaveFormat.AVIF: FormatCapabilities(
        (".avif",),
        profiles.AVIF_RULES,
        (8, 10, 12),
        (1, 3),
        AVIF_MAX_SIDE_PX,
        stores_orientation=False,
    ),
}


def save_format_from_path(path: Path) -> SaveFormat | None:
    """Return the format that a path's suffix selects, None if no format has this suffix."""
    return next((f for f in SaveFormat if path.suffix.lower() in f.suffixes), None)


def list_capable_formats(bits: int, channels: int, longest_side: int) -> tuple[SaveFormat, ...]:
    """Return the formats that support an image with these properties.

    The properties are bits per channel, number of channels and longest side in pixels.
    """
    return tuple(
        f
        for f in SaveFormat
        if f.capabilities.find_unsupported_property(bits, channels, longest_side) is None
    )


def check_format(
    path: Path, *, bits: int, channels: int, width: int = 1, height: int = 1
) -> SaveFormat:
    """Return the format that a path's suffix selects, after checking that it supports an image.

    Args:
        path: Path of the file to write.
        bits: Bits per channel of the image.
        channels: Number of channels of the image.
        width: Width of the image in pixels.
        height: Height of the image in pixels.

    Raises:
        UnsupportedFormat: If no format has the suffix, or the format does not support the image.
    """
    save_format, longest_side = save_format_from_path(path), max(width, height)
    unsupported_property, max_side = UnsupportedProperty.FORMAT, 0
    if save_format is not None:
        capabilities = save_format.capabilities
        found = capabilities.find_unsupported_property(bits, channels, longest_side)
        if found is None:
            return save_format
        unsupported_property, max_side = found, capabilities.max_side
    raise UnsupportedFormat(
        path,
        bits,
        width,
        height,
        unsupported_property,
        format=save_format or "",
        max_side=max_side,
        capable_suffixes=tuple(
            f.suffixes[0] for f in list_capable_formats(bits, channels, longest_side)
        ),
    )
