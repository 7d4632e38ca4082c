"""Marker segments of a JPEG before its first scan. Source: ITU-T T.81, Annex B."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass

START_OF_IMAGE = b"\xff\xd8"
_SOS = 0xDA
_STANDALONE_MARKERS = frozenset({0x01, *range(0xD0, 0xD9)})  # markers without a length


@dataclass(frozen=True, slots=True)
class JpegSegment:
    """A segment of a JPEG file with the offset of its marker in the file."""

    marker: int
    payload: bytes
    offset: int


def parse_jpeg_segments(data: bytes) -> Iterator[JpegSegment]:
    """Yield the segments of a JPEG file up to the first scan's header.

    Raise ValueError or struct.error if the file has no scan.
    """
    offset = len(START_OF_IMAGE)
    while True:
        prefix, marker = struct.unpack_from("BB", data, offset)
        if prefix != 0xFF:
            raise ValueError("no marker")
        if marker == 0xFF or marker in _STANDALONE_MARKERS:
            offset += 1 if marker == 0xFF else 2
            continue
        (length,) = struct.unpack_from(">H", data, offset + 2)
        if length < 2 or offset + 2 + length > len(data):
            raise ValueError("a segment past the end")
        yield JpegSegment(marker, data[offset + 4 : offset + 2 + length], offset)
        if marker == _SOS:
            return
        offset += 2 + length


def encode_jpeg_segment(marker: int, payload: bytes) -> bytes:
    return struct.pack(">BBH", 0xFF, marker, len(payload) + 2) + payload
