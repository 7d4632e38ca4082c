"""What a file's own quantisation leaves to be seen of an earlier one on another grid."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from ddrm_core.jpeg.recompression.block_histograms import BASIS

_ROUNDING = 0.35  # of the first decoder's pixels, in units of coefficients


def error_variances(levels: NDArray[np.int_], steps: NDArray[np.intp]) -> NDArray[np.float64]:
    """(64,) of a file's coefficients, in their units squared.

    A coefficient whose level is 0 errs by itself: by less than the bin's uniform error where nearly
    all are 0. Of those, a Laplacian of the share of zeros found is assumed.

    Args:
        levels: (n, 64).
        steps: (64,) of the file.
    """
    uniform = steps.astype(float) ** 2 / 12
    some = np.clip((levels != 0).mean(0), 1e-4, 1 - 1e-4)
    scale = steps / 2 / -np.log(some)
    t = -np.log(some)
    zeros = scale**2 * (2 - some * (t**2 + 2 * t + 2)) / (1 - some)
    result: NDArray[np.float64] = some * uniform + (1 - some) * np.minimum(zeros, uniform)
    return result


def moved_noise(variances: NDArray[np.float64], left: int, top: int) -> NDArray[np.float64]:
    """(64,) standard deviations on a grid that starts `left`, `top` before the file's.

    Args:
        variances: (64,) of independent errors on the file's own grid.
        left: 0 to 7.
        top: 0 to 7.
    """
    moved = _overlap(top) @ variances.reshape(8, 8) @ _overlap(left).T
    result: NDArray[np.float64] = np.sqrt(moved.ravel() + _ROUNDING**2)
    return result


def _overlap(shift: int) -> NDArray[np.float64]:
    """(8, 8): share of each file's band (columns) in each band of the moved grid (rows)."""
    two = np.zeros((2, 8, 16))
    two[0, :, :8] = two[1, :, 8:] = BASIS
    window = np.zeros((8, 16))
    window[:, 8 - shift if shift else 0 :][:, :8] = BASIS
    shares: NDArray[np.float64] = (np.einsum("ux,jvx->juv", window, two) ** 2).sum(0)
    return shares


def mirror_contrast(scores: NDArray[np.float64]) -> NDArray[np.float64]:
    """(63, qualities): how much more each grid but the file's own has than its mirror images.

    One compression leaves as much to see on a grid as on its mirror images, left to right and top
    to bottom; an earlier one breaks the symmetry.

    Args:
        scores: (64, qualities), of grids as in `block_histograms.GRIDS`.
    """
    square = scores.reshape(8, 8, -1)
    result = np.empty_like(square)
    for top in range(8):
        for left in range(8):
            others = [square[y, x] for y, x in _mirrored(top, left)]
            result[top, left] = square[top, left] - np.max(others, axis=0)
    contrast: NDArray[np.float64] = result.reshape(64, -1)[1:]
    return contrast


def in_spreads(contrast: NDArray[np.float64], *, common: bool) -> NDArray[np.float64]:
    """(63,) best contrast of each grid over qualities, in spreads over the grids.

    Args:
        contrast: (63, qualities).
        common: At least the typical quality's spread, which distrusts qualities with a small one.
    """
    spread = np.maximum(1.48 * np.median(np.abs(contrast), axis=0), 1e-6)
    if common:
        spread = np.maximum(spread, np.median(spread))
    best: NDArray[np.float64] = (contrast / spread).max(1)
    return best


def _mirrored(top: int, left: int) -> set[tuple[int, int]]:
    """Grids that look alike after one compression; the nearest ones for those in the middle."""
    up, back = -top % 8, -left % 8
    images = {(up, left), (top, back), (up, back)} - {(top, left)}
    beside = {(top, left - 1), (top, (left + 1) % 8), (top - 1, left), ((top + 1) % 8, left)}
    return images or {(y % 8, x % 8) for y, x in beside}
