"""Range of levels that a histogram shows."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

# Share of blocks that the initial range omits at both ends together.
_OMITTED_FRACTION = 0.01
_MIN_INITIAL_LEVELS, _MIN_LEVELS = 5, 1


@dataclass(frozen=True, slots=True)
class LevelRange:
    """Range of levels from `first` to `last`, both included."""

    first: int
    last: int

    @property
    def count(self) -> int:
        return self.last - self.first + 1

    def zoomed(self, factor: float, anchor_level: int | None = None) -> LevelRange:
        """Return the range with its length divided by `factor`.

        The level `anchor_level` keeps its relative position in the range; None is the middle level.
        """
        new_count = max(round(self.count / factor), _MIN_LEVELS)
        if new_count == self.count and factor != 1:
            new_count = max(new_count + (1 if factor < 1 else -1), _MIN_LEVELS)
        anchor_level = (
            (self.first + self.last) // 2
            if anchor_level is None
            else min(max(anchor_level, self.first), self.last)
        )
        anchor_fraction = (anchor_level - self.first + 0.5) / self.count
        first = round(anchor_level + 0.5 - anchor_fraction * new_count)
        return LevelRange(first, first + new_count - 1)

    def translated(self, offset: int) -> LevelRange:
        return LevelRange(self.first + offset, self.last + offset)

    def clamped_to(self, bounds: LevelRange) -> LevelRange:
        """Return the range moved, and shortened if necessary, so that it is inside `bounds`."""
        count = min(self.count, bounds.count)
        first = min(max(self.first, bounds.first), bounds.last - count + 1)
        return LevelRange(first, first + count - 1)


def full_level_range(first_level: int, counts: NDArray[np.int64]) -> LevelRange:
    """Return the range of all levels of a histogram, with an empty level added at both ends.

    Args:
        first_level: Level of the first count.
        counts: Number of blocks with each level.
    """
    return LevelRange(first_level - 1, first_level + len(counts))


def central_level_range(first_level: int, counts: NDArray[np.int64]) -> LevelRange:
    """Return the range of levels that nearly all blocks have, without the outliers.

    The range has at least five levels, and one more at both ends.

    Args:
        first_level: Level of the first count.
        counts: Number of blocks with each level.
    """
    cumulative_counts = counts.cumsum()
    if not cumulative_counts[-1]:
        return LevelRange(-2, 2)
    low = int(
        np.searchsorted(cumulative_counts, _OMITTED_FRACTION / 2 * cumulative_counts[-1], "right")
    )
    high = int(
        np.searchsorted(
            cumulative_counts, (1 - _OMITTED_FRACTION / 2) * cumulative_counts[-1], "left"
        )
    )
    missing = max(_MIN_INITIAL_LEVELS - (high - low + 1), 0)
    low, high = first_level + low - missing // 2 - missing % 2, first_level + high + missing // 2
    return LevelRange(low - 1, high + 1)


def tick_levels(visible_range: LevelRange, max_ticks: int) -> list[int]:
    """Return at most `max_ticks` evenly spaced levels of a range, multiples of a round step."""
    step = 1
    for step in (1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000):
        if visible_range.count / step <= max_ticks:
            break
    first_tick = -(-visible_range.first // step) * step
    return list(range(first_tick, visible_range.last + 1, step))
