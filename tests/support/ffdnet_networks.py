"""FFDNets with random weights, as priors and as an independent reference."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional

from ddrm_core.prior.architectures.ffdnet import FfdnetConfig, FfdnetNetwork
from ddrm_core.prior.denoiser import Prior, PriorInfo

SMALL = FfdnetConfig(channels=8, convolutions=4)


def create_ffdnet(seed: int = 0, config: FfdnetConfig = SMALL) -> FfdnetNetwork:
    """Create a network whose weights are random but the same for the same seed."""
    rng = torch.Generator().manual_seed(seed)
    network = FfdnetNetwork(config)
    with torch.no_grad():
        for parameter in network.parameters():
            scale = 0.1 if parameter.ndim == 1 else (1.5 / parameter[0].numel()) ** 0.5
            parameter.copy_(torch.randn(parameter.shape, generator=rng) * scale)
    return network.eval().requires_grad_(False)


def create_ffdnet_prior(
    network: FfdnetNetwork, sigma_range: tuple[float, float] = (0.01, 0.588)
) -> Prior:
    """Create a prior on the CPU, in float32, of a network that has no file."""
    info = PriorInfo(
        "small-ffdnet", Path("small"), "0" * 64, "none", "none", sigma_range, 2, None, None
    )
    return Prior(info, torch.device("cpu"), torch.float32, network)


def denoise_by_authors_network(network: FfdnetNetwork, x: Tensor, sigma: float) -> Tensor:
    """Return the estimate as the paper's authors compute it, on a far larger mirrored image.

    The authors pad each convolution with zeros, which affects nothing that far inside.
    """
    margin = 2 * len(network.state_dict())
    pairs = [(0, 0), (0, 0), (margin, margin), (margin, margin)]
    pixels = np.pad((x.numpy() + 1) / 2, pairs, mode="symmetric")
    h = functional.pixel_unshuffle(torch.from_numpy(pixels), 2)
    h = torch.cat([h, torch.full_like(h[:, :1], sigma / 2)], 1)
    weights = list(network.state_dict().values())
    for index in range(0, len(weights), 2):
        h = functional.relu(h) if index else h
        h = functional.conv2d(h, weights[index], weights[index + 1], padding=1)
    return 2 * functional.pixel_shuffle(h, 2)[:, :, margin:-margin, margin:-margin] - 1
