"""The directories of a TIFF structure, read and changed where they lie. Source: TIFF 6.0 section 2.

An existing directory is overwritten in place or left behind for a copy at the end, so whatever is
not concerned keeps its bytes and its place.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

SHORT, LONG = 3, 4  # kinds of value
_SIZES = {1: 1, 2: 1, 3: 2, 4: 4, 5: 8, 6: 1, 7: 1, 8: 2, 9: 4, 10: 8, 11: 4, 12: 8, 13: 4}
_HEADER = 8  # bytes: byte order, 42, offset of the first directory
_ROW = 12  # bytes: tag, kind, count, and the value or, from five bytes on, its offset
_MOST_ENTRIES = 4000  # far more than any camera writes; keeps hostile directories cheap

Span = tuple[int, int]  # where bytes begin and end


@dataclass(frozen=True, slots=True)
class Entry:
    """One tag's row, twelve bytes that begin at `at`."""

    at: int
    tag: int
    kind: int
    count: int


@dataclass(frozen=True, slots=True)
class Directory:
    """Rows, and at `next_at` the offset of the next directory, if the block is that long."""

    at: int
    entries: tuple[Entry, ...]
    next_at: int

    def find(self, tag: int) -> list[Entry]:
        """All, for readers differ in which of several they take."""
        return [entry for entry in self.entries if entry.tag == tag]


@dataclass(slots=True, eq=False)
class Block:
    """A copy of a TIFF structure, to be read and changed.

    Attributes:
        data: The bytes.
        order: Of the bytes of a number.
        first: The first directory, as it was when the block was opened.
    """

    data: bytearray
    order: Literal["little", "big"]
    first: Directory

    def number(self, at: int, size: int = 4) -> int:
        """The one that begins at `at`."""
        return int.from_bytes(self.data[at : at + size], self.order)

    def put(self, at: int, value: int) -> None:
        """Overwrite an offset."""
        self.data[at : at + 4] = value.to_bytes(4, self.order)

    def append(self, content: bytes) -> int:
        """Where the content begins: at an even offset, as TIFF wants."""
        self.data += bytes(len(self.data) % 2)
        self.data += content
        return len(self.data) - len(content)

    def directory(self, at: int) -> Directory | None:
        """None where it is not wholly in the block."""
        if not _HEADER <= at <= len(self.data) - 2:
            return None
        count = self.number(at, 2)
        end = at + 2 + _ROW * count
        if count > _MOST_ENTRIES or end > len(self.data):
            return None
        entries = (
            Entry(row, self.number(row, 2), self.number(row + 2, 2), self.number(row + 4))
            for row in range(at + 2, end, _ROW)
        )
        return Directory(at, tuple(entries), end)

    def second(self) -> Directory | None:
        """The one after the first."""
        return self.directory(self._next(self.first))

    def pointed(self, entry: Entry) -> Directory | None:
        """What the entry's value is the offset of."""
        return self.directory(self.number(entry.at + 8))

    def value(self, entry: Entry) -> Span:
        """Where its bytes are; none of a kind that TIFF does not know."""
        size = _SIZES.get(entry.kind, 0) * entry.count
        start = entry.at + 8 if size <= 4 else self.number(entry.at + 8)
        return start, start + size

    def numbers(self, entry: Entry) -> list[int]:
        """The value as whole numbers; none where it is not that, or reaches out of the block."""
        start, end = self.value(entry)
        many = entry.count > _MOST_ENTRIES
        if entry.kind not in (SHORT, LONG) or many or end > len(self.data):
            return []
        size = _SIZES[entry.kind]
        return [self.number(at, size) for at in range(start, end, size)]

    def spans(self, directory: Directory) -> list[Span]:
        """Its rows and their values, as far as they are in the block."""
        values = [self.value(entry) for entry in directory.entries]
        return self.clipped([(directory.at, directory.next_at), *values])

    def clipped(self, spans: Iterable[Span]) -> list[Span]:
        """What of them is in the block."""
        end = len(self.data)
        return [(a, min(b, end)) for a, b in spans if a < min(b, end)]

    def erase(self, spans: Sequence[Span], *, beside: Sequence[Directory]) -> bool:
        """Fill with zeros; False, and nothing done, where that would hit one of these directories.

        The header and the pointer to the second directory are spared too.
        """
        kept = [(0, _HEADER), (self.first.next_at, self.first.next_at + 4)]
        kept += [span for directory in beside for span in self.spans(directory)]
        if _size(spans) + _size(kept) != _size([*spans, *kept]):
            return False
        for start, end in _merged(spans):
            self.data[start:end] = bytes(end - start)
        return True

    def row(self, tag: int, kind: int, values: Sequence[int]) -> bytes:
        """An entry; a value that it cannot hold is appended."""
        raw = b"".join(value.to_bytes(_SIZES[kind], self.order) for value in values)
        held = raw.ljust(4, b"\0") if len(raw) <= 4 else self._bytes(self.append(raw), 4)
        return self._bytes(tag, 2) + self._bytes(kind, 2) + self._bytes(len(values), 4) + held

    def patch(self, directory: Directory, tag: int, kind: int, values: Sequence[int]) -> None:
        """Overwrite the entries of this tag."""
        row = self.row(tag, kind, values)
        for entry in directory.find(tag):
            self.data[entry.at : entry.at + _ROW] = row

    def add(self, tag: int, kind: int, values: Sequence[int]) -> None:
        """Put a copy of the first directory that has one more entry in its place."""
        before = sum(entry.tag < tag for entry in self.first.entries)  # they are sorted
        rows = self._rows(self.first.entries)
        rows.insert(before, self.row(tag, kind, values))
        self.put(4, self.append_directory(rows, self._next(self.first)))

    def append_directory(self, rows: Sequence[bytes], following: int) -> int:
        """Where it begins; `following` is the offset of the next."""
        return self.append(self._table(rows, following))

    def remove(self, directory: Directory, tag: int) -> None:
        """Close the gap that entries of this tag leave, so that no trace of them stays."""
        rows = self._rows([entry for entry in directory.entries if entry.tag != tag])
        if len(rows) < len(directory.entries):
            table = self._table(rows, self._next(directory))
            size = directory.next_at - directory.at
            self.data[directory.at : directory.next_at] = table.ljust(size, b"\0")

    def _rows(self, entries: Iterable[Entry]) -> list[bytes]:
        return [bytes(self.data[entry.at : entry.at + _ROW]) for entry in entries]

    def _next(self, directory: Directory) -> int:
        """0 also where the block ends before it."""
        whole = directory.next_at + 4 <= len(self.data)
        return self.number(directory.next_at) if whole else 0

    def _table(self, rows: Sequence[bytes], following: int) -> bytes:
        return self._bytes(len(rows), 2) + b"".join(rows) + self._bytes(following, 4)

    def _bytes(self, value: int, size: int) -> bytes:
        return value.to_bytes(size, self.order)


def open_block(content: bytes) -> Block | None:
    """None where header or first directory are not whole."""
    if len(content) < _HEADER or content[:4] not in (b"II*\0", b"MM\0*"):
        return None
    block = Block(
        bytearray(content), "little" if content[:1] == b"I" else "big", Directory(0, (), 0)
    )
    first = block.directory(block.number(4))
    if first is None:
        return None
    block.first = first
    return block


def overlap(directories: Sequence[Directory]) -> bool:
    """Whether two of them share rows."""
    tables = [(d.at, d.next_at) for d in directories]
    return _size(tables) != sum(end - start for start, end in tables)


def _merged(spans: Iterable[Span]) -> list[Span]:
    merged: list[Span] = []
    for start, end in sorted(spans):
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return merged


def _size(spans: Iterable[Span]) -> int:
    """Of what they cover together."""
    return sum(end - start for start, end in _merged(spans))
