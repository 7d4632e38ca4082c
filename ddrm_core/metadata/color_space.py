"""The color space of pixels as stated by an ICC profile or an EXIF block.

Sources: EXIF 2.32 clauses 4.6.5 (ColorSpace) and 4.6.7 (InteroperabilityIndex); DCF 2.0 clause 3.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from ddrm_core.messages import Reason, tr_noop
from ddrm_core.metadata import icc
from ddrm_core.metadata.editable_tiff import EditableTiff, open_editable_tiff
from ddrm_core.metadata.icc_defects import find_profile_defect
from ddrm_core.metadata.model import Metadata
from ddrm_core.metadata.tiff_reader import TiffDirectory

_EXIF_IFD_TAG, _INTEROPERABILITY_IFD_TAG, _COLOR_SPACE_TAG, _INTEROPERABILITY_INDEX_TAG = (
    0x8769,
    0xA005,
    0xA001,
    1,
)
_SRGB, _ADOBE_RGB, _UNCALIBRATED = 1, 2, 0xFFFF  # 2 is in no standard, but some cameras write it
_DCF_ADOBE_RGB = b"R03"  # DCF's optional color space; R98 is its basic one, sRGB
_MAX_INDEX_BYTES = 8  # including the final zero


class ExifColorSpace(StrEnum):
    """The color space of pixels as stated by an EXIF block."""

    SRGB = "sRGB"
    ADOBE_RGB = "Adobe RGB"
    UNCALIBRATED = tr_noop("uncalibrated")
    NOT_STATED = tr_noop("not stated")


class UnnamedProfile(Reason):
    """Text that stands for the name of a color profile without a name."""

    NAME = tr_noop("a profile without a name")


class ColorSpaceSource(StrEnum):
    """The part of a file that states its color space."""

    PROFILE = "profile"
    EXIF = "EXIF"
    NONE = "nothing"


@dataclass(frozen=True, slots=True)
class ColorSpace:
    """The color space of a file's pixels.

    Attributes:
        name: Name of the profile, "a profile without a name", or an `ExifColorSpace` without a
            profile.
        source: The part of the file that states the color space. A profile has priority over EXIF.
    """

    name: str
    source: ColorSpaceSource


def find_color_space(metadata: Metadata) -> ColorSpace:
    """Return the color space that a file's metadata states; an unusable profile states none."""
    if metadata.icc_profile is not None and find_profile_defect(metadata) is None:
        name = icc.read_profile_name(metadata.icc_profile) or UnnamedProfile.NAME
        return ColorSpace(name, ColorSpaceSource.PROFILE)
    stated = read_exif_color_space(metadata.exif)
    return ColorSpace(
        stated.value,
        ColorSpaceSource.NONE if stated is ExifColorSpace.NOT_STATED else ColorSpaceSource.EXIF,
    )


def read_exif_color_space(exif: bytes | None) -> ExifColorSpace:
    """Return the color space that an EXIF block states; NOT_STATED for a damaged block or None."""
    block = None if exif is None else open_editable_tiff(exif)
    if block is None:
        return ExifColorSpace.NOT_STATED
    number = index = None
    for directory in _read_sub_directories(block, block.first_directory, _EXIF_IFD_TAG):
        for entry in directory.find_entries(_COLOR_SPACE_TAG):
            number = next(iter(block.find_integers(entry)), number)
        for sub_directory in _read_sub_directories(block, directory, _INTEROPERABILITY_IFD_TAG):
            index = _read_interoperability_index(block, sub_directory) or index
    if number == _ADOBE_RGB or (number in (None, _UNCALIBRATED) and index == _DCF_ADOBE_RGB):
        return ExifColorSpace.ADOBE_RGB
    if number is None:
        return ExifColorSpace.NOT_STATED
    return ExifColorSpace.SRGB if number == _SRGB else ExifColorSpace.UNCALIBRATED


def resolve_color_profile(metadata: Metadata) -> bytes | None:
    """Return the ICC profile of a file's pixels, or None if the metadata implies no profile.

    A file without a usable profile whose EXIF block states Adobe RGB gets a profile for Adobe RGB.
    """
    if metadata.icc_profile is not None and find_profile_defect(metadata) is None:
        return metadata.icc_profile
    if read_exif_color_space(metadata.exif) is ExifColorSpace.ADOBE_RGB:
        return icc.create_adobe_rgb_profile()
    return None


def _read_sub_directories(
    block: EditableTiff, directory: TiffDirectory, tag: int
) -> list[TiffDirectory]:
    """Return the directory to which the first entry of `tag` points, as a list of one item.

    The list is empty without such an entry, or if the directory is not in the block.
    """
    found = [block.find_sub_directory(entry) for entry in directory.find_entries(tag)[:1]]
    return [sub_directory for sub_directory in found if sub_directory is not None]


def _read_interoperability_index(block: EditableTiff, directory: TiffDirectory) -> bytes:
    """Return the InteroperabilityIndex of an EXIF directory, e.g. b"R98"; b"" without one."""
    for entry in directory.find_entries(_INTEROPERABILITY_INDEX_TAG):
        start, end = block.value_range(entry)
        if end - start <= _MAX_INDEX_BYTES:
            return bytes(block.data[start:end]).split(b"\0")[0].strip()
    return b""
