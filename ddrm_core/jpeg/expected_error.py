"""Expected errors of an estimate per band, and their conversion between components."""

from __future__ import annotations

import torch
from jaxtyping import Float
from torch import Tensor

from ddrm_core.jpeg.linear_maps.color import ColorModel, rgb_to_ycbcr_matrix, ycbcr_to_rgb_matrix
from ddrm_core.sampler.protocols import GRAY_LEVELS_PER_UNIT

PRIOR_ERROR_EXPONENT = 0.25
"""Weight of the prior's error in the geometric mean of noise and prior error.

Chosen on ten LIVE1 crops among 0, 1/4, 1/2 and 1; docs/RESULTS.md has the figures.
"""


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
