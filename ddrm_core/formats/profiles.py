"""Color profiles that fit the pixels and the format of a file.

Sources: W3C PNG 3 (2025), clause 11.3.2.3; RFC 9649, section 2.7.1.4; ICC.1:2022 clause 7.2.6.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from ddrm_core.metadata.color_space import ExifColor, exif_color
from ddrm_core.metadata.icc import (
    DataSpace,
    Profile,
    adobe_rgb,
    gray_from_rgb,
    read_profile,
    rgb_from_gray,
)
from ddrm_core.metadata.model import Metadata

_SPACES = {1: DataSpace.GRAY, 3: DataSpace.RGB, 4: DataSpace.CMYK}  # by channels


@dataclass(frozen=True, slots=True)
class ProfileRules:
    """The profiles that a format and its readers take.

    Attributes:
        name: Name of the format.
        gray_is_rgb: Whether gray pixels are stored as RGB.
        gray_takes_rgb: Whether gray pixels may have an RGB profile, for three equal channels.
        exif_is_read: Whether readers look for the color space in EXIF.
    """

    name: str
    gray_is_rgb: bool
    gray_takes_rgb: bool
    exif_is_read: bool


PNG = ProfileRules("PNG", gray_is_rgb=False, gray_takes_rgb=False, exif_is_read=False)
TIFF = ProfileRules("TIFF", gray_is_rgb=False, gray_takes_rgb=True, exif_is_read=True)
WEBP = ProfileRules("WebP", gray_is_rgb=True, gray_takes_rgb=True, exif_is_read=False)
JPEG = ProfileRules("JPEG", gray_is_rgb=False, gray_takes_rgb=True, exif_is_read=True)


def with_fitting_profile(
    metadata: Metadata, rules: ProfileRules, *, channels: int
) -> tuple[Metadata, tuple[str, ...]]:
    """Return the metadata with a profile that fits, and a sentence for each change of it.

    A profile that fits stays byte for byte, and so do bytes that are no profile: readers pass over
    them here as they do in the source. Where only EXIF tells that RGB pixels are Adobe RGB, and
    readers of the format do not look there, an equivalent profile is added.

    Args:
        metadata: Metadata of the file.
        rules: Rules of the file's format.
        channels: Number of channels of the picture: 1 gray, 3 RGB, 4 CMYK.
    """
    words: tuple[str, ...] = ()
    if metadata.icc_profile is not None:
        profile = read_profile(metadata.icc_profile)
        if profile is not None:
            fitting, words = _fitting(profile, rules, channels)
            metadata = replace(metadata, icc_profile=fitting)
    told = not rules.exif_is_read and metadata.icc_profile is None and channels != 4
    if told and exif_color(metadata.exif) is ExifColor.ADOBE_RGB:
        equivalent = read_profile(adobe_rgb())
        if equivalent is not None:
            fitting, _ = _fitting(equivalent, rules, channels)
            metadata = replace(metadata, icc_profile=fitting)
    return metadata, words


def _fitting(
    profile: Profile, rules: ProfileRules, channels: int
) -> tuple[bytes | None, tuple[str, ...]]:
    own = _SPACES[channels]
    if not profile.describes_pixels:
        return None, ("The color profile was left out: it does not describe a picture.",)
    if profile.space != own and (own, profile.space) != (DataSpace.GRAY, DataSpace.RGB):
        line = f"The color profile was left out: it is for {profile.space}, the picture is {own}."
        return None, (line,)
    if profile.space == DataSpace.GRAY and rules.gray_is_rgb:
        made = rgb_from_gray(profile)
        line = f"The gray profile became an RGB one with its curve: {rules.name} has no gray."
        if made is None:
            line = f"The gray profile was left out: it has no curve, and {rules.name} has no gray."
        return made, (line,)
    if profile.space != own and not (rules.gray_takes_rgb or rules.gray_is_rgb):
        made = gray_from_rgb(profile)
        line = (
            f"The RGB profile became a gray one with its curve: a gray {rules.name} takes no other."
        )
        if made is None:
            line = f"The RGB profile was left out: a gray {rules.name} takes none."
        return made, (line,)
    return profile.data, ()
