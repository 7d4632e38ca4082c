"""Reading and in-place editing of TIFF directories. Source: TIFF 6.0 section 2.

An edit overwrites a directory in place, or appends a copy and abandons the original. All other
bytes keep their values and offsets.
"""

from __future__ import annotations

import struct
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from ddrm_core.metadata.tiff_reader import (
    ENTRY_BYTES,
    FIELD_TYPE_BYTES,
    HEADER_BYTES,
    LONG,
    MAX_INLINE_BYTES,
    SHORT,
    TiffDirectory,
    TiffEntry,
    TiffReader,
    open_tiff,
)

_MAX_ENTRIES = 4000  # far more than any camera writes; limits the cost of hostile directories
_STRUCT_CODE_BY_SIZE = {1: "B", 2: "H", 4: "I"}

ByteRange = tuple[int, int]  # start and end offsets


@dataclass(frozen=True, slots=True, eq=False)
class EditableTiff(TiffReader[bytearray]):
    """An editable copy of a TIFF structure, called the block, such as an EXIF block.

    Attributes:
        first_directory: First directory as it was when the block was opened.
    """

    first_directory: TiffDirectory

    def write_offset(self, position: int, offset: int) -> None:
        """Overwrite the four bytes at `position` with an offset."""
        struct.pack_into(f"{self.byte_order}I", self.data, position, offset)

    def append(self, content: bytes) -> int:
        """Append content to the block; return its offset, which is even as TIFF demands."""
        self.data.extend(bytes(len(self.data) % 2))
        self.data.extend(content)
        return len(self.data) - len(content)

    def find_directory(self, offset: int) -> TiffDirectory | None:
        """Return the directory at `offset`, or None if it is not entirely in the block."""
        try:
            directory = self.read_directory(offset)
        except (ValueError, struct.error):
            return None
        return directory if len(directory.all_entries) <= _MAX_ENTRIES else None

    def find_second_directory(self) -> TiffDirectory | None:
        """Return the directory after the first one, or None without one."""
        return self.find_directory(self.first_directory.next_offset)

    def find_sub_directory(self, entry: TiffEntry) -> TiffDirectory | None:
        """Return the directory to which an entry points, or None if it is not in the block."""
        return self.find_directory(self.unpack_offset(entry.value_or_offset))

    def value_range(self, entry: TiffEntry) -> ByteRange:
        """Return the byte range of an entry's value, empty for an unknown field type."""
        is_inline = entry.value_bytes <= MAX_INLINE_BYTES
        start = entry.offset + 8 if is_inline else self.unpack_offset(entry.value_or_offset)
        return start, start + entry.value_bytes

    def find_integers(self, entry: TiffEntry) -> list[int]:
        """Return the value of an entry as integers.

        The list is empty if the field type is no integer type or the value is not in the block.
        """
        if entry.field_type not in (SHORT, LONG) or entry.count > _MAX_ENTRIES:
            return []
        try:
            return list(self.read_integers(entry))
        except ValueError:
            return []

    def byte_ranges(self, directory: TiffDirectory) -> list[ByteRange]:
        """Return the byte ranges of a directory and its entries' values, clipped to the block."""
        value_ranges = [self.value_range(entry) for entry in directory.all_entries]
        return self.clip_ranges([(directory.offset, directory.next_pointer_offset), *value_ranges])

    def clip_ranges(self, ranges: Iterable[ByteRange]) -> list[ByteRange]:
        """Clip byte ranges to the block and drop empty ones."""
        end = len(self.data)
        return [
            (start, min(range_end, end))
            for start, range_end in ranges
            if start < min(range_end, end)
        ]

    def erase_ranges(
        self, ranges: Sequence[ByteRange], *, protected_directories: Sequence[TiffDirectory]
    ) -> bool:
        """Fill byte ranges with zeros, and return True; change nothing and return False if unsafe.

        A range is unsafe if it overlaps one of the protected directories with their values, the
        header or the pointer to the second directory.
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
        """Return the twelve bytes of an entry; append its value to the block if over four bytes."""
        code = _STRUCT_CODE_BY_SIZE[FIELD_TYPE_BYTES[field_type]]
        raw = struct.pack(f"{self.byte_order}{len(values)}{code}", *values)
        if len(raw) > MAX_INLINE_BYTES:
            raw = struct.pack(f"{self.byte_order}I", self.append(raw))
        return struct.pack(f"{self.byte_order}HHI4s", tag, field_type, len(values), raw)

    def overwrite_entries(
        self, directory: TiffDirectory, tag: int, field_type: int, values: Sequence[int]
    ) -> None:
        """Overwrite all entries of a tag in a directory by entries with the given values."""
        encoded_entry = self.encode_entry(tag, field_type, values)
        for entry in directory.find_entries(tag):
            self.data[entry.offset : entry.offset + ENTRY_BYTES] = encoded_entry

    def add_entry(self, tag: int, field_type: int, values: Sequence[int]) -> None:
        """Add an entry to the first directory.

        The header then points to an appended copy of the directory; `first_directory` stays.
        """
        old_entries = self.first_directory.all_entries
        position = sum(entry.tag < tag for entry in old_entries)  # entries are sorted by tag
        encoded_entries = self._copy_entries(old_entries)
        encoded_entries.insert(position, self.encode_entry(tag, field_type, values))
        next_offset = self.first_directory.next_offset
        self.write_offset(4, self.append_directory(encoded_entries, next_offset))

    def append_directory(self, encoded_entries: Sequence[bytes], next_offset: int) -> int:
        """Append a directory of encoded entries to the block, and return its offset.

        `next_offset` is the offset of the directory that follows, or 0.
        """
        return self.append(self._encode_directory(encoded_entries, next_offset))

    def remove_entries(self, directory: TiffDirectory, tag: int) -> None:
        """Remove all entries of a tag from a directory; the freed bytes at its end become zero."""
        kept_entries = [entry for entry in directory.all_entries if entry.tag != tag]
        if len(kept_entries) < len(directory.all_entries):
            encoded_entries = self._copy_entries(kept_entries)
            table = self._encode_directory(encoded_entries, directory.next_offset)
            size = directory.next_pointer_offset - directory.offset
            self.data[directory.offset : directory.next_pointer_offset] = table.ljust(size, b"\0")

    def _copy_entries(self, entries: Iterable[TiffEntry]) -> list[bytes]:
        return [bytes(self.data[entry.offset : entry.offset + ENTRY_BYTES]) for entry in entries]

    def _encode_directory(self, encoded_entries: Sequence[bytes], next_offset: int) -> bytes:
        count = struct.pack(f"{self.byte_order}H", len(encoded_entries))
        return count + b"".join(encoded_entries) + struct.pack(f"{self.byte_order}I", next_offset)


def open_editable_tiff(content: bytes) -> EditableTiff | None:
    """Copy a TIFF structure for editing; return None if header or first directory is incomplete."""
    try:
        reader = open_tiff(content)
        first_directory = reader.read_first_directory()
    except (ValueError, struct.error):
        return None
    if len(first_directory.all_entries) > _MAX_ENTRIES:
        return None
    return EditableTiff(bytearray(content), reader.byte_order, first_directory)


def directories_overlap(directories: Sequence[TiffDirectory]) -> bool:
    """Return whether any two directories share bytes, without the values of their entries."""
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
    """Return the number of bytes in the union of byte ranges."""
    return sum(end - start for start, end in _merge_ranges(ranges))
