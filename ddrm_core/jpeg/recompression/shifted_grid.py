"""Signs of an earlier compression on another grid than that of the file."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from ddrm_core.jpeg.recompression.block_histograms import DCT_MATRIX

_ROUNDING_NOISE = 0.35  # rounding of the first decoder's pixels, in units of coefficients


def compute_error_variances(
    levels: NDArray[np.int_], quantizer_steps: NDArray[np.intp]
) -> NDArray[np.float64]:
    """Return the variance of a file's quantization error per band, (64,).

    The unit is that of coefficients, squared. A nonzero level has the uniform error of its bin. A
    level of 0 has a smaller error if nearly all levels of its band are 0: its coefficients are
    assumed to follow a Laplace distribution with the observed share of zeros.

    Args:
        levels: Levels of the file, (blocks, 64).
        quantizer_steps: Quantizer steps of the file, (64,).
    """
    uniform = quantizer_steps.astype(float) ** 2 / 12
    nonzero_share = np.clip((levels != 0).mean(0), 1e-4, 1 - 1e-4)
    scale = quantizer_steps / 2 / -np.log(nonzero_share)
    t = -np.log(nonzero_share)
    zeros = scale**2 * (2 - nonzero_share * (t**2 + 2 * t + 2)) / (1 - nonzero_share)
    result: NDArray[np.float64] = nonzero_share * uniform + (1 - nonzero_share) * np.minimum(
        zeros, uniform
    )
    return result


def compute_shifted_noise(
    variances: NDArray[np.float64], grid_left: int, grid_top: int
) -> NDArray[np.float64]:
    """Return the standard deviation of errors per band on a shifted grid, (64,).

    The grid's first blocks begin `grid_left` pixels left of and `grid_top` pixels above the file's.

    Args:
        variances: Variances of independent errors on the file's own grid, (64,).
        grid_left: Grid offset, 0 to 7.
        grid_top: Grid offset, 0 to 7.
    """
    shifted_variances = (
        _band_overlap(grid_top) @ variances.reshape(8, 8) @ _band_overlap(grid_left).T
    )
    result: NDArray[np.float64] = np.sqrt(shifted_variances.ravel() + _ROUNDING_NOISE**2)
    return result


def _band_overlap(shift: int) -> NDArray[np.float64]:
    """Return the share of each band of the file's grid in each band of the shifted grid.

    Rows are bands of the shifted grid, columns bands of the file's grid, (8, 8).
    """
    neighbors = np.zeros((2, 8, 16))
    neighbors[0, :, :8] = neighbors[1, :, 8:] = DCT_MATRIX
    window = np.zeros((8, 16))
    window[:, 8 - shift if shift else 0 :][:, :8] = DCT_MATRIX
    shares: NDArray[np.float64] = (np.einsum("ux,jvx->juv", window, neighbors) ** 2).sum(0)
    return shares


def compute_mirror_contrast(scores: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return each grid's score minus the highest score of its mirror images.

    The result is (63, qualities) for all grids except the file's own. A single compression scores
    alike on a grid and on its horizontal and vertical mirror images. An earlier compression breaks
    this symmetry.

    Args:
        scores: Scores of the grids in `block_histograms.GRID_OFFSETS`, (64, qualities).
    """
    square = scores.reshape(8, 8, -1)
    result = np.empty_like(square)
    for top in range(8):
        for left in range(8):
            mirror_scores = [square[y, x] for y, x in _mirror_grids(top, left)]
            result[top, left] = square[top, left] - np.max(mirror_scores, axis=0)
    contrast: NDArray[np.float64] = result.reshape(64, -1)[1:]
    return contrast


def standardize_contrast(
    contrast: NDArray[np.float64], *, use_typical_deviation: bool
) -> NDArray[np.float64]:
    """Return the largest contrast of each grid, in standard deviations over grids, (63,).

    Args:
        contrast: Contrast of the grids, see `compute_mirror_contrast`, (63, qualities).
        use_typical_deviation: Whether the standard deviation for a quality is raised to the median
            for all qualities. A quality with a small standard deviation is else overrated.
    """
    deviation = np.maximum(1.48 * np.median(np.abs(contrast), axis=0), 1e-6)
    if use_typical_deviation:
        deviation = np.maximum(deviation, np.median(deviation))
    best: NDArray[np.float64] = (contrast / deviation).max(1)
    return best


def _mirror_grids(top: int, left: int) -> set[tuple[int, int]]:
    """Return (top, left) of the grids that mirror a grid horizontally, vertically or both.

    After a single compression, these grids score alike. For a grid that is its own mirror image,
    return its four neighbors instead.
    """
    mirrored_top, mirrored_left = -top % 8, -left % 8
    mirrored = {(mirrored_top, left), (top, mirrored_left), (mirrored_top, mirrored_left)} - {
        (top, left)
    }
    adjacent = {(top, left - 1), (top, (left + 1) % 8), (top - 1, left), ((top + 1) % 8, left)}
    return mirrored or {(y % 8, x % 8) for y, x in adjacent}
