"""A network in training as a prior with measured band errors."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import torch
from jaxtyping import Float
from torch import Tensor

from ddrm_core.device.selection import choose_precision
from ddrm_core.jpeg.linear_maps.color import rgb_to_ycbcr_matrix
from ddrm_core.jpeg.linear_maps.dct import block_dct, dct_basis_images
from ddrm_core.prior.architectures.compact import CompactNetwork
from ddrm_core.prior.denoiser import Prior, PriorInfo
from ddrm_core.sampler.protocols import GRAY_LEVELS_PER_UNIT
from ddrm_core.training.noise_levels import SIGMA_RANGE

BAND_ERROR_SIGMAS = (0.008, 0.016, 0.03, 0.06, 0.12, 0.24, 0.48, 0.8, 1.25)
"""Noise levels at which band errors are measured, in network units."""
_NOISE_SEED = 5
_CROPS_PER_EVALUATION = 8  # crops evaluated at once; more run slower on a CPU

CropTensor = Float[Tensor, "b 3 h w"]


@torch.no_grad()
def create_trained_prior(
    network: CompactNetwork, crops: CropTensor, device: torch.device, poll: Callable[[], None]
) -> Prior:
    """Create a prior from `network`, with band errors measured on held-out crops.

    Args:
        network: Network in float32 on the CPU. The prior takes ownership and changes its precision.
        crops: Crops of held-out photographs in [-1, 1]; sides are multiples of 8.
        device: Device of the prior.
        poll: Function called between the network's blocks; an error that it raises ends the
            measurement.
    """
    precision = choose_precision(device)
    network.eval().requires_grad_(False).to(device)
    network.to_precision(precision)
    band_errors = torch.empty(len(BAND_ERROR_SIGMAS), 3, 64)
    info = PriorInfo(
        name="in training",
        path=Path(),
        sha256="",
        license="",
        training_data="",
        sigma_range=SIGMA_RANGE,
        size_multiple=network.config.size_multiple,
        band_error=band_errors,
        band_error_sigma=torch.tensor(BAND_ERROR_SIGMAS),
    )
    prior = Prior(info, device, precision, network)
    for index, sigma in enumerate(BAND_ERROR_SIGMAS):
        band_errors[index] = measure_band_error(prior, crops, sigma, poll)
    return prior


@torch.no_grad()
def measure_band_error(
    prior: Prior, crops: CropTensor, sigma: float, poll: Callable[[], None]
) -> Float[Tensor, "3 64"]:
    """Return the prior's band error at noise level `sigma`, in gray levels.

    The band error is the root mean square error of the estimate per band of Y, Cb and Cr. Bands are
    those of the orthonormal 8x8 DCT at full resolution, in natural (row-major) order.
    """
    squared_sum = torch.zeros(3, 64)
    for difference in compute_estimate_errors(prior, crops, sigma, poll):
        planes = torch.einsum(
            "pc,bchw->bphw", rgb_to_ycbcr_matrix(), difference * GRAY_LEVELS_PER_UNIT
        )
        bands = block_dct(planes.flatten(0, 1)[:, None], dct_basis_images())
        squared_sum += bands.unflatten(0, (-1, 3)).square().mean((3, 4)).sum(0)
    error: Tensor = (squared_sum / len(crops)).sqrt()
    return error


def compute_estimate_errors(
    prior: Prior, crops: CropTensor, sigma: float, poll: Callable[[], None]
) -> list[Float[Tensor, "b 3 h w"]]:
    """Return the errors of a prior's estimates of noisy crops: estimates minus clean crops.

    The errors are in network units, on the CPU, in batches. The noise has the standard deviation
    `sigma` and is otherwise the same in every call.
    """
    rng = torch.Generator().manual_seed(_NOISE_SEED)
    noisy = crops + sigma * torch.randn(crops.shape, generator=rng)
    return [
        prior.denoise(x.to(prior.device), sigma, poll).cpu() - clean
        for x, clean in zip(
            noisy.split(_CROPS_PER_EVALUATION), crops.split(_CROPS_PER_EVALUATION), strict=True
        )
    ]
