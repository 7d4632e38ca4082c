"""Boxes of the ISO base media file format. Source: ISO/IEC 14496-12, clause 4.2."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass

_EXIF_OFFSET_BYTES = 4  # offset of the TIFF header behind this field
_MAX_BOXES = 10_000  # limits the cost of hostile files


@dataclass(frozen=True, slots=True)
class Box:
    """A box of a file, whose content is from `start` to `end`.

    Attributes:
        kind: Type of the box, four bytes.
        start: Offset of the content.
        end: Offset of the end of the content.
    """

    kind: bytes
    start: int
    end: int


def parse_boxes(data: bytes, start: int, end: int) -> Iterator[Box]:
    """Yield the boxes between two offsets.

    Raises:
        ValueError, struct.error: If a box is cut off, or if there are more boxes than any file has.
    """
    for _ in range(_MAX_BOXES):
        if start >= end:
            return
        size, kind = struct.unpack_from(">I4s", data, start)
        content_start = start + 8
        if size == 1:
            (size,) = struct.unpack_from(">Q", data, content_start)
            content_start += 8
        box_end = end if size == 0 else start + size
        if not content_start <= box_end <= end:
            raise ValueError("a box past the end")
        yield Box(kind, content_start, box_end)
        start = box_end
    raise ValueError("too many boxes")


def encode_box(kind: bytes, *contents: bytes) -> bytes:
    """Return a box with joined contents."""
    size = 8 + sum(map(len, contents))
    head = (
        struct.pack(">I4s", size, kind)
        if size < 1 << 32
        else struct.pack(">I4sQ", 1, kind, size + 8)
    )
    return b"".join([head, *contents])


def encode_exif_content(exif: bytes) -> bytes:
    """Return the content of a box or an item with an EXIF block (ISO/IEC 23008-12, annex A.2.1)."""
    return bytes(_EXIF_OFFSET_BYTES) + exif


def parse_exif_content(content: bytes) -> bytes:
    """Return the EXIF block in the content of a box or an item, from its TIFF header on."""
    (offset,) = struct.unpack(">I", content[:_EXIF_OFFSET_BYTES].ljust(4, b"\0"))
    return content[_EXIF_OFFSET_BYTES + offset :]


def encode_full_box(kind: bytes, *contents: bytes, version: int = 0) -> bytes:
    """Return a box that begins with a version, 0 to 255, and 24 flags that are all 0."""
    return encode_box(kind, struct.pack(">I", version << 24), *contents)
