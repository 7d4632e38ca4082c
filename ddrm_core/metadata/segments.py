"""Metadata in a JPEG's segments. Sources: JFIF 1.02, EXIF 2.3, XMP part 3, ICC.1 annex B."""

from __future__ import annotations

import struct
from collections.abc import Sequence

from ddrm_core.metadata.model import Density, Metadata, OtherSegment

APP0, APP1, APP2, APP13, APP14, COM = 0xE0, 0xE1, 0xE2, 0xED, 0xEE, 0xFE
JFIF, EXIF = b"JFIF\0", b"Exif\0\0"
XMP = b"http://ns.adobe.com/xap/1.0/\0"
XMP_EXTENSION = b"http://ns.adobe.com/xmp/extension/\0"
ICC, MPF, PHOTOSHOP, ADOBE = b"ICC_PROFILE\0", b"MPF\0", b"Photoshop 3.0\0", b"Adobe"
_ICC_COUNTERS = 2  # part's number and count of parts, a byte each


def metadata_from_segments(segments: Sequence[tuple[int, bytes]]) -> Metadata:
    """The blocks in (marker, payload) pairs in file order; of several alike the first counts.

    What describes the coding or the file itself (Adobe, MPF) is left out.
    """
    first: dict[bytes, bytes] = {}
    joined: dict[bytes, list[bytes]] = {XMP_EXTENSION: [], ICC: [], PHOTOSHOP: []}
    comments, others = [], []
    for marker, payload in segments:
        prefix = _prefix(marker, payload)
        if prefix in joined:
            joined[prefix].append(payload.removeprefix(prefix))
        elif prefix in (JFIF, EXIF, XMP):
            first.setdefault(prefix, payload.removeprefix(prefix))
        elif marker == COM:
            comments.append(payload)
        elif prefix is None:
            others.append(OtherSegment(marker, payload))
    return Metadata(
        icc_profile=_profile(joined[ICC]),
        exif=first.get(EXIF),
        xmp=first.get(XMP),
        xmp_extensions=tuple(joined[XMP_EXTENSION]),
        iptc=b"".join(joined[PHOTOSHOP]) or None,
        comments=tuple(comments),
        density=_density(first.get(JFIF)),
        others=tuple(others),
    )


def _prefix(marker: int, payload: bytes) -> bytes | None:
    known = (
        (APP0, JFIF),
        (APP1, EXIF),
        (APP1, XMP),
        (APP1, XMP_EXTENSION),
        (APP2, ICC),
        (APP2, MPF),
        (APP13, PHOTOSHOP),
        (APP14, ADOBE),
    )
    return next((p for m, p in known if m == marker and payload.startswith(p)), None)


def _profile(parts: Sequence[bytes]) -> bytes | None:
    """The parts in the order of their numbers; None where one is missing."""
    numbered = {part[0]: part for part in parts if len(part) > _ICC_COUNTERS}
    if not numbered or sorted(numbered) != list(range(1, next(iter(numbered.values()))[1] + 1)):
        return None
    return b"".join(numbered[n][_ICC_COUNTERS:] for n in sorted(numbered))


def _density(payload: bytes | None) -> Density | None:
    if payload is None or len(payload) < 7:
        return None
    unit, x, y = struct.unpack_from(">BHH", payload, 2)
    return Density(x, y, unit) if x and y and unit <= 2 else None
