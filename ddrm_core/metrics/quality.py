"""Distance between a result and an original."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray


def psnr(result: NDArray[np.uint8], original: NDArray[np.uint8]) -> float:
    """Peak signal-to-noise ratio in dB over all channels; infinite for equal pictures.

    Raises:
        ValueError: The shapes differ.
    """
    if result.shape != original.shape:
        raise ValueError(f"{result.shape} against {original.shape}")
    error = np.square(result.astype(float) - original.astype(float)).mean()
    return float("inf") if error == 0 else float(10 * np.log10(255**2 / error))
