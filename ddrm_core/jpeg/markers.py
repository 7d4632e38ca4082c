"""Where the parts of a JPEG's data lie: frame, scans, end. Source: ITU-T T.81, Annex B."""

from __future__ import annotations

import re
import struct
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ddrm_core.jpeg.header import BETWEEN_SCANS

_SOI, _EOI, _SOS, _DQT, _DRI = 0xD8, 0xD9, 0xDA, 0xDB, 0xDD
_FRAMES = frozenset({*range(0xC0, 0xD0)} - {0xC4, 0xC8, 0xCC})  # not DHT, JPG, DAC
_PROGRESSIVE = 0xC2
END = bytes([0xFF, _EOI])
_METADATA = frozenset({*range(0xE0, 0xF0), 0xFE})
# What begins a segment or ends a scan: no stuffed zero, nor TEM or RSTn, which have no length.
_MARKER = re.compile(rb"\xff[^\x00\x01\xd0-\xd7\xff]")
_RESTART = re.compile(rb"\xff([\xd0-\xd7])")
_AFTER_SCAN = BETWEEN_SCANS | {_EOI}
_MOST_SEGMENTS = 100_000  # of 64 kB each that would be more than any picture needs


@dataclass(frozen=True, slots=True)
class Frame:
    """The geometry of a picture.

    Attributes:
        width: In pixels.
        height: In pixels.
        identifiers: Of the components, as scans name them.
        factors: Horizontal and vertical sampling factor of each component, 1 to 4.
        tables: Number of each component's quantisation table.
        progressive: Whether scans may hold a part of the bands or bits.
    """

    width: int
    height: int
    identifiers: tuple[int, ...]
    factors: tuple[tuple[int, int], ...]
    tables: tuple[int, ...]
    progressive: bool

    @property
    def mcu_grid(self) -> tuple[int, int]:
        """Rows and columns of MCUs of an interleaved scan (T.81 A.2.3)."""
        across, down = self._largest
        return -(-self.height // (8 * down)), -(-self.width // (8 * across))

    @property
    def block_shapes(self) -> tuple[tuple[int, int], ...]:
        """Rows and columns of blocks per component, without MCU padding (T.81 A.1.1, A.2.2)."""
        across, down = self._largest
        return tuple(
            (-(-self.height * v // (8 * down)), -(-self.width * h // (8 * across)))
            for h, v in self.factors
        )

    def by_mcu(self, component: int, blocks: NDArray[np.bool_]) -> NDArray[np.bool_]:
        """Which MCUs have all blocks of a component; those outside the picture do not count."""
        (rows, columns), (across, down) = self.mcu_grid, self.factors[component]
        padded = np.ones((rows * down, columns * across), np.bool_)
        padded[: blocks.shape[0], : blocks.shape[1]] = blocks
        return np.asarray(padded.reshape(rows, down, columns, across).all((1, 3)))

    @property
    def _largest(self) -> tuple[int, int]:
        return max(h for h, _ in self.factors), max(v for _, v in self.factors)


@dataclass(frozen=True, slots=True)
class Scan:
    """One scan header (T.81 B.2.3).

    Attributes:
        components: Positions in the frame's list.
        first: Of its bands, in zig-zag order.
        last: Of its bands, included.
        high: Bits that were missing before it; 0 where it brings its bands for the first time.
        low: Bits that later scans refine; 0 where its levels are final.
        start: Where its entropy-coded data begins.
        stop: Where the next marker is that ends its data, or the end of the file.
        interval: MCUs between restart markers, 0 where there are none.
    """

    components: tuple[int, ...]
    first: int
    last: int
    high: int
    low: int
    start: int
    stop: int
    interval: int


@dataclass(frozen=True, slots=True)
class Layout:
    """Where the parts of one picture lie.

    Attributes:
        frame: Its geometry.
        scans: Those whose headers are whole, in file order.
        end: Where its data ends: before the end marker, or before a segment that is cut off.
        ended: Whether there is an end marker.
        retabled: Whether a quantisation table changes after a scan that needs it. T.81 allows it;
            libjpeg then tells the last table only.
        head: What comes before the first scan, without metadata: start marker, tables, frame.
        body: Where the first scan begins, with its header.
        gaps: Where stray bytes begin and end that lie between two segments behind `body`.
    """

    frame: Frame
    scans: tuple[Scan, ...]
    end: int
    ended: bool
    retabled: bool
    head: bytes
    body: int
    gaps: tuple[tuple[int, int], ...]

    def final(self, count: int) -> NDArray[np.bool_]:
        """Which bands the first `count` scans bring with all bits, (components, 64)."""
        final = np.zeros((len(self.frame.factors), 64), np.bool_)
        for scan in self.scans[:count]:
            if scan.low == 0:
                final[list(scan.components), scan.first : scan.last + 1] = True
        return final

    def coding(self, data: bytes) -> tuple[bytes | memoryview, ...]:
        """The picture without its metadata, in parts that copy nothing large of the file's `data`.

        libjpeg reports the first oddity of a file only, so one in the metadata or between segments
        would hide damage.
        """
        starts = (self.body, *(stop for _, stop in self.gaps))
        stops = (*(start for start, _ in self.gaps), self.end)
        parts = [memoryview(data)[a:b] for a, b in zip(starts, stops, strict=True)]
        return self.head, *parts, END * self.ended


def layout_of(data: bytes) -> Layout:
    """Walk the markers of the first picture. Raises ValueError where it has no frame or scan."""
    frame, scans = None, list[Scan]()
    head, body, end, ended = [b"\xff\xd8"], 0, 2, False
    tables, used, retabled, interval = dict[int, bytes](), set[int](), False, 0
    gaps = list[tuple[int, int]]()
    for marker, start, stop, after in _segments(data):
        if marker == _EOI:
            ended = True
            break
        if scans and marker not in _AFTER_SCAN:
            break
        if scans and end < start - 4:
            gaps.append((end, start - 4))
        if marker in _FRAMES and frame is None:
            frame = _frame(marker, data[start:stop])
        elif marker == _SOS:
            if frame is None:
                raise ValueError("a scan without a frame")
            scan = _scan(frame, data[start:stop], (stop, after), interval)
            if scan is None or _contradicts(frame, scans, scan):
                break
            body = body or start - 4
            scans.append(scan)
            used |= {frame.tables[component] for component in scan.components}
        elif marker == _DQT:
            new = _tables(data[start:stop])
            retabled |= any(tables.get(number) != new[number] for number in used & new.keys())
            tables |= new
        elif marker == _DRI:
            interval = int.from_bytes(data[start : min(stop, start + 2)])
        if not body and marker not in _METADATA:
            head.append(b"\xff%c" % marker + data[start - 2 : stop])
        end = after
    if frame is None or not scans:
        raise ValueError("no picture")
    return Layout(frame, tuple(scans), end, ended, retabled, b"".join(head), body, tuple(gaps))


def with_components_in_order(data: bytes, order: Sequence[int]) -> bytes:
    """The file whose frame header lists its components in another order; scans stay as they are.

    Raises ValueError where there is no frame header.
    """
    for marker, start, stop, _ in _segments(data):
        if marker in _FRAMES:
            rows = [data[start + 6 + 3 * i : start + 9 + 3 * i] for i in order]
            return data[: start + 6] + b"".join(rows) + data[stop:]
    raise ValueError("no frame")


def _segments(data: bytes) -> Iterator[tuple[int, int, int, int]]:
    """Marker code, where its payload starts and stops, where the next marker is or must be.

    Ends before the first segment that is cut off or cannot be one.
    """
    position = 2
    for _ in range(_MOST_SEGMENTS):
        found = _MARKER.search(data, position)
        if found is None:
            return
        position = found.end()
        marker = data[position - 1]
        if marker == _EOI:
            yield marker, position, position, position
            return
        start, stop = position + 2, position + int.from_bytes(data[position : position + 2])
        if marker == _SOI or not start <= stop <= len(data):
            return
        position = stop
        if marker == _SOS:
            following = _MARKER.search(data, stop)
            position = len(data) if following is None else following.start()
        yield marker, start, stop, position


def _frame(marker: int, payload: bytes) -> Frame:
    try:
        _, height, width, count = struct.unpack_from(">BHHB", payload)
        rows = [payload[6 + 3 * i : 9 + 3 * i] for i in range(count)]
        factors = tuple((row[1] >> 4, row[1] & 15) for row in rows)
        identifiers, tables = tuple(row[0] for row in rows), tuple(row[2] for row in rows)
    except (struct.error, IndexError) as error:
        raise ValueError("frame header") from error
    if not factors or not all(1 <= f <= 4 for pair in factors for f in pair):
        raise ValueError("sampling factors")
    if width == 0 or height == 0:
        raise ValueError("an empty picture")
    return Frame(width, height, identifiers, factors, tables, marker == _PROGRESSIVE)


def _tables(payload: bytes) -> dict[int, bytes]:
    tables, position = dict[int, bytes](), 0
    while position < len(payload):
        length = 128 if payload[position] >> 4 else 64
        tables[payload[position] & 15] = payload[position : position + 1 + length]
        position += 1 + length
    return tables


def _scan(frame: Frame, payload: bytes, place: tuple[int, int], interval: int) -> Scan | None:
    """None where the payload is no scan header of this frame."""
    number = payload[0] if payload else 0
    named = payload[1:-3:2]
    if number == 0 or len(payload) != 4 + 2 * number or not set(named) <= set(frame.identifiers):
        return None
    first, last, bits = payload[-3:]
    if not frame.progressive:  # T.81 table B.3 leaves no choice, and libjpeg ignores what is there
        first, last, bits = 0, 63, 0
    components = tuple(frame.identifiers.index(name) for name in named)
    return Scan(components, first, last, bits >> 4, bits & 15, *place, interval)


def _contradicts(frame: Frame, before: Sequence[Scan], scan: Scan) -> bool:
    """Whether a scan brings what earlier ones have brought: it is from another file, or a copy."""
    for component in scan.components:
        told = [s for s in before if component in s.components]
        if not frame.progressive:
            if told:
                return True
            continue
        for band in range(scan.first, scan.last + 1):
            left = [s.low for s in told if s.first <= band <= s.last]
            if (left[-1] == 0 or scan.high != left[-1]) if left else scan.high:
                return True
    return False


def first_wrong_restart(data: bytes, scan: Scan) -> int | None:
    """Where the first restart marker is that cannot be this scan's own, None where all can."""
    for number, found in enumerate(_RESTART.finditer(data, scan.start, scan.stop)):
        if not scan.interval or data[found.start() + 1] != 0xD0 + number % 8:
            return found.start()
    return None


def restarts_before(data: bytes, scan: Scan, place: int) -> list[int]:
    """Where the scan's restart markers are, up to a place in its data."""
    return [found.start() for found in _RESTART.finditer(data, scan.start, place)]
