"""Choices for saving a result, and the formats that can hold it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from ddrm_core.formats.defaults import DEFAULT_JPEG_QUALITY
from ddrm_core.metadata.policy import MetadataPolicy

BIT_DEPTHS = (8, 16, 32)
JPEG_QUALITY_RANGE = (1, 100)


class SaveFormat(StrEnum):
    """What a result can be written as, in the order in which it is offered."""

    PNG = "PNG"
    TIFF = "TIFF"
    WEBP = "WebP"
    JPEG = "JPEG"

    @property
    def suffixes(self) -> tuple[str, ...]:
        """Of its files' names, the usual one first."""
        return _FORMAT_LIMITS[self].suffixes

    def supports(self, traits: ResultTraits, bits: int) -> bool:
        """Whether it holds such a picture with so many bits a channel."""
        limits = _FORMAT_LIMITS[self]
        return (
            bits in limits.bit_depths
            and traits.channel_count in limits.channel_counts
            and traits.longest_side <= limits.max_side
        )


@dataclass(frozen=True, slots=True)
class _FormatLimits:
    """As `ddrm_core.formats.save` has it, which imports torch."""

    suffixes: tuple[str, ...]
    bit_depths: tuple[int, ...]
    channel_counts: tuple[int, ...]
    max_side: int


_FORMAT_LIMITS = {
    SaveFormat.PNG: _FormatLimits((".png",), (8, 16), (1, 3), 2**31 - 1),
    SaveFormat.TIFF: _FormatLimits((".tiff", ".tif"), (8, 16, 32), (1, 3, 4), 2**31 - 1),
    SaveFormat.WEBP: _FormatLimits((".webp",), (8,), (1, 3), 16_383),
    SaveFormat.JPEG: _FormatLimits((".jpg", ".jpeg"), (8,), (1, 3, 4), 65_500),
}


def save_format_from_path(path: Path) -> SaveFormat | None:
    """The format that a name asks for, None where its suffix is of none."""
    return next((f for f in SaveFormat if path.suffix.lower() in f.suffixes), None)


@dataclass(frozen=True, slots=True)
class SaveChoices:
    """What the user wants wherever it is possible; remembered between starts.

    Attributes:
        bits: Per channel: 8, 16 or 32 (floats).
        metadata_policy: Which of the source's metadata the result takes over.
        bake_orientation: Whether pixels are turned upright.
        jpeg_quality: Of a JPEG, 1 to 100.
        same_levels: Whether to write a JPEG with the source's own tables.
        format: The one that was chosen last.
    """

    bits: int = 8
    metadata_policy: MetadataPolicy = MetadataPolicy.ALL
    bake_orientation: bool = False
    jpeg_quality: int = DEFAULT_JPEG_QUALITY
    same_levels: bool = False
    format: SaveFormat = SaveFormat.PNG


@dataclass(frozen=True, slots=True)
class ResultTraits:
    """What of a result decides how it can be saved.

    Attributes:
        channel_count: 1, 3 or 4.
        longest_side: Pixels of the longer side.
        is_reoriented: Whether it is stored other than upright.
        has_file_levels: Whether its levels are those of a JPEG's own tables.
        is_region: Whether it is a region of its picture only, which no source has tables for.
    """

    channel_count: int
    longest_side: int
    is_reoriented: bool
    has_file_levels: bool
    is_region: bool = False
