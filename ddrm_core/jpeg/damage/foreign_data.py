"""Where bytes begin that no encoder writes: fill of one value, a short pattern, or text.

Entropy-coded data looks random. Only areas of one color give patterns, so a pattern counts where
it reaches the end of the data, or where the blocks that are decoded from it are not flat.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ddrm_core.jpeg.markers import END, Scan

_PRINTABLE = rb"[\t\n\r\x20-\x7e]"
_TEXT = re.compile(_PRINTABLE + rb"{24,}")  # by chance, 24 bytes in a row are text once in 1e10
_LAST_TEXT = re.compile(_PRINTABLE + rb"{8,}\Z")
_STRUCTURE = re.compile(rb"(.)\1{3}|" + _PRINTABLE + rb"{8}", re.DOTALL)
_ONES = re.compile(rb"(?:\xff\x00){8,}|\xff{4,}")  # no code consists of ones
_PERIODS = (1, 2, 3, 4, 8)  # bytes
_LONG_ENOUGH, _LAST = 24, 4  # bytes: anywhere, and at the end
_MOST_LOOKED_AT = 8
_CHUNK = 1 << 16
_BEYOND = 32  # bytes behind the data: where its last byte and a fill look like a marker


@dataclass(frozen=True, slots=True)
class Foreign:
    """Where bytes begin that no encoder writes.

    Attributes:
        place: Position of the first foreign byte in the file.
        last: Whether they go on to the data's end.
        many: Whether they are too many to be there by chance.
    """

    place: int
    last: bool
    many: bool


def first_foreign(
    data: bytes, scans: Sequence[Scan], is_flat: Callable[[int], bool]
) -> Foreign | None:
    """Return where foreign bytes begin in the scans' data, None where there are none.

    `is_flat` says whether the blocks are flat that are decoded from what follows a place.
    """
    for scan in scans:
        segment = data[scan.start : scan.stop + _BEYOND * (scan is scans[-1])]
        found = [(m.start(), m.end()) for m in (_TEXT.search(segment),) if m]
        found += [(m.start(), len(segment)) for m in (_ONES.search(segment),) if m]
        if scan is scans[-1]:
            last = _last(data[scan.start : scan.stop])
            found += [] if last is None else [(last, scan.stop - scan.start)]
        patterns = sorted(_patterns(segment), key=lambda p: p[1] - p[0], reverse=True)
        for pattern in patterns[:_MOST_LOOKED_AT]:
            if pattern < min(found, default=(len(segment),)) and not is_flat(
                scan.start + pattern[0]
            ):
                found.append(pattern)
        if found:
            first, size = min(found)[0], scan.stop - scan.start
            if segment[first - 1 : first + 1] == b"\xff\0":  # the last byte of a scan is stuffed
                first += 1
            ends = [end for start, end in found if start <= first + max(_PERIODS)]
            follows = data[scan.stop : scan.stop + len(END)] not in (b"", END)
            last = scan is scans[-1] and max(ends) >= size + follows
            return Foreign(
                min(scan.stop, scan.start + first), last, max(ends) - first >= _LONG_ENOUGH
            )
    return None


def is_foreign(data: bytes) -> bool:
    """Return whether bytes have a part that entropy-coded data hardly ever has."""
    return _STRUCTURE.search(data) is not None


def is_text(data: bytes) -> bool:
    """Return whether all bytes are printable ASCII or ends of lines."""
    return re.fullmatch(_PRINTABLE + rb"*", data) is not None


def _last(segment: bytes) -> int | None:
    """Return where the fill or text begins that the data ends with."""
    starts = [m.start() for m in (_LAST_TEXT.search(segment),) if m]
    values = np.frombuffer(segment, np.uint8)
    for period in _PERIODS:
        place = _repeats_from(values, period)
        if len(segment) - place >= max(_LAST - 1, 3 * period):
            starts.append(place - period)
    return min(starts, default=None)


def _repeats_from(values: NDArray[np.uint8], period: int) -> int:
    """Return the place from which each value to the end is that of one period before."""
    stop = len(values)
    while stop > period:
        start = max(period, stop - _CHUNK)
        other = values[start:stop] != values[start - period : stop - period]
        if other.any():
            return start + int(np.flatnonzero(other)[-1]) + 1
        stop = start
    return stop


def _patterns(segment: bytes) -> Iterator[tuple[int, int]]:
    """Yield start and end of what repeats itself after a few bytes."""
    values = np.frombuffer(segment, np.uint8)
    for period in _PERIODS:
        equal = (values[period:] == values[:-period]).tobytes() if len(values) > period else b""
        for match in re.finditer(rb"\x01{%d,}" % (_LONG_ENOUGH - period), equal):
            yield match.start(), match.end() + period
