"""Image file directories, read. Source: TIFF 6.0, section 2."""

from __future__ import annotations

import struct
from dataclasses import dataclass, field
from typing import Generic, Literal

from typing_extensions import TypeVar

ByteOrder = Literal["<", ">"]
"""Of a number's bytes, as `struct` and numpy write it."""
BYTE, SHORT, LONG = 1, 3, 4
# TIFF 6.0, page 15 (13, a directory's place: Adobe's supplement 1), bytes each.
FIELD_TYPE_BYTES = dict(enumerate((1, 1, 2, 4, 8, 1, 1, 2, 4, 8, 4, 8, 4), start=1))
STRUCT_CODES = {BYTE: "B", SHORT: "H", LONG: "I", 13: "I"}
HEADER_BYTES = 8  # byte order, 42, offset of the first directory; no offset points below it
ENTRY_BYTES = 12  # tag, field type, count, and the value or its offset
MAX_INLINE_BYTES = 4  # values of up to four bytes stand in the entry itself

DataT = TypeVar("DataT", bytes, bytearray, default=bytes)


@dataclass(frozen=True, slots=True)
class TiffEntry:
    """One line of a directory. Entries of two files that say the same are equal.

    Attributes:
        tag: What it is about.
        field_type: Of its values, 1 to 13.
        count: Of values.
        value_or_offset: The value left-justified in four bytes, or the place where it is.
        offset: Place of the entry's twelve bytes, 0 for an entry that is to be written.
    """

    tag: int
    field_type: int
    count: int
    value_or_offset: bytes
    offset: int = field(default=0, compare=False)

    @property
    def value_bytes(self) -> int:
        """Size of the values; 0 for a type that TIFF does not know."""
        return FIELD_TYPE_BYTES.get(self.field_type, 0) * self.count


@dataclass(frozen=True, slots=True)
class TiffDirectory:
    """One directory.

    Attributes:
        offset: Place of the directory.
        all_entries: Entries in their order.
        entries: By tag; of several alike the first counts.
        next_offset: Where the next directory is, or 0.
    """

    offset: int
    all_entries: tuple[TiffEntry, ...]
    entries: dict[int, TiffEntry]
    next_offset: int

    @property
    def next_pointer_offset(self) -> int:
        """Place of the pointer to the next directory, if the block is so long."""
        return self.offset + 2 + ENTRY_BYTES * len(self.all_entries)

    def find_entries(self, tag: int) -> list[TiffEntry]:
        """All, for readers differ in which of several they take."""
        return [entry for entry in self.all_entries if entry.tag == tag]


@dataclass(frozen=True, slots=True)
class TiffReader(Generic[DataT]):
    """A TIFF file, or an EXIF block, which is one without a picture.

    Attributes:
        data: From the header on.
        byte_order: Of its numbers' bytes.
    """

    data: DataT
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
        end = offset + 2 + ENTRY_BYTES * entry_count
        if end > len(self.data):
            raise ValueError("a directory past the end")
        rows = struct.iter_unpack(self.byte_order + "HHI4s", self.data[offset + 2 : end])
        all_entries = tuple(
            TiffEntry(tag, field_type, count, value, offset + 2 + ENTRY_BYTES * index)
            for index, (tag, field_type, count, value) in enumerate(rows)
        )
        # Some cameras' blocks end before the place of the next one.
        next_offset = self.unpack_at("I", end)[0] if end + 4 <= len(self.data) else 0
        first_by_tag: dict[int, TiffEntry] = {}
        for entry in all_entries:
            first_by_tag.setdefault(entry.tag, entry)
        return TiffDirectory(offset, all_entries, first_by_tag, next_offset)

    def read_value(self, entry: TiffEntry) -> bytes:
        """The bytes of an entry's values.

        Raises:
            ValueError: Of an unknown kind, or not wholly inside.
        """
        if entry.field_type not in FIELD_TYPE_BYTES:
            raise ValueError("an unknown kind of value")
        if entry.value_bytes <= MAX_INLINE_BYTES:
            return entry.value_or_offset[: entry.value_bytes]
        offset = self.unpack_offset(entry.value_or_offset)
        if offset + entry.value_bytes > len(self.data):
            raise ValueError("a value past the end")
        return bytes(self.data[offset : offset + entry.value_bytes])

    def read_integers(self, entry: TiffEntry) -> tuple[int, ...]:
        """An entry's values. Raises ValueError where they are not whole numbers without sign."""
        if entry.field_type not in STRUCT_CODES:
            raise ValueError("not whole numbers")
        return struct.unpack(
            f"{self.byte_order}{entry.count}{STRUCT_CODES[entry.field_type]}",
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
