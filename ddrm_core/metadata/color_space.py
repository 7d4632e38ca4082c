"""The color space that a file says its pixels are in, by its profile or by its EXIF block.

Sources: EXIF 2.32 clauses 4.6.5 (ColorSpace) and 4.6.7 (InteroperabilityIndex); DCF 2.0 clause 3.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from ddrm_core.metadata import icc
from ddrm_core.metadata.editable_ifd import Block, Directory, open_block
from ddrm_core.metadata.model import Metadata

_EXIF, _INTEROPERABILITY, _COLOR_SPACE, _INDEX = 0x8769, 0xA005, 0xA001, 1
_SRGB, _ADOBE_RGB, _UNCALIBRATED = 1, 2, 0xFFFF  # 2 is no standard's, but some cameras write it
_DCF_ADOBE_RGB = b"R03"  # DCF's optional color space; R98 is its basic one, sRGB
_LARGEST_INDEX = 8  # bytes


class ExifColor(StrEnum):
    """The color space of pixels as an EXIF block tells it."""

    SRGB = "sRGB"
    ADOBE_RGB = "Adobe RGB"
    UNCALIBRATED = "uncalibrated"
    UNTOLD = "not stated"


class ToldBy(StrEnum):
    """The part of a file that tells its color space."""

    PROFILE = "profile"
    EXIF = "EXIF"
    NOTHING = "nothing"


@dataclass(frozen=True, slots=True)
class ColorSpace:
    """The color space of a file's pixels.

    Attributes:
        name: The profile's own name or "a profile without a name", else an `ExifColor`.
        told_by: The part of the file that tells it. A profile counts before EXIF.
    """

    name: str
    told_by: ToldBy


def color_space(metadata: Metadata) -> ColorSpace:
    """Return the color space that a file tells."""
    if metadata.icc_profile is not None:
        name = icc.description(metadata.icc_profile) or "a profile without a name"
        return ColorSpace(name, ToldBy.PROFILE)
    told = exif_color(metadata.exif)
    return ColorSpace(told.value, ToldBy.NOTHING if told is ExifColor.UNTOLD else ToldBy.EXIF)


def exif_color(exif: bytes | None) -> ExifColor:
    """Return the color space that an EXIF block tells; UNTOLD where it is damaged."""
    block = None if exif is None else open_block(exif)
    if block is None:
        return ExifColor.UNTOLD
    number = index = None
    for directory in _pointed(block, block.first, _EXIF):
        for entry in directory.find(_COLOR_SPACE):
            number = next(iter(block.numbers(entry)), number)
        for below in _pointed(block, directory, _INTEROPERABILITY):
            index = _text(block, below) or index
    if number == _ADOBE_RGB or (number in (None, _UNCALIBRATED) and index == _DCF_ADOBE_RGB):
        return ExifColor.ADOBE_RGB
    if number is None:
        return ExifColor.UNTOLD
    return ExifColor.SRGB if number == _SRGB else ExifColor.UNCALIBRATED


def profile_or_equivalent(metadata: Metadata) -> bytes | None:
    """Return the profile of a file's pixels, or the one that says the same as its EXIF block."""
    if metadata.icc_profile is None and exif_color(metadata.exif) is ExifColor.ADOBE_RGB:
        return icc.adobe_rgb()
    return metadata.icc_profile


def _pointed(block: Block, directory: Directory, tag: int) -> list[Directory]:
    """Return the directory of the first entry of this tag, in a list, if it is in the block."""
    found = [block.pointed(entry) for entry in directory.find(tag)[:1]]
    return [below for below in found if below is not None]


def _text(block: Block, directory: Directory) -> bytes:
    """Return the InteroperabilityIndex without what ends it."""
    for entry in directory.find(_INDEX):
        start, end = block.value(entry)
        if end - start <= _LARGEST_INDEX:
            return bytes(block.data[start:end]).split(b"\0")[0].strip()
    return b""
