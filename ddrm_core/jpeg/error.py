"""What error a file's tables promise, before any picture is seen."""

from __future__ import annotations

from collections.abc import Sequence
from math import sqrt

import numpy as np
import torch
from jaxtyping import Float
from numpy.typing import NDArray
from torch import Tensor

from ddrm_core.contracts import GREY_LEVELS_PER_UNIT
from ddrm_core.jpeg.header import Table

# Variance of a band of natural photographs, in squared grey levels, as a (u^2 + v^2)^-p: fits for Y
# and chroma to 45 photographs of the prior's training set. The mean of a block (band 0) is always
# finer quantised than it varies.
_LUMA_POWER = (8100.0, 1.39)
_CHROMA_POWER = (700.0, 1.4)
# Mean square over R, G, B of an error of 1 in Y, Cb, Cr: columns of the JFIF matrix (ITU-T T.871).
_RGB_WEIGHTS = (1.0, 1.086, 0.825)


def expected_sigma(tables: Sequence[Table]) -> float:
    """Root mean square RGB error of a natural picture decoded from these tables, network units.

    A band's error is that of rounding, step^2 / 12, while the band varies more than that, and the
    band's own variance once nearly all of it is rounded to zero.

    Args:
        tables: One per component, natural order.
    """
    total = 0.0
    for component, table in enumerate(tables):
        rounding = table.astype(float) ** 2 / 12
        error = np.minimum(rounding, _band_variances(chroma=component > 0))
        total += _RGB_WEIGHTS[component] * float(error.mean())
    return sqrt(total) / GREY_LEVELS_PER_UNIT


def error_on_plane(
    errors: Float[Tensor, " 64"], row_factor: int, column_factor: int
) -> Float[Tensor, " 64"]:
    """Band errors measured at full resolution, as they are on a plane of means of pixels.

    Band u of a block of 8 means of n pixels is frequency u/n of 8 pixels, and a mean of n pixels
    carries a factor n^-1/2 of the spectrum's amplitude.
    """
    grid = errors.reshape(8, 8)
    for factor in (row_factor, column_factor):
        place = torch.arange(8, device=errors.device) / factor
        below = place.floor().long()
        above = (below + 1).clamp_max(7)
        grid = torch.lerp(grid[below], grid[above], (place - below)[:, None]) * factor**-0.5
        grid = grid.mT
    return grid.flatten()


def _band_variances(*, chroma: bool) -> NDArray[np.float64]:
    scale, power = _CHROMA_POWER if chroma else _LUMA_POWER
    u, v = np.divmod(np.arange(64), 8)
    squared = (u**2 + v**2).astype(float)
    squared[0] = np.finfo(float).tiny ** 0.5
    variances: NDArray[np.float64] = scale * squared**-power
    return variances
