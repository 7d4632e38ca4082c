"""Data classes for the metadata of a file."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class MetadataPolicy(StrEnum):
    """The metadata that a result takes over from its source."""

    ALL = "all"
    NO_GPS = "no-gps"  # no coordinates; a caption may still name a city
    NONE = "none"


@dataclass(frozen=True, slots=True)
class PixelDensity:
    """The number of pixels per inch or centimeter, or the pixels' aspect ratio (JFIF).

    Attributes:
        x: Horizontal number of pixels per unit, or of the aspect ratio if `unit` is 0.
        y: Vertical number of pixels per unit, or of the aspect ratio if `unit` is 0.
        unit: Unit: 0 none (x:y is the pixels' aspect ratio), 1 inch, 2 centimeter.
    """

    x: int
    y: int
    unit: int


@dataclass(frozen=True, slots=True)
class UnknownSegment:
    """A JPEG application segment of unknown meaning, which results keep unchanged.

    Attributes:
        marker: Marker code, 0xE0 to 0xEF.
        payload: Bytes of the segment without marker and length field.
    """

    marker: int
    payload: bytes


@dataclass(frozen=True, slots=True)
class Metadata:
    """Metadata blocks as stored in the file, byte for byte; None or empty if absent.

    Attributes:
        icc_profile: ICC profile, its parts joined; empty if the file has a profile that cannot be
            read from it. See `find_profile_defect`.
        exif: EXIF block from its TIFF header on, without "Exif" and two zeros.
        xmp: XMP packet without its namespace prefix.
        xmp_extensions: Parts of an extended XMP packet in file order, from the GUID on, without the
            namespace prefix.
        iptc: Photoshop image resources, which hold IPTC records, without "Photoshop 3.0".
        comments: Contents of the JPEG's comment segments.
        density: Pixel density from JFIF.
        others: Unknown segments and parts of an ICC profile that cannot be joined, which only
            another JPEG can hold.
    """

    icc_profile: bytes | None = None
    exif: bytes | None = None
    xmp: bytes | None = None
    xmp_extensions: tuple[bytes, ...] = ()
    iptc: bytes | None = None
    comments: tuple[bytes, ...] = ()
    density: PixelDensity | None = None
    others: tuple[UnknownSegment, ...] = ()


NO_METADATA = Metadata()
