"""What a file says besides its picture, as values."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class PixelDensity:
    """How large the picture is meant to be, as JFIF says it.

    Attributes:
        x: Pixels per unit, or a ratio's part where there is no unit.
        y: The same down.
        unit: 0 none (x:y is the pixels' aspect ratio), 1 inch, 2 centimetre.
    """

    x: int
    y: int
    unit: int


@dataclass(frozen=True, slots=True)
class UnknownSegment:
    """A JPEG application segment that means nothing here and is handed on as it is.

    Attributes:
        marker: 0xE0 to 0xEF.
        payload: Without marker and length.
    """

    marker: int
    payload: bytes


@dataclass(frozen=True, slots=True)
class Metadata:
    """Blocks as they are in the file, byte for byte; None or empty where there is none.

    Attributes:
        icc_profile: The colour profile, its parts joined.
        exif: The EXIF block from its TIFF header on, without "Exif" and two zeros.
        xmp: The XMP packet, without its namespace prefix.
        xmp_extensions: The parts of an extended packet, in file order: from the GUID on, without
            the namespace prefix.
        iptc: Photoshop image resources (they hold IPTC records), without "Photoshop 3.0".
        comments: Of JPEG's comment segments, each.
        density: From JFIF.
        others: What only a JPEG can hand on.
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
