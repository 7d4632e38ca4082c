"""Whether the data of a progressive file's last scan fits what the scans before it have brought.

That scan adds the last bit. Where the picture has texture, both are many: coefficients that were
there before, now 2 or more, and new ones of 1. Foreign data is often valid code, and puts its ones
anywhere. So the correlation of both counts over blocks falls from about 0.6 to 0.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from ddrm_core.jpeg.image import Levels
from ddrm_core.jpeg.markers import Scan

_BLOCKS = 160  # in which the correlation is taken
_FITS, _FOREIGN = 0.45, 0.2
_LEAST_SPREAD = 0.5  # of the square root of a count; where all blocks are alike nothing can be said


def refines(scan: Scan) -> bool:
    """Return whether the scan adds the last bit to coefficients of one component."""
    return scan.first > 0 and scan.high == 1 and scan.low == 0 and len(scan.components) == 1


def last_blocks_fit(levels: Levels, count: int) -> bool:
    """Return whether the last of the first `count` blocks fit, as far as earlier ones do."""
    correlations = _correlations(levels, count)
    last = correlations[-1]
    if last is None or last >= _FOREIGN:
        return True
    return max((c for c in correlations[:-1] if c is not None), default=0.0) < _FITS


def last_blocks_surely_fit(levels: Levels) -> bool:
    """Return whether the last blocks fit, and would not if they were foreign."""
    last = _correlations(levels, levels.shape[0] * levels.shape[1])[-1]
    return last is not None and last >= _FITS


def _correlations(levels: Levels, count: int) -> list[float | None]:
    """Return the correlation in each part of the first `count` blocks, the last one at the end."""
    bands = np.abs(levels.reshape(-1, 64)[:count, 1:])
    before, new = np.sqrt((bands >= 2).sum(1)), np.sqrt((bands == 1).sum(1))
    starts = [*range(0, count - 2 * _BLOCKS, _BLOCKS), max(0, count - _BLOCKS)]
    return [_correlation(before[s : s + _BLOCKS], new[s : s + _BLOCKS]) for s in starts]


def _correlation(one: NDArray[np.float64], other: NDArray[np.float64]) -> float | None:
    """Return the correlation, None where it would mean nothing."""
    if len(one) < _BLOCKS or one.std() < _LEAST_SPREAD:
        return None
    return float(np.corrcoef(one, other)[0, 1]) if other.std() > 0 else 0.0
