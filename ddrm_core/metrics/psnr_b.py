"""PSNR that counts block edges.

Source: Yim and Bovik, IEEE Trans. Image Processing 20(1), 2011. The metric is computed on luma,
0.299 R + 0.587 G + 0.114 B, unrounded. Blocks are the 8x8 pixels of a JPEG's luma.
"""

from __future__ import annotations

from math import log2

import numpy as np
from numpy.typing import NDArray

from ddrm_core.metrics.psnr import Uint8Pixels, psnr_from_mse

BLOCK_PX = 8
_LUMA_WEIGHTS = np.array([0.299, 0.587, 0.114])  # ITU-T T.871, clause 7


def psnr_b(result: Uint8Pixels, original: Uint8Pixels) -> float:
    """Return PSNR-B on luma in dB: a PSNR that visible edges of 8x8 blocks in `result` reduce.

    The blocking effect factor of `result` is added to the mean square error. For an image without
    visible blocks, the value is the PSNR on luma.

    Raises:
        ValueError: If the shapes differ.
    """
    if result.shape != original.shape:
        raise ValueError(f"{result.shape} against {original.shape}")
    luma = _compute_luma(result)
    mse = np.square(luma - _compute_luma(original)).mean()
    return psnr_from_mse(float(mse) + blocking_effect_factor(luma))


def blocking_effect_factor(luma: NDArray[np.float64]) -> float:
    """Return how visible the edges of 8x8 blocks are in a luma plane, in squared gray levels.

    The blocking effect factor grows with the mean squared jump at block edges, minus the mean
    squared jump between other neighbors. The factor is 0 if this difference is not positive, or if
    the plane has no block edges.
    """
    at_edges, elsewhere = [], []
    for plane in (luma, luma.T):
        squares = np.square(np.diff(plane, axis=1))
        edges = np.arange(squares.shape[1]) % BLOCK_PX == BLOCK_PX - 1
        at_edges.append(squares[:, edges].ravel())
        elsewhere.append(squares[:, ~edges].ravel())
    steps, others = np.concatenate(at_edges), np.concatenate(elsewhere)
    shorter_side = min(luma.shape)
    if not steps.size or not others.size or shorter_side < 2:
        return 0.0
    excess = float(steps.mean() - others.mean())
    return max(excess, 0.0) * log2(BLOCK_PX) / log2(shorter_side)


def _compute_luma(pixels: Uint8Pixels) -> NDArray[np.float64]:
    values = pixels.astype(np.float64)
    return values if values.ndim == 2 else values @ _LUMA_WEIGHTS
