"""Samsung's trailer: named entries and their directory at the end of a JPEG.

The format is not published. Its structure (SEFH, SEFT) is known from exiftool's documentation.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass
from itertools import pairwise

from ddrm_core.attachments.model import MAX_ATTACHMENTS, ByteRange

_DIRECTORY_MARK, _END_MARK = b"SEFH", b"SEFT"
_END_BYTES = 8  # length of the directory and the end mark
_HEADER_BYTES = 12  # mark, version, number of entries
_ENTRY_BYTES = 12  # zero, type, distance from the directory back to the entry, size
_ENTRY_HEADER_BYTES = 8  # zero, type, length of the name
_MAX_NAME_BYTES = 64


@dataclass(frozen=True, slots=True)
class SamsungTrailer:
    """A complete trailer.

    Attributes:
        range: Bytes of the trailer in the file.
        entry_names: Names of the entries in the order of the directory.
    """

    range: ByteRange
    entry_names: tuple[str, ...]


def find_samsung_trailer(data: bytes, trailing_start: int) -> SamsungTrailer | None:
    """Return the trailer at the end of a file; None without a complete one.

    A trailer is complete if its directory and all its entries lie between `trailing_start` and the
    end of the file, entries do not overlap, and each entry begins with the type that the directory
    states.
    """
    end = len(data) - _END_BYTES
    if end < trailing_start or not data.endswith(_END_MARK):
        return None
    (directory_bytes,) = struct.unpack_from("<I", data, end)
    start = end - directory_bytes
    if directory_bytes < _HEADER_BYTES or start < trailing_start:
        return None
    mark, _, count = struct.unpack_from("<4sII", data, start)
    if (
        mark != _DIRECTORY_MARK
        or not 1 <= count <= MAX_ATTACHMENTS
        or _HEADER_BYTES + count * _ENTRY_BYTES > directory_bytes
    ):
        return None
    ranges, names = list[ByteRange](), list[str]()
    for number in range(count):
        position = start + _HEADER_BYTES + number * _ENTRY_BYTES
        _, entry_type, distance, size = struct.unpack_from("<HHII", data, position)
        entry_range = ByteRange(start - distance, size)
        name = _read_entry_name(data, entry_range, entry_type)
        if entry_range.offset < trailing_start or entry_range.end > start or name is None:
            return None
        ranges.append(entry_range)
        names.append(name)
    ordered = sorted(ranges, key=lambda entry_range: entry_range.offset)
    if any(a.end > b.offset for a, b in pairwise(ordered)):
        return None
    first = ordered[0].offset
    return SamsungTrailer(ByteRange(first, len(data) - first), tuple(names))


def _read_entry_name(data: bytes, entry_range: ByteRange, entry_type: int) -> str | None:
    """Return the name in an entry's header; None if the header does not fit the directory."""
    if entry_range.length < _ENTRY_HEADER_BYTES or entry_range.offset < 0:
        return None
    _, stated_type, name_bytes = struct.unpack_from("<HHI", data, entry_range.offset)
    if stated_type != entry_type or name_bytes > entry_range.length - _ENTRY_HEADER_BYTES:
        return None
    start = entry_range.offset + _ENTRY_HEADER_BYTES
    name = data[start : start + min(name_bytes, _MAX_NAME_BYTES)].decode("ascii", "replace")
    return "".join(c for c in name if c.isprintable())
