"""What error a file's tables promise, before any picture is seen."""

from __future__ import annotations

from collections.abc import Sequence
from math import sqrt

import numpy as np
import torch
from jaxtyping import Float
from numpy.typing import NDArray
from torch import Tensor

from ddrm_core.jpeg.color import ColorModel, rgb_to_ycbcr_matrix, ycbcr_to_rgb_matrix
from ddrm_core.jpeg.header import QuantizationTable
from ddrm_core.sampler.protocols import GRAY_LEVELS_PER_UNIT

# Variance of a band of natural photographs, in squared grey levels, as a (u^2 + v^2)^-p: fits for Y
# and chroma to 45 photographs of the prior's training set. The mean of a block (band 0) is always
# finer quantised than it varies.
_LUMA_SPECTRUM = (8100.0, 1.39)
_CHROMA_SPECTRUM = (700.0, 1.4)
PRIOR_ERROR_EXPONENT = 0.25
"""How far a sampler's error is from the noise towards the prior's. Chosen on ten LIVE1 crops among
0, 1/4, 1/2 and 1; docs/RESULTS.md has the figures."""


def compute_expected_rmse(tables: Sequence[QuantizationTable], color_model: ColorModel) -> float:
    """Root mean square error of a natural picture decoded from these tables, network units.

    A band's error is that of rounding, step^2 / 12, while the band varies more than that, and the
    band's own variance once nearly all of it is rounded to zero.

    Args:
        tables: One per component, natural order.
        color_model: What the components are.
    """
    weights = (color_model.from_planes_matrix**2).mean(0).tolist()
    total = 0.0
    for table, is_chroma, weight in zip(
        tables, color_model.is_chroma.tolist(), weights, strict=True
    ):
        rounding_error = table.astype(float) ** 2 / 12
        error = np.minimum(rounding_error, _natural_band_variances(is_chroma=is_chroma))
        total += weight * float(error.mean())
    return sqrt(total) / GRAY_LEVELS_PER_UNIT


def compute_noise_errors(sigma: float) -> Float[Tensor, "3 1"]:
    """Of every band of Y, Cb and Cr under noise of this level in RGB, grey levels."""
    errors: Tensor = sigma * GRAY_LEVELS_PER_UNIT * rgb_to_ycbcr_matrix().norm(dim=1, keepdim=True)
    return errors


def compute_component_errors(
    errors: Float[Tensor, "3 64"], color_model: ColorModel
) -> Float[Tensor, "planes 64"]:
    """Band errors of Y, Cb and Cr, as the components of a file have them.

    Errors of Y, Cb and Cr are taken as independent of each other.
    """
    triples: Tensor = (
        color_model.to_planes_matrix.cpu().unflatten(1, (-1, 3)) @ ycbcr_to_rgb_matrix()
    )
    return torch.matmul(triples**2, errors.cpu() ** 2).sum(1).sqrt()


def downsample_band_errors(
    errors: Float[Tensor, " 64"], row_factor: int, column_factor: int
) -> Float[Tensor, " 64"]:
    """Band errors measured at full resolution, as they are on a plane of means of pixels.

    Band u of a block of 8 means of n pixels is frequency u/n of 8 pixels, and a mean of n pixels
    carries a factor n^-1/2 of the spectrum's amplitude.
    """
    grid = errors.reshape(8, 8)
    for factor in (row_factor, column_factor):
        position = torch.arange(8, device=errors.device) / factor
        below = position.floor().long()
        above = (below + 1).clamp_max(7)
        grid = torch.lerp(grid[below], grid[above], (position - below)[:, None]) * factor**-0.5
        grid = grid.mT
    return grid.flatten()


def _natural_band_variances(*, is_chroma: bool) -> NDArray[np.float64]:
    scale, power = _CHROMA_SPECTRUM if is_chroma else _LUMA_SPECTRUM
    u, v = np.divmod(np.arange(64), 8)
    squared = (u**2 + v**2).astype(float)
    squared[0] = np.finfo(float).tiny ** 0.5
    variances: NDArray[np.float64] = scale * squared**-power
    return variances
