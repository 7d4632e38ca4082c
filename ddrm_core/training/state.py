"""The state of a training run, and its creation."""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor, nn

from ddrm_core.prior.architectures.compact import CompactBlock, CompactConfig, CompactNetwork
from ddrm_core.training.settings import LearningRateDecay, TrainingSettings

_ADAMW_BETAS = (0.9, 0.99)


@dataclass(slots=True, eq=False)
class TrainingState:
    """The state of a training run between two iterations.

    All random numbers follow from the seed and the counts of iterations and patches, so that no
    random generator is part of the state.

    Attributes:
        config: Configuration of the network.
        network: Network with the current weights, float32.
        optimizer: Optimizer of the network's parameters, in their order.
        averages: Exponential averages of the weights by their decay; the tensors are in the order
            of the network's parameters.
        iteration: Number of completed iterations.
        patch_count: Number of patches taken from the stream.
        training_seconds: Duration of all iterations, over all sessions.
        rate_decay: Decay of the learning rate, None without one.
    """

    config: CompactConfig
    network: CompactNetwork
    optimizer: torch.optim.AdamW
    averages: dict[float, list[Tensor]]
    iteration: int = 0
    patch_count: int = 0
    training_seconds: float = 0.0
    rate_decay: LearningRateDecay | None = None


def create_training_state(
    network: CompactNetwork, settings: TrainingSettings, device: torch.device
) -> TrainingState:
    """Create the state of a run that begins with the weights of `network`.

    Training changes `network` in place.
    """
    network.train().requires_grad_(True).to(device)
    network.to(memory_format=torch.channels_last)  # type: ignore[call-overload]
    weights = list(network.parameters())
    optimizer = torch.optim.AdamW(
        weights,
        settings.rate,
        betas=_ADAMW_BETAS,
        weight_decay=settings.weight_decay,
        fused=device.type in ("cpu", "cuda"),
    )
    averages = {
        decay: [w.detach().clone(memory_format=torch.preserve_format) for w in weights]
        for decay in settings.averages
    }
    return TrainingState(network.config, network, optimizer, averages)


def create_random_network(config: CompactConfig, *, seed: int) -> CompactNetwork:
    """Create a network with random weights.

    Its residual blocks are the identity at first, and its output is 0.
    """
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        network = CompactNetwork(config)
    zeroed_layers = [network.tail]
    for module in network.modules():
        if isinstance(module, CompactBlock):
            zeroed_layers += [module.conv2]
            nn.init.zeros_(module.modulation.weight)
            nn.init.zeros_(module.modulation.bias)
    for convolution in zeroed_layers:
        nn.init.zeros_(convolution.weight)
        if convolution.bias is not None:
            nn.init.zeros_(convolution.bias)
    return network


def build_averaged_network(state: TrainingState, decay: float) -> CompactNetwork:
    """Return a network on the CPU with the exponential average of the weights for a decay."""
    network = CompactNetwork(state.config)
    with torch.no_grad():
        for weight, average in zip(network.parameters(), state.averages[decay], strict=True):
            weight.copy_(average)
    return network.eval().requires_grad_(False)
