"""Networks of the DRUNet family with seeded weights, and priors of them."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import torch
from safetensors.torch import save_file

from ddrm_core.prior.architectures.drunet import DRUNET, DrunetConfig, DrunetNetwork
from ddrm_core.prior.architectures.registry import create_meta_network
from ddrm_core.prior.checkpoint import build_prior_header
from ddrm_core.prior.denoiser import Prior, PriorInfo
from tests.support.seeded_weights import seeded_weights

TINY = DrunetConfig(channels=(8, 12), blocks=1)
CPU = torch.device("cpu")


def seeded_drunet(config: DrunetConfig = TINY) -> DrunetNetwork:
    network = create_meta_network(DrunetNetwork, config)
    assert isinstance(network, DrunetNetwork)
    shapes = {name: tuple(t.shape) for name, t in network.state_dict().items()}
    network.load_state_dict(seeded_weights(shapes), assign=True)
    return network.eval().requires_grad_(False)


def seeded_prior(config: DrunetConfig = TINY) -> Prior:
    network = seeded_drunet(config)
    info = PriorInfo("seeded", Path(), "", "", "", (0.01, 0.39), config.size_multiple, None, None)
    return Prior(replace(info, architecture=DRUNET.name), CPU, torch.float32, network)


def write_drunet(path: Path, config: DrunetConfig = TINY) -> Path:
    header = build_prior_header(
        DRUNET,
        config,
        name="tiny-drunet",
        sigma_range=(0.01, 0.39),
        weights_license="CC0",
        training_data="none",
    )
    save_file(seeded_drunet(config).state_dict(), path, header)
    return path
