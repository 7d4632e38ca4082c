"""Metadata in a JPEG's segments. Sources: JFIF 1.02, EXIF 2.3, XMP part 3, ICC.1 annex B."""

from __future__ import annotations

import struct
from collections.abc import Sequence

from ddrm_core.metadata.exif_size_limit import limit_exif_size
from ddrm_core.metadata.extended_xmp import MAX_EXTENSION_PART_BYTES, XMP_EXTENSION_PREFIX
from ddrm_core.metadata.icc_defects import (
    ICC_PREFIX,
    ProfileDefect,
    is_icc_part,
    join_icc_parts,
)
from ddrm_core.metadata.model import Metadata, PixelDensity, UnknownSegment
from ddrm_core.metadata.notes import MetadataNote
from ddrm_core.metadata.xmp import remove_padding, remove_run_record, split_extended_packet

APP0, APP1, APP2, APP13, APP14, COM = 0xE0, 0xE1, 0xE2, 0xED, 0xEE, 0xFE
JFIF_PREFIX, EXIF_PREFIX = b"JFIF\0", b"Exif\0\0"
XMP_PREFIX = b"http://ns.adobe.com/xap/1.0/\0"
MPF_PREFIX, PHOTOSHOP_PREFIX, ADOBE_PREFIX = b"MPF\0", b"Photoshop 3.0\0", b"Adobe"
GAIN_MAP_PREFIX = b"urn:iso:std:iso:ts:21496:-1\0"
"""Beginning of an APP2 segment about a gain map (ISO 21496-1, annex C)."""
_ICC_COUNTER_BYTES = 2  # number of the part and count of parts, a byte each
_MAX_ICC_PARTS = 255
_MAX_PAYLOAD_BYTES = 65_533  # T.81 clause B.1.1.4, less the length field itself


def metadata_from_segments(segments: Sequence[tuple[int, bytes]]) -> Metadata:
    """Return the metadata in the segments of a JPEG, (marker, payload) pairs in file order.

    Of several JFIF, EXIF or XMP segments, the first one counts. Segments that describe the coding
    or the file itself (Adobe, MPF, gain map) are left out. Parts of an ICC profile that cannot be
    joined are in `Metadata.others`.
    """
    profile = join_icc_parts(
        [p.removeprefix(ICC_PREFIX) for m, p in segments if is_icc_part(UnknownSegment(m, p))]
    )
    first_payloads: dict[bytes, bytes] = {}
    payload_parts: dict[bytes, list[bytes]] = {
        XMP_EXTENSION_PREFIX: [],
        PHOTOSHOP_PREFIX: [],
    }
    comments, others = [], []
    for marker, payload in segments:
        prefix = _find_payload_prefix(marker, payload)
        if prefix in payload_parts:
            payload_parts[prefix].append(payload.removeprefix(prefix))
        elif prefix in (JFIF_PREFIX, EXIF_PREFIX, XMP_PREFIX):
            first_payloads.setdefault(prefix, payload.removeprefix(prefix))
        elif marker == COM:
            comments.append(payload)
        elif prefix is None or (
            isinstance(profile, ProfileDefect) and is_icc_part(UnknownSegment(marker, payload))
        ):
            others.append(UnknownSegment(marker, payload))
    return Metadata(
        icc_profile=None if isinstance(profile, ProfileDefect) else profile,
        exif=first_payloads.get(EXIF_PREFIX),
        xmp=first_payloads.get(XMP_PREFIX),
        xmp_extensions=tuple(payload_parts[XMP_EXTENSION_PREFIX]),
        iptc=b"".join(payload_parts[PHOTOSHOP_PREFIX]) or None,
        comments=tuple(comments),
        density=_parse_jfif_density(first_payloads.get(JFIF_PREFIX)),
        others=tuple(others),
    )


def segments_from_metadata(
    metadata: Metadata,
) -> tuple[list[tuple[int, bytes]], tuple[MetadataNote, ...]]:
    """Return the segments of a JPEG with the given metadata, and a note per omitted part.

    Segments are (marker, payload) pairs in their usual order. A part is omitted if it does not fit
    into a JPEG. The density is left out without a note, because encoders write it themselves. All
    other metadata read by `metadata_from_segments` comes back unchanged.
    """
    warnings: list[MetadataNote] = []
    segments = [(APP1, EXIF_PREFIX + block) for block in _fit_exif_block(metadata.exif, warnings)]
    packets, parts = _fit_xmp_packet(metadata.xmp, warnings)
    segments += [(APP1, XMP_PREFIX + packet) for packet in packets]
    extensions = [
        (APP1, XMP_EXTENSION_PREFIX + part) for part in (*parts, *metadata.xmp_extensions)
    ]
    segments += extensions if all(len(p) <= _MAX_PAYLOAD_BYTES for _, p in extensions) else []
    if extensions and extensions[0] not in segments:
        warnings.append(MetadataNote.EXTENDED_XMP_TOO_LARGE)
    segments += _build_icc_segments(metadata.icc_profile or b"", warnings)
    segments += [
        (APP13, PHOTOSHOP_PREFIX + part)
        for part in _split_payload(metadata.iptc or b"", PHOTOSHOP_PREFIX)
    ]
    segments += [(other.marker, other.payload) for other in metadata.others]
    segments += [(COM, comment) for comment in metadata.comments]
    oversized_markers = [marker for marker, p in segments if len(p) > _MAX_PAYLOAD_BYTES]
    warnings += [
        MetadataNote.COMMENT_TOO_LARGE if marker == COM else MetadataNote.SEGMENT_TOO_LARGE
        for marker in oversized_markers
    ]
    return [pair for pair in segments if len(pair[1]) <= _MAX_PAYLOAD_BYTES], tuple(warnings)


def _fit_exif_block(block: bytes | None, warnings: list[MetadataNote]) -> list[bytes]:
    """Return the EXIF block, shortened if it is too large for a JPEG, as a list of one item.

    The list is empty without a block, or if the shortened block does not fit. Notes about omissions
    are appended to `warnings`.
    """
    if block is None:
        return []
    fitting = limit_exif_size(block)
    if fitting is None:
        warnings.append(MetadataNote.EXIF_TOO_LARGE)
        return []
    if fitting is not block:
        warnings.append(MetadataNote.EXIF_SHORTENED)
    return [fitting]


def _fit_xmp_packet(
    packet: bytes | None, warnings: list[MetadataNote]
) -> tuple[list[bytes], tuple[bytes, ...]]:
    """Return the XMP packet as a list of one item, and the parts of an extended XMP packet.

    If a packet is too large for a JPEG, it is made to fit in one of three ways, tried in this
    order: without the run record, without padding, or as extended XMP. The list is empty without a
    packet, or if no way succeeds. Notes about omissions are appended to `warnings`.
    """
    max_bytes = _MAX_PAYLOAD_BYTES - len(XMP_PREFIX)
    if packet is None or len(packet) <= max_bytes:
        return ([] if packet is None else [packet]), ()
    without_run_record = remove_run_record(packet)
    if without_run_record is not None and len(without_run_record) <= max_bytes:
        warnings.append(MetadataNote.XMP_TOO_FULL_FOR_RECORD)
        return [without_run_record], ()
    if len(remove_padding(packet)) <= max_bytes:
        return [remove_padding(packet)], ()
    extended = split_extended_packet(packet, max_part_bytes=MAX_EXTENSION_PART_BYTES)
    if extended is not None and len(extended[0]) <= max_bytes:
        return [extended[0]], extended[1]
    warnings.append(MetadataNote.XMP_TOO_LARGE)
    return [], ()


def _build_icc_segments(profile: bytes, warnings: list[MetadataNote]) -> list[tuple[int, bytes]]:
    parts = _split_payload(profile, ICC_PREFIX + bytes(_ICC_COUNTER_BYTES))
    if len(parts) > _MAX_ICC_PARTS:
        warnings.append(MetadataNote.PROFILE_TOO_LARGE)
        return []
    return [(APP2, ICC_PREFIX + bytes([n, len(parts)]) + part) for n, part in enumerate(parts, 1)]


def _split_payload(content: bytes, prefix: bytes) -> list[bytes]:
    """Split content into parts; each fits into a JPEG segment after `prefix`."""
    size = _MAX_PAYLOAD_BYTES - len(prefix)
    return [content[at : at + size] for at in range(0, len(content), size)]


def _find_payload_prefix(marker: int, payload: bytes) -> bytes | None:
    known = (
        (APP0, JFIF_PREFIX),
        (APP1, EXIF_PREFIX),
        (APP1, XMP_PREFIX),
        (APP1, XMP_EXTENSION_PREFIX),
        (APP2, ICC_PREFIX),
        (APP2, MPF_PREFIX),
        (APP2, GAIN_MAP_PREFIX),
        (APP13, PHOTOSHOP_PREFIX),
        (APP14, ADOBE_PREFIX),
    )
    return next((p for m, p in known if m == marker and payload.startswith(p)), None)


def _parse_jfif_density(payload: bytes | None) -> PixelDensity | None:
    if payload is None or len(payload) < 7:
        return None
    unit, x, y = struct.unpack_from(">BHH", payload, 2)
    return PixelDensity(x, y, unit) if x and y and unit <= 2 else None
