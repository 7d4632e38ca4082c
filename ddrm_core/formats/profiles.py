"""Color profiles that fit the pixels and the format of a file.

Sources: W3C PNG 3 (2025), clause 11.3.2.3; RFC 9649, section 2.7.1.4; ICC.1:2022 clause 7.2.6.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from ddrm_core.formats.notes import ProfileNote
from ddrm_core.messages import Description, Message
from ddrm_core.metadata.color_space import ExifColorSpace, read_exif_color_space
from ddrm_core.metadata.icc import (
    DataColorSpace,
    IccProfile,
    create_adobe_rgb_profile,
    gray_profile_from_rgb,
    parse_icc_profile,
    read_profile_name,
    rgb_profile_from_gray,
)
from ddrm_core.metadata.icc_defects import ProfileDefect, find_profile_defect, is_icc_part
from ddrm_core.metadata.model import Metadata

_COLOR_SPACE_BY_CHANNELS = {
    1: DataColorSpace.GRAY,
    3: DataColorSpace.RGB,
    4: DataColorSpace.CMYK,
}


@dataclass(frozen=True, slots=True)
class ProfileRules:
    """Rules of a file format, and of programs that read the format, for color profiles.

    Attributes:
        format_name: Name of the format.
        stores_gray_as_rgb: Whether gray pixels are stored as RGB.
        allows_rgb_profile_for_gray: Whether a file with gray pixels may have an RGB profile, which
            is applied to three equal channels.
        reads_exif_color_space: Whether programs look for the color space in EXIF.
        keeps_unusable_profile: Whether a profile that cannot be used stays as it is.
    """

    format_name: str
    stores_gray_as_rgb: bool
    allows_rgb_profile_for_gray: bool
    reads_exif_color_space: bool
    keeps_unusable_profile: bool = False


PNG_RULES = ProfileRules(
    "PNG", stores_gray_as_rgb=False, allows_rgb_profile_for_gray=False, reads_exif_color_space=False
)
TIFF_RULES = ProfileRules(
    "TIFF", stores_gray_as_rgb=False, allows_rgb_profile_for_gray=True, reads_exif_color_space=True
)
WEBP_RULES = ProfileRules(
    "WebP", stores_gray_as_rgb=True, allows_rgb_profile_for_gray=True, reads_exif_color_space=False
)
JPEG_RULES = ProfileRules(
    "JPEG",
    stores_gray_as_rgb=False,
    allows_rgb_profile_for_gray=True,
    reads_exif_color_space=True,
    keeps_unusable_profile=True,
)

JPEG_XL_RULES = ProfileRules(
    "JPEG XL",
    stores_gray_as_rgb=False,
    allows_rgb_profile_for_gray=False,
    reads_exif_color_space=False,
)
AVIF_RULES = ProfileRules(
    "AVIF",
    stores_gray_as_rgb=False,
    allows_rgb_profile_for_gray=False,
    reads_exif_color_space=False,
)


def fit_color_profile(
    metadata: Metadata, rules: ProfileRules, *, channels: int
) -> tuple[Metadata, tuple[Description, ...]]:
    """Return metadata whose color profile fits format and pixels, and a sentence per change.

    A fitting profile stays byte for byte. A profile that does not fit is converted if possible,
    else left out. A profile that cannot be used is left out, or stays as it is in a JPEG, in which
    programs ignore it as in the source. A profile is added if only EXIF states that gray or RGB
    pixels are Adobe RGB, and programs ignore EXIF's color space in this format; this is not
    reported.

    Args:
        metadata: Metadata of the file.
        rules: Rules of the file's format.
        channels: Number of channels of the image: 1 gray, 3 RGB, 4 CMYK.
    """
    warnings: tuple[Description, ...] = ()
    defect = find_profile_defect(metadata)
    if defect is not None:
        is_kept = rules.keeps_unusable_profile and metadata.icc_profile != b""
        warnings = (_describe_defect(metadata.icc_profile, defect, is_kept=is_kept),)
        if is_kept:
            return metadata, warnings
        others = tuple(segment for segment in metadata.others if not is_icc_part(segment))
        metadata = replace(metadata, icc_profile=None, others=others)
    elif metadata.icc_profile is not None:
        profile = parse_icc_profile(metadata.icc_profile)
        if profile is not None:
            fitting, warnings = _fit_profile(profile, rules, channels)
            metadata = replace(metadata, icc_profile=fitting)
    may_need_profile = (
        not rules.reads_exif_color_space and metadata.icc_profile is None and channels != 4
    )
    if may_need_profile and read_exif_color_space(metadata.exif) is ExifColorSpace.ADOBE_RGB:
        equivalent = parse_icc_profile(create_adobe_rgb_profile())
        if equivalent is not None:
            fitting, _ = _fit_profile(equivalent, rules, channels)
            metadata = replace(metadata, icc_profile=fitting)
    return metadata, warnings


def _describe_defect(data: bytes | None, defect: ProfileDefect, *, is_kept: bool) -> Description:
    """Return the sentence about a profile that cannot be used, with its name if it is readable."""
    name = "" if data is None else read_profile_name(data)
    facts: dict[str, object] = {"defect": defect}
    if name:
        named = (ProfileNote.NAMED_UNUSABLE_LEFT_OUT, ProfileNote.NAMED_UNUSABLE_KEPT)
        return Message(named[is_kept], facts | {"name": name})
    nameless = (ProfileNote.UNUSABLE_LEFT_OUT, ProfileNote.UNUSABLE_KEPT)
    return Message(nameless[is_kept], facts)


def _fit_profile(
    profile: IccProfile, rules: ProfileRules, channels: int
) -> tuple[bytes | None, tuple[Description, ...]]:
    pixel_space = _COLOR_SPACE_BY_CHANNELS[channels]
    if not profile.describes_pixels:
        return None, (ProfileNote.NOT_FOR_PICTURES,)
    if profile.color_space != pixel_space and (pixel_space, profile.color_space) != (
        DataColorSpace.GRAY,
        DataColorSpace.RGB,
    ):
        facts = {"profile": profile.color_space, "picture": pixel_space}
        return None, (Message(ProfileNote.OTHER_COLOR_SPACE, facts),)
    if profile.color_space == DataColorSpace.GRAY and rules.stores_gray_as_rgb:
        converted = rgb_profile_from_gray(profile)
        reason = ProfileNote.GRAY_LEFT_OUT if converted is None else ProfileNote.GRAY_TO_RGB
        return converted, (Message(reason, {"format": rules.format_name}),)
    if profile.color_space != pixel_space and not (
        rules.allows_rgb_profile_for_gray or rules.stores_gray_as_rgb
    ):
        converted = gray_profile_from_rgb(profile)
        reason = ProfileNote.RGB_LEFT_OUT if converted is None else ProfileNote.RGB_TO_GRAY
        return converted, (Message(reason, {"format": rules.format_name}),)
    return profile.data, ()
