"""Marker segments and the end of a JPEG image. Source: ITU-T T.81, Annex B."""

from __future__ import annotations

import re
import struct
from collections.abc import Iterator
from dataclasses import dataclass

START_OF_IMAGE = b"\xff\xd8"
_EOI, _SOS = 0xD9, 0xDA
_STANDALONE_MARKERS = frozenset({0x01, *range(0xD0, 0xD9)})  # markers without a length
_FRAME_MARKERS = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}  # T.81, table B.1
_METADATA_MARKERS = frozenset({*range(0xE0, 0xF0), 0xFE})
_MAX_MARKERS = 100_000  # before the end marker; at 64 kB each more than any image needs
_MARKER_PATTERN = re.compile(rb"\xff[^\x00\xff]")
# Entropy-coded data ends at a marker. A stuffed zero, RSTn and a fill byte do not end the data.
_SCAN_END_PATTERN = re.compile(rb"\xff[^\x00\xd0-\xd7\xff]")


@dataclass(frozen=True, slots=True)
class JpegSegment:
    """A segment of a JPEG file with the offset of its marker in the file."""

    marker: int
    payload: bytes
    offset: int


@dataclass(frozen=True, slots=True)
class JpegExtent:
    """The end of a JPEG image.

    Attributes:
        end: Offset of the byte after the end marker.
        is_clean: Whether no metadata follows the first scan and no bytes lie between segments.
    """

    end: int
    is_clean: bool


def parse_jpeg_segments(data: bytes, start: int = 0) -> Iterator[JpegSegment]:
    """Yield the segments of a JPEG that begins at `start`, up to the first scan's header.

    Raise ValueError or struct.error if the JPEG has no scan.
    """
    offset = start + len(START_OF_IMAGE)
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


def find_jpeg_extent(data: bytes, start: int, stop: int) -> JpegExtent | None:
    """Return the end of the JPEG image that begins at `start`.

    Return None if no start marker is at `start`, if frame, scan or end marker is missing before
    `stop`, or if there are more than 100,000 markers.
    """
    if data[start : start + 2] != START_OF_IMAGE:
        return None
    position, pattern = start + len(START_OF_IMAGE), _MARKER_PATTERN
    has_frame, has_scan, is_clean = False, False, True
    for _ in range(_MAX_MARKERS):
        match = pattern.search(data, position, stop)
        if match is None:
            return None
        marker = data[match.start() + 1]
        if pattern is _MARKER_PATTERN and data[position : match.start()].strip(b"\xff"):
            is_clean = False
        position, pattern = match.end(), _MARKER_PATTERN
        if marker == _EOI:
            return JpegExtent(position, is_clean) if has_frame and has_scan else None
        if marker in _STANDALONE_MARKERS:
            continue
        length = int.from_bytes(data[position : position + 2])
        if length < 2 or position + length > stop:
            return None
        position += length
        has_frame |= marker in _FRAME_MARKERS
        is_clean &= not (has_scan and marker in _METADATA_MARKERS)
        if marker == _SOS:
            has_scan, pattern = True, _SCAN_END_PATTERN
    return None


def encode_jpeg_segment(marker: int, payload: bytes) -> bytes:
    return struct.pack(">BBH", 0xFF, marker, len(payload) + 2) + payload
