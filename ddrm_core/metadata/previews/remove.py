"""Removal of all previews that show a source instead of its result.

Only the thumbnail in the second directory of EXIF is made anew, see `replace_thumbnail`.
"""

from __future__ import annotations

import re
from dataclasses import replace

from ddrm_core.metadata.exif import extract_appearance_exif, replace_thumbnail
from ddrm_core.metadata.extended_xmp import (
    MAX_EXTENSION_PART_BYTES,
    join_extension,
    replace_extension,
)
from ddrm_core.metadata.icc_defects import is_icc_part
from ddrm_core.metadata.model import Metadata, UnknownSegment
from ddrm_core.metadata.notes import MetadataNote
from ddrm_core.metadata.previews.exif import remove_exif_previews
from ddrm_core.metadata.previews.photoshop import remove_previews
from ddrm_core.metadata.xmp import remove_properties
from ddrm_core.metadata.xmp_encoding import packet_to_utf8

_APP0, _JFXX_PREFIX = 0xE0, b"JFXX\0"  # JFIF 1.02: extension segment with a thumbnail
# XMP part 2, clause 8.4 (Thumbnails) and 8.2.2.7 (Thumbnail structure).
_THUMBNAIL_PROPERTIES = (
    "http://ns.adobe.com/xap/1.0/ Thumbnails",
    "http://ns.adobe.com/xap/1.0/g/img/",
)
# Google's Depthmap metadata: the picture before the blur, and the depth map.
_DEPTH_NAMESPACES = (
    "http://ns.google.com/photos/1.0/image/",
    "http://ns.google.com/photos/1.0/depthmap/",
)
_THUMBNAIL_PATTERN = re.compile(rb"Thumbnails|xap/1\.0/g/img/")
_CROPPED_PATTERN = re.compile(rb"Thumbnails|xap/1\.0/g/img/|photos/1\.0/(image|depthmap)/")


def remove_old_previews(
    metadata: Metadata, *, is_cropped: bool
) -> tuple[Metadata, tuple[MetadataNote, ...]]:
    """Return metadata without previews that show the source, and notes about what was left out.

    These are the thumbnails of JFIF, Photoshop and XMP, and the preview in IPTC records. The result
    of a region must not show what was cut away: then previews in EXIF besides the thumbnail, the
    picture and the map that depth metadata of XMP contain, copies of EXIF and XMP in Photoshop
    resources, and unknown segments are removed, too. A block from which a preview cannot be removed
    is left out.

    Args:
        metadata: Metadata of the source after `filter_metadata`.
        is_cropped: Whether the result is one of a region.
    """
    notes: list[MetadataNote] = []
    others = tuple(other for other in metadata.others if not _is_jfxx_segment(other))
    if len(others) < len(metadata.others):
        notes.append(MetadataNote.PREVIEWS_LEFT_OUT)
    if is_cropped and others != (icc_parts := tuple(filter(is_icc_part, others))):
        others = icc_parts
        notes.append(MetadataNote.SEGMENTS_MAY_SHOW_SOURCE)
    resources = metadata.iptc
    if resources is not None:
        edited = remove_previews(resources, removes_copies=is_cropped)
        resources = edited.resources
        notes += [MetadataNote.PREVIEWS_LEFT_OUT] * edited.has_changed
        notes += [MetadataNote.PHOTOSHOP_DAMAGED_END] * edited.is_damaged
    metadata = _remove_xmp_previews(
        replace(metadata, others=others, iptc=resources), is_cropped=is_cropped, notes=notes
    )
    if is_cropped and metadata.exif is not None:
        metadata = replace(metadata, exif=_remove_exif_previews(metadata.exif, notes))
    return metadata, tuple(dict.fromkeys(notes))


def _is_jfxx_segment(segment: UnknownSegment) -> bool:
    return segment.marker == _APP0 and segment.payload.startswith(_JFXX_PREFIX)


def _remove_xmp_previews(
    metadata: Metadata, *, is_cropped: bool, notes: list[MetadataNote]
) -> Metadata:
    """Return metadata without previews in the XMP packet and its extension; append to `notes`."""
    pattern = _CROPPED_PATTERN if is_cropped else _THUMBNAIL_PATTERN
    names = (*_THUMBNAIL_PROPERTIES, *(_DEPTH_NAMESPACES if is_cropped else ()))
    packet, parts = metadata.xmp, metadata.xmp_extensions
    if packet is not None and pattern.search(packet_to_utf8(packet).replace(b"\0", b"")):
        edited_packet = remove_properties(packet, names)
        if edited_packet is None:
            notes.append(MetadataNote.XMP_HAS_PREVIEW)
        elif edited_packet != packet_to_utf8(packet):
            notes.append(MetadataNote.PREVIEWS_LEFT_OUT)
        packet = edited_packet
    content = join_extension(parts)
    if pattern.search(content):
        edited_content = remove_properties(content, names)
        extended = None
        if packet is not None and edited_content is not None:
            extended = replace_extension(
                packet, parts, edited_content, max_part_bytes=MAX_EXTENSION_PART_BYTES
            )
        notes.append(
            MetadataNote.EXTENDED_XMP_HAS_PREVIEW
            if extended is None
            else MetadataNote.PREVIEWS_LEFT_OUT
        )
        packet, parts = (packet, ()) if extended is None else extended
    return replace(metadata, xmp=packet, xmp_extensions=parts)


def _remove_exif_previews(exif: bytes, notes: list[MetadataNote]) -> bytes | None:
    """Return an EXIF block without previews besides its thumbnail; append to `notes`.

    A damaged block, or one that contains a further JPEG, is reduced to the entries that change the
    appearance of the image.
    """
    if replace_thumbnail(exif, None) is None:
        notes.append(MetadataNote.EXIF_MAY_SHOW_SOURCE)
        return extract_appearance_exif(exif)
    without_previews = remove_exif_previews(exif)
    if without_previews is None:
        notes.append(MetadataNote.EXIF_MAY_SHOW_SOURCE)
        return extract_appearance_exif(exif)
    if without_previews != exif:
        notes.append(MetadataNote.EXIF_PREVIEW_LEFT_OUT)
    return without_previews
