"""Structural similarity. Source: Wang, Bovik, Sheikh and Simoncelli 2004, eq. 13 and section III-C.

Of colour pictures it is the mean over R, G and B, each compared on its own, as scikit-image has it
with a channel axis; others take luma alone, whose figures are higher.
"""

from __future__ import annotations

import torch
from torch import Tensor

from ddrm_core.metrics.psnr import Pixels

WINDOW_PX = 11
_SIGMA_PX = 1.5
_K1, _K2 = 0.01, 0.03
_RANGE = 255.0


@torch.no_grad()
def ssim(result: Pixels, original: Pixels) -> float:
    """Mean structural similarity, 1 for equal pictures, over whole windows only.

    Gaussian window of 11 pixels and sigma 1.5, K1 0.01, K2 0.03, range 255, variances of the window
    as a population.

    Raises:
        ValueError: The shapes differ, or a side is shorter than the window.
    """
    if result.shape != original.shape or min(result.shape[:2]) < WINDOW_PX:
        raise ValueError(f"{result.shape} against {original.shape}")
    a, b = _planes(result), _planes(original)
    c1, c2 = (_K1 * _RANGE) ** 2, (_K2 * _RANGE) ** 2
    mean_a, mean_b = _windowed(a), _windowed(b)
    variance_a, variance_b = _windowed(a * a) - mean_a**2, _windowed(b * b) - mean_b**2
    covariance = _windowed(a * b) - mean_a * mean_b
    similarity = (2 * mean_a * mean_b + c1) * (2 * covariance + c2)
    similarity /= (mean_a**2 + mean_b**2 + c1) * (variance_a + variance_b + c2)
    return float(similarity.mean())


def _planes(pixels: Pixels) -> Tensor:
    """Channels first: (c, h, w)."""
    planes = torch.from_numpy(pixels.copy()).double()
    return planes[None] if pixels.ndim == 2 else planes.permute(2, 0, 1).contiguous()


def _windowed(planes: Tensor) -> Tensor:
    """Weighted means over every window that is whole."""
    place = torch.arange(WINDOW_PX, dtype=planes.dtype) - WINDOW_PX // 2
    weights = torch.exp(-(place**2) / (2 * _SIGMA_PX**2))
    weights /= weights.sum()
    # Sums of shifted planes: torch convolves doubles several times slower.
    for axis in (1, 2):
        length = planes.shape[axis] - WINDOW_PX + 1
        total = torch.zeros_like(planes.narrow(axis, 0, length))
        for offset, weight in enumerate(weights.tolist()):
            total.add_(planes.narrow(axis, offset, length), alpha=weight)
        planes = total
    return planes
