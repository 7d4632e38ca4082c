"""An architecture of priors in one file: DnCNN (Zhang et al. 2017), told the noise level.

    python docs/examples/new_architecture.py write-prior dncnn.safetensors
    python docs/examples/new_architecture.py restore photo.jpg --prior dncnn.safetensors

The first command writes a prior with random weights, which nobody has trained. The second one is
the whole program with the architecture in use. A package offers the architecture with an entry
point, `dncnn = "package.module:DNCNN"` in the group `ddrm_restore.architectures`.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import torch
from safetensors.torch import save_file
from torch import Tensor, nn

from app.__main__ import main
from ddrm_core.prior.architectures.architecture import Architecture, Network, NetworkConfig
from ddrm_core.prior.architectures.config_values import require_integers
from ddrm_core.prior.architectures.layer_output import LayerOutput, create_layer_output
from ddrm_core.prior.architectures.preconditioning import PreconditioningFactors, karras_factors
from ddrm_core.prior.architectures.registry import ARCHITECTURES
from ddrm_core.prior.checkpoint import build_prior_header
from ddrm_core.tiling.denoiser import TilingRules


@dataclass(frozen=True, slots=True)
class DncnnConfig(NetworkConfig):
    """Numbers that fix the network's tensors; the header of a prior's file holds them as JSON."""

    channels: int
    layers: int

    @property
    def size_multiple(self) -> int:
        return 1


def parse_config(numbers: Mapping[str, object]) -> DncnnConfig:
    """Return a config whose numbers are checked: a header may come from anywhere."""
    channels, layers = require_integers([numbers["channels"], numbers["layers"]])
    return DncnnConfig(channels, layers)


class DncnnNetwork(Network):
    """Plain 3x3 convolutions on RGB and a plane of the noise level."""

    config: DncnnConfig

    def __init__(self, config: DncnnConfig) -> None:
        super().__init__()
        self.config = config
        widths = (4, *[config.channels] * (config.layers - 1), 3)
        self.convolutions = nn.ModuleList(
            nn.Conv2d(a, b, 3, padding=1) for a, b in pairwise(widths)
        )

    def forward(self, x: Tensor, condition: Tensor, poll: Callable[[], None]) -> Tensor:
        h = torch.cat([x, condition.to(x.dtype).expand(len(x), 1, *x.shape[2:])], 1)
        for convolution in self.convolutions[:-1]:
            poll()
            h = convolution(h).relu()
        output: Tensor = self.convolutions[-1](h)
        return output

    def compute_factors(self, sigma: float) -> PreconditioningFactors:
        return karras_factors(sigma)

    def create_tiling_rules(self, training_resolution: int | None) -> TilingRules:  # noqa: ARG002
        return TilingRules(halo=self.config.layers, alignment=1)  # every layer sees one pixel more

    def iter_layer_outputs(self, height: int, width: int) -> Iterator[LayerOutput]:
        return (create_layer_output(layer, height, width) for layer in self.convolutions)

    def to_precision(self, dtype: torch.dtype) -> None:
        self.to(dtype)


DNCNN = Architecture("dncnn", DncnnNetwork, parse_config)


def write_random_prior(path: Path) -> None:
    """Write a small prior with random weights from a fixed seed."""
    torch.manual_seed(0)
    network = DncnnNetwork(DncnnConfig(channels=8, layers=3))
    header = build_prior_header(
        DNCNN,
        network.config,
        name="dncnn",
        sigma_range=(0.008, 1.25),
        weights_license="CC0",
        training_data="none",
    )
    save_file(network.state_dict(), path, header)


if __name__ == "__main__":
    ARCHITECTURES.register(DNCNN, __file__)
    if sys.argv[1:2] == ["write-prior"]:
        write_random_prior(Path(sys.argv[2]))
    else:
        main()
