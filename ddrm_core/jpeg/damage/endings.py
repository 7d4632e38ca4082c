"""Files that hold a whole picture though their data does not end as T.81 demands.

The end marker may be missing; other bytes may follow the last block at once; a few stray bytes may
come before a marker. libjpeg skips them and shows the whole picture.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from ddrm_core.jpeg.damage.foreign_data import first_foreign, is_foreign, is_text
from ddrm_core.jpeg.damage.refinement import last_blocks_fit, last_blocks_surely_fit, refines
from ddrm_core.jpeg.damage.seams import continues
from ddrm_core.jpeg.libjpeg.client import Reading, Undecodable
from ddrm_core.jpeg.markers import END, Layout, first_wrong_restart, layout_of

Read = Callable[[bytes], Reading]
_STRAYS = re.compile(r"(\d+) extraneous bytes before marker 0x([0-9a-f]{2})")
_OVERLAP = 2  # bytes of a picture that look like the text behind it
_BIT_BUFFER = 8  # bytes
_TRAILER = 48  # bytes of which a trailer looks unlike a scan's data
_MOST_UNSEEN = 16  # stray bytes where blocks cannot tell whether a scan's data ended before them


def attempt(data: bytes, read: Read) -> Reading | None:
    """Return what libjpeg reads, None where it refuses the data."""
    try:
        return read(data)
    except Undecodable:
        return None


def is_complete(data: bytes, read: Read) -> bool:
    """Return whether the last scan in the data lacks nothing."""
    return lacks_nothing(attempt(data + END, read))


def lacks_nothing(reading: Reading | None) -> bool:
    """Return whether libjpeg reads the data, and misses none before the end marker."""
    return reading is not None and not any("premature" in c for c in reading.complaints)


def whole_reading(data: bytes, layout: Layout, read: Read) -> Reading | None:
    """Return the levels of a whole picture with its end put right, None where it is not whole."""
    scans = layout.scans
    needed = next((n for n in range(1, len(scans) + 1) if layout.final(n).all()), None)
    if needed is None:
        return None
    last = scans[needed - 1]
    wrong = first_wrong_restart(data, last)
    body, known = data[: last.stop if wrong is None else wrong], data
    for _ in range(2 * needed):
        reading = attempt(body + END, read)
        if reading is None:
            return None
        if reading.complaints:
            strays = _strays(body, reading.complaints, read)
        else:  # there may be some in the bit buffer, which libjpeg does not name
            strays = _end_before(body, len(body), read), len(body)
        if strays is None:
            return None
        place, stop = strays
        if place == stop:
            return reading
        body = body[:place] + body[stop:]
        if not _is_end(known, body, place, read):
            return None
        known = known[:place] + known[stop:]
    return None


def _strays(body: bytes, complaints: tuple[str, ...], read: Read) -> tuple[int, int] | None:
    """Return where the stray bytes begin and end that libjpeg names, None where it names none."""
    found = _STRAYS.search(" ".join(complaints))
    if found is None:
        return None
    count = int(found[1])
    scans = layout_of(body + END).scans
    for scan in scans:
        stop = min(scan.stop, len(body))
        if scan is not scans[-1]:
            if body[stop + 1] != int(found[2], 16):
                continue
            reading = attempt(body[:stop] + END, read)
            if reading is None or f"{count} extraneous" not in " ".join(reading.complaints):
                continue
        return _end_before(body, max(scan.start, stop - count), read), stop
    return None


def _end_before(body: bytes, place: int, read: Read) -> int:
    """Return where a scan's data ends: libjpeg counts strays without those in its bit buffer."""
    for earlier in range(place - 1, place - _BIT_BUFFER - 1, -1):
        if not is_complete(body[:earlier], read):
            return earlier + 1
    return place


def _is_end(data: bytes, body: bytes, place: int, read: Read) -> bool:
    """Return whether a scan's own data ends at this place, not only what can be decoded.

    Zeros or text that began earlier were decoded as blocks. Other bytes cannot be told from a
    scan's data by themselves, but by the blocks.
    """
    layout = layout_of(data)
    scan = next(s for s in layout.scans if s.start < place <= s.stop)
    if data[place - 1 : place + 1] == bytes(2) and data[place - 2] != 0xFF:
        return False  # of a scan's last byte, the bits that are not needed are ones
    foreign = first_foreign(data, [scan], lambda _: True)
    if foreign is not None and foreign.place <= place:
        text = is_text(data[foreign.place : place])
        return place - foreign.place <= (_OVERLAP if text else 0)
    reading = attempt(body + END, read)
    if reading is None:
        return False
    if not layout.frame.progressive and len(scan.components) == len(layout.frame.factors):
        return continues(layout.frame, reading.levels, reading.tables)
    if is_foreign(data[place : place + _TRAILER]) and not is_foreign(
        data[place - _TRAILER : place]
    ):
        return True  # what follows is no scan's data, and what comes before does not look like it
    few = scan.stop - place <= _MOST_UNSEEN
    if not refines(scan):
        return few
    levels = reading.levels[scan.components[0]]
    blocks = levels.shape[0] * levels.shape[1]
    return last_blocks_fit(levels, blocks) if few else last_blocks_surely_fit(levels)
