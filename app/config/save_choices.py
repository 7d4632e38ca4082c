"""Choices for saving a result, and the formats that can hold it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from ddrm_core.metadata.policy import MetadataPolicy

BITS = (8, 16, 32)
JPEG_QUALITIES = (1, 100)


class SaveFormat(StrEnum):
    """What a result can be written as, in the order in which it is offered."""

    PNG = "PNG"
    TIFF = "TIFF"
    WEBP = "WebP"
    JPEG = "JPEG"

    @property
    def suffixes(self) -> tuple[str, ...]:
        """Of its files' names, the usual one first."""
        return _HOLDS[self].suffixes

    def holds(self, subject: SaveSubject, bits: int) -> bool:
        """Whether it holds such a picture with so many bits a channel."""
        limits = _HOLDS[self]
        return (
            bits in limits.bits
            and subject.channels in limits.channels
            and subject.longest <= limits.longest
        )


@dataclass(frozen=True, slots=True)
class _Holds:
    """As `ddrm_core.formats.save` has it, which imports torch."""

    suffixes: tuple[str, ...]
    bits: tuple[int, ...]
    channels: tuple[int, ...]
    longest: int


_HOLDS = {
    SaveFormat.PNG: _Holds((".png",), (8, 16), (1, 3), 2**31 - 1),
    SaveFormat.TIFF: _Holds((".tiff", ".tif"), (8, 16, 32), (1, 3, 4), 2**31 - 1),
    SaveFormat.WEBP: _Holds((".webp",), (8,), (1, 3), 16_383),
    SaveFormat.JPEG: _Holds((".jpg", ".jpeg"), (8,), (1, 3, 4), 65_500),
}


def format_of(path: Path) -> SaveFormat | None:
    """The format that a name asks for, None where its suffix is of none."""
    return next((f for f in SaveFormat if path.suffix.lower() in f.suffixes), None)


@dataclass(frozen=True, slots=True)
class SaveChoices:
    """What the user wants wherever it is possible; remembered between starts.

    Attributes:
        bits: Per channel: 8, 16 or 32 (floats).
        policy: Which of the source's metadata the result takes over.
        upright: Whether pixels are turned upright.
        jpeg_quality: Of a JPEG, 1 to 100.
        same_levels: Whether to write a JPEG with the source's own tables.
        format: The one that was chosen last.
    """

    bits: int = 8
    policy: MetadataPolicy = MetadataPolicy.ALL
    upright: bool = False
    jpeg_quality: int = 95
    same_levels: bool = False
    format: SaveFormat = SaveFormat.PNG


@dataclass(frozen=True, slots=True)
class SaveSubject:
    """What of a result decides how it can be saved.

    Attributes:
        channels: 1, 3 or 4.
        longest: Pixels of the longer side.
        turned: Whether it is stored other than upright.
        own_levels: Whether its levels are those of a JPEG's own tables.
        part: Whether it is a region of its picture only, which no source has tables for.
    """

    channels: int
    longest: int
    turned: bool
    own_levels: bool
    part: bool = False
