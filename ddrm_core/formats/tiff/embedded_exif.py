"""An EXIF block as the beginning of a TIFF file. Sources: EXIF 2.3, clause 4.6; TIFF 6.0, page 8.

The block is a TIFF file itself, and makers' notes in it count places from its header. So a file
written here begins with the block, its pointer to the first directory apart, and a new directory
at the end takes over the entries that are not about the picture: every place stays valid. A
private entry says how long the block is and what its pointer was, so that it can be had back byte
for byte.
"""

from __future__ import annotations

import io
import struct
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass

from ddrm_core.formats.tiff.ifd import (
    HEADER,
    LONG,
    Directory,
    Entry,
    Order,
    Tag,
    TiffBytes,
    append_directory,
    append_numbers,
    append_value,
    begin_with,
    read_tiff,
)

LAYOUT = 65_000  # the first of the numbers that TIFF 6.0 leaves to everyone
# About the picture's coding, or thumbnails, layers and raw data: TIFF 6.0, appendix A, and others'
# private ones. And the blocks that have a place of their own in `Metadata`.
_NOT_EXIF = frozenset(
    {
        *range(254, 267),
        *(273, *range(277, 282), 284, *range(288, 294), 297, 301, 317),
        *range(320, 348),
        *range(400, 560),
        *(32997, 32998, 33421, 33422, 37724, 50706, LAYOUT),
        *(Tag.XMP, 33723, Tag.PHOTOSHOP, Tag.ICC_PROFILE),
    }
)
_RESOLUTION = (Tag.X_RESOLUTION, Tag.Y_RESOLUTION, Tag.RESOLUTION_UNIT)
_POINTERS = (Tag.EXIF, Tag.GPS, Tag.INTEROPERABILITY)
# A block fills at most one JPEG segment; files that claim far more are no honest ones.
_MOST_BYTES = 16 << 20


@dataclass(frozen=True, slots=True, eq=False)
class Beginning:
    """The first bytes of a file that is to be written.

    Attributes:
        data: The block, or a bare header; to be appended to.
        order: Of its numbers' bytes.
        entries: What the first directory takes over, and the private entry.
    """

    data: io.BytesIO
    order: Order
    entries: dict[int, Entry]


@dataclass(frozen=True, slots=True)
class FoundExif:
    """What a file says in EXIF's terms.

    Attributes:
        data: The block; None where there is none, or it is damaged.
        entries: Of the block's first directory where the file was written here, else empty.
        own: Whether it was.
    """

    data: bytes | None
    entries: dict[int, Entry]
    own: bool


def begin_tiff(exif: bytes | None) -> Beginning:
    """A file that begins with this block.

    Raises:
        ValueError, struct.error: The block is damaged.
    """
    if not exif:
        data = io.BytesIO(b"II*\0" + bytes(4))
        return Beginning(data, "<", {LAYOUT: append_numbers(data, "<", LAYOUT, LONG, (0, 0))})
    block = read_tiff(exif)
    kept = dict(_kept(block, block.first()))
    for pointer in (kept[tag] for tag in _POINTERS if tag in kept):
        block.directory(block.number(pointer.field))
    data = io.BytesIO(exif)
    layout = (len(exif), *block.unpack("I", 4))
    entry = append_numbers(data, block.order, LAYOUT, LONG, layout)
    return Beginning(data, block.order, {**kept, LAYOUT: entry})


def find_exif(file: TiffBytes, directory: Directory) -> FoundExif:
    """The block that `begin_tiff` was given, or what another program's file says as one.

    Makers' notes move in the latter, and what they say with places is lost to those who read them.
    """
    try:
        own = _own(file, directory)
    except (ValueError, struct.error):
        own = None  # another program has moved things
    if own is not None:
        return own
    try:
        return FoundExif(_copied(file, directory), {}, own=False)
    except (ValueError, struct.error):
        return FoundExif(None, {}, own=False)


def _own(file: TiffBytes, directory: Directory) -> FoundExif | None:
    entry = directory.entries.get(LAYOUT)
    if entry is None:
        return None
    length, first = file.numbers(entry)
    if length == 0:
        return FoundExif(None, {}, own=True)
    pointer = struct.pack(file.order + "I", first)
    block = read_tiff(file.data[:4] + pointer + file.data[HEADER:length])
    entries = block.first().entries
    taken = {t: e for t, e in _kept(block, block.first()) if t not in _RESOLUTION}
    if length != len(block.data) or not taken.items() <= directory.entries.items():
        return None
    return FoundExif(block.data, entries, own=True)


def _copied(file: TiffBytes, directory: Directory) -> bytes | None:
    data = io.BytesIO(file.data[:HEADER])
    place = _copy(file, directory, data, _POINTERS)
    begin_with(data, file.order, place)
    block = data.getvalue()
    return block if read_tiff(block).first().entries else None


def _kept(block: TiffBytes, directory: Directory) -> Iterator[tuple[int, Entry]]:
    """Entries that are not about the picture; see `TiffBytes.value` for what it raises."""
    for tag, entry in directory.entries.items():
        if tag not in _NOT_EXIF:
            block.value(entry)
            yield tag, entry


def _copy(file: TiffBytes, directory: Directory, out: io.BytesIO, pointers: tuple[int, ...]) -> int:
    """Put a directory and what it points to into `out`; where it is. No pointer is in itself.

    An entry that is damaged, such as a pointer to nowhere, is left out: the others count without.
    """
    entries = []
    for tag, entry in directory.entries.items():
        if out.tell() > _MOST_BYTES:
            raise ValueError("too much")
        if tag in _NOT_EXIF:
            continue
        with suppress(ValueError, struct.error):
            if tag in pointers:
                inner = tuple(p for p in pointers if p != tag)
                place = _copy(file, file.directory(file.number(entry.field)), out, inner)
                entries.append(append_numbers(out, file.order, tag, LONG, (place,)))
            elif len(value := file.value(entry)) < _MOST_BYTES:
                entries.append(append_value(out, file.order, tag, entry.kind, value))
    return append_directory(out, file.order, entries)
