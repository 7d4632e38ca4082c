"""How much arithmetic a network takes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from math import prod

import torch
from torch import Tensor, nn
from torch.utils.flop_counter import FlopCounterMode

from ddrm_core.prior.networks.config import Network, network_of


@dataclass(frozen=True, slots=True)
class Convolution:
    """A plain 3x3 convolution that is part of a network's evaluation.

    Attributes:
        inputs: Channels.
        outputs: Channels.
        height: Of the result.
        width: Of the result.
    """

    inputs: int
    outputs: int
    height: int
    width: int

    @property
    def macs(self) -> int:
        """Multiply-accumulates for one picture."""
        return 9 * self.inputs * self.outputs * self.height * self.width


def macs_of(network: Network, height: int, width: int) -> int:
    """Multiply-accumulates of an evaluation of one picture of this size.

    Convolutions, matrix products and attention are counted, what is done element by element is not.
    """
    with FlopCounterMode(display=False) as counter:
        _evaluate(network, height, width)
    return int(counter.get_total_flops()) // 2


def convolutions_of(network: Network, height: int, width: int) -> Counter[Convolution]:
    """The plain 3x3 ones in an evaluation of one picture of this size."""
    found: Counter[Convolution] = Counter()

    def note(module: nn.Module, _inputs: object, result: Tensor) -> None:
        if (
            isinstance(module, nn.Conv2d)
            and module.kernel_size == (3, 3)
            and module.stride == (1, 1)
        ):
            height, width = result.shape[2:]
            found[Convolution(module.in_channels, module.out_channels, height, width)] += 1

    _evaluate(network, height, width, note)
    return found


def largest_of(network: Network, height: int, width: int) -> int:
    """Numbers in the largest tensor of an evaluation of one picture of this size."""
    largest = 0

    def note(_module: nn.Module, _inputs: object, result: Tensor) -> None:
        nonlocal largest
        largest = max(largest, result.numel())

    _evaluate(network, height, width, note)
    return largest


def unfolded_of(network: Network, height: int, width: int) -> int:
    """Return how many numbers the largest unfolded input of a convolution has.

    Unfolded, an input holds for each place of the result all that the kernel sees there: nine
    numbers a channel for a kernel of 3x3.
    """
    largest = 0

    def note(module: nn.Module, _inputs: object, result: Tensor) -> None:
        nonlocal largest
        if isinstance(module, nn.Conv2d):
            seen = module.in_channels * prod(module.kernel_size)
            largest = max(largest, seen * result.shape[2] * result.shape[3])

    _evaluate(network, height, width, note)
    return largest


def _evaluate(
    network: Network,
    height: int,
    width: int,
    note: Callable[[nn.Module, object, Tensor], None] | None = None,
) -> None:
    """One of the same shape, without any numbers; `note` is told what every module made."""
    # With gradients, as without them blocks do not call their convolutions as modules.
    with torch.device("meta"), torch.enable_grad():
        twin = network_of(network.shape)
        if note is not None:
            for module in twin.modules():
                module.register_forward_hook(note)
        twin(torch.empty(1, 3, height, width), torch.empty(1), lambda: None)
