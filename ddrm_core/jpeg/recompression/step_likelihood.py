"""Evidence that coefficients lie on multiples of a quantizer step.

A dequantized coefficient is a multiple of its quantizer step, plus noise from rounding to pixels or
from a second compression. The alternative is a coefficient from anywhere in the interval around
each multiple. Evidence is the logarithm of the ratio of the two likelihoods, summed over
coefficients. In the interval around zero, only evidence against the step counts, because smooth
images have zeros of their own.
"""

from __future__ import annotations

from functools import cache

import numpy as np
from numpy.typing import NDArray

from ddrm_core.jpeg.quality_factor import CHROMA_BASE_TABLE, LUMA_BASE_TABLE, scale_table
from ddrm_core.jpeg.recompression.block_histograms import CELL_COUNT, CELLS_PER_UNIT

LUMA_STEPS_BY_QUALITY = np.stack([scale_table(LUMA_BASE_TABLE, q) for q in range(1, 101)]).astype(
    np.intp
)
CHROMA_STEPS_BY_QUALITY = np.stack(
    [scale_table(CHROMA_BASE_TABLE, q) for q in range(1, 101)]
).astype(np.intp)
_OUTLIER_SHARE = 0.03  # share of coefficients that the noise does not explain
# Blocks with few coefficients repeat the rounding of a row eight times, and these errors add up.
_MIN_RELATIVE_NOISE = 0.025  # least noise, in quantizer steps
_NOISE_LEVELS_PER_OCTAVE = 4  # noise levels per octave at which evidence is tabulated


def compute_step_evidence(noise_sigma: float, *, include_zeros: bool) -> NDArray[np.float32]:
    """Return the evidence that a coefficient is a multiple of a step, (`CELL_COUNT`, 255).

    Rows are the cells of the coefficient's magnitude, columns are the quantizer steps 1 to 255.
    Evidence is the logarithm of a likelihood ratio in nats.

    Args:
        noise_sigma: Standard deviation around the multiples, in units of coefficients.
        include_zeros: Whether evidence against a step in the interval around zero counts.
    """
    return _cached_step_evidence(
        round(_NOISE_LEVELS_PER_OCTAVE * float(np.log2(noise_sigma))), include_zeros
    )


@cache
def _cached_step_evidence(noise_index: int, include_zeros: bool) -> NDArray[np.float32]:
    x = np.arange(CELL_COUNT, dtype=np.float32) / CELLS_PER_UNIT
    step = np.arange(1, 256, dtype=np.float32)[:, None]
    noise = np.hypot(
        2 ** (noise_index / _NOISE_LEVELS_PER_OCTAVE), 1 / CELLS_PER_UNIT / np.sqrt(12)
    )
    noise = np.maximum(noise, _MIN_RELATIVE_NOISE * step).astype(np.float32)
    distance = x - step * np.round(x / step)
    density = np.zeros_like(distance)
    for neighbor in (-1, 0, 1):
        density += np.exp(-0.5 * ((distance + neighbor * step) / noise) ** 2)
    density *= step / (noise * np.sqrt(2 * np.pi))
    np.minimum(density, step * CELLS_PER_UNIT, out=density)
    ratio = np.log(_OUTLIER_SHARE + (1 - _OUTLIER_SHARE) * density)
    result = np.where(x < step / 2, np.minimum(ratio, 0) if include_zeros else 0, ratio)
    result[:, -1] = 0  # cell of coefficients without evidence
    return np.ascontiguousarray(result.T.astype(np.float32))


def compute_quality_evidence(
    histograms: NDArray[np.float32],
    bands: NDArray[np.intp],
    noise_sigmas: NDArray[np.float64],
    steps_by_quality: NDArray[np.intp],
    *,
    include_zeros: bool = True,
) -> NDArray[np.float64]:
    """Return the evidence that coefficients on a grid were quantized at a quality factor.

    The result is (grids, qualities), in nats, summed over bands and coefficients.

    Args:
        histograms: Histograms of the coefficients' magnitudes, (grids, bands, cells); the last cell
            has the coefficients without evidence.
        bands: Natural indices of the bands.
        noise_sigmas: Standard deviations around the multiples, (bands,).
        steps_by_quality: Quantizer steps, (qualities, 64).
        include_zeros: Whether evidence against a step in the interval around zero counts.
    """
    total = np.zeros((len(histograms), len(steps_by_quality)))
    for index, band in enumerate(bands):
        counts = histograms[:, index]
        # Most cells lie beyond the largest coefficient. The last cell has no evidence.
        cells = 1 + int(np.flatnonzero(counts[:, :-1].any(0)).max(initial=-1))
        steps, places = np.unique(steps_by_quality[:, band], return_inverse=True)
        evidence = compute_step_evidence(float(noise_sigmas[index]), include_zeros=include_zeros)
        per_step = counts[:, :cells] @ evidence[:cells, steps - 1]
        total += per_step[:, places]
    return total
