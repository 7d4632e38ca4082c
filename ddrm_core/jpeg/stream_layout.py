"""Byte positions of frame, scans and end in a JPEG's data. Source: ITU-T T.81, Annex B."""

from __future__ import annotations

import re
import struct
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ddrm_core.jpeg.color_markers import ColorMarkers
from ddrm_core.jpeg.marker_segments import (
    DQT,
    DRI,
    EOI,
    FRAME_MARKERS,
    MARKERS_BETWEEN_SCANS,
    METADATA_MARKERS,
    SOS,
    iterate_segments,
)

_PROGRESSIVE_FRAMES = frozenset({0xC2, 0xCA})
_ARITHMETIC_FRAMES = frozenset({0xC9, 0xCA})
EOI_BYTES = bytes([0xFF, EOI])
_RESTART_MARKER = re.compile(rb"\xff([\xd0-\xd7])")
_MARKERS_AFTER_SCAN = MARKERS_BETWEEN_SCANS | {EOI}


@dataclass(frozen=True, slots=True)
class JpegFrame:
    """The geometry of an image, from its frame header.

    Attributes:
        width: Width of the image in pixels.
        height: Height of the image in pixels.
        component_ids: Identifiers of the components, as scans refer to them.
        sampling_factors: Horizontal and vertical sampling factor of each component, 1 to 4.
        table_numbers: Number of each component's quantization table.
        is_progressive: Whether a scan may hold only some bands or bits.
        is_arithmetic: Whether arithmetic coding is used instead of Huffman codes.
    """

    width: int
    height: int
    component_ids: tuple[int, ...]
    sampling_factors: tuple[tuple[int, int], ...]
    table_numbers: tuple[int, ...]
    is_progressive: bool
    is_arithmetic: bool

    @property
    def mcu_grid_shape(self) -> tuple[int, int]:
        """Rows and columns of MCUs in an interleaved scan (T.81 A.2.3)."""
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
        """Return which MCUs have all their blocks of a component set in `block_mask`.

        Blocks of an MCU that lie outside the image do not count.
        """
        (rows, columns), (across, down) = self.mcu_grid_shape, self.sampling_factors[component]
        padded = np.ones((rows * down, columns * across), np.bool_)
        padded[: block_mask.shape[0], : block_mask.shape[1]] = block_mask
        return np.asarray(padded.reshape(rows, down, columns, across).all((1, 3)))

    @property
    def _max_factors(self) -> tuple[int, int]:
        return max(h for h, _ in self.sampling_factors), max(v for _, v in self.sampling_factors)


@dataclass(frozen=True, slots=True)
class JpegScan:
    """A scan header and the position of the scan's data (T.81 B.2.3).

    Attributes:
        component_indices: Indices of the scan's components in the frame header.
        first_band: First band of the scan in zig-zag order.
        last_band: Last band of the scan in zig-zag order, inclusive.
        approximation_high: Number of low bits that the previous scans of these bands left out; 0 in
            the first scan of these bands.
        approximation_low: Number of low bits left to later scans; 0 if the scan completes its
            levels.
        data_start: Position of the first byte of entropy-coded data.
        data_end: Position of the marker that ends the data, or the file's length.
        restart_interval: Number of MCUs between restart markers, 0 without restart markers.
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
    """The byte positions of the parts of one image.

    Attributes:
        frame: Geometry of the image.
        scans: Scans whose headers are complete, in file order.
        data_end: End of the image's data: before the end marker, or before a segment that is cut
            off.
        has_end_marker: Whether an end marker was found.
        color_model_name: Name of the color model, see `ColorMarkers.find_color_model_name`.
        component_tables: Quantizer steps of each component at its first scan, in zig-zag order,
            two bytes each; empty if the table is missing.
        has_table_changes: Whether the quantization table of a component changes between scans of
            this component. T.81 allows such changes, but the levels then have no common table.
        header_bytes: Start marker, tables and frame header before the first scan, without metadata.
        scans_start: Position of the first scan's header.
        stray_spans: Start and end of stray bytes between two segments after `scans_start`.
    """

    frame: JpegFrame
    scans: tuple[JpegScan, ...]
    data_end: int
    has_end_marker: bool
    color_model_name: str
    component_tables: tuple[bytes, ...]
    has_table_changes: bool
    header_bytes: bytes
    scans_start: int
    stray_spans: tuple[tuple[int, int], ...]

    def find_final_bands(self, scan_count: int) -> NDArray[np.bool_]:
        """Return which bands the first `scan_count` scans complete, (components, 64)."""
        is_final = np.zeros((len(self.frame.sampling_factors), 64), np.bool_)
        for scan in self.scans[:scan_count]:
            if scan.approximation_low == 0:
                is_final[list(scan.component_indices), scan.first_band : scan.last_band + 1] = True
        return is_final

    def without_metadata(self, data: bytes) -> tuple[bytes | memoryview, ...]:
        """Return the image's bytes in parts, without metadata and stray bytes.

        Large parts are views of the file's `data`, not copies. libjpeg reports only the first
        anomaly in a file, so an anomaly in the metadata or between segments would hide damage.
        """
        starts = (self.scans_start, *(stop for _, stop in self.stray_spans))
        stops = (*(start for start, _ in self.stray_spans), self.data_end)
        parts = [memoryview(data)[a:b] for a, b in zip(starts, stops, strict=True)]
        return self.header_bytes, *parts, EOI_BYTES * self.has_end_marker


def parse_stream_layout(data: bytes) -> JpegStreamLayout:
    """Parse the markers of the first image. Raise ValueError without a frame or scan."""
    frame, scans, color_markers, tables = None, list[JpegScan](), ColorMarkers(), _TableHistory()
    header_segments, scans_start, data_end, has_end_marker = [b"\xff\xd8"], 0, 2, False
    restart_interval, stray_spans = 0, list[tuple[int, int]]()
    for segment in iterate_segments(data):
        marker, start, stop = segment.marker, segment.start, segment.stop
        if marker == EOI:
            has_end_marker = True
            break
        if scans and marker not in _MARKERS_AFTER_SCAN:
            break
        if scans and data_end < start - 4:
            stray_spans.append((data_end, start - 4))
        if marker in FRAME_MARKERS and frame is None:
            frame = _parse_frame(marker, data[start:stop])
        elif marker == SOS:
            if frame is None:
                raise ValueError("a scan without a frame")
            data_span = stop, segment.next_marker
            scan = _parse_scan(frame, data[start:stop], data_span, restart_interval)
            if scan is None or _is_contradictory_scan(frame, scans, scan):
                break
            scans_start = scans_start or start - 4
            scans.append(scan)
            tables.apply_scan(frame, scan)
        elif marker == DQT:
            tables.apply_segment(data[start:stop])
        elif marker == DRI:
            restart_interval = int.from_bytes(data[start : min(stop, start + 2)])
        if not scans_start:
            if marker not in METADATA_MARKERS:
                header_segments.append(b"\xff%c" % marker + data[start - 2 : stop])
            else:
                color_markers = color_markers.with_segment(marker, data[start:stop])
        data_end = segment.next_marker
    if frame is None or not scans:
        raise ValueError("no picture")
    return JpegStreamLayout(
        frame,
        tuple(scans),
        data_end,
        has_end_marker,
        color_markers.find_color_model_name(frame.component_ids),
        tables.list_component_tables(frame),
        tables.has_changes,
        b"".join(header_segments),
        scans_start,
        tuple(stray_spans),
    )


class _TableHistory:
    """The quantization tables of a file, and the table of each component at its first scan.

    Attributes:
        has_changes: Whether the table of a component differed at a later scan of this component.
    """

    def __init__(self) -> None:
        self._tables: dict[int, bytes] = {}  # by number
        self._component_tables: dict[int, bytes] = {}  # by component
        self.has_changes = False

    def apply_segment(self, payload: bytes) -> None:
        """Read the tables of a DQT segment, which replace tables of the same number."""
        position = 0
        while position < len(payload):
            is_16_bit, number = payload[position] >> 4, payload[position] & 15
            stop = position + 1 + (128 if is_16_bit else 64)
            steps = payload[position + 1 : stop]
            self._tables[number] = steps if is_16_bit else b"".join(b"\0%c" % s for s in steps)
            position = stop

    def apply_scan(self, frame: JpegFrame, scan: JpegScan) -> None:
        """Assign the present tables to the components of a scan."""
        for component in scan.component_indices:
            table = self._tables.get(frame.table_numbers[component], b"")
            self.has_changes |= self._component_tables.setdefault(component, table) != table

    def list_component_tables(self, frame: JpegFrame) -> tuple[bytes, ...]:
        """Return the table of each component, or the last one of its number without a scan."""
        return tuple(
            self._component_tables.get(component, self._tables.get(number, b""))
            for component, number in enumerate(frame.table_numbers)
        )


def reorder_components(data: bytes, order: Sequence[int]) -> bytes:
    """Return the file with the components of its frame header in the given order.

    Scans stay as they are. Raise ValueError if the file has no frame header.
    """
    for segment in iterate_segments(data):
        if segment.marker in FRAME_MARKERS:
            start = segment.start + 6
            specifications = [data[start + 3 * i : start + 3 * i + 3] for i in order]
            return data[:start] + b"".join(specifications) + data[segment.stop :]
    raise ValueError("no frame")


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
        width,
        height,
        component_ids,
        sampling_factors,
        table_numbers,
        marker in _PROGRESSIVE_FRAMES,
        marker in _ARITHMETIC_FRAMES,
    )


def _parse_scan(
    frame: JpegFrame, payload: bytes, data_span: tuple[int, int], restart_interval: int
) -> JpegScan | None:
    """Parse a scan header; return None if the payload is not a scan header of this frame."""
    component_count = payload[0] if payload else 0
    component_ids = payload[1:-3:2]
    if (
        component_count == 0
        or len(payload) != 4 + 2 * component_count
        or not set(component_ids) <= set(frame.component_ids)
    ):
        return None
    first_band, last_band, approximation = payload[-3:]
    # T.81 table B.3 fixes these values for sequential frames, and libjpeg ignores them.
    if not frame.is_progressive:
        first_band, last_band, approximation = 0, 63, 0
    # Equal identifiers in one scan of all components mean the frame's order, as in libjpeg.
    component_indices = (
        tuple(range(component_count))
        if tuple(component_ids) == frame.component_ids
        else tuple(frame.component_ids.index(name) for name in component_ids)
    )
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
    """Return whether a scan repeats bits that earlier scans have completed.

    Such a scan is a copy or belongs to another file.
    """
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
    """Return the position of the first restart marker that cannot belong to this scan.

    Return None if every restart marker can belong to the scan.
    """
    for number, match in enumerate(_RESTART_MARKER.finditer(data, scan.data_start, scan.data_end)):
        if not scan.restart_interval or data[match.start() + 1] != 0xD0 + number % 8:
            return match.start()
    return None


def find_restarts_before(data: bytes, scan: JpegScan, position: int) -> list[int]:
    """Return positions of the scan's restart markers before `position`."""
    return [match.start() for match in _RESTART_MARKER.finditer(data, scan.data_start, position)]
