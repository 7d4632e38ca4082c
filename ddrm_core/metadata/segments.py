"""Metadata in a JPEG's segments. Sources: JFIF 1.02, EXIF 2.3, XMP part 3, ICC.1 annex B."""

from __future__ import annotations

import struct
from collections.abc import Sequence

from ddrm_core.metadata.exif_room import fitting_exif
from ddrm_core.metadata.model import Density, Metadata, OtherSegment
from ddrm_core.metadata.xmp import with_extension, without_padding, without_record

APP0, APP1, APP2, APP13, APP14, COM = 0xE0, 0xE1, 0xE2, 0xED, 0xEE, 0xFE
JFIF, EXIF = b"JFIF\0", b"Exif\0\0"
XMP = b"http://ns.adobe.com/xap/1.0/\0"
XMP_EXTENSION = b"http://ns.adobe.com/xmp/extension/\0"
ICC, MPF, PHOTOSHOP, ADOBE = b"ICC_PROFILE\0", b"MPF\0", b"Photoshop 3.0\0", b"Adobe"
_ICC_COUNTERS = 2  # part's number and count of parts, a byte each
_MOST_PARTS = 255
_LARGEST = 65_533  # bytes of a payload: T.81 clause B.1.1.4, less the length itself


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


def segments_of(metadata: Metadata) -> tuple[list[tuple[int, bytes]], tuple[str, ...]]:
    """(marker, payload) pairs for a JPEG in their usual order, and a line for what does not fit.

    Without the density, which an encoder writes itself. What `metadata_from_segments` read comes
    back as it was.
    """
    lines: list[str] = []
    pairs = [(APP1, EXIF + block) for block in _fitting_block(metadata.exif, lines)]
    packets, parts = _fitting_packet(metadata.xmp, lines)
    pairs += [(APP1, XMP + packet) for packet in packets]
    extensions = [(APP1, XMP_EXTENSION + part) for part in (*parts, *metadata.xmp_extensions)]
    pairs += extensions if all(len(p) <= _LARGEST for _, p in extensions) else []
    if extensions and extensions[0] not in pairs:
        lines.append("The extended XMP packet is in parts too large for a JPEG.")
    pairs += _profile_segments(metadata.icc_profile or b"", lines)
    pairs += [(APP13, PHOTOSHOP + part) for part in _parts(metadata.iptc or b"", PHOTOSHOP)]
    pairs += [(other.marker, other.payload) for other in metadata.others]
    pairs += [(COM, comment) for comment in metadata.comments]
    large = [marker for marker, p in pairs if len(p) > _LARGEST]
    names = {COM: "A comment"}
    lines += [f"{names.get(marker, 'A segment')} is too large for a JPEG." for marker in large]
    return [pair for pair in pairs if len(pair[1]) <= _LARGEST], tuple(lines)


def _fitting_block(block: bytes | None, lines: list[str]) -> list[bytes]:
    """The EXIF block, else its most important entries, else none."""
    if block is None:
        return []
    fitting = fitting_exif(block)
    if fitting is None:
        lines.append("The EXIF block is too large for a JPEG.")
        return []
    if fitting is not block:
        lines.append("The EXIF block is too large for a JPEG: its largest entries were left out.")
    return [fitting]


def _fitting_packet(
    packet: bytes | None, lines: list[str]
) -> tuple[list[bytes], tuple[bytes, ...]]:
    """The packet, or none, and the parts of an extended one.

    Where it is too large, the record of the run goes first, then padding. The rest is extended XMP.
    """
    room = _LARGEST - len(XMP)
    if packet is None or len(packet) <= room:
        return ([] if packet is None else [packet]), ()
    plain = without_record(packet)
    if plain is not None and len(plain) <= room:
        lines.append("The XMP packet has no room for the record of this run in a JPEG.")
        return [plain], ()
    if len(without_padding(packet)) <= room:
        return [without_padding(packet)], ()
    extended = with_extension(packet, room=_LARGEST - len(XMP_EXTENSION))
    if extended is not None and len(extended[0]) <= room:
        return [extended[0]], extended[1]
    lines.append("The XMP packet is too large for a JPEG.")
    return [], ()


def _profile_segments(profile: bytes, lines: list[str]) -> list[tuple[int, bytes]]:
    parts = _parts(profile, ICC + bytes(_ICC_COUNTERS))
    if len(parts) > _MOST_PARTS:
        lines.append("The color profile is too large for a JPEG.")
        return []
    return [(APP2, ICC + bytes([n, len(parts)]) + part) for n, part in enumerate(parts, 1)]


def _parts(content: bytes, prefix: bytes) -> list[bytes]:
    """As large as segments that begin with `prefix` can hold."""
    size = _LARGEST - len(prefix)
    return [content[at : at + size] for at in range(0, len(content), size)]


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
    numbered: dict[int, bytes] = {}
    for part in parts:
        if len(part) > _ICC_COUNTERS:
            numbered.setdefault(part[0], part)
    if not numbered or sorted(numbered) != list(range(1, next(iter(numbered.values()))[1] + 1)):
        return None
    return b"".join(numbered[n][_ICC_COUNTERS:] for n in sorted(numbered))


def _density(payload: bytes | None) -> Density | None:
    if payload is None or len(payload) < 7:
        return None
    unit, x, y = struct.unpack_from(">BHH", payload, 2)
    return Density(x, y, unit) if x and y and unit <= 2 else None
