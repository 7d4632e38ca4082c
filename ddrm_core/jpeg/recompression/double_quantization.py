"""Evidence of two quantizations on the same grid, from histograms of a file's levels.

Multiples of the first quantizer step fall unevenly into the bins of the second: some bins receive
two multiples, some none. The expected histogram after a single quantization is taken from the same
image on a grid shifted by half a block, on which neither quantization is visible. Source:
Fridrich's calibration of steganalysis; Lukas and Fridrich, Estimation of primary quantization
matrix in double compressed JPEG images, 2003.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from ddrm_core.jpeg.recompression.block_histograms import CELL_COUNT, CELLS_PER_UNIT

_OUTLIER_SHARE = 0.15  # share of coefficients that the model does not explain
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
    counts = np.bincount(np.minimum(np.abs(levels), max_level), minlength=max_level + 1).astype(
        float
    )
    cumulative_counts = _smooth_cumulative_counts(reference_counts, step)
    single_shares = _level_shares(
        np.diff(_counts_below(cumulative_counts, (np.arange(max_level + 2) - 0.5) * step))
    )
    result = np.zeros(len(earlier_steps))
    is_coarser = earlier_steps > step
    double_shares = _level_shares(
        _requantized_counts(cumulative_counts, earlier_steps[is_coarser], step, max_level)
    )
    log_ratios = np.log(_OUTLIER_SHARE + (1 - _OUTLIER_SHARE) * double_shares / single_shares)
    result[is_coarser] = log_ratios @ counts[1:]
    return result


def _level_shares(histograms: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the share that each level has of all levels except 0, without level 0.

    Levels, from 0, are the last axis of `histograms`. Level 0 is left out, because the shifted grid
    does not show its count.
    """
    some = histograms[..., 1:] + 1e-9 * (1 + histograms.sum(-1, keepdims=True))
    shares: NDArray[np.float64] = some / some.sum(-1, keepdims=True)
    return shares


def _smooth_cumulative_counts(counts: NDArray[np.float32], step: int) -> NDArray[np.float64]:
    """Return the number of magnitudes below each cell's upper edge, smoothed, (`CELL_COUNT`,).

    `counts` is a histogram of magnitudes. Smoothing is wider at large magnitudes, which are rare.
    """
    total = np.cumsum(counts, dtype=np.float64)
    x = np.arange(CELL_COUNT) / CELLS_PER_UNIT
    reach = np.maximum(0.25 * step, 0.15 * x)
    smooth = (_counts_below(total, x + reach) - _counts_below(total, x - reach)) / (
        2 * reach * CELLS_PER_UNIT
    )
    return np.cumsum(smooth + 1e-6)


def _counts_below(
    cumulative_counts: NDArray[np.float64], x: NDArray[np.floating]
) -> NDArray[np.float64]:
    """Return how many magnitudes are below each of `x`, by linear interpolation.

    `cumulative_counts` are the counts up to each cell's upper edge, (`CELL_COUNT`,).
    """
    cells = np.arange(CELL_COUNT) / CELLS_PER_UNIT
    counts: NDArray[np.float64] = np.interp(
        x, cells + 0.5 / CELLS_PER_UNIT, cumulative_counts, left=0.0
    )
    return counts


def _requantized_counts(
    cumulative_counts: NDArray[np.float64],
    earlier_steps: NDArray[np.intp],
    step: int,
    max_level: int,
) -> NDArray[np.float64]:
    """Return histograms of levels after quantization by each earlier step and then by `step`.

    The result is (candidates, max_level + 1) for levels from 0. `cumulative_counts` are those of
    `_smooth_cumulative_counts`. All candidates are computed at once, with the multiples of all
    earlier steps in one array.
    """
    candidate_count, multiple_counts = len(earlier_steps), 1024 // earlier_steps + 2
    candidates = np.repeat(np.arange(candidate_count), multiple_counts)
    first_places = np.cumsum(multiple_counts) - multiple_counts
    multiples = np.arange(len(candidates)) - first_places[candidates]
    earlier_step = earlier_steps[candidates]
    masses = _counts_below(cumulative_counts, (multiples + 0.5) * earlier_step) - _counts_below(
        cumulative_counts, (multiples - 0.5) * earlier_step
    )
    position = multiples * earlier_step / step
    lower_level = np.floor(position).astype(np.intp)
    z = (position - lower_level - 0.5) * step / _ROUNDING_NOISE
    upper_share = 1 / (1 + np.exp(-np.clip(_NORMAL_SLOPE * z + _NORMAL_CUBIC * z**3, -60, 60)))
    length = max(max_level, int(lower_level.max(initial=0)) + 1) + 2
    places = candidates * length + lower_level
    levels = np.zeros((candidate_count, length))
    levels += np.bincount(places, masses * (1 - upper_share), levels.size).reshape(levels.shape)
    levels += np.bincount(places + 1, masses * upper_share, levels.size).reshape(levels.shape)
    levels[:, max_level] += levels[:, max_level + 1 :].sum(1)
    return levels[:, : max_level + 1]
