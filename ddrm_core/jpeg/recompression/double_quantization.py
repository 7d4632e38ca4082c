"""Evidence of two quantizations on the same grid, from histograms of a file's levels.

Multiples of the first quantizer step fall unevenly into the bins of the second: some bins receive
two multiples, some none. The expected histogram after a single quantization is taken from the same
image on a grid shifted by half a block, on which neither quantization is visible. Source:
Fridrich's calibration of steganalysis; Lukas and Fridrich, Estimation of primary quantization
matrix in double compressed JPEG images, 2003.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ddrm_core.jpeg.recompression.block_histograms import CELL_COUNT, CELLS_PER_UNIT

_OUTLIER_SHARE = 0.15  # share of coefficients that the model does not explain
_LEAST_REACH, _RELATIVE_REACH = 0.25, 0.15  # smoothing, in quantizer steps and in magnitudes
_LEAST_COUNT = 1e-6  # per cell
# Upper edges of the histogram's cells.
_CELL_EDGES = (np.arange(CELL_COUNT) + 0.5) / CELLS_PER_UNIT
_ROUNDING_NOISE = 0.35  # rounding of the first decoder's pixels, in units of coefficients
# Page's approximation of the normal distribution function.
_NORMAL_SLOPE, _NORMAL_CUBIC = (
    1.5957691,
    0.0713548,
)


def compute_requantization_evidence(
    levels: NDArray[np.int_],
    reference_counts: NDArray[np.float32],
    step: int,
    earlier_steps: NDArray[np.intp],
) -> NDArray[np.float64]:
    """Return the evidence that a band was quantized by each of `earlier_steps` before.

    The evidence is the logarithm of a likelihood ratio in nats: quantization by the earlier step
    and then by `step`, against quantization by `step` alone. Only earlier steps larger than `step`
    have evidence; all others get 0. The result is (candidates,).

    Args:
        levels: Levels of the band, (n,).
        reference_counts: Histogram of the band's coefficients on the shifted grid, (`CELL_COUNT`,).
        step: Quantizer step of the file.
        earlier_steps: Candidate steps, 1 to 255, (candidates,).
    """
    max_level = 1024 // step + 1
    counts = np.bincount(np.minimum(np.abs(levels), max_level)).astype(float)
    top_level = len(counts) - 1  # higher levels do not occur, and have no evidence
    distribution = _smooth_distribution(reference_counts, step)
    single_counts = np.diff(distribution.count_below((np.arange(top_level + 2) - 0.5) * step))
    single_shares = _level_shares(single_counts, distribution.total, max_level)
    result = np.zeros(len(earlier_steps))
    is_coarser = earlier_steps > step
    double_counts = _requantized_counts(
        distribution, earlier_steps[is_coarser], step, top_level, max_level
    )
    double_shares = _level_shares(double_counts, distribution.total, max_level)
    log_ratios = np.log(_OUTLIER_SHARE + (1 - _OUTLIER_SHARE) * double_shares / single_shares)
    result[is_coarser] = log_ratios @ counts[1:]
    return result


def _level_shares(
    level_counts: NDArray[np.float64], total: float, max_level: int
) -> NDArray[np.float64]:
    """Return the share that each level has of all levels except 0, without level 0.

    Level 0 is left out, because the shifted grid does not show its count.

    Args:
        level_counts: Counts of the lowest levels, from 0, along the last axis.
        total: Number of coefficients at all levels.
        max_level: Highest level.
    """
    least = 1e-9 * (1 + total)
    nonzero_total = total - level_counts[..., :1] + max_level * least
    shares: NDArray[np.float64] = (level_counts[..., 1:] + least) / nonzero_total
    return shares


@dataclass(frozen=True, slots=True, eq=False)
class _SmoothDistribution:
    """The smoothed distribution of a band's magnitudes, as a piecewise linear function.

    Attributes:
        magnitudes: Ascending magnitudes, (n,).
        counts_below: Number of magnitudes below each of them, (n,); the last is `total`.
        total: Number of all magnitudes.
    """

    magnitudes: NDArray[np.float64]
    counts_below: NDArray[np.float64]
    total: float

    def count_below(self, x: NDArray[np.floating]) -> NDArray[np.float64]:
        """Return how many magnitudes are below each of `x`."""
        counts: NDArray[np.float64] = np.interp(x, self.magnitudes, self.counts_below, left=0.0)
        return counts


def _smooth_distribution(counts: NDArray[np.float32], step: int) -> _SmoothDistribution:
    """Return the smoothed distribution of magnitudes with a histogram, (`CELL_COUNT`,).

    Smoothing is wider at large magnitudes, which are rare. A small constant is added to each cell.
    Above the largest magnitude there is nothing else, so that the cells there are not computed.
    """
    last_cell = int(np.flatnonzero(counts).max(initial=0))
    largest = _CELL_EDGES[last_cell]
    highest = max(largest + _LEAST_REACH * step, largest / (1 - _RELATIVE_REACH))
    cell_count = min(CELL_COUNT, int(highest * CELLS_PER_UNIT) + 2)
    edges, cumulative_counts = _CELL_EDGES[: last_cell + 1], np.cumsum(counts[: last_cell + 1])
    x = np.arange(cell_count) / CELLS_PER_UNIT
    reach = np.maximum(_LEAST_REACH * step, _RELATIVE_REACH * x)
    above, below = (
        np.interp(magnitudes, edges, cumulative_counts, left=0.0)
        for magnitudes in (x + reach, x - reach)
    )
    smooth = (above - below) / (2 * reach * CELLS_PER_UNIT)
    smooth_counts = np.cumsum(smooth + _LEAST_COUNT)
    total = float(smooth_counts[-1]) + _LEAST_COUNT * (CELL_COUNT - cell_count)
    return _SmoothDistribution(
        np.append(_CELL_EDGES[:cell_count], _CELL_EDGES[-1]),
        np.append(smooth_counts, total),
        total,
    )


def _requantized_counts(
    distribution: _SmoothDistribution,
    earlier_steps: NDArray[np.intp],
    step: int,
    top_level: int,
    max_level: int,
) -> NDArray[np.float64]:
    """Return histograms of levels after quantization by each earlier step and then by `step`.

    The result is (candidates, top_level + 1) for levels from 0. All candidates are computed at
    once, with the multiples of all earlier steps in one array.

    Args:
        distribution: Distribution of the coefficients before both quantizations.
        earlier_steps: Earlier steps, (candidates,).
        step: Later step.
        top_level: Highest level of the result.
        max_level: Level in which all higher ones are counted.
    """
    # Higher multiples contribute to higher levels only.
    multiple_counts = np.minimum(
        1024 // earlier_steps + 2, ((top_level + 1) * step - 1) // earlier_steps + 1
    )
    candidate_count = len(earlier_steps)
    candidates = np.repeat(np.arange(candidate_count), multiple_counts)
    first_places = np.cumsum(multiple_counts) - multiple_counts
    multiples = np.arange(len(candidates)) - first_places[candidates]
    earlier_step = earlier_steps[candidates]
    masses = distribution.count_below((multiples + 0.5) * earlier_step)
    masses -= distribution.count_below((multiples - 0.5) * earlier_step)
    position = multiples * earlier_step / step
    lower_level = position.astype(np.intp)
    z = (position - lower_level - 0.5) * step / _ROUNDING_NOISE
    upper_share = 1 / (1 + np.exp(-np.clip(_NORMAL_SLOPE * z + _NORMAL_CUBIC * z**3, -60, 60)))
    length = top_level + 2
    places = candidates * length + lower_level
    upper_masses = masses * upper_share
    size = candidate_count * length
    levels = np.zeros((candidate_count, length))
    levels += np.bincount(places, masses - upper_masses, size).reshape(levels.shape)
    levels += np.bincount(places + 1, upper_masses, size).reshape(levels.shape)
    result = levels[:, : top_level + 1]
    if top_level == max_level:
        result[:, -1] = distribution.total - result[:, :-1].sum(1)
    return result
