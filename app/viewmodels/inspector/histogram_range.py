"""Which levels of a band a histogram shows."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

# Of the blocks: what is left out at both ends together at first.
_TAILS = 0.01
_LEAST_LEVELS, _FEWEST = 5, 1


@dataclass(frozen=True, slots=True)
class LevelRange:
    """Levels from `first` to `last`, both included."""

    first: int
    last: int

    @property
    def count(self) -> int:
        return self.last - self.first + 1

    def zoomed(self, factor: float, at: int | None = None) -> LevelRange:
        """A `factor` fewer levels; `at` stays where it is, or the middle does."""
        wanted = max(round(self.count / factor), _FEWEST)
        if wanted == self.count and factor != 1:
            wanted = max(wanted + (1 if factor < 1 else -1), _FEWEST)
        at = (self.first + self.last) // 2 if at is None else min(max(at, self.first), self.last)
        share = (at - self.first + 0.5) / self.count
        first = round(at + 0.5 - share * wanted)
        return LevelRange(first, first + wanted - 1)

    def moved(self, levels: int) -> LevelRange:
        return LevelRange(self.first + levels, self.last + levels)

    def within(self, other: LevelRange) -> LevelRange:
        """Moved, and made smaller where it must be, so that it lies in another."""
        count = min(self.count, other.count)
        first = min(max(self.first, other.first), other.last - count + 1)
        return LevelRange(first, first + count - 1)


def whole_range(first: int, counts: NDArray[np.int64]) -> LevelRange:
    """All levels there are, with an empty one at both ends."""
    return LevelRange(first - 1, first + len(counts))


def interesting_range(first: int, counts: NDArray[np.int64]) -> LevelRange:
    """Where nearly all blocks are; five levels at least."""
    total = counts.cumsum()
    if not total[-1]:
        return LevelRange(-2, 2)
    low = int(np.searchsorted(total, _TAILS / 2 * total[-1], "right"))
    high = int(np.searchsorted(total, (1 - _TAILS / 2) * total[-1], "left"))
    missing = max(_LEAST_LEVELS - (high - low + 1), 0)
    low, high = first + low - missing // 2 - missing % 2, first + high + missing // 2
    return LevelRange(low - 1, high + 1)


def labelled(shown: LevelRange, room: int) -> list[int]:
    """Levels to write numbers at: evenly spaced, 0 among them if it is shown, at most `room`."""
    step = 1
    for step in (1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000):
        if shown.count / step <= room:
            break
    first = -(-shown.first // step) * step
    return list(range(first, shown.last + 1, step))
