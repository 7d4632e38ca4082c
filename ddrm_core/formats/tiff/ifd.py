"""Image file directories, read and written as bytes. Source: TIFF 6.0, section 2."""

from __future__ import annotations

import io
import struct
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import IntEnum
from typing import Literal

from ddrm_core.metadata.editable_tiff import FIELD_TYPE_BYTES, HEADER_BYTES, LONG, SHORT

ByteOrder = Literal["<", ">"]
"""Of a number's bytes, as `struct` and numpy write it."""
BYTE, ASCII, RATIONAL, UNDEFINED = 1, 2, 5, 7
_STRUCT_CODES = {BYTE: "B", SHORT: "H", LONG: "I", 13: "I"}
_MAX_INLINE_BYTES = 4  # values of up to four bytes stand in the entry itself


class TiffTag(IntEnum):
    """What entries are about: TIFF 6.0, appendix A, and the registered private ones."""

    WIDTH = 256
    HEIGHT = 257
    BITS_PER_SAMPLE = 258
    COMPRESSION = 259
    PHOTOMETRIC = 262
    DESCRIPTION = 270
    STRIP_OFFSETS = 273
    SAMPLES_PER_PIXEL = 277
    ROWS_PER_STRIP = 278
    STRIP_BYTE_COUNTS = 279
    X_RESOLUTION = 282
    Y_RESOLUTION = 283
    PLANAR_CONFIGURATION = 284
    RESOLUTION_UNIT = 296
    PREDICTOR = 317
    COLOR_MAP = 320
    TILE_WIDTH = 322
    TILE_HEIGHT = 323
    TILE_OFFSETS = 324
    TILE_BYTE_COUNTS = 325
    INK_SET = 332
    SAMPLE_FORMAT = 339
    JPEG_TABLES = 347
    XMP = 700
    PHOTOSHOP = 34377
    EXIF_IFD = 34665
    ICC_PROFILE = 34675
    GPS_IFD = 34853
    INTEROPERABILITY_IFD = 40965


@dataclass(frozen=True, slots=True)
class TiffEntry:
    """One line of a directory.

    Attributes:
        tag: What it is about.
        field_type: Of its values, 1 to 13.
        count: Of values.
        value_or_offset: The value left-justified in four bytes, or the place where it is.
    """

    tag: int
    field_type: int
    count: int
    value_or_offset: bytes


@dataclass(frozen=True, slots=True)
class TiffDirectory:
    """One directory.

    Attributes:
        entries: By tag; of several alike the first counts.
        next_offset: Where the next directory is, or 0.
    """

    entries: dict[int, TiffEntry]
    next_offset: int


@dataclass(frozen=True, slots=True)
class TiffReader:
    """A TIFF file, or an EXIF block, which is one without a picture.

    Attributes:
        data: From the header on.
        byte_order: Of its numbers' bytes.
    """

    data: bytes
    byte_order: ByteOrder

    def read_first_directory(self) -> TiffDirectory:
        """The directory that the header points to; see `read_directory`."""
        return self.read_directory(*self.unpack_at("I", 4))

    def unpack_at(self, format_code: str, offset: int) -> tuple[int, ...]:
        """Whole numbers at a place. Raises struct.error past the end."""
        return struct.unpack_from(self.byte_order + format_code, self.data, offset)

    def read_directory(self, offset: int) -> TiffDirectory:
        """The directory at a place.

        Raises:
            ValueError, struct.error: It is not wholly inside, or inside the header.
        """
        if offset < HEADER_BYTES:
            raise ValueError("a directory inside the header")
        (entry_count,) = self.unpack_at("H", offset)
        entries: dict[int, TiffEntry] = {}
        for entry_offset in range(offset + 2, offset + 2 + 12 * entry_count, 12):
            tag, field_type, value_count = self.unpack_at("HHI", entry_offset)
            value_or_offset = self.data[entry_offset + 8 : entry_offset + 12]
            if len(value_or_offset) < _MAX_INLINE_BYTES:
                raise ValueError("a directory past the end")
            entries.setdefault(tag, TiffEntry(tag, field_type, value_count, value_or_offset))
        end = offset + 2 + 12 * entry_count
        # Some cameras' blocks end before the place of the next one.
        next_offset = self.unpack_at("I", end)[0] if end + 4 <= len(self.data) else 0
        return TiffDirectory(entries, next_offset)

    def read_value(self, entry: TiffEntry) -> bytes:
        """The bytes of an entry's values.

        Raises:
            ValueError: Of an unknown kind, or not wholly inside.
        """
        if entry.field_type not in FIELD_TYPE_BYTES:
            raise ValueError("an unknown kind of value")
        size = FIELD_TYPE_BYTES[entry.field_type] * entry.count
        if size <= _MAX_INLINE_BYTES:
            return entry.value_or_offset[:size]
        offset = self.unpack_offset(entry.value_or_offset)
        if offset + size > len(self.data):
            raise ValueError("a value past the end")
        return self.data[offset : offset + size]

    def read_integers(self, entry: TiffEntry) -> tuple[int, ...]:
        """An entry's values. Raises ValueError where they are not whole numbers without sign."""
        if entry.field_type not in _STRUCT_CODES:
            raise ValueError("not whole numbers")
        return struct.unpack(
            f"{self.byte_order}{entry.count}{_STRUCT_CODES[entry.field_type]}",
            self.read_value(entry),
        )

    def unpack_offset(self, value_or_offset: bytes) -> int:
        """A field as the place that it may be."""
        (offset,) = struct.unpack(self.byte_order + "I", value_or_offset)
        return int(offset)


def open_tiff(data: bytes) -> TiffReader:
    """The bytes with their order. Raises ValueError where they do not begin as a TIFF."""
    if len(data) >= HEADER_BYTES and data.startswith(b"II*\0"):
        return TiffReader(data, "<")
    if len(data) >= HEADER_BYTES and data.startswith(b"MM\0*"):
        return TiffReader(data, ">")
    raise ValueError("no TIFF header")


def append_entry_value(
    out: io.BytesIO, byte_order: ByteOrder, tag: int, field_type: int, value: bytes
) -> TiffEntry:
    """An entry for a value, which goes to the end of `out` where it does not fit the entry."""
    count = len(value) // FIELD_TYPE_BYTES[field_type]
    if len(value) <= _MAX_INLINE_BYTES:
        return TiffEntry(tag, field_type, count, value.ljust(_MAX_INLINE_BYTES, b"\0"))
    offset = pad_to_even_offset(out)
    out.write(value)
    return TiffEntry(tag, field_type, count, struct.pack(byte_order + "I", offset))


def append_integers(
    out: io.BytesIO, byte_order: ByteOrder, tag: int, field_type: int, integers: Sequence[int]
) -> TiffEntry:
    """The same for whole numbers, each BYTE, SHORT or LONG."""
    packed = struct.pack(f"{byte_order}{len(integers)}{_STRUCT_CODES[field_type]}", *integers)
    return append_entry_value(out, byte_order, tag, field_type, packed)


def append_tiff_directory(
    out: io.BytesIO, byte_order: ByteOrder, entries: Iterable[TiffEntry]
) -> int:
    """Put a directory at the end of `out`, the last of its chain; the place where it begins."""
    offset = pad_to_even_offset(out)
    sorted_entries = sorted(entries, key=lambda entry: entry.tag)
    out.write(struct.pack(byte_order + "H", len(sorted_entries)))
    for entry in sorted_entries:
        out.write(
            struct.pack(byte_order + "HHI", entry.tag, entry.field_type, entry.count)
            + entry.value_or_offset
        )
    out.write(bytes(4))
    return offset


def set_first_directory(out: io.BytesIO, byte_order: ByteOrder, offset: int) -> None:
    """Make the header point to the directory at `offset`."""
    out.seek(4)
    out.write(struct.pack(byte_order + "I", offset))


def pad_to_even_offset(out: io.BytesIO) -> int:
    """The place at the end, made even as values and directories need it: TIFF 6.0, page 13."""
    offset = out.seek(0, io.SEEK_END)
    out.write(bytes(offset % 2))
    return offset + offset % 2
