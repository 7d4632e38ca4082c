"""Settings for the export of results."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from ddrm_core.formats.defaults import DEFAULT_JPEG_QUALITY
from ddrm_core.formats.suffixes import MOST_CAPABLE_SUFFIX, WRITABLE_JPEG_SUFFIXES
from ddrm_core.imaging.rectangle import Rectangle
from ddrm_core.metadata.model import MetadataPolicy
from ddrm_core.setting_fields import Help, Label, Limits, check_limits

JPEG_QUALITY_RANGE = (1, 100)


@dataclass(frozen=True, slots=True)
class ExportSettings:
    """The settings for the export of a result, validated on creation.

    Attributes:
        bits: Bits per channel: 8, 10, 12, 16 or 32 (floats, neither rounded nor clipped).
        policy: Metadata policy.
        bake_orientation: Whether to apply the orientation to the pixels instead of storing it as
            metadata.
        jpeg_quality: Quality factor of a JPEG, 1 to 100.
        same_levels: Whether a JPEG gets the quantization tables and chroma sampling of the source.
        sharpness: Position of the exported image between the mean (0) and a sample (1).
        sample: Number of the sample towards which `sharpness` is measured, from 1.
        strength: Position of the exported image between the projected decoded image (0) and the
            image at `sharpness` (1).
        kept_areas: Areas in pixels of the stored image that get the strength 0, enlarged to whole
            MCUs.
    """

    bits: Annotated[
        int,
        Help(
            "Bits per channel: 8; 10 or 12 for AVIF; 16 for PNG, TIFF and JPEG XL; 32 for a TIFF of"
            " floats, not clipped."
        ),
    ] = 8
    policy: Annotated[
        MetadataPolicy, Help("Metadata of the source that the result takes over.")
    ] = MetadataPolicy.ALL
    bake_orientation: Annotated[
        bool,
        Help(
            "Apply the EXIF orientation to the pixels instead of storing it, as JPEG XL and AVIF"
            " always do."
        ),
    ] = False
    jpeg_quality: Annotated[
        int,
        Label("JPEG quality"),
        Limits(*JPEG_QUALITY_RANGE),
        Help("Quality factor of a .jpg result with chroma sampling 4:4:4, 1 to 100."),
    ] = DEFAULT_JPEG_QUALITY
    same_levels: Annotated[
        bool,
        Help(
            "Write a .jpg result with the quantization tables and chroma sampling of the source,"
            " which reproduces the levels of the source."
        ),
    ] = False
    sharpness: Annotated[
        float,
        Limits(0, 1),
        Help(
            "Position of the result between the mean of the samples (0, safest) and the first"
            " sample (1, sharpest); default: 0."
        ),
    ] = 0.0
    sample: int = 1
    strength: Annotated[
        float,
        Limits(0, 1),
        Help(
            "Position of the result between the picture in the file (0) and the restored one (1);"
            " default: 1. For 0, the decoded picture is changed only as far as agreement with the"
            " file requires."
        ),
    ] = 1.0
    kept_areas: Annotated[
        tuple[Rectangle, ...],
        Label("keep"),
    ] = ()

    def __post_init__(self) -> None:
        """Raise InvalidSetting for the first value out of range."""
        check_limits(self)


DEFAULT_EXPORT_SETTINGS = ExportSettings()


def choose_default_suffix(settings: ExportSettings, channels: int = 3) -> str:
    """Return the suffix of the file format in which a result is saved by default.

    Args:
        settings: Export settings of the result.
        channels: Number of channels of the image: 1 for gray, 3 for RGB, 4 for CMYK.
    """
    if settings.same_levels:
        return WRITABLE_JPEG_SUFFIXES[0]
    return MOST_CAPABLE_SUFFIX if settings.bits == 32 or channels == 4 else ".png"
