"""Reading of image file directories. Source: TIFF 6.0, section 2."""

from __future__ import annotations

import struct
from dataclasses import dataclass, field
from typing import Generic, Literal

from typing_extensions import TypeVar

ByteOrder = Literal["<", ">"]
"""Byte order in the notation of `struct` and numpy."""
BYTE, SHORT, LONG = 1, 3, 4
# Bytes per value: TIFF 6.0, page 15; type 13 (offset of a directory): Adobe's supplement 1.
FIELD_TYPE_BYTES = dict(enumerate((1, 1, 2, 4, 8, 1, 1, 2, 4, 8, 4, 8, 4), start=1))
STRUCT_CODES = {BYTE: "B", SHORT: "H", LONG: "I", 13: "I"}
HEADER_BYTES = 8  # byte order, 42, offset of the first directory; no valid offset is smaller
ENTRY_BYTES = 12  # tag, field type, count, and the value or its offset
MAX_INLINE_BYTES = 4  # values of up to four bytes are stored in the entry itself

DataT = TypeVar("DataT", bytes, bytearray, default=bytes)


@dataclass(frozen=True, slots=True)
class TiffEntry:
    """An entry of a TIFF directory.

    Entries with equal contents are equal at any offset, also in two files.

    Attributes:
        tag: Tag, e.g. `TiffTag.WIDTH`.
        field_type: Type of the values, 1 to 13.
        count: Number of values.
        value_or_offset: Value, left-justified in four bytes, or the value's offset in the file.
        offset: Offset of the entry's twelve bytes; 0 for an entry that is not yet written.
    """

    tag: int
    field_type: int
    count: int
    value_or_offset: bytes
    offset: int = field(default=0, compare=False)

    @property
    def value_bytes(self) -> int:
        """Size of all values in bytes; 0 for an unknown type."""
        return FIELD_TYPE_BYTES.get(self.field_type, 0) * self.count


@dataclass(frozen=True, slots=True)
class TiffDirectory:
    """A TIFF image file directory (IFD).

    Attributes:
        offset: Offset of the directory.
        all_entries: Entries in the order of the file.
        entries: Entries by tag; the first one if a tag is repeated.
        next_offset: Offset of the next directory, or 0.
    """

    offset: int
    all_entries: tuple[TiffEntry, ...]
    entries: dict[int, TiffEntry]
    next_offset: int

    @property
    def next_pointer_offset(self) -> int:
        """Offset of the pointer to the next directory, which may be past the end."""
        return self.offset + 2 + ENTRY_BYTES * len(self.all_entries)

    def find_entries(self, tag: int) -> list[TiffEntry]:
        """Return all entries of a tag; programs differ in which of several entries they use."""
        return [entry for entry in self.all_entries if entry.tag == tag]


@dataclass(frozen=True, slots=True)
class TiffReader(Generic[DataT]):
    """Reader of a TIFF file, or of an EXIF block, which is a TIFF file without an image.

    Attributes:
        data: All bytes from the header on.
        byte_order: Byte order of numbers.
    """

    data: DataT
    byte_order: ByteOrder

    def read_first_directory(self) -> TiffDirectory:
        """Read the directory to which the header points.

        Raise the errors of `read_directory`.
        """
        return self.read_directory(*self.unpack_at("I", 4))

    def unpack_at(self, format_code: str, offset: int) -> tuple[int, ...]:
        """Return integers at an offset, unpacked by `struct` with a format such as "HI".

        Raise struct.error if the integers reach past the end.
        """
        return struct.unpack_from(self.byte_order + format_code, self.data, offset)

    def read_directory(self, offset: int) -> TiffDirectory:
        """Read the directory at an offset.

        Raises:
            ValueError, struct.error: If the directory reaches past the end or begins inside the
                header.
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
        # EXIF blocks of some cameras end before the offset of the next directory.
        next_offset = self.unpack_at("I", end)[0] if end + 4 <= len(self.data) else 0
        first_by_tag: dict[int, TiffEntry] = {}
        for entry in all_entries:
            first_by_tag.setdefault(entry.tag, entry)
        return TiffDirectory(offset, all_entries, first_by_tag, next_offset)

    def read_value(self, entry: TiffEntry) -> bytes:
        """Return the bytes of an entry's values.

        Raises:
            ValueError: If the type is unknown or the values reach past the end.
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
        """Return an entry's values. Raise ValueError if they are not unsigned integers."""
        if entry.field_type not in STRUCT_CODES:
            raise ValueError("not whole numbers")
        return struct.unpack(
            f"{self.byte_order}{entry.count}{STRUCT_CODES[entry.field_type]}",
            self.read_value(entry),
        )

    def unpack_offset(self, value_or_offset: bytes) -> int:
        """Convert the four bytes of an entry's value or offset to an offset."""
        (offset,) = struct.unpack(self.byte_order + "I", value_or_offset)
        return int(offset)


def open_tiff(data: bytes) -> TiffReader:
    """Create a reader for a file's bytes. Raise ValueError if the TIFF header is missing."""
    if len(data) >= HEADER_BYTES and data.startswith(b"II*\0"):
        return TiffReader(data, "<")
    if len(data) >= HEADER_BYTES and data.startswith(b"MM\0*"):
        return TiffReader(data, ">")
    raise ValueError("no TIFF header")
