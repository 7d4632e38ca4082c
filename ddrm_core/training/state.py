"""Everything a training run is made of, while it runs."""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor, nn

from ddrm_core.prior.networks.compact import CompactBlock, CompactConfig, CompactNetwork
from ddrm_core.training.settings import Decay, TrainingSettings

_BETAS = (0.9, 0.99)


@dataclass(slots=True, eq=False)
class TrainingState:
    """A run between two iterations. Random numbers follow from its counts and the seed.

    Attributes:
        shape: Of the network.
        network: Its weights now, float32.
        optimiser: Over its parameters, in their order.
        averages: By decay, tensors in the order of the network's parameters.
        iteration: How many are done.
        patches: How many have been drawn from the stream.
        seconds: Spent on iterations, over all sessions.
        decay: The fall of the learning rate, None where none was asked for.
    """

    shape: CompactConfig
    network: CompactNetwork
    optimiser: torch.optim.AdamW
    averages: dict[float, list[Tensor]]
    iteration: int = 0
    patches: int = 0
    seconds: float = 0.0
    decay: Decay | None = None


def new_state(
    network: CompactNetwork, settings: TrainingSettings, device: torch.device
) -> TrainingState:
    """A run that begins with these weights, which it will change."""
    network.train().requires_grad_(True).to(device)
    network.to(memory_format=torch.channels_last)  # type: ignore[call-overload]
    weights = list(network.parameters())
    optimiser = torch.optim.AdamW(
        weights,
        settings.rate,
        betas=_BETAS,
        weight_decay=settings.weight_decay,
        fused=device.type in ("cpu", "cuda"),
    )
    averages = {
        decay: [w.detach().clone(memory_format=torch.preserve_format) for w in weights]
        for decay in settings.averages
    }
    return TrainingState(shape_of(network), network, optimiser, averages)


def random_network(shape: CompactConfig, *, seed: int) -> CompactNetwork:
    """Random weights whose blocks change nothing yet, and whose output is 0."""
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        network = CompactNetwork(shape)
    silent = [network.tail]
    for module in network.modules():
        if isinstance(module, CompactBlock):
            silent += [module.conv2]
            nn.init.zeros_(module.modulation.weight)
            nn.init.zeros_(module.modulation.bias)
    for convolution in silent:
        nn.init.zeros_(convolution.weight)
        if convolution.bias is not None:
            nn.init.zeros_(convolution.bias)
    return network


def shape_of(network: CompactNetwork) -> CompactConfig:
    """The numbers that fix its tensors."""
    downs = [down.out_channels for down in network.down]
    return CompactConfig(
        channels=(network.head.out_channels, *(int(str(c)) for c in downs)),
        blocks=len(next(iter(network.encoder), network.middle)),  # type: ignore[arg-type]
        middle=len(network.middle),
        embedding=int(str(network.noise_embedding[0].out_features)),
    )


def averaged_network(state: TrainingState, decay: float) -> CompactNetwork:
    """A copy with the weights of one average, on the CPU."""
    network = CompactNetwork(state.shape)
    with torch.no_grad():
        for weight, average in zip(network.parameters(), state.averages[decay], strict=True):
            weight.copy_(average)
    return network.eval().requires_grad_(False)
