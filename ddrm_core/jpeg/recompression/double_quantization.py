"""Evidence of two quantisations on one grid, in the histograms of a file's levels.

Multiples of the first step fall unevenly into the bins of the second: some bins get two of them,
some none. What the histogram would be after one quantisation comes from the same picture on a grid
moved by half a block, where neither is visible. Source: Fridrich's calibration of steganalysis;
Lukas and Fridrich, Estimation of primary quantization matrix in double compressed JPEG images,
2003.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from ddrm_core.jpeg.recompression.block_histograms import CELLS, PER_UNIT

_ASTRAY = 0.15  # share of coefficients that the model does not explain
_NOISE = 0.35  # of rounding the first decoder's pixels, in units of coefficients
_SLOPE, _CUBE = 1.5957691, 0.0713548  # Page's approximation of the normal distribution


def requantised_evidence(
    levels: NDArray[np.int_],
    calibrated: NDArray[np.float32],
    step: int,
    earlier: NDArray[np.intp],
) -> NDArray[np.float64]:
    """Nats for each earlier step, for one band, against no earlier compression.

    Args:
        levels: (n,) of the band.
        calibrated: (CELLS,) counts of its coefficients on the moved grid.
        step: The file's.
        earlier: (candidates,) steps, 1 to 255.
    """
    most = 1024 // step + 1
    counts = np.bincount(np.minimum(np.abs(levels), most), minlength=most + 1).astype(float)
    below = _cumulative(calibrated, step)
    alone = _shares(np.diff(_below(below, (np.arange(most + 2) - 0.5) * step)))
    result = np.zeros(len(earlier))
    for place, first in enumerate(earlier):
        if first > step:
            again = _shares(_twice(below, int(first), step, most))
            ratio = np.log(_ASTRAY + (1 - _ASTRAY) * again / alone)
            result[place] = float(counts[1:] @ ratio)
    return result


def _shares(histogram: NDArray[np.float64]) -> NDArray[np.float64]:
    """Of each level but 0, whose count the moved grid does not tell."""
    some = histogram[1:] + 1e-9 * (1 + histogram.sum())
    shares: NDArray[np.float64] = some / some.sum()
    return shares


def _cumulative(counts: NDArray[np.float32], step: int) -> NDArray[np.float64]:
    """(CELLS,) smoothed counts up to each cell's middle; smoothed wider where they get rare."""
    total = np.cumsum(counts, dtype=np.float64)
    x = np.arange(CELLS) / PER_UNIT
    reach = np.maximum(0.25 * step, 0.15 * x)
    smooth = (_below(total, x + reach) - _below(total, x - reach)) / (2 * reach * PER_UNIT)
    return np.cumsum(smooth + 1e-6)


def _below(total: NDArray[np.float64], x: NDArray[np.floating]) -> NDArray[np.float64]:
    """Counts below magnitudes `x`, from those up to each cell's middle."""
    cells = np.arange(CELLS) / PER_UNIT
    counts: NDArray[np.float64] = np.interp(x, cells + 0.5 / PER_UNIT, total, left=0.0)
    return counts


def _twice(below: NDArray[np.float64], first: int, step: int, most: int) -> NDArray[np.float64]:
    """(most + 1,) counts of levels after quantising by `first`, then by `step`."""
    multiples = np.arange(1024 // first + 2)
    masses = np.diff(_below(below, (np.arange(len(multiples) + 1) - 0.5) * first))
    place = multiples * first / step
    low = np.floor(place).astype(np.intp)
    z = (place - low - 0.5) * step / _NOISE
    up = 1 / (1 + np.exp(-np.clip(_SLOPE * z + _CUBE * z**3, -60, 60)))
    length = max(most, int(low[-1]) + 1) + 2
    levels = np.zeros(length)
    levels += np.bincount(low, masses * (1 - up), length)
    levels += np.bincount(low + 1, masses * up, length)
    levels[most] += levels[most + 1 :].sum()
    return levels[: most + 1]
