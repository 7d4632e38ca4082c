"""Metadata of a JPEG behind the image: its kind, and the removal of coordinates."""

from __future__ import annotations

import struct

from ddrm_core.attachments.model import AttachmentKind
from ddrm_core.attachments.pointers import describes_gain_map, has_property
from ddrm_core.metadata.jpeg_segments import (
    START_OF_IMAGE,
    JpegSegment,
    encode_jpeg_segment,
    parse_jpeg_segments,
)
from ddrm_core.metadata.model import MetadataPolicy
from ddrm_core.metadata.notes import MetadataNote
from ddrm_core.metadata.policy import filter_metadata
from ddrm_core.metadata.segments import (
    ADOBE_PREFIX,
    APP0,
    APP2,
    APP14,
    COM,
    GAIN_MAP_PREFIX,
    JFIF_PREFIX,
    MPF_PREFIX,
    metadata_from_segments,
    segments_from_metadata,
)
from ddrm_core.metadata.xmp_elements import parse_elements
from ddrm_core.metadata.xmp_encoding import packet_to_utf8

_APP_MARKERS = range(0xE0, 0xF0)
_SOS = 0xDA
_APPLE_TYPE = "http://ns.apple.com/pixeldatainfo/1.0/ AuxiliaryImageType"
_APPLE_KINDS = {
    "hdrgainmap": AttachmentKind.GAIN_MAP,
    "disparity": AttachmentKind.DEPTH_MAP,
    "depth": AttachmentKind.DEPTH_MAP,
    "matte": AttachmentKind.DEPTH_MAP,
}
# Segments that a removal of coordinates leaves as they are.
_KEPT_PREFIXES = (
    (APP0, JFIF_PREFIX),
    (APP2, MPF_PREFIX),
    (APP2, GAIN_MAP_PREFIX),
    (APP14, ADOBE_PREFIX),
)
_TOLERATED_NOTES = frozenset({MetadataNote.SEGMENTS_UNKNOWN, MetadataNote.COMMENT_HAS_PLACE})


def detect_kind_from_metadata(data: bytes, start: int) -> AttachmentKind | None:
    """Return the kind that the metadata of the JPEG at `start` states, None without a statement.

    Sources: Ultra HDR Image Format v1.1, ISO 21496-1 (annex C), Apple's auxiliary image types.
    """
    try:
        segments = [(s.marker, s.payload) for s in parse_jpeg_segments(data, start)]
    except (ValueError, struct.error):
        return None
    if any(m == APP2 and payload.startswith(GAIN_MAP_PREFIX) for m, payload in segments):
        return AttachmentKind.GAIN_MAP
    elements = parse_elements(packet_to_utf8(metadata_from_segments(segments).xmp or b"")) or ()
    if has_property(elements, describes_gain_map):
        return AttachmentKind.GAIN_MAP
    stated = [a.value for e in elements for a in e.attributes if a.name == _APPLE_TYPE]
    stated += ["".join(e.text_chunks) for e in elements if e.name == _APPLE_TYPE]
    for value in stated:
        for word, kind in _APPLE_KINDS.items():
            if word in value.lower():
                return kind
    return None


def remove_coordinates(data: bytes) -> tuple[bytes, int] | None:
    """Return a new start of a JPEG, without GPS coordinates, and the length of the old one.

    Both starts end before the header of the first scan. EXIF and XMP are edited as in the metadata
    of a result; comments and segments of unknown meaning that may hold coordinates are removed.

    Args:
        data: Bytes of the JPEG, at least up to the first scan.

    Returns:
        None if the first scan is not in `data`, or if coordinates cannot be removed.
    """
    try:
        segments = list(parse_jpeg_segments(data))
    except (ValueError, struct.error):
        return None
    pairs = [(s.marker, s.payload) for s in segments if _is_metadata(s)]
    filtered, notes = filter_metadata(metadata_from_segments(pairs), MetadataPolicy.NO_GPS)
    metadata_segments, size_notes = segments_from_metadata(filtered)
    if size_notes or not _TOLERATED_NOTES.issuperset(notes):
        return None
    kept = [(s.marker, s.payload) for s in segments[:-1] if _is_kept(s)]
    parts = [
        encode_jpeg_segment(marker, payload) for marker, payload in (*metadata_segments, *kept)
    ]
    if kept and kept[0][0] == APP0:  # JFIF is the first segment (T.871)
        parts.insert(0, parts.pop(len(metadata_segments)))
    return b"".join([START_OF_IMAGE, *parts]), segments[-1].offset


def _is_metadata(segment: JpegSegment) -> bool:
    return segment.marker == COM or segment.marker in _APP_MARKERS


def _is_kept(segment: JpegSegment) -> bool:
    return not _is_metadata(segment) or any(
        segment.marker == marker and segment.payload.startswith(prefix)
        for marker, prefix in _KEPT_PREFIXES
    )
