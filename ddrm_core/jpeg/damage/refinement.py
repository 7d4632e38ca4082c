"""Plausibility of a progressive file's last scan, given the scans before.

The last scan adds the last bit. In textured areas, two counts per block are high: coefficients of 2
or more, which earlier scans brought, and new coefficients of 1. Foreign data is often valid code
and puts ones anywhere. The correlation of the two counts over blocks then falls from about 0.6 to
0.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from ddrm_core.jpeg.image import DctLevels
from ddrm_core.jpeg.stream_layout import JpegScan

_WINDOW_BLOCKS = 160  # number of blocks per correlation
_FITTING_CORRELATION, _FOREIGN_CORRELATION = 0.45, 0.2
# Standard deviation of the square root of a count; below, blocks are too alike for a correlation.
_MIN_DEVIATION = 0.5


def is_last_bit_refinement(scan: JpegScan) -> bool:
    """Return whether a progressive scan adds only the last bit to the levels of one component."""
    return (
        scan.first_band > 0
        and scan.approximation_high == 1
        and scan.approximation_low == 0
        and len(scan.component_indices) == 1
    )


def is_refinement_plausible(levels: DctLevels, block_count: int) -> bool:
    """Return whether the last of the first `block_count` blocks may belong to the image.

    Over the blocks of an image, the number of new coefficients of 1 correlates with the number of
    coefficients of 2 or more. The result is False if this correlation is low in the last blocks,
    but high in earlier blocks.
    """
    correlations = _correlate_windows(levels, block_count)
    last = correlations[-1]
    if last is None or last >= _FOREIGN_CORRELATION:
        return True
    return max((c for c in correlations[:-1] if c is not None), default=0.0) < _FITTING_CORRELATION


def is_refinement_certain(levels: DctLevels) -> bool:
    """Return whether the last blocks certainly belong to the image.

    The correlation that `is_refinement_plausible` describes is then high in the last blocks.
    Foreign data hardly ever has a high correlation.
    """
    last = _correlate_windows(levels, levels.shape[0] * levels.shape[1])[-1]
    return last is not None and last >= _FITTING_CORRELATION


def _correlate_windows(levels: DctLevels, block_count: int) -> list[float | None]:
    """Return the correlation that `is_refinement_plausible` describes, one per group of blocks.

    The groups of `_WINDOW_BLOCKS` blocks cover the first `block_count` blocks in order. The
    correlation of a group is None if its blocks are too few or too similar.
    """
    bands = np.abs(levels.reshape(-1, 64)[:block_count, 1:])
    earlier_counts, new_counts = np.sqrt((bands >= 2).sum(1)), np.sqrt((bands == 1).sum(1))
    starts = [
        *range(0, block_count - 2 * _WINDOW_BLOCKS, _WINDOW_BLOCKS),
        max(0, block_count - _WINDOW_BLOCKS),
    ]
    return [
        _compute_correlation(
            earlier_counts[s : s + _WINDOW_BLOCKS], new_counts[s : s + _WINDOW_BLOCKS]
        )
        for s in starts
    ]


def _compute_correlation(a: NDArray[np.float64], b: NDArray[np.float64]) -> float | None:
    """Return the correlation of two values per block; None for too few or too similar blocks."""
    if len(a) < _WINDOW_BLOCKS or a.std() < _MIN_DEVIATION:
        return None
    return float(np.corrcoef(a, b)[0, 1]) if b.std() > 0 else 0.0
