"""Marker segments in the data of a JPEG, with their positions. Source: ITU-T T.81, Annex B."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

SOI, EOI, SOS, DQT, DNL, DRI = 0xD8, 0xD9, 0xDA, 0xDB, 0xDC, 0xDD
FRAME_MARKERS = frozenset({*range(0xC0, 0xD0)} - {0xC4, 0xC8, 0xCC})  # not DHT, JPG, DAC
METADATA_MARKERS = frozenset({*range(0xE0, 0xF0), 0xFE})
# DHT, DAC, SOS, DQT, DNL, DRI and metadata (T.81 B.2.1 to B.2.4).
MARKERS_BETWEEN_SCANS = frozenset({0xC4, 0xCC, SOS, DQT, DNL, DRI}) | METADATA_MARKERS
# A stuffed zero begins no segment; neither do TEM and RSTn, which have no length field.
_SEGMENT_OR_SCAN_END = re.compile(rb"\xff[^\x00\x01\xd0-\xd7\xff]")
_MAX_SEGMENTS = 100_000  # at 64 kB each more than any image needs
_HEIGHT_OFFSET, _HEIGHT_BYTES = 1, 2  # the height in a frame header's payload (T.81 B.2.2)


@dataclass(frozen=True, slots=True)
class MarkerSegment:
    """The positions of a marker segment in the data of a JPEG.

    Attributes:
        marker: Marker code, such as 0xC0 for a baseline frame header.
        start: Position of the payload, after the length field.
        stop: Position of the first byte after the payload.
        next_marker: Position of the next marker; entropy-coded data lies between this position and
            `stop` if the segment is a scan header.
    """

    marker: int
    start: int
    stop: int
    next_marker: int


def iterate_segments(data: bytes) -> Iterator[MarkerSegment]:
    """Yield the segments of the first image in `data`, from its start marker to its end marker.

    End before the first segment that is cut off or invalid.
    """
    position = 2
    for _ in range(_MAX_SEGMENTS):
        match = _SEGMENT_OR_SCAN_END.search(data, position)
        if match is None:
            return
        position = match.end()
        marker = data[position - 1]
        if marker == EOI:
            yield MarkerSegment(marker, position, position, position)
            return
        start, stop = position + 2, position + int.from_bytes(data[position : position + 2])
        if marker == SOI or not start <= stop <= len(data):
            return
        position = stop
        if marker == SOS:
            match = _SEGMENT_OR_SCAN_END.search(data, stop)
            position = len(data) if match is None else match.start()
        yield MarkerSegment(marker, start, stop, position)


def fill_in_height(data: bytes) -> bytes:
    """Return a JPEG with the height of its DNL segment in its frame header (T.81 B.2.5).

    An encoder that does not know the height in advance writes 0 into the frame header, and the
    height into a DNL segment after the first scan. libjpeg rejects such a file. A file with a
    height in its frame header, and a file without a DNL segment, are returned unchanged.
    """
    height_start, scan_seen = 0, False
    for segment in iterate_segments(data):
        if segment.marker in FRAME_MARKERS:
            height_start = segment.start + _HEIGHT_OFFSET
            if any(data[height_start : height_start + _HEIGHT_BYTES]):
                return data
        elif segment.marker == SOS and not scan_seen:
            scan_seen = True
        elif scan_seen:  # a DNL segment directly follows the first scan
            if segment.marker != DNL or segment.stop - segment.start != _HEIGHT_BYTES:
                return data
            height = data[segment.start : segment.stop]
            return data[:height_start] + height + data[height_start + _HEIGHT_BYTES :]
    return data
