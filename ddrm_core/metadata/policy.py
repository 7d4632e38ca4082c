"""What of a file's metadata a result takes over, and what must change in it."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from enum import StrEnum

from ddrm_core.metadata import exif, xmp
from ddrm_core.metadata.exif_size_limit import set_software_and_thumbnail
from ddrm_core.metadata.model import Metadata
from ddrm_core.metadata.notes import MetadataNote

# Resources 1058 to 1060 are copies of EXIF and XMP (Adobe Photoshop file formats, image resources).
_METADATA_COPY_PATTERN = re.compile(rb"8BIM\x04[\x22-\x24]")


class MetadataPolicy(StrEnum):
    """What of the source's metadata goes into a result."""

    ALL = "all"
    NO_GPS = "no-gps"  # no coordinates; the name of a city in a caption is the author's words
    NONE = "none"


def filter_metadata(
    metadata: Metadata, policy: MetadataPolicy
) -> tuple[Metadata, tuple[MetadataNote, ...]]:
    """What the policy lets through, and a line for each block that goes though it need not.

    The color profile, the density, the orientation and an Adobe RGB that EXIF tells always stay:
    without them the picture itself would look different.
    """
    match policy:
        case MetadataPolicy.ALL:
            return metadata, ()
        case MetadataPolicy.NO_GPS:
            return _remove_locations(metadata)
        case MetadataPolicy.NONE:
            bare = Metadata(icc_profile=metadata.icc_profile, density=metadata.density)
            return replace(bare, exif=exif.extract_appearance_exif(metadata.exif)), ()


def prepare_for_output(
    metadata: Metadata,
    *,
    is_orientation_baked: bool,
    thumbnail: bytes | None,
    software: str,
    record_properties: Mapping[str, str],
    new_size: tuple[int, int] | None = None,
) -> tuple[Metadata, tuple[MetadataNote, ...]]:
    """The metadata of a result, and a line for each change that could not be made.

    Args:
        metadata: Of the source, as far as it is kept.
        is_orientation_baked: The pixels were turned: the orientation becomes 1.
        thumbnail: A JPEG of the result to replace the source's; None to drop that.
        software: What wrote the result, for EXIF; nothing is written where it is empty.
        record_properties: Of the record of the run, for XMP; none is written where they are empty.
        new_size: Width and height of the result in pixels, for EXIF and XMP that tell a size; None
            where it is the source's.
    """
    block, warnings = _prepare_exif(
        metadata.exif, is_orientation_baked, thumbnail, software, new_size
    )
    property_values: dict[str, str] = {}
    if new_size is not None:
        property_values = dict(
            zip(xmp.SIZE_PROPERTIES, map(str, (*new_size, *new_size)), strict=True)
        )
    if is_orientation_baked:
        property_values[xmp.ORIENTATION_PROPERTY] = "1"
    packet = (
        metadata.xmp
        if metadata.xmp is None
        else xmp.set_property_values(metadata.xmp, property_values)
    )
    if record_properties:
        packet_with_record = xmp.set_run_record(packet, record_properties)
        if packet_with_record is None:
            warnings.append(MetadataNote.XMP_DAMAGED)
        packet = packet_with_record or packet
    return replace(metadata, exif=block, xmp=packet), tuple(warnings)


def _prepare_exif(
    block: bytes | None,
    is_orientation_baked: bool,
    thumbnail: bytes | None,
    software: str,
    new_size: tuple[int, int] | None,
) -> tuple[bytes | None, list[MetadataNote]]:
    if block is None:
        return (exif.create_exif(1, software) if software else None), []
    warnings: list[MetadataNote] = []
    if is_orientation_baked and exif.read_orientation(block) != 1:
        upright_block = exif.set_orientation(block, 1)
        if upright_block is None:
            warnings.append(MetadataNote.EXIF_DAMAGED_ORIENTATION)
        block = upright_block or block
    if new_size is not None:
        block = exif.set_image_size(block, *new_size)
    block, size_warnings = set_software_and_thumbnail(block, software, thumbnail)
    return block, [*warnings, *size_warnings]


def _remove_locations(metadata: Metadata) -> tuple[Metadata, tuple[MetadataNote, ...]]:
    warnings: list[MetadataNote] = []
    block, packet, resources = metadata.exif, metadata.xmp, metadata.iptc
    if block is not None and (block := exif.remove_gps(block)) is None:
        block = exif.extract_appearance_exif(metadata.exif)
        warnings.append(MetadataNote.EXIF_DAMAGED_LEFT_OUT)
    if packet is not None and (packet := xmp.remove_gps(packet)) is None:
        warnings.append(MetadataNote.XMP_HAS_PLACE)
    extensions = metadata.xmp_extensions
    if _extension_mentions_gps(extensions):
        extensions = ()
        warnings.append(MetadataNote.EXTENDED_XMP_HAS_PLACE)
    if resources is not None and _METADATA_COPY_PATTERN.search(resources):
        resources = None
        warnings.append(MetadataNote.PHOTOSHOP_HAS_COPY)
    comments = tuple(comment for comment in metadata.comments if not xmp.mentions_gps(comment))
    if len(comments) < len(metadata.comments):
        warnings.append(MetadataNote.COMMENT_HAS_PLACE)
    if metadata.others:
        warnings.append(MetadataNote.SEGMENTS_UNKNOWN)
    return replace(
        metadata,
        exif=block,
        xmp=packet,
        xmp_extensions=extensions,
        iptc=resources,
        comments=comments,
        others=(),
    ), tuple(warnings)


def _extension_mentions_gps(parts: Sequence[bytes]) -> bool:
    """Parts begin with GUID, full length and offset (XMP part 3, 1.1.3.1); words run across."""
    ordered = sorted(parts, key=lambda part: (part[:32], part[36:40]))
    return xmp.mentions_gps(b"".join(part[40:] for part in ordered))
