"""What of a file's metadata a result takes over, and what must change in it."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from enum import StrEnum

from ddrm_core.metadata import exif, xmp
from ddrm_core.metadata.exif_room import with_program_and_thumbnail
from ddrm_core.metadata.model import Metadata

# Resources 1058 to 1060 are copies of EXIF and XMP (Adobe Photoshop file formats, image resources).
_COPIES = re.compile(rb"8BIM\x04[\x22-\x24]")


class MetadataPolicy(StrEnum):
    """What of the source's metadata goes into a result."""

    ALL = "all"
    NO_GPS = "no-gps"  # no coordinates; the name of a city in a caption is the author's words
    NONE = "none"


def kept(metadata: Metadata, policy: MetadataPolicy) -> tuple[Metadata, tuple[str, ...]]:
    """What the policy lets through, and a line for each block that goes though it need not.

    The color profile, the density, the orientation and an Adobe RGB that EXIF tells always stay:
    without them the picture itself would look different.
    """
    match policy:
        case MetadataPolicy.ALL:
            return metadata, ()
        case MetadataPolicy.NO_GPS:
            return _without_places(metadata)
        case MetadataPolicy.NONE:
            bare = Metadata(icc_profile=metadata.icc_profile, density=metadata.density)
            return replace(bare, exif=exif.bare_exif(metadata.exif)), ()


def prepared(
    metadata: Metadata,
    *,
    orientation_baked: bool,
    thumbnail: bytes | None,
    software: str,
    properties: Mapping[str, str],
    size: tuple[int, int] | None = None,
) -> tuple[Metadata, tuple[str, ...]]:
    """The metadata of a result, and a line for each change that could not be made.

    Args:
        metadata: Of the source, as far as it is kept.
        orientation_baked: The pixels were turned: the orientation becomes 1.
        thumbnail: A JPEG of the result to replace the source's; None to drop that.
        software: What wrote the result, for EXIF; nothing is written where it is empty.
        properties: Of the record of the run, for XMP; none is written where they are empty.
        size: Width and height of the result in pixels, for EXIF and XMP that tell a size; None
            where it is the source's.
    """
    block, lines = _prepared_exif(metadata.exif, orientation_baked, thumbnail, software, size)
    facts: dict[str, str] = {}
    if size is not None:
        facts = dict(zip(xmp.SIZES, map(str, (*size, *size)), strict=True))
    if orientation_baked:
        facts[xmp.ORIENTATION] = "1"
    packet = metadata.xmp if metadata.xmp is None else xmp.with_values(metadata.xmp, facts)
    if properties:
        recorded = xmp.with_record(packet, properties)
        if recorded is None:
            lines.append("The XMP packet is damaged: the record of this run could not be added.")
        packet = recorded or packet
    return replace(metadata, exif=block, xmp=packet), tuple(lines)


def _prepared_exif(
    block: bytes | None,
    baked: bool,
    thumbnail: bytes | None,
    software: str,
    size: tuple[int, int] | None,
) -> tuple[bytes | None, list[str]]:
    if block is None:
        return (exif.new_exif(1, software) if software else None), []
    lines: list[str] = []
    if baked and exif.orientation(block) != 1:
        upright = exif.with_orientation(block, 1)
        if upright is None:
            lines.append("The EXIF block is damaged: it still turns the picture.")
        block = upright or block
    if size is not None:
        block = exif.with_size(block, *size)
    block, words = with_program_and_thumbnail(block, software, thumbnail)
    return block, [*lines, *words]


def _without_places(metadata: Metadata) -> tuple[Metadata, tuple[str, ...]]:
    lines: list[str] = []
    block, packet, resources = metadata.exif, metadata.xmp, metadata.iptc
    if block is not None and (block := exif.without_gps(block)) is None:
        block = exif.bare_exif(metadata.exif)
        lines.append("The EXIF block is damaged: it was left out, for it may hold a place.")
    if packet is not None and (packet := xmp.without_gps(packet)) is None:
        lines.append("The XMP packet was left out: it may hold a place that cannot be removed.")
    extensions = metadata.xmp_extensions
    if _tell_of_places(extensions):
        extensions = ()
        lines.append("The extended XMP packet was left out: it names a place.")
    if resources is not None and _COPIES.search(resources):
        resources = None
        lines.append("The Photoshop resources were left out: they hold a copy of EXIF or XMP.")
    comments = tuple(c for c in metadata.comments if not xmp.mentions_gps(c))
    if len(comments) < len(metadata.comments):
        lines.append("A comment was left out: it names a place.")
    if metadata.others:
        lines.append("Segments of unknown meaning were left out: they may hold a place.")
    return replace(
        metadata,
        exif=block,
        xmp=packet,
        xmp_extensions=extensions,
        iptc=resources,
        comments=comments,
        others=(),
    ), tuple(lines)


def _tell_of_places(parts: Sequence[bytes]) -> bool:
    """Parts begin with GUID, full length and offset (XMP part 3, 1.1.3.1); words run across."""
    ordered = sorted(parts, key=lambda part: (part[:32], part[36:40]))
    return xmp.mentions_gps(b"".join(part[40:] for part in ordered))
