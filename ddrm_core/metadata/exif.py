"""EXIF blocks, read and edited. Source: EXIF 2.32 clause 4.6.

A block is never written anew: offsets inside a maker's note count from the block's start, so what
an edit does not concern keeps its bytes and its place. Editors return None where the block is too
damaged to be edited safely; readers return what a missing entry would mean.
"""

from __future__ import annotations

import struct

import piexif  # type: ignore[import-untyped]

from ddrm_core.metadata.ifd import LONG, SHORT, Block, Directory, Span, open_block, overlap

ORIENTATIONS = range(1, 9)
_ASCII = 2
_COMPRESSION, _ORIENTATION, _SOFTWARE = 0x103, 0x112, 0x131
_STRIPS, _STRIP_SIZES, _JPEG, _JPEG_SIZE = 0x111, 0x117, 0x201, 0x202
_EXIF, _GPS, _INTEROPERABILITY = 0x8769, 0x8825, 0xA005
_COMPRESSED_AS_JPEG = 6
_HEADER = 8  # bytes; an offset below points nowhere
_MOST_DIRECTORIES = 8
_MOST_TEXT = 200  # characters of a fact


def orientation(exif: bytes) -> int:
    """How the picture is to be turned, 1 to 8; 1 where the block does not say."""
    block = open_block(exif)
    entries = block.first.find(_ORIENTATION) if block else []
    if block is None or not entries or (entries[0].kind, entries[0].count) != (SHORT, 1):
        return 1
    (value,) = block.numbers(entries[0])
    return value if value in ORIENTATIONS else 1


def with_orientation(exif: bytes, value: int) -> bytes | None:
    """The block with this orientation, 1 to 8, and its thumbnail's too where that has one."""
    block = open_block(exif)
    if block is None:
        return None
    if second := block.second():
        block.patch(second, _ORIENTATION, SHORT, [value])
    if block.first.find(_ORIENTATION):
        block.patch(block.first, _ORIENTATION, SHORT, [value])
    elif value != 1:
        block.add(_ORIENTATION, SHORT, [value])
    return bytes(block.data)


def with_software(exif: bytes, text: str) -> bytes | None:
    """The block with this name of the program that wrote the file; not ASCII becomes "?"."""
    block = open_block(exif)
    if block is None:
        return None
    value = text.encode("ascii", "replace") + b"\0"
    entries = block.first.find(_SOFTWARE)
    spans = [block.value(entry) for entry in entries]
    if not entries:
        block.add(_SOFTWARE, _ASCII, value)
    elif any(block.data[start:end] != value for start, end in spans):
        block.patch(block.first, _SOFTWARE, _ASCII, value)
    return bytes(block.data)


def with_thumbnail(exif: bytes, jpeg: bytes | None) -> bytes | None:
    """The block with another thumbnail, or none; as it is where it has none to replace.

    The bytes of the old one are gone: it may show what is no longer in the picture.
    """
    block = open_block(exif)
    if block is None:
        return None
    second = block.second()
    old = _thumbnail(block, second)
    if second is None or not old:
        return exif
    if not block.erase(old, beside=_directories(block, _EXIF, _INTEROPERABILITY, _GPS)):
        return None
    if jpeg is None:
        block.put(block.first.next_at, 0)
        return bytes(block.data)
    start, end = old[0]
    if len(old) == 1 and len(jpeg) <= end - start:
        block.data[start : start + len(jpeg)] = jpeg
    else:
        start = block.append(jpeg)
    if second.find(_JPEG) and second.find(_JPEG_SIZE):
        block.patch(second, _JPEG, LONG, [start])
        block.patch(second, _JPEG_SIZE, LONG, [len(jpeg)])
    else:
        rows = [
            block.row(_COMPRESSION, SHORT, [_COMPRESSED_AS_JPEG]),
            block.row(_JPEG, LONG, [start]),
            block.row(_JPEG_SIZE, LONG, [len(jpeg)]),
        ]
        block.put(block.first.next_at, block.append_directory(rows, 0))
    return bytes(block.data)


def without_gps(exif: bytes) -> bytes | None:
    """The block without its GPS directory: no pointer to it is left, and its bytes are zeros."""
    block = open_block(exif)
    if block is None:
        return None
    others = _directories(block, _EXIF, _INTEROPERABILITY)
    pointers = [entry for directory in others for entry in directory.find(_GPS)]
    inside = [e for e in pointers if _HEADER <= block.number(e.at + 8) < len(exif)]
    if len(inside) > _MOST_DIRECTORIES or overlap(others):
        return None
    found = [block.pointed(entry) for entry in inside]
    spans = [span for directory in found if directory for span in block.spans(directory)]
    if None in found or not block.erase(spans, beside=others):
        return None
    for directory in others:
        block.remove(directory, _GPS)
    return bytes(block.data)


def new_exif(value: int, software: str) -> bytes:
    """A block with this orientation, 1 to 8, and program, for files that have none.

    Args:
        value: The orientation.
        software: See `with_software`; no name where it is empty.
    """
    facts: dict[int, int | bytes] = {piexif.ImageIFD.Orientation: value}
    if software:
        facts[piexif.ImageIFD.Software] = software.encode("ascii", "replace")
    dumped: bytes = piexif.dump({"0th": facts})
    return dumped.removeprefix(b"Exif\0\0")


def tags(exif: bytes) -> dict[str, str] | None:
    """Facts for a reader: Make, Model, DateTimeOriginal, Software as far as they are there.

    And "GPS": "yes" or "no". None where the block is damaged.
    """
    block = open_block(exif)
    if block is None or not _is_sound(block):  # piexif believes every count and offset
        return None
    try:
        loaded = piexif.load(exif)
    except (LookupError, TypeError, ValueError, struct.error):
        return None
    values = {
        "Make": loaded["0th"].get(piexif.ImageIFD.Make),
        "Model": loaded["0th"].get(piexif.ImageIFD.Model),
        "DateTimeOriginal": loaded["Exif"].get(piexif.ExifIFD.DateTimeOriginal),
        "Software": loaded["0th"].get(piexif.ImageIFD.Software),
    }
    texts = {name: _readable(value) for name, value in values.items() if isinstance(value, bytes)}
    return {name: text for name, text in texts.items() if text} | {
        "GPS": "yes" if loaded["GPS"] else "no"
    }


def _directories(block: Block, *pointers: int) -> list[Directory]:
    """The first, the thumbnail's, and what entries of these tags point at; each place once."""
    second = block.second()
    found = {d.at: d for d in (block.first, second) if d}
    for tag in pointers:
        entries = [entry for directory in found.values() for entry in directory.find(tag)]
        for entry in entries[:_MOST_DIRECTORIES]:
            if below := block.pointed(entry):
                found.setdefault(below.at, below)
    return list(found.values())


def _thumbnail(block: Block, second: Directory | None) -> list[Span]:
    """Where the bytes of a thumbnail are, compressed or in strips."""
    if second is None:
        return []
    spans: list[Span] = []
    for places, sizes in ((_JPEG, _JPEG_SIZE), (_STRIPS, _STRIP_SIZES)):
        starts = [n for entry in second.find(places)[:1] for n in block.numbers(entry)]
        counts = [n for entry in second.find(sizes)[:1] for n in block.numbers(entry)]
        spans += [(start, start + n) for start, n in zip(starts, counts, strict=False)]
    return block.clipped(spans)


def _is_sound(block: Block) -> bool:
    """Whether every pointer leads to a whole directory of its own, and values fit into the block.

    Together, too: else a small block could ask for much work.
    """
    directories = _directories(block, _EXIF, _INTEROPERABILITY, _GPS)
    entries = [entry for directory in directories for entry in directory.entries]
    pointers = [e for e in entries if e.tag in (_EXIF, _INTEROPERABILITY, _GPS)]
    following = block.number(block.first.next_at) != 0
    values = [block.value(entry) for entry in entries]
    return (
        len(directories) == 1 + following + len(pointers)
        and all((e.kind, e.count) == (LONG, 1) for e in pointers)
        and all(len({e.tag for e in d.entries}) == len(d.entries) for d in directories)
        and all(end <= len(block.data) for _, end in values)
        and sum(end - start for start, end in values) <= len(block.data)
    )


def _readable(value: bytes) -> str:
    text = value.split(b"\0")[0].decode("utf-8", "replace")[:_MOST_TEXT]
    return "".join(c if c.isprintable() else " " for c in text).strip()
