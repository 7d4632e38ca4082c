"""Evidence that coefficients lie on multiples of a quantiser step.

A dequantised coefficient is a multiple of its step; rounding to pixels, or a second compression,
adds noise. Against that stands a coefficient from anywhere in the interval around each multiple.
The logarithm of the ratio of their likelihoods, summed over coefficients, is the evidence. Of the
interval around zero only what speaks against the step counts: smooth pictures have zeros of their
own.
"""

from __future__ import annotations

from functools import cache

import numpy as np
from numpy.typing import NDArray

from ddrm_core.jpeg.quality_factor import CHROMA, LUMA, scaled_table
from ddrm_core.jpeg.recompression.block_histograms import CELLS, PER_UNIT

LUMA_STEPS = np.stack([scaled_table(LUMA, q) for q in range(1, 101)]).astype(np.intp)
CHROMA_STEPS = np.stack([scaled_table(CHROMA, q) for q in range(1, 101)]).astype(np.intp)
_ASTRAY = 0.03  # share of coefficients that the noise does not explain
# Blocks of few coefficients repeat a row's rounding eight times, which adds up.
_RELATIVE = 0.025  # least noise, in steps
_FINENESS = 4  # noise levels per octave for which evidence is computed


def evidence(noise: float, *, zeros: bool) -> NDArray[np.float32]:
    """(CELLS, 255): for a coefficient in each cell and steps 1 to 255, in nats.

    Args:
        noise: Standard deviation around the multiples, in units of coefficients.
        zeros: Whether what speaks against a step in the interval around zero counts.
    """
    return _evidence(round(_FINENESS * float(np.log2(noise))), zeros)


@cache
def _evidence(index: int, zeros: bool) -> NDArray[np.float32]:
    x = np.arange(CELLS, dtype=np.float32) / PER_UNIT
    step = np.arange(1, 256, dtype=np.float32)[:, None]
    noise = np.hypot(2 ** (index / _FINENESS), 1 / PER_UNIT / np.sqrt(12))
    noise = np.maximum(noise, _RELATIVE * step).astype(np.float32)
    off = x - step * np.round(x / step)
    density = np.zeros_like(off)
    for turn in (-1, 0, 1):
        density += np.exp(-0.5 * ((off + turn * step) / noise) ** 2)
    density *= step / (noise * np.sqrt(2 * np.pi))
    np.minimum(density, step * PER_UNIT, out=density)
    ratio = np.log(_ASTRAY + (1 - _ASTRAY) * density)
    result = np.where(x < step / 2, np.minimum(ratio, 0) if zeros else 0, ratio)
    result[:, -1] = 0  # what says nothing is counted there
    return np.ascontiguousarray(result.T.astype(np.float32))


def quality_evidence(
    histograms: NDArray[np.float32],
    bands: NDArray[np.intp],
    noise: NDArray[np.float64],
    steps: NDArray[np.intp],
    *,
    zeros: bool = True,
) -> NDArray[np.float64]:
    """(grids, qualities) in nats, summed over bands.

    Args:
        histograms: (grids, bands, CELLS).
        bands: Their natural indices.
        noise: (bands,) standard deviations.
        steps: (qualities, 64) tables.
        zeros: See `evidence`.
    """
    total = np.zeros((len(histograms), len(steps)))
    for place, band in enumerate(bands):
        counts = histograms[:, place]
        # Most of the cells are beyond the largest coefficient; the last says nothing.
        cells = 1 + int(np.flatnonzero(counts[:, :-1].any(0)).max(initial=-1))
        per_step = counts[:, :cells] @ evidence(float(noise[place]), zeros=zeros)[:cells]
        total += per_step[:, steps[:, band] - 1]
    return total
