"""EXIF blocks, read and edited. Source: EXIF 2.32 clause 4.6.

A block is never written anew: offsets inside a maker's note count from the block's start, so what
an edit does not concern keeps its bytes and its place. Editors return None where the block is too
damaged to be edited safely; readers return what a missing entry would mean.
"""

from __future__ import annotations

import struct
from collections.abc import Mapping

import piexif  # type: ignore[import-untyped]

from ddrm_core.metadata.color_space import ExifColor, exif_color
from ddrm_core.metadata.editable_ifd import LONG, SHORT, Block, Directory, Span, open_block, overlap

ORIENTATIONS = range(1, 9)
MOST_BYTES = 65_527
"""The largest block: EXIF 2.32 clause 4.7.2 has it in one segment of a JPEG, after six bytes."""
_ASCII = 2
_COMPRESSION, _ORIENTATION, _SOFTWARE = 0x103, 0x112, 0x131
_STRIPS, _STRIP_SIZES, _JPEG, _JPEG_SIZE = 0x111, 0x117, 0x201, 0x202
_EXIF, _GPS, _INTEROPERABILITY = 0x8769, 0x8825, 0xA005
# Tags that say the picture's own width and height, in the first and in the EXIF directory.
_SIZES = ((0x100, 0x101), (0xA002, 0xA003))
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


def with_size(exif: bytes, width: int, height: int) -> bytes:
    """Return the block with this size, in pixels, where it tells one; a thumbnail's stays."""
    block = open_block(exif)
    if block is None:
        return exif
    inner = [block.pointed(entry) for entry in block.first.find(_EXIF)[:_MOST_DIRECTORIES]]
    first, second = _SIZES
    for directory, tags_ in ((block.first, first), *((below, second) for below in inner)):
        for tag, value in zip(tags_, (width, height), strict=True):
            found = [] if directory is None else directory.find(tag)
            if directory is not None and any(block.numbers(entry) != [value] for entry in found):
                kind = SHORT if found[0].kind == SHORT and value <= 0xFFFF else LONG
                block.patch(directory, tag, kind, [value])
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
    start, end = old[0]
    last = len(old) == 1 and end == len(block.data)
    if jpeg is None:
        block.put(block.first.next_at, 0)
        return bytes(block.data[:start] if last else block.data)
    if last:  # nothing of the block is behind it: the new one takes its place, whatever its size
        block.data[start:] = jpeg
    elif len(old) == 1 and len(jpeg) <= end - start:
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


def new_exif(value: int, software: str, *, adobe_rgb: bool = False) -> bytes:
    """A block with this orientation, 1 to 8, and program, for files that have none.

    Args:
        value: The orientation.
        software: See `with_software`; no name where it is empty.
        adobe_rgb: Whether it tells that pixels are Adobe RGB, as DCF 2.0 does.
    """
    facts: dict[int, int | bytes] = {piexif.ImageIFD.Orientation: value}
    if software:
        facts[piexif.ImageIFD.Software] = software.encode("ascii", "replace")
    directories: dict[str, dict[int, int | bytes]] = {"0th": facts}
    if adobe_rgb:
        directories["Exif"] = {piexif.ExifIFD.ColorSpace: 0xFFFF}
        directories["Interop"] = {piexif.InteropIFD.InteroperabilityIndex: b"R03"}
    return packed(directories)


def packed(directories: Mapping[str, Mapping[int, object]]) -> bytes:
    """Return a block of these values, by piexif's names of directories and by tag.

    Raises:
        LookupError, TypeError, ValueError, AttributeError, struct.error: A value is of another type
            than its tag has.
    """
    dumped: bytes = piexif.dump(directories)
    # piexif leaves out what ends the last directory, and readers miss it: no further one.
    return dumped.removeprefix(b"Exif\0\0") + bytes(4)


def bare_exif(exif: bytes | None) -> bytes | None:
    """Return a block of nothing but what the picture would look different without.

    None where that is nothing: the picture is upright, and its pixels are not told to be Adobe RGB.
    """
    value = 1 if exif is None else orientation(exif)
    adobe_rgb = exif_color(exif) is ExifColor.ADOBE_RGB
    return new_exif(value, "", adobe_rgb=adobe_rgb) if value != 1 or adobe_rgb else None


def color_exif(exif: bytes | None) -> bytes | None:
    """Return a block that tells Adobe RGB as `exif` does, None where that does not tell it."""
    adobe_rgb = exif_color(exif) is ExifColor.ADOBE_RGB
    return new_exif(1, "", adobe_rgb=True) if adobe_rgb else None


def loaded(exif: bytes) -> dict[str, dict[int, object]] | None:
    """Return piexif's values by directory ("0th", "Exif", "GPS", "Interop") and tag.

    None where the block is damaged.
    """
    block = open_block(exif)
    if block is None or not _is_sound(block):  # piexif believes every count and offset
        return None
    try:
        found = piexif.load(exif)
    except (LookupError, TypeError, ValueError, struct.error):
        return None
    return {name: found[name] for name in ("0th", "Exif", "GPS", "Interop")}


def tags(exif: bytes) -> dict[str, str] | None:
    """Facts for a reader: Make, Model, DateTimeOriginal, Software as far as they are there.

    And "GPS": "yes" or "no". None where the block is damaged.
    """
    found = loaded(exif)
    if found is None:
        return None
    values = {
        "Make": found["0th"].get(piexif.ImageIFD.Make),
        "Model": found["0th"].get(piexif.ImageIFD.Model),
        "DateTimeOriginal": found["Exif"].get(piexif.ExifIFD.DateTimeOriginal),
        "Software": found["0th"].get(piexif.ImageIFD.Software),
    }
    texts = {name: _readable(value) for name, value in values.items() if isinstance(value, bytes)}
    return {name: text for name, text in texts.items() if text} | {
        "GPS": "yes" if found["GPS"] else "no"
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
