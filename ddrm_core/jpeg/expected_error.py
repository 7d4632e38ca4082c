"""Expected error of a decoded image, computed from quantization tables alone."""

from __future__ import annotations

from collections.abc import Sequence
from math import sqrt

import numpy as np
import torch
from jaxtyping import Float
from numpy.typing import NDArray
from torch import Tensor

from ddrm_core.jpeg.header import QuantizationTable
from ddrm_core.jpeg.linear_maps.color import ColorModel, rgb_to_ycbcr_matrix, ycbcr_to_rgb_matrix
from ddrm_core.sampler.protocols import GRAY_LEVELS_PER_UNIT

# Variance of a band of natural photographs, in squared gray levels, as a (u^2 + v^2)^-p. Fitted for
# luma and chroma to 45 photographs of the prior's training set. The mean of a block (band 0) always
# varies more than its quantizer step.
_LUMA_SPECTRUM = (8100.0, 1.39)
_CHROMA_SPECTRUM = (700.0, 1.4)
PRIOR_ERROR_EXPONENT = 0.25
"""Weight of the prior's error in the geometric mean of noise and prior error.

Chosen on ten LIVE1 crops among 0, 1/4, 1/2 and 1; docs/RESULTS.md has the figures.
"""


def compute_expected_rmse(tables: Sequence[QuantizationTable], color_model: ColorModel) -> float:
    """Return the expected error of a natural image that was quantized with these tables.

    The error is a root mean square in network units. The error variance of a band is step^2 / 12
    (rounding), but at most the band's own variance, which remains if nearly all its coefficients
    are rounded to zero.

    Args:
        tables: One quantization table per component, in natural order.
        color_model: Color model of the components.
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
    """Return the error that noise in RGB causes in Y, Cb and Cr, in gray levels.

    The error is a root mean square, equal in all bands of a component. `sigma` is the noise level
    of RGB in network units.
    """
    errors: Tensor = sigma * GRAY_LEVELS_PER_UNIT * rgb_to_ycbcr_matrix().norm(dim=1, keepdim=True)
    return errors


def compute_component_errors(
    errors: Float[Tensor, "3 64"], color_model: ColorModel
) -> Float[Tensor, "planes 64"]:
    """Convert band errors of Y, Cb and Cr to band errors of a file's components.

    Errors of Y, Cb and Cr are assumed to be independent.
    """
    triples: Tensor = (
        color_model.to_planes_matrix.cpu().unflatten(1, (-1, 3)) @ ycbcr_to_rgb_matrix()
    )
    return torch.matmul(triples**2, errors.cpu() ** 2).sum(1).sqrt()


def downsample_band_errors(
    errors: Float[Tensor, " 64"], row_factor: int, column_factor: int
) -> Float[Tensor, " 64"]:
    """Convert band errors at full resolution to band errors of a downsampled plane.

    A sample of the plane is a mean of n pixels along each axis. Band u of 8 such samples has
    frequency u/n of 8 pixels, and the mean scales the spectrum's amplitude by n^-1/2.
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
