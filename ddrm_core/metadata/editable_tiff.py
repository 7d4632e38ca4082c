"""The directories of a TIFF structure, read and changed where they lie. Source: TIFF 6.0 section 2.

An existing directory is overwritten in place or left behind for a copy at the end, so whatever is
not concerned keeps its bytes and its place.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

SHORT, LONG = 3, 4  # kinds of value
# TIFF 6.0, page 15 (13, a directory's place: Adobe's supplement 1), bytes each.
FIELD_TYPE_BYTES = dict(enumerate((1, 1, 2, 4, 8, 1, 1, 2, 4, 8, 4, 8, 4), start=1))
HEADER_BYTES = 8  # byte order, 42, offset of the first directory; no offset points below it
_ENTRY_BYTES = 12  # bytes: tag, kind, count, and the value or, from five bytes on, its offset
_MAX_ENTRIES = 4000  # far more than any camera writes; keeps hostile directories cheap

ByteRange = tuple[int, int]  # where bytes begin and end


@dataclass(frozen=True, slots=True)
class EditableEntry:
    """One tag's row, twelve bytes that begin at `offset`."""

    offset: int
    tag: int
    field_type: int
    count: int


@dataclass(frozen=True, slots=True)
class EditableDirectory:
    """Return entries, and at `next_pointer_offset` the next directory, if the block is so long."""

    offset: int
    entries: tuple[EditableEntry, ...]
    next_pointer_offset: int

    def find_entries(self, tag: int) -> list[EditableEntry]:
        """All, for readers differ in which of several they take."""
        return [entry for entry in self.entries if entry.tag == tag]


@dataclass(slots=True, eq=False)
class EditableTiff:
    """A copy of a TIFF structure, to be read and changed.

    Attributes:
        data: The bytes.
        byte_order: Of the bytes of a number.
        first_directory: The first directory, as it was when the block was opened.
    """

    data: bytearray
    byte_order: Literal["little", "big"]
    first_directory: EditableDirectory

    def read_integer(self, offset: int, size: int = 4) -> int:
        """The one that begins at `offset`."""
        return int.from_bytes(self.data[offset : offset + size], self.byte_order)

    def write_offset(self, position: int, offset: int) -> None:
        """Overwrite an offset."""
        self.data[position : position + 4] = offset.to_bytes(4, self.byte_order)

    def append(self, content: bytes) -> int:
        """Where the content begins: at an even offset, as TIFF wants."""
        self.data += bytes(len(self.data) % 2)
        self.data += content
        return len(self.data) - len(content)

    def read_directory(self, offset: int) -> EditableDirectory | None:
        """None where it is not wholly in the block."""
        if not HEADER_BYTES <= offset <= len(self.data) - 2:
            return None
        count = self.read_integer(offset, 2)
        end = offset + 2 + _ENTRY_BYTES * count
        if count > _MAX_ENTRIES or end > len(self.data):
            return None
        entries = (
            EditableEntry(
                entry_offset,
                self.read_integer(entry_offset, 2),
                self.read_integer(entry_offset + 2, 2),
                self.read_integer(entry_offset + 4),
            )
            for entry_offset in range(offset + 2, end, _ENTRY_BYTES)
        )
        return EditableDirectory(offset, tuple(entries), end)

    def read_second_directory(self) -> EditableDirectory | None:
        """The one after the first."""
        return self.read_directory(self._read_next_offset(self.first_directory))

    def read_sub_directory(self, entry: EditableEntry) -> EditableDirectory | None:
        """What the entry's value is the offset of."""
        return self.read_directory(self.read_integer(entry.offset + 8))

    def value_range(self, entry: EditableEntry) -> ByteRange:
        """Where its bytes are; none of a kind that TIFF does not know."""
        size = FIELD_TYPE_BYTES.get(entry.field_type, 0) * entry.count
        start = entry.offset + 8 if size <= 4 else self.read_integer(entry.offset + 8)
        return start, start + size

    def read_integers(self, entry: EditableEntry) -> list[int]:
        """The value as whole numbers; none where it is not that, or reaches out of the block."""
        start, end = self.value_range(entry)
        has_too_many = entry.count > _MAX_ENTRIES
        if entry.field_type not in (SHORT, LONG) or has_too_many or end > len(self.data):
            return []
        size = FIELD_TYPE_BYTES[entry.field_type]
        return [self.read_integer(offset, size) for offset in range(start, end, size)]

    def byte_ranges(self, directory: EditableDirectory) -> list[ByteRange]:
        """Its rows and their values, as far as they are in the block."""
        value_ranges = [self.value_range(entry) for entry in directory.entries]
        return self.clip_ranges([(directory.offset, directory.next_pointer_offset), *value_ranges])

    def clip_ranges(self, ranges: Iterable[ByteRange]) -> list[ByteRange]:
        """What of them is in the block."""
        end = len(self.data)
        return [
            (start, min(range_end, end))
            for start, range_end in ranges
            if start < min(range_end, end)
        ]

    def erase_ranges(
        self, ranges: Sequence[ByteRange], *, protected_directories: Sequence[EditableDirectory]
    ) -> bool:
        """Fill with zeros; False, and nothing done, where that would hit one of these directories.

        The header and the pointer to the second directory are spared too.
        """
        protected_ranges = [
            (0, HEADER_BYTES),
            (
                self.first_directory.next_pointer_offset,
                self.first_directory.next_pointer_offset + 4,
            ),
        ]
        protected_ranges += [
            byte_range
            for directory in protected_directories
            for byte_range in self.byte_ranges(directory)
        ]
        if _count_covered_bytes(ranges) + _count_covered_bytes(
            protected_ranges
        ) != _count_covered_bytes([*ranges, *protected_ranges]):
            return False
        for start, end in _merge_ranges(ranges):
            self.data[start:end] = bytes(end - start)
        return True

    def encode_entry(self, tag: int, field_type: int, values: Sequence[int]) -> bytes:
        """An entry; a value that it cannot hold is appended."""
        raw = b"".join(
            value.to_bytes(FIELD_TYPE_BYTES[field_type], self.byte_order) for value in values
        )
        value_or_offset = (
            raw.ljust(4, b"\0") if len(raw) <= 4 else self._encode_integer(self.append(raw), 4)
        )
        return (
            self._encode_integer(tag, 2)
            + self._encode_integer(field_type, 2)
            + self._encode_integer(len(values), 4)
            + value_or_offset
        )

    def overwrite_entries(
        self, directory: EditableDirectory, tag: int, field_type: int, values: Sequence[int]
    ) -> None:
        """Overwrite the entries of this tag."""
        encoded_entry = self.encode_entry(tag, field_type, values)
        for entry in directory.find_entries(tag):
            self.data[entry.offset : entry.offset + _ENTRY_BYTES] = encoded_entry

    def add_entry(self, tag: int, field_type: int, values: Sequence[int]) -> None:
        """Put a copy of the first directory that has one more entry in its place."""
        position = sum(entry.tag < tag for entry in self.first_directory.entries)  # they are sorted
        encoded_entries = self._copy_entries(self.first_directory.entries)
        encoded_entries.insert(position, self.encode_entry(tag, field_type, values))
        self.write_offset(
            4, self.append_directory(encoded_entries, self._read_next_offset(self.first_directory))
        )

    def append_directory(self, encoded_entries: Sequence[bytes], next_offset: int) -> int:
        """Where it begins; `next_offset` is the offset of the next."""
        return self.append(self._encode_directory(encoded_entries, next_offset))

    def remove_entries(self, directory: EditableDirectory, tag: int) -> None:
        """Close the gap that entries of this tag leave, so that no trace of them stays."""
        encoded_entries = self._copy_entries(
            [entry for entry in directory.entries if entry.tag != tag]
        )
        if len(encoded_entries) < len(directory.entries):
            table = self._encode_directory(encoded_entries, self._read_next_offset(directory))
            size = directory.next_pointer_offset - directory.offset
            self.data[directory.offset : directory.next_pointer_offset] = table.ljust(size, b"\0")

    def _copy_entries(self, entries: Iterable[EditableEntry]) -> list[bytes]:
        return [bytes(self.data[entry.offset : entry.offset + _ENTRY_BYTES]) for entry in entries]

    def _read_next_offset(self, directory: EditableDirectory) -> int:
        """0 also where the block ends before it."""
        is_complete = directory.next_pointer_offset + 4 <= len(self.data)
        return self.read_integer(directory.next_pointer_offset) if is_complete else 0

    def _encode_directory(self, encoded_entries: Sequence[bytes], next_offset: int) -> bytes:
        return (
            self._encode_integer(len(encoded_entries), 2)
            + b"".join(encoded_entries)
            + self._encode_integer(next_offset, 4)
        )

    def _encode_integer(self, value: int, size: int) -> bytes:
        return value.to_bytes(size, self.byte_order)


def open_editable_tiff(content: bytes) -> EditableTiff | None:
    """None where header or first directory are not whole."""
    if len(content) < HEADER_BYTES or content[:4] not in (b"II*\0", b"MM\0*"):
        return None
    tiff = EditableTiff(
        bytearray(content), "little" if content[:1] == b"I" else "big", EditableDirectory(0, (), 0)
    )
    first_directory = tiff.read_directory(tiff.read_integer(4))
    if first_directory is None:
        return None
    tiff.first_directory = first_directory
    return tiff


def directories_overlap(directories: Sequence[EditableDirectory]) -> bool:
    """Whether two of them share rows."""
    tables = [(d.offset, d.next_pointer_offset) for d in directories]
    return _count_covered_bytes(tables) != sum(end - start for start, end in tables)


def _merge_ranges(ranges: Iterable[ByteRange]) -> list[ByteRange]:
    merged: list[ByteRange] = []
    for start, end in sorted(ranges):
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return merged


def _count_covered_bytes(ranges: Iterable[ByteRange]) -> int:
    """Of what they cover together."""
    return sum(end - start for start, end in _merge_ranges(ranges))
