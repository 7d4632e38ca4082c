"""Distance between a result and an original."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Pixels = NDArray[np.uint8]
"""8-bit grey (h, w) or RGB (h, w, 3)."""


def psnr(result: Pixels, original: Pixels) -> float:
    """Peak signal-to-noise ratio in dB over all channels; infinite for equal pictures.

    Raises:
        ValueError: The shapes differ.
    """
    if result.shape != original.shape:
        raise ValueError(f"{result.shape} against {original.shape}")
    error = np.square(result.astype(float) - original.astype(float)).mean()
    return decibels(float(error))


def decibels(error: float) -> float:
    """A mean square error in squared grey levels, as signal-to-noise ratio of a peak of 255."""
    return float("inf") if error == 0 else float(10 * np.log10(255**2 / error))
