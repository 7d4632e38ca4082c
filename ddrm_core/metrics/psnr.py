"""Peak signal-to-noise ratio between a result and an original."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Uint8Pixels = NDArray[np.uint8]
"""8-bit gray (h, w) or RGB (h, w, 3) pixels."""


def psnr(result: Uint8Pixels, original: Uint8Pixels) -> float:
    """Return the peak signal-to-noise ratio in dB over all channels; infinity for equal images.

    Raises:
        ValueError: If the shapes differ.
    """
    if result.shape != original.shape:
        raise ValueError(f"{result.shape} against {original.shape}")
    mse = np.square(result.astype(float) - original.astype(float)).mean()
    return psnr_from_mse(float(mse))


def psnr_from_mse(mse: float) -> float:
    """Convert a mean square error in squared gray levels to PSNR in dB, for a peak of 255."""
    return float("inf") if mse == 0 else float(10 * np.log10(255**2 / mse))
