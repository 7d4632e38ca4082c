"""Where the parts of a JPEG's data lie: frame, scans, end. Source: ITU-T T.81, Annex B."""

from __future__ import annotations

import re
import struct
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ddrm_core.jpeg.header import MARKERS_BETWEEN_SCANS

_SOI, _EOI, _SOS, _DQT, _DRI = 0xD8, 0xD9, 0xDA, 0xDB, 0xDD
_FRAME_MARKERS = frozenset({*range(0xC0, 0xD0)} - {0xC4, 0xC8, 0xCC})  # not DHT, JPG, DAC
_PROGRESSIVE_FRAME = 0xC2
EOI_BYTES = bytes([0xFF, _EOI])
_METADATA_MARKERS = frozenset({*range(0xE0, 0xF0), 0xFE})
# What begins a segment or ends a scan: no stuffed zero, nor TEM or RSTn, which have no length.
_SEGMENT_OR_SCAN_END = re.compile(rb"\xff[^\x00\x01\xd0-\xd7\xff]")
_RESTART_MARKER = re.compile(rb"\xff([\xd0-\xd7])")
_MARKERS_AFTER_SCAN = MARKERS_BETWEEN_SCANS | {_EOI}
_MAX_SEGMENTS = 100_000  # of 64 kB each that would be more than any picture needs


@dataclass(frozen=True, slots=True)
class JpegFrame:
    """The geometry of a picture.

    Attributes:
        width: In pixels.
        height: In pixels.
        component_ids: Of the components, as scans name them.
        sampling_factors: Horizontal and vertical sampling factor of each component, 1 to 4.
        table_numbers: Number of each component's quantisation table.
        is_progressive: Whether scans may hold a part of the bands or bits.
    """

    width: int
    height: int
    component_ids: tuple[int, ...]
    sampling_factors: tuple[tuple[int, int], ...]
    table_numbers: tuple[int, ...]
    is_progressive: bool

    @property
    def mcu_grid_shape(self) -> tuple[int, int]:
        """Rows and columns of MCUs of an interleaved scan (T.81 A.2.3)."""
        across, down = self._max_factors
        return -(-self.height // (8 * down)), -(-self.width // (8 * across))

    @property
    def block_grid_shapes(self) -> tuple[tuple[int, int], ...]:
        """Rows and columns of blocks per component, without MCU padding (T.81 A.1.1, A.2.2)."""
        across, down = self._max_factors
        return tuple(
            (-(-self.height * v // (8 * down)), -(-self.width * h // (8 * across)))
            for h, v in self.sampling_factors
        )

    def reduce_to_mcus(self, component: int, block_mask: NDArray[np.bool_]) -> NDArray[np.bool_]:
        """Which MCUs have all blocks of a component; those outside the picture do not count."""
        (rows, columns), (across, down) = self.mcu_grid_shape, self.sampling_factors[component]
        padded = np.ones((rows * down, columns * across), np.bool_)
        padded[: block_mask.shape[0], : block_mask.shape[1]] = block_mask
        return np.asarray(padded.reshape(rows, down, columns, across).all((1, 3)))

    @property
    def _max_factors(self) -> tuple[int, int]:
        return max(h for h, _ in self.sampling_factors), max(v for _, v in self.sampling_factors)


@dataclass(frozen=True, slots=True)
class JpegScan:
    """One scan header (T.81 B.2.3).

    Attributes:
        component_indices: Positions in the frame's list.
        first_band: Of its bands, in zig-zag order.
        last_band: Of its bands, included.
        approximation_high: Bits that were missing before it; 0 where it brings its bands for the
            first time.
        approximation_low: Bits that later scans refine; 0 where its levels are final.
        data_start: Where its entropy-coded data begins.
        data_end: Where the next marker is that ends its data, or the end of the file.
        restart_interval: MCUs between restart markers, 0 where there are none.
    """

    component_indices: tuple[int, ...]
    first_band: int
    last_band: int
    approximation_high: int
    approximation_low: int
    data_start: int
    data_end: int
    restart_interval: int


@dataclass(frozen=True, slots=True)
class JpegStreamLayout:
    """Where the parts of one picture lie.

    Attributes:
        frame: Its geometry.
        scans: Those whose headers are whole, in file order.
        data_end: Where its data ends: before the end marker, or before a segment that is cut off.
        has_end_marker: Whether there is an end marker.
        has_table_changes: Whether a quantisation table changes after a scan that needs it. T.81
            allows it; libjpeg then tells the last table only.
        header_bytes: What comes before the first scan, without metadata: start marker, tables,
            frame.
        scans_start: Where the first scan begins, with its header.
        stray_spans: Where stray bytes begin and end that lie between two segments behind
            `scans_start`.
    """

    frame: JpegFrame
    scans: tuple[JpegScan, ...]
    data_end: int
    has_end_marker: bool
    has_table_changes: bool
    header_bytes: bytes
    scans_start: int
    stray_spans: tuple[tuple[int, int], ...]

    def find_final_bands(self, scan_count: int) -> NDArray[np.bool_]:
        """Which bands the first `scan_count` scans bring with all bits, (components, 64)."""
        is_final = np.zeros((len(self.frame.sampling_factors), 64), np.bool_)
        for scan in self.scans[:scan_count]:
            if scan.approximation_low == 0:
                is_final[list(scan.component_indices), scan.first_band : scan.last_band + 1] = True
        return is_final

    def without_metadata(self, data: bytes) -> tuple[bytes | memoryview, ...]:
        """The picture without its metadata, in parts that copy nothing large of the file's `data`.

        libjpeg reports the first oddity of a file only, so one in the metadata or between segments
        would hide damage.
        """
        starts = (self.scans_start, *(stop for _, stop in self.stray_spans))
        stops = (*(start for start, _ in self.stray_spans), self.data_end)
        parts = [memoryview(data)[a:b] for a, b in zip(starts, stops, strict=True)]
        return self.header_bytes, *parts, EOI_BYTES * self.has_end_marker


def parse_stream_layout(data: bytes) -> JpegStreamLayout:
    """Walk the markers of the first picture. Raises ValueError where it has no frame or scan."""
    frame, scans = None, list[JpegScan]()
    header_segments, scans_start, data_end, has_end_marker = [b"\xff\xd8"], 0, 2, False
    tables, used_tables, has_table_changes, restart_interval = (
        dict[int, bytes](),
        set[int](),
        False,
        0,
    )
    stray_spans = list[tuple[int, int]]()
    for marker, start, stop, after in _iterate_segments(data):
        if marker == _EOI:
            has_end_marker = True
            break
        if scans and marker not in _MARKERS_AFTER_SCAN:
            break
        if scans and data_end < start - 4:
            stray_spans.append((data_end, start - 4))
        if marker in _FRAME_MARKERS and frame is None:
            frame = _parse_frame(marker, data[start:stop])
        elif marker == _SOS:
            if frame is None:
                raise ValueError("a scan without a frame")
            scan = _parse_scan(frame, data[start:stop], (stop, after), restart_interval)
            if scan is None or _is_contradictory_scan(frame, scans, scan):
                break
            scans_start = scans_start or start - 4
            scans.append(scan)
            used_tables |= {frame.table_numbers[component] for component in scan.component_indices}
        elif marker == _DQT:
            new_tables = _split_quantization_tables(data[start:stop])
            has_table_changes |= any(
                tables.get(number) != new_tables[number]
                for number in used_tables & new_tables.keys()
            )
            tables |= new_tables
        elif marker == _DRI:
            restart_interval = int.from_bytes(data[start : min(stop, start + 2)])
        if not scans_start and marker not in _METADATA_MARKERS:
            header_segments.append(b"\xff%c" % marker + data[start - 2 : stop])
        data_end = after
    if frame is None or not scans:
        raise ValueError("no picture")
    return JpegStreamLayout(
        frame,
        tuple(scans),
        data_end,
        has_end_marker,
        has_table_changes,
        b"".join(header_segments),
        scans_start,
        tuple(stray_spans),
    )


def reorder_components(data: bytes, order: Sequence[int]) -> bytes:
    """The file whose frame header lists its components in another order; scans stay as they are.

    Raises ValueError where there is no frame header.
    """
    for marker, start, stop, _ in _iterate_segments(data):
        if marker in _FRAME_MARKERS:
            specifications = [data[start + 6 + 3 * i : start + 9 + 3 * i] for i in order]
            return data[: start + 6] + b"".join(specifications) + data[stop:]
    raise ValueError("no frame")


def _iterate_segments(data: bytes) -> Iterator[tuple[int, int, int, int]]:
    """Marker code, where its payload starts and stops, where the next marker is or must be.

    Ends before the first segment that is cut off or cannot be one.
    """
    position = 2
    for _ in range(_MAX_SEGMENTS):
        match = _SEGMENT_OR_SCAN_END.search(data, position)
        if match is None:
            return
        position = match.end()
        marker = data[position - 1]
        if marker == _EOI:
            yield marker, position, position, position
            return
        start, stop = position + 2, position + int.from_bytes(data[position : position + 2])
        if marker == _SOI or not start <= stop <= len(data):
            return
        position = stop
        if marker == _SOS:
            next_marker = _SEGMENT_OR_SCAN_END.search(data, stop)
            position = len(data) if next_marker is None else next_marker.start()
        yield marker, start, stop, position


def _parse_frame(marker: int, payload: bytes) -> JpegFrame:
    try:
        _, height, width, count = struct.unpack_from(">BHHB", payload)
        specifications = [payload[6 + 3 * i : 9 + 3 * i] for i in range(count)]
        sampling_factors = tuple((row[1] >> 4, row[1] & 15) for row in specifications)
        component_ids, table_numbers = (
            tuple(row[0] for row in specifications),
            tuple(row[2] for row in specifications),
        )
    except (struct.error, IndexError) as error:
        raise ValueError("frame header") from error
    if not sampling_factors or not all(1 <= f <= 4 for pair in sampling_factors for f in pair):
        raise ValueError("sampling factors")
    if width == 0 or height == 0:
        raise ValueError("an empty picture")
    return JpegFrame(
        width, height, component_ids, sampling_factors, table_numbers, marker == _PROGRESSIVE_FRAME
    )


def _split_quantization_tables(payload: bytes) -> dict[int, bytes]:
    tables, position = dict[int, bytes](), 0
    while position < len(payload):
        length = 128 if payload[position] >> 4 else 64
        tables[payload[position] & 15] = payload[position : position + 1 + length]
        position += 1 + length
    return tables


def _parse_scan(
    frame: JpegFrame, payload: bytes, data_span: tuple[int, int], restart_interval: int
) -> JpegScan | None:
    """None where the payload is no scan header of this frame."""
    component_count = payload[0] if payload else 0
    component_ids = payload[1:-3:2]
    if (
        component_count == 0
        or len(payload) != 4 + 2 * component_count
        or not set(component_ids) <= set(frame.component_ids)
    ):
        return None
    first_band, last_band, approximation = payload[-3:]
    if (
        not frame.is_progressive
    ):  # T.81 table B.3 leaves no choice, and libjpeg ignores what is there
        first_band, last_band, approximation = 0, 63, 0
    component_indices = tuple(frame.component_ids.index(name) for name in component_ids)
    return JpegScan(
        component_indices,
        first_band,
        last_band,
        approximation >> 4,
        approximation & 15,
        *data_span,
        restart_interval,
    )


def _is_contradictory_scan(
    frame: JpegFrame, earlier_scans: Sequence[JpegScan], scan: JpegScan
) -> bool:
    """Whether a scan brings what earlier ones have brought: it is from another file, or a copy."""
    for component in scan.component_indices:
        component_scans = [s for s in earlier_scans if component in s.component_indices]
        if not frame.is_progressive:
            if component_scans:
                return True
            continue
        for band in range(scan.first_band, scan.last_band + 1):
            missing_bits = [
                s.approximation_low for s in component_scans if s.first_band <= band <= s.last_band
            ]
            if (
                (missing_bits[-1] == 0 or scan.approximation_high != missing_bits[-1])
                if missing_bits
                else scan.approximation_high
            ):
                return True
    return False


def find_first_wrong_restart(data: bytes, scan: JpegScan) -> int | None:
    """Where the first restart marker is that cannot be this scan's own, None where all can."""
    for number, match in enumerate(_RESTART_MARKER.finditer(data, scan.data_start, scan.data_end)):
        if not scan.restart_interval or data[match.start() + 1] != 0xD0 + number % 8:
            return match.start()
    return None


def find_restarts_before(data: bytes, scan: JpegScan, position: int) -> list[int]:
    """Where the scan's restart markers are, up to a place in its data."""
    return [match.start() for match in _RESTART_MARKER.finditer(data, scan.data_start, position)]
