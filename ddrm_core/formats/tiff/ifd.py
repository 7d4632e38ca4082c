"""Image file directories, read and written as bytes. Source: TIFF 6.0, section 2."""

from __future__ import annotations

import io
import struct
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import IntEnum
from typing import Literal

Order = Literal["<", ">"]
"""Of a number's bytes, as `struct` and numpy write it."""
HEADER = 8  # bytes: byte order, 42, place of the first directory
ASCII, BYTE, SHORT, LONG, RATIONAL, UNDEFINED = 2, 1, 3, 4, 5, 7
# TIFF 6.0, page 15 (13, a directory's place: Adobe's supplement 1), bytes each.
_SIZES = {1: 1, 2: 1, 3: 2, 4: 4, 5: 8, 6: 1, 7: 1, 8: 2, 9: 4, 10: 8, 11: 4, 12: 8, 13: 4}
_CODES = {BYTE: "B", SHORT: "H", LONG: "I", 13: "I"}
_INLINE = 4  # values of up to four bytes stand in the entry itself


class Tag(IntEnum):
    """What entries are about: TIFF 6.0, appendix A, and the registered private ones."""

    WIDTH = 256
    HEIGHT = 257
    BITS = 258
    COMPRESSION = 259
    PHOTOMETRIC = 262
    DESCRIPTION = 270
    STRIP_PLACES = 273
    SAMPLES = 277
    STRIP_ROWS = 278
    STRIP_SIZES = 279
    X_RESOLUTION = 282
    Y_RESOLUTION = 283
    PLANAR = 284
    RESOLUTION_UNIT = 296
    PREDICTOR = 317
    COLOUR_MAP = 320
    TILE_WIDTH = 322
    TILE_HEIGHT = 323
    TILE_PLACES = 324
    TILE_SIZES = 325
    INK_SET = 332
    SAMPLE_FORMAT = 339
    JPEG_TABLES = 347
    XMP = 700
    PHOTOSHOP = 34377
    EXIF = 34665
    ICC_PROFILE = 34675
    GPS = 34853
    INTEROPERABILITY = 40965


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of a directory.

    Attributes:
        tag: What it is about.
        kind: Of its values, 1 to 13.
        count: Of values.
        field: The value left-justified in four bytes, or the place where it is.
    """

    tag: int
    kind: int
    count: int
    field: bytes


@dataclass(frozen=True, slots=True)
class Directory:
    """One directory.

    Attributes:
        entries: By tag; of several alike the first counts.
        following: Where the next directory is, or 0.
    """

    entries: dict[int, Entry]
    following: int


@dataclass(frozen=True, slots=True)
class TiffBytes:
    """A TIFF file, or an EXIF block, which is one without a picture.

    Attributes:
        data: From the header on.
        order: Of its numbers' bytes.
    """

    data: bytes
    order: Order

    def first(self) -> Directory:
        """The directory that the header points to; see `directory`."""
        return self.directory(*self.unpack("I", 4))

    def unpack(self, code: str, place: int) -> tuple[int, ...]:
        """Whole numbers at a place. Raises struct.error past the end."""
        return struct.unpack_from(self.order + code, self.data, place)

    def directory(self, place: int) -> Directory:
        """The directory at a place.

        Raises:
            ValueError, struct.error: It is not wholly inside, or inside the header.
        """
        if place < HEADER:
            raise ValueError("a directory inside the header")
        (count,) = self.unpack("H", place)
        entries: dict[int, Entry] = {}
        for at in range(place + 2, place + 2 + 12 * count, 12):
            tag, kind, values = self.unpack("HHI", at)
            field = self.data[at + 8 : at + 12]
            if len(field) < _INLINE:
                raise ValueError("a directory past the end")
            entries.setdefault(tag, Entry(tag, kind, values, field))
        end = place + 2 + 12 * count
        # Some cameras' blocks end before the place of the next one.
        following = self.unpack("I", end)[0] if end + 4 <= len(self.data) else 0
        return Directory(entries, following)

    def value(self, entry: Entry) -> bytes:
        """The bytes of an entry's values.

        Raises:
            ValueError: Of an unknown kind, or not wholly inside.
        """
        if entry.kind not in _SIZES:
            raise ValueError("an unknown kind of value")
        size = _SIZES[entry.kind] * entry.count
        if size <= _INLINE:
            return entry.field[:size]
        place = self.number(entry.field)
        if place + size > len(self.data):
            raise ValueError("a value past the end")
        return self.data[place : place + size]

    def numbers(self, entry: Entry) -> tuple[int, ...]:
        """An entry's values. Raises ValueError where they are not whole numbers without sign."""
        if entry.kind not in _CODES:
            raise ValueError("not whole numbers")
        return struct.unpack(f"{self.order}{entry.count}{_CODES[entry.kind]}", self.value(entry))

    def number(self, field: bytes) -> int:
        """A field as the place that it may be."""
        (place,) = struct.unpack(self.order + "I", field)
        return int(place)


def read_tiff(data: bytes) -> TiffBytes:
    """The bytes with their order. Raises ValueError where they do not begin as a TIFF."""
    if len(data) >= HEADER and data.startswith(b"II*\0"):
        return TiffBytes(data, "<")
    if len(data) >= HEADER and data.startswith(b"MM\0*"):
        return TiffBytes(data, ">")
    raise ValueError("no TIFF header")


def append_value(out: io.BytesIO, order: Order, tag: int, kind: int, value: bytes) -> Entry:
    """An entry for a value, which goes to the end of `out` where it does not fit the entry."""
    count = len(value) // _SIZES[kind]
    if len(value) <= _INLINE:
        return Entry(tag, kind, count, value.ljust(_INLINE, b"\0"))
    place = align(out)
    out.write(value)
    return Entry(tag, kind, count, struct.pack(order + "I", place))


def append_numbers(
    out: io.BytesIO, order: Order, tag: int, kind: int, numbers: Sequence[int]
) -> Entry:
    """The same for whole numbers, each BYTE, SHORT or LONG."""
    packed = struct.pack(f"{order}{len(numbers)}{_CODES[kind]}", *numbers)
    return append_value(out, order, tag, kind, packed)


def append_directory(out: io.BytesIO, order: Order, entries: Iterable[Entry]) -> int:
    """Put a directory at the end of `out`, the last of its chain; the place where it begins."""
    place = align(out)
    rows = sorted(entries, key=lambda entry: entry.tag)
    out.write(struct.pack(order + "H", len(rows)))
    for entry in rows:
        out.write(struct.pack(order + "HHI", entry.tag, entry.kind, entry.count) + entry.field)
    out.write(bytes(4))
    return place


def begin_with(out: io.BytesIO, order: Order, place: int) -> None:
    """Make the header point to the directory at `place`."""
    out.seek(4)
    out.write(struct.pack(order + "I", place))


def align(out: io.BytesIO) -> int:
    """The place at the end, made even as values and directories need it: TIFF 6.0, page 13."""
    place = out.seek(0, io.SEEK_END)
    out.write(bytes(place % 2))
    return place + place % 2
