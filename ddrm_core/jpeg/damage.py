"""How much of a damaged file could be read.

Where data ends, or where libjpeg notices that it is corrupt, is found in bytes. What lies there
in the picture is found by reading once more with a little less data: blocks before the first one
that changes were complete. Limits, since the code of T.81 has no check sums:

- Wrong data that happens to be valid code is noticed later than it begins, often at the end of a
  scan only, or never. Of corrupt files the share that could be read is therefore an upper bound.
- All that follows the first damage is counted as not read, even where restart markers or a later
  scan would let a decoder find its way again.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

from ddrm_core.jpeg.measured import Damage, Levels
from ddrm_core.jpeg.reader import Reading, Undecodable
from ddrm_core.jpeg.scans import END, Frame, Layout, Scan, layout_of

Read = Callable[[bytes], Reading]
Mask = NDArray[np.bool_]
_CUT_OFF, _CORRUPT = "it ends in the middle of the picture", "its data is corrupt"
_PROBES = 12  # places the damage to 1/4096 of the file


def largest_share(layout: Layout) -> float:
    """Of the picture, 0 to 1, that so little data can hold: a block takes a bit at least."""
    bits = 8 * (layout.end - layout.scans[0].start)
    return min(1.0, bits / sum(rows * columns for rows, columns in layout.frame.block_shapes))


def salvage(data: bytes, read: Read) -> tuple[Reading | None, Damage | None]:
    """What can be read, None where no part of the picture can; what is wrong, None where nothing.

    A missing end marker or padding behind the last block harms nothing. Levels of MCUs that are
    not whole are what the decoder made of them.

    Raises:
        ValueError: There is no picture in the data.
        ReaderFailed: libjpeg refuses the header, or does not come to an end.
    """
    layout = layout_of(data)
    reading = _attempt(data, read)
    if reading is None:
        read(data[: layout.scans[0].start])  # raises where already the header is refused
    if reading is not None and not reading.complaints and layout.ended:
        if _final(layout.frame, layout.scans)[:, 0].all():  # T.81 lets an encoder stop there
            return reading, None
    elif (mended := _mended(data, layout, read)) is not None:
        return mended, None
    if _corrupt(reading):
        words, stop = _CORRUPT, _noticed(data, layout, read)
    else:
        words, stop = _CUT_OFF, layout.end
    layout = layout_of(data[:stop])
    reading = reading or _attempt(data[: layout.end], read)
    whole = _whole(data[: layout.end], layout, read)
    if reading is not None and words == _CORRUPT:
        np.logical_and(whole, _before_nonsense(layout.frame, reading), out=whole)
    if not whole.any() and not _coarse(layout):
        reading = None
    bound = "at most " if words == _CORRUPT and whole.any() else ""
    return reading, Damage(f"{words}; {bound}{_outcome(layout, whole)}", whole)


def _attempt(data: bytes, read: Read) -> Reading | None:
    try:
        return read(data)
    except Undecodable:
        return None


def _corrupt(reading: Reading | None) -> bool:
    """Whether more is wrong than that data is missing at the end."""
    return reading is None or any(not c.startswith("Premature end") for c in reading.complaints)


def _mended(data: bytes, layout: Layout, read: Read) -> Reading | None:
    """The reading of the file with its end put right, where that is all that is wrong."""
    padding = b"\0\xff" if layout.ended else b"\xff"
    body = data[: layout.end].rstrip(padding)
    if not _final(layout.frame, layout.scans).all():
        return None
    if layout.ended and len(body) == layout.end:
        return None
    reading = _attempt(body + END, read)
    return None if reading is None or reading.complaints else reading


def _noticed(data: bytes, layout: Layout, read: Read) -> int:
    """The length of what comes before the place where libjpeg notices corrupt data."""
    low, high = layout.scans[0].start, layout.end
    if not _corrupt(_attempt(data[:high], read)):
        return high  # it notices at the end marker what is missing or too much before
    for _ in range(_PROBES):
        middle = (low + high) // 2
        if _corrupt(_attempt(data[:middle], read)):
            high = middle
        else:
            low = middle
    return low


def _whole(data: bytes, layout: Layout, read: Read) -> Mask:
    """MCUs that data cut off in its last scan still holds, (rows, columns)."""
    frame, last = layout.frame, layout.scans[-1]
    whole: Mask = np.ones(frame.mcu_grid, np.bool_)
    before = _attempt(data, read)
    if before is None or not _final(frame, layout.scans).all():
        return ~whole
    cut = 1
    while (length := len(data) - cut) > last.start:
        after = _attempt(data[:length], read)
        if after is None:
            break
        first = _first_change(frame, last, before.levels, after.levels)
        if first is not None:
            for component in last.components:
                blocks = _order(frame, last, component) < first
                np.logical_and(whole, _by_mcu(frame, component, blocks), out=whole)
            return whole
        cut *= 4
    return ~whole


def _final(frame: Frame, scans: Sequence[Scan]) -> Mask:
    """Which bands of which component some scan brings with all bits, (components, 64)."""
    final = np.zeros((len(frame.factors), 64), np.bool_)
    for scan in scans:
        if scan.low == 0:
            final[list(scan.components), scan.first : scan.last + 1] = True
    return final


def _before_nonsense(frame: Frame, reading: Reading) -> Mask:
    """MCUs before the first block whose mean is brighter than white or darker than black."""
    sound: Mask = np.ones(frame.mcu_grid, np.bool_)
    for component, (levels, table) in enumerate(zip(reading.levels, reading.tables, strict=True)):
        means = np.abs(levels[:, :, 0, 0].astype(np.int64)) * int(table[0])
        np.logical_and(sound, _by_mcu(frame, component, means <= 1024 + table[0] // 2), out=sound)
    return np.logical_and.accumulate(sound.ravel()).reshape(sound.shape)


def _coarse(layout: Layout) -> bool:
    """Whether scans that came whole tell the mean of every block, if only roughly."""
    told = {c for scan in layout.scans[:-1] if scan.first == 0 for c in scan.components}
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


def _by_mcu(frame: Frame, component: int, blocks: Mask) -> Mask:
    """Which MCUs of the frame have all their blocks; those outside the picture do not count."""
    (rows, columns), (across, down) = frame.mcu_grid, frame.factors[component]
    padded = np.ones((rows * down, columns * across), np.bool_)
    padded[: blocks.shape[0], : blocks.shape[1]] = blocks
    return np.asarray(padded.reshape(rows, down, columns, across).all((1, 3)))


def _outcome(layout: Layout, whole: Mask) -> str:
    share = float(whole.mean())
    if share >= 0.01:
        return f"{int(100 * share)} % could be read"
    if share > 0:
        return "less than 1 % could be read"
    if _coarse(layout):
        scans = len(layout.scans) - 1
        return f"{scans} {'scan' if scans == 1 else 'scans'} could be read, coarse only"
    return "nothing could be read"
