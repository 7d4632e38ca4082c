"""Search for bytes that no encoder writes: fill of one value, a short pattern, or text.

Entropy-coded data looks random; only areas of one color give patterns. A pattern is therefore
foreign if it reaches the end of the data, or if the blocks decoded from it are not flat.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ddrm_core.jpeg.stream_layout import EOI_BYTES, JpegScan

_PRINTABLE = rb"[\t\n\r\x20-\x7e]"
# By chance, 24 bytes in a row are text once in 1e10.
_LONG_TEXT = re.compile(_PRINTABLE + rb"{24,}")
# The search begins only at the start of a run, so that a long run in the middle costs little time.
_TRAILING_TEXT = re.compile(rb"(?<!" + _PRINTABLE + rb")" + _PRINTABLE + rb"{8,}\Z")
_FOREIGN_PATTERN = re.compile(rb"(.)\1{3}|" + _PRINTABLE + rb"{8}", re.DOTALL)
_ONE_BITS = re.compile(rb"(?:\xff\x00){8,}|\xff{4,}")  # T.81 has no code of ones only
_PERIODS = (1, 2, 3, 4, 8)  # bytes
# In bytes: anywhere in the data, and at its end.
_MIN_PATTERN_BYTES, _MIN_TRAILING_BYTES = 24, 4
_MAX_PATTERNS_CHECKED = 8
_CHUNK_BYTES = 1 << 16
# Bytes after the data, for a last byte and a fill that together look like a marker.
_LOOKAHEAD_BYTES = 32


@dataclass(frozen=True, slots=True)
class ForeignData:
    """The position of bytes in entropy-coded data that no encoder writes.

    Attributes:
        start: Position of the first foreign byte in the file.
        is_at_end: Whether the foreign bytes reach the end of the data.
        is_significant: Whether the foreign bytes are too many to occur by chance.
    """

    start: int
    is_at_end: bool
    is_significant: bool


def find_foreign_data(
    data: bytes, scans: Sequence[JpegScan], is_flat: Callable[[int], bool]
) -> ForeignData | None:
    """Return the first bytes in the scans' data that no encoder writes; None without such bytes.

    Args:
        data: Bytes of the file.
        scans: Scans of the image.
        is_flat: Function that takes a position in `data` and returns whether the blocks decoded
            just after the position have a single color. Encoders write repeated bytes for them.
    """
    for scan in scans:
        segment = data[scan.data_start : scan.data_end + _LOOKAHEAD_BYTES * (scan is scans[-1])]
        spans = [(m.start(), m.end()) for m in (_LONG_TEXT.search(segment),) if m]
        spans += [(m.start(), len(segment)) for m in (_ONE_BITS.search(segment),) if m]
        if scan is scans[-1]:
            is_at_end = _find_trailing_fill(data[scan.data_start : scan.data_end])
            spans += [] if is_at_end is None else [(is_at_end, scan.data_end - scan.data_start)]
        patterns = sorted(_find_repeated_patterns(segment), key=lambda p: p[1] - p[0], reverse=True)
        for pattern in patterns[:_MAX_PATTERNS_CHECKED]:
            if pattern < min(spans, default=(len(segment),)) and not is_flat(
                scan.data_start + pattern[0]
            ):
                spans.append(pattern)
        if spans:
            first, size = min(spans)[0], scan.data_end - scan.data_start
            if segment[first - 1 : first + 1] == b"\xff\0":  # the last byte of a scan is stuffed
                first += 1
            ends = [end for start, end in spans if start <= first + max(_PERIODS)]
            has_trailing_data = data[scan.data_end : scan.data_end + len(EOI_BYTES)] not in (
                b"",
                EOI_BYTES,
            )
            is_at_end = scan is scans[-1] and max(ends) >= size + has_trailing_data
            return ForeignData(
                min(scan.data_end, scan.data_start + first),
                is_at_end,
                max(ends) - first >= _MIN_PATTERN_BYTES,
            )
    return None


def has_foreign_pattern(data: bytes) -> bool:
    """Return whether bytes contain a pattern that entropy-coded data hardly ever has."""
    return _FOREIGN_PATTERN.search(data) is not None


def is_printable_text(data: bytes) -> bool:
    """Return whether all bytes are printable ASCII, tabs or line ends."""
    return re.fullmatch(_PRINTABLE + rb"*", data) is not None


def _find_trailing_fill(segment: bytes) -> int | None:
    """Return the index from which `segment` is only text or a repeated pattern; None without."""
    starts = [m.start() for m in (_TRAILING_TEXT.search(segment),) if m]
    values = np.frombuffer(segment, np.uint8)
    for period in _PERIODS:
        repetition_start = _find_repetition_start(values, period)
        if len(segment) - repetition_start >= max(_MIN_TRAILING_BYTES - 1, 3 * period):
            starts.append(repetition_start - period)
    return min(starts, default=None)


def _find_repetition_start(values: NDArray[np.uint8], period: int) -> int:
    """Return the index from which all values to the end equal the value one period before."""
    stop = len(values)
    while stop > period:
        start = max(period, stop - _CHUNK_BYTES)
        differs = values[start:stop] != values[start - period : stop - period]
        if differs.any():
            return start + int(np.flatnonzero(differs)[-1]) + 1
        stop = start
    return stop


def _find_repeated_patterns(segment: bytes) -> Iterator[tuple[int, int]]:
    """Yield start and end of patterns that repeat after 1, 2, 3, 4 or 8 bytes."""
    values = np.frombuffer(segment, np.uint8)
    for period in _PERIODS:
        equal = (values[period:] == values[:-period]).tobytes() if len(values) > period else b""
        for match in re.finditer(rb"\x01{%d,}" % (_MIN_PATTERN_BYTES - period), equal):
            yield match.start(), match.end() + period
