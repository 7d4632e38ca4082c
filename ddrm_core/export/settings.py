"""How a result is written as a file."""

from __future__ import annotations

from dataclasses import dataclass

from ddrm_core.allowed_values import describe_range
from ddrm_core.errors import InvalidSetting
from ddrm_core.formats.defaults import DEFAULT_JPEG_QUALITY
from ddrm_core.formats.suffixes import MOST_CAPABLE_SUFFIX, WRITABLE_JPEG_SUFFIXES
from ddrm_core.metadata.policy import MetadataPolicy

JPEG_QUALITY_RANGE = (1, 100)


@dataclass(frozen=True, slots=True)
class ExportSettings:
    """How a result is written; an existing object is a valid one.

    Attributes:
        bits: Per channel, 8, 16 or 32 (floats neither rounded nor clipped).
        policy: Which metadata it takes over.
        bake_orientation: Whether pixels are turned upright, instead of saying how to turn them.
        jpeg_quality: Of a JPEG, 1 to 100.
        same_levels: Whether a JPEG gets the source's own tables and sampling.
        sharpness: On the way from the mean (0) to a sample (1).
        sample: Which one, from 1.
    """

    bits: int = 8
    policy: MetadataPolicy = MetadataPolicy.ALL
    bake_orientation: bool = False
    jpeg_quality: int = DEFAULT_JPEG_QUALITY
    same_levels: bool = False
    sharpness: float = 0.0
    sample: int = 1

    def __post_init__(self) -> None:
        """Raise InvalidSetting for the first value out of range."""
        if not 0 <= self.sharpness <= 1:
            raise InvalidSetting("sharpness", self.sharpness, describe_range(0, 1))
        if not 1 <= self.jpeg_quality <= 100:
            raise InvalidSetting("JPEG quality", self.jpeg_quality, describe_range(1, 100))


DEFAULT_EXPORT_SETTINGS = ExportSettings()


def choose_default_suffix(settings: ExportSettings, channels: int = 3) -> str:
    """Return the suffix of the format in which a result is written if no other was asked for.

    Args:
        settings: How the result is written.
        channels: Number of channels of the picture: 1 gray, 3 RGB, 4 CMYK.
    """
    if settings.same_levels:
        return WRITABLE_JPEG_SUFFIXES[0]
    return MOST_CAPABLE_SUFFIX if settings.bits == 32 or channels == 4 else ".png"
