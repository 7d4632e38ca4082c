"""How much of a damaged file could be read.

Where data ends, where bytes begin that no encoder writes, or where libjpeg notices that the data is
corrupt, is found in bytes. What lies there in the picture is found by reading once more with a
little less data: blocks before the first one that changes were complete. The code of T.81 has no
check sums, so wrong data may be valid code and is noticed late or never. Therefore:

- Where nothing says in which byte the damage begins, the blocks have to (see `seams`), or the
  restart markers. What is not certain then counts as not read.
- All that follows the first damage is counted as not read, even where restart markers or a later
  scan would let a decoder find its way again.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ddrm_core.jpeg.damage.endings import Read, attempt, is_complete, lacks_nothing, whole_reading
from ddrm_core.jpeg.damage.foreign_data import first_foreign
from ddrm_core.jpeg.damage.refinement import last_blocks_fit, refines
from ddrm_core.jpeg.damage.seams import plausible
from ddrm_core.jpeg.image import Damage, Levels
from ddrm_core.jpeg.libjpeg.client import Reading
from ddrm_core.jpeg.markers import (
    END,
    Frame,
    Layout,
    Scan,
    first_wrong_restart,
    layout_of,
    restarts_before,
)

Mask = NDArray[np.bool_]
_CUT_OFF, _CORRUPT = "it ends in the middle of the picture", "its data is corrupt"
_START = b"\xff\xd8\xff"  # another JPEG: its first byte is known
_PROBES = 12  # places the damage to 1/4096 of the file


@dataclass(frozen=True, slots=True)
class _Place:
    """Where the data stops to be the picture's own.

    Attributes:
        stop: Its position in the file.
        certain: Whether nothing before it is foreign, as far as bytes tell.
        words: The kind of damage, in words.
    """

    stop: int
    certain: bool
    words: str


def largest_share(layout: Layout) -> float:
    """Of the picture, 0 to 1, that so little data can hold: a block takes a bit at least."""
    bits = 8 * (layout.end - layout.scans[0].start)
    return min(1.0, bits / sum(rows * columns for rows, columns in layout.frame.block_shapes))


def salvage(data: bytes, read: Read) -> tuple[Reading | None, Damage | None]:
    """What can be read, None where no part of the picture can; what is wrong, None where nothing.

    A missing end marker, other bytes behind the last block and stray bytes before a marker harm
    nothing. Levels of MCUs that are not whole are what the decoder made of them.

    Raises:
        ValueError: There is no picture in the data.
        ReaderFailed: libjpeg refuses the header, or does not come to an end.
    """
    layout = layout_of(data)
    reading = attempt(data, read)
    if reading is None:
        read(data[: layout.scans[0].start])  # raises where already the header is refused
    if reading is not None and not reading.complaints and layout.ended:
        if layout.final(len(layout.scans))[:, 0].all():  # T.81 lets an encoder stop there
            return reading, None
    elif (mended := whole_reading(data, layout, read)) is not None:
        return mended, None
    place = _damaged_place(data, layout, reading, read)
    sound = data[: place.stop]
    layout = layout_of(sound)
    if reading is None or len(layout.scans) > 1:
        reading = attempt(sound, read)
    whole = _whole(sound, layout, read)
    if reading is not None and whole.any():
        whole = _limited(layout, reading, whole, place)
    scans = _scans_read(sound, layout, place, read)
    coarse = _coarse(layout, scans)
    if not whole.any() and not coarse:
        reading = None
    bound = "at most " if place.words == _CORRUPT and whole.any() else ""
    return reading, Damage(f"{place.words}; {bound}{_outcome(whole, scans, coarse)}", whole)


def _corrupt(reading: Reading | None) -> bool:
    """Whether more is wrong than that data is missing at the end."""
    return reading is None or any(not c.startswith("Premature end") for c in reading.complaints)


def _damaged_place(data: bytes, layout: Layout, reading: Reading | None, read: Read) -> _Place:
    first = layout.scans[0].start
    foreign = first_foreign(data, layout.scans, lambda place: _is_flat(data, place, reading, read))
    stop, certain = layout.end, True
    if foreign is not None:
        stop = max(first, foreign.place)
    if _corrupt(attempt(data[:stop], read)):
        stop, certain = _noticed(data, first, stop, read), False
    elif foreign is not None and not foreign.last:
        certain = False
    elif foreign is None or not foreign.many:
        ended = attempt(data[:stop] + END, read) if foreign is None else None
        if ended is not None and lacks_nothing(ended):
            certain = not ended.complaints and not layout.final(len(layout.scans)).all()
        else:
            certain = not _more_follows(data, layout)
    scan = next(s for s in reversed(layout.scans) if s.start <= stop)
    wrong = first_wrong_restart(data, scan)
    if wrong is not None and wrong < stop:
        stop, certain = wrong, False
    if not certain and scan.interval:
        stop, certain = max([scan.start, *restarts_before(data, scan, stop)]), True
        return _Place(stop, certain, _CORRUPT)
    cut_off = foreign is None and certain
    return _Place(stop, certain, _CUT_OFF if cut_off else _CORRUPT)


def _more_follows(data: bytes, layout: Layout) -> bool:
    """Whether what follows the data may have begun before the marker that ends it."""
    end = layout.end + len(END) * layout.ended
    return bool(data[end:].strip(b"\xff\0")) and not data.startswith(_START, end)


def _noticed(data: bytes, low: int, high: int, read: Read) -> int:
    """The length of what comes before the place where libjpeg notices corrupt data."""
    for _ in range(_PROBES):
        middle = (low + high) // 2
        if _corrupt(attempt(data[:middle], read)):
            high = middle
        else:
            low = middle
    return low


def _is_flat(data: bytes, place: int, reading: Reading | None, read: Read) -> bool:
    """Whether the MCU behind the one at this place has one color."""
    layout = layout_of(data[:place])
    if reading is None or layout.frame.progressive:
        return False
    first = int(_whole(data[:place], layout, read).sum()) + 2
    row, column = divmod(first, layout.frame.mcu_grid[1])
    for planes, (across, down) in zip(reading.levels, layout.frame.factors, strict=True):
        blocks = planes[row * down : (row + 1) * down, column * across : (column + 1) * across]
        if blocks.reshape(-1, 64)[:, 1:].any():
            return False
    return True


def _limited(layout: Layout, reading: Reading, whole: Mask, place: _Place) -> Mask:
    """The MCUs of these that are certain."""
    frame, last = layout.frame, layout.scans[-1]
    certain = place.certain
    if len(last.components) < len(frame.factors) or frame.progressive:
        if certain and refines(last):
            (component,) = last.components
            across, down = frame.factors[component]
            # Its blocks in whole rows of MCUs, and in the last, broken row.
            count = int(whole.all(1).sum()) * down * frame.block_shapes[component][1]
            count += int(whole.sum(1)[~whole.all(1)][:1].sum()) * across
            certain = last_blocks_fit(reading.levels[component], count)
        return whole & certain
    count = plausible(
        frame, reading.levels, reading.tables, int(whole.sum()), suspicious=not certain
    )
    return (np.arange(whole.size) < count).reshape(whole.shape)


def _whole(data: bytes, layout: Layout, read: Read) -> Mask:
    """MCUs that data cut off in its last scan still holds, (rows, columns)."""
    frame, last = layout.frame, layout.scans[-1]
    whole: Mask = np.ones(frame.mcu_grid, np.bool_)
    before = attempt(data, read)
    if before is None or not layout.final(len(layout.scans)).all():
        return ~whole
    cut = 1
    while (length := len(data) - cut) > last.start:
        after = attempt(data[:length], read)
        if after is None:
            break
        first = _first_change(frame, last, before.levels, after.levels)
        if first is not None:
            for component in last.components:
                blocks = _order(frame, last, component) < first
                np.logical_and(whole, frame.by_mcu(component, blocks), out=whole)
            return whole
        cut *= 4
    return ~whole


def _scans_read(data: bytes, layout: Layout, place: _Place, read: Read) -> int:
    """How many scans are whole: the last one where its data is certain and lacks nothing."""
    complete = place.certain and is_complete(data, read)
    return len(layout.scans) - (not complete)


def _coarse(layout: Layout, scans: int) -> bool:
    """Whether scans that came whole tell the mean of every block, if only roughly."""
    told = {c for scan in layout.scans[:scans] if scan.first == 0 for c in scan.components}
    return len(told) == len(layout.frame.factors)


def _first_change(
    frame: Frame, scan: Scan, before: Sequence[Levels], after: Sequence[Levels]
) -> int | None:
    """The position in the scan of the first block that differs, None where none does."""
    firsts = []
    for component in scan.components:
        changed = (before[component] != after[component]).any((2, 3))
        firsts += _order(frame, scan, component)[changed].tolist()
    return min(firsts, default=None)


def _order(frame: Frame, scan: Scan, component: int) -> NDArray[np.int64]:
    """Positions of a component's blocks in the scan, in units of its MCUs (T.81 A.2)."""
    rows, columns = np.indices(frame.block_shapes[component], np.int64)
    if len(scan.components) == 1:
        return rows * frame.block_shapes[component][1] + columns
    across, down = frame.factors[component]
    return rows // down * frame.mcu_grid[1] + columns // across


def _outcome(whole: Mask, scans: int, coarse: bool) -> str:
    share = float(whole.mean())
    if share >= 0.01:
        return f"{int(100 * share)} % could be read"
    if share > 0:
        return "less than 1 % could be read"
    if coarse:
        return f"{scans} {'scan' if scans == 1 else 'scans'} could be read, coarse only"
    return "nothing could be read"
