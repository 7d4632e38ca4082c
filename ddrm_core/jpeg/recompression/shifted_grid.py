"""What a file's own quantisation leaves to be seen of an earlier one on another grid."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from ddrm_core.jpeg.recompression.block_histograms import DCT_MATRIX

_ROUNDING_NOISE = 0.35  # of the first decoder's pixels, in units of coefficients


def compute_error_variances(
    levels: NDArray[np.int_], quantizer_steps: NDArray[np.intp]
) -> NDArray[np.float64]:
    """(64,) of a file's coefficients, in their units squared.

    A coefficient whose level is 0 errs by itself: by less than the bin's uniform error where nearly
    all are 0. Of those, a Laplacian of the share of zeros found is assumed.

    Args:
        levels: (n, 64).
        quantizer_steps: (64,) of the file.
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
    """(64,) standard deviations on a grid that starts `grid_left`, `grid_top` before the file's.

    Args:
        variances: (64,) of independent errors on the file's own grid.
        grid_left: 0 to 7.
        grid_top: 0 to 7.
    """
    shifted_variances = (
        _band_overlap(grid_top) @ variances.reshape(8, 8) @ _band_overlap(grid_left).T
    )
    result: NDArray[np.float64] = np.sqrt(shifted_variances.ravel() + _ROUNDING_NOISE**2)
    return result


def _band_overlap(shift: int) -> NDArray[np.float64]:
    """(8, 8): share of each file's band (columns) in each band of the moved grid (rows)."""
    neighbors = np.zeros((2, 8, 16))
    neighbors[0, :, :8] = neighbors[1, :, 8:] = DCT_MATRIX
    window = np.zeros((8, 16))
    window[:, 8 - shift if shift else 0 :][:, :8] = DCT_MATRIX
    shares: NDArray[np.float64] = (np.einsum("ux,jvx->juv", window, neighbors) ** 2).sum(0)
    return shares


def compute_mirror_contrast(scores: NDArray[np.float64]) -> NDArray[np.float64]:
    """(63, qualities): how much more each grid but the file's own has than its mirror images.

    One compression leaves as much to see on a grid as on its mirror images, left to right and top
    to bottom; an earlier one breaks the symmetry.

    Args:
        scores: (64, qualities), of grids as in `block_histograms.GRID_OFFSETS`.
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
    """(63,) best contrast of each grid over qualities, in spreads over the grids.

    Args:
        contrast: (63, qualities).
        use_typical_deviation: At least the typical quality's spread, which distrusts qualities with
            a small one.
    """
    deviation = np.maximum(1.48 * np.median(np.abs(contrast), axis=0), 1e-6)
    if use_typical_deviation:
        deviation = np.maximum(deviation, np.median(deviation))
    best: NDArray[np.float64] = (contrast / deviation).max(1)
    return best


def _mirror_grids(top: int, left: int) -> set[tuple[int, int]]:
    """Grids that look alike after one compression; the nearest ones for those in the middle."""
    mirrored_top, mirrored_left = -top % 8, -left % 8
    mirrored = {(mirrored_top, left), (top, mirrored_left), (mirrored_top, mirrored_left)} - {
        (top, left)
    }
    adjacent = {(top, left - 1), (top, (left + 1) % 8), (top - 1, left), ((top + 1) % 8, left)}
    return mirrored or {(y % 8, x % 8) for y, x in adjacent}
