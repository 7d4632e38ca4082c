"""Structural similarity.

Source: Wang, Bovik, Sheikh and Simoncelli 2004, eq. 13 and section III-C. The value of a color
image is the mean over R, G and B, each compared separately, as in scikit-image with a channel axis.
Programs that compare only luma give higher values.
"""

from __future__ import annotations

import torch
from torch import Tensor

from ddrm_core.metrics.psnr import Uint8Pixels

WINDOW_PX = 11
_SIGMA_PX = 1.5
_K1, _K2 = 0.01, 0.03
_DATA_RANGE = 255.0


@torch.no_grad()
def ssim(result: Uint8Pixels, original: Uint8Pixels) -> float:
    """Return the mean structural similarity (SSIM) of two images, 1 for equal images.

    The mean is over all channels and all windows that are entirely in the image. Windows are
    Gaussian with 11 pixels a side and sigma 1.5; K1 is 0.01, K2 is 0.03, the data range is 255, and
    variances are those of a population.

    Raises:
        ValueError: If the shapes differ, or a side is shorter than the window.
    """
    if result.shape != original.shape or min(result.shape[:2]) < WINDOW_PX:
        raise ValueError(f"{result.shape} against {original.shape}")
    a, b = _to_planes(result), _to_planes(original)
    c1, c2 = (_K1 * _DATA_RANGE) ** 2, (_K2 * _DATA_RANGE) ** 2
    mean_a, mean_b = _filter_gaussian(a), _filter_gaussian(b)
    variance_a = _filter_gaussian(a * a) - mean_a**2
    variance_b = _filter_gaussian(b * b) - mean_b**2
    covariance = _filter_gaussian(a * b) - mean_a * mean_b
    similarity = (2 * mean_a * mean_b + c1) * (2 * covariance + c2)
    similarity /= (mean_a**2 + mean_b**2 + c1) * (variance_a + variance_b + c2)
    return float(similarity.mean())


def _to_planes(pixels: Uint8Pixels) -> Tensor:
    """Convert gray (h, w) or RGB (h, w, 3) pixels to float64 planes, (c, h, w)."""
    planes = torch.from_numpy(pixels.copy()).double()
    return planes[None] if pixels.ndim == 2 else planes.permute(2, 0, 1).contiguous()


def _filter_gaussian(planes: Tensor) -> Tensor:
    """Return the Gaussian-weighted mean of every window that is entirely in the planes."""
    positions = torch.arange(WINDOW_PX, dtype=planes.dtype) - WINDOW_PX // 2
    weights = torch.exp(-(positions**2) / (2 * _SIGMA_PX**2))
    weights /= weights.sum()
    # Sums of shifted planes, because torch convolves doubles several times slower.
    for axis in (1, 2):
        length = planes.shape[axis] - WINDOW_PX + 1
        total = torch.zeros_like(planes.narrow(axis, 0, length))
        for offset, weight in enumerate(weights.tolist()):
            total.add_(planes.narrow(axis, offset, length), alpha=weight)
        planes = total
    return planes
