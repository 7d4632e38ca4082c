"""Selection of the metadata that a result takes over, and the edits that it needs."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace

from ddrm_core.metadata import exif, xmp
from ddrm_core.metadata.exif_size_limit import set_software_and_thumbnail
from ddrm_core.metadata.extended_xmp import (
    MAX_EXTENSION_PART_BYTES,
    join_extension,
    replace_extension,
)
from ddrm_core.metadata.icc_defects import is_icc_part
from ddrm_core.metadata.model import Metadata, MetadataPolicy, UnknownSegment
from ddrm_core.metadata.notes import MetadataNote
from ddrm_core.metadata.previews.remove import remove_old_previews

# Resources 1058 to 1060 are copies of EXIF and XMP (Adobe Photoshop file formats, image resources).
_METADATA_COPY_PATTERN = re.compile(rb"8BIM\x04[\x22-\x24]")


def filter_metadata(
    metadata: Metadata, policy: MetadataPolicy
) -> tuple[Metadata, tuple[MetadataNote, ...]]:
    """Return the metadata that a policy allows, and notes about blocks that were left out.

    A note tells of a block of which only a part is forbidden, but which was left out entirely
    because the part could not be removed. The color profile, the density, the orientation and a
    statement of Adobe RGB in EXIF always stay, because the image would look different without them.
    """
    match policy:
        case MetadataPolicy.ALL:
            return metadata, ()
        case MetadataPolicy.NO_GPS:
            return _remove_locations(metadata)
        case MetadataPolicy.NONE:
            bare = Metadata(
                icc_profile=metadata.icc_profile,
                exif=exif.extract_appearance_exif(metadata.exif),
                density=metadata.density,
                others=_select_icc_parts(metadata),
            )
            return bare, ()


def prepare_for_output(
    metadata: Metadata,
    *,
    is_orientation_baked: bool,
    thumbnail: bytes | None,
    software: str,
    record_properties: Mapping[str, str],
    new_size: tuple[int, int] | None = None,
    is_cropped: bool = False,
) -> tuple[Metadata, tuple[MetadataNote, ...]]:
    """Return the metadata of a result, and notes about failed edits and about old previews.

    Args:
        metadata: Metadata of the source after `filter_metadata`.
        is_orientation_baked: Whether the pixels are upright; the orientation then becomes 1. In any
            case, an invalid orientation becomes the one that counts.
        thumbnail: JPEG thumbnail of the result, replacing the source's; None to remove the
            source's.
        software: Program name for EXIF; if empty, no name is written.
        record_properties: Properties of the run record for XMP; if empty, no run record is written.
        new_size: Width and height of the result in pixels, for EXIF and XMP entries that state a
            size; None if the result has the source's size.
        is_cropped: Whether the result is one of a region, see `remove_old_previews`.
    """
    metadata, preview_notes = remove_old_previews(metadata, is_cropped=is_cropped)
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
    edited = replace(metadata, exif=block, xmp=packet)
    if is_orientation_baked:
        edited = _set_extension_orientation(edited)
    return edited, (*preview_notes, *warnings)


def _set_extension_orientation(metadata: Metadata) -> Metadata:
    """Return metadata whose extended XMP packet states orientation 1 if it states any."""
    content = join_extension(metadata.xmp_extensions)
    upright = xmp.set_property_values(content, {xmp.ORIENTATION_PROPERTY: "1"})
    if metadata.xmp is None or upright == content:
        return metadata
    replaced = replace_extension(
        metadata.xmp, metadata.xmp_extensions, upright, max_part_bytes=MAX_EXTENSION_PART_BYTES
    )
    packet, parts = replaced or (metadata.xmp, metadata.xmp_extensions)
    return replace(metadata, xmp=packet, xmp_extensions=parts)


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
    block = exif.normalize_orientation(block)
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
    if xmp.mentions_gps(join_extension(extensions)):
        extensions = ()
        warnings.append(MetadataNote.EXTENDED_XMP_HAS_PLACE)
    if resources is not None and _METADATA_COPY_PATTERN.search(resources):
        resources = None
        warnings.append(MetadataNote.PHOTOSHOP_HAS_COPY)
    comments = tuple(comment for comment in metadata.comments if not xmp.mentions_gps(comment))
    if len(comments) < len(metadata.comments):
        warnings.append(MetadataNote.COMMENT_HAS_PLACE)
    if metadata.others != (icc_parts := _select_icc_parts(metadata)):
        warnings.append(MetadataNote.SEGMENTS_UNKNOWN)
    return replace(
        metadata,
        exif=block,
        xmp=packet,
        xmp_extensions=extensions,
        iptc=resources,
        comments=comments,
        others=icc_parts,
    ), tuple(warnings)


def _select_icc_parts(metadata: Metadata) -> tuple[UnknownSegment, ...]:
    """Return the parts of an ICC profile that cannot be joined, which every policy keeps."""
    return tuple(segment for segment in metadata.others if is_icc_part(segment))
