"""How much arithmetic a network takes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from math import prod

from torch import nn

from ddrm_core.prior.architectures.architecture import Network
from ddrm_core.prior.architectures.layer_output import LayerOutput


@dataclass(frozen=True, slots=True)
class ConvolutionShape:
    """A plain 3x3 convolution that is part of a network's evaluation.

    Attributes:
        in_channels: Channels.
        out_channels: Channels.
        height: Of the result.
        width: Of the result.
    """

    in_channels: int
    out_channels: int
    height: int
    width: int

    @property
    def macs(self) -> int:
        """Multiply-accumulates for one picture."""
        return 9 * self.in_channels * self.out_channels * self.height * self.width


def count_macs(network: Network, height: int, width: int) -> int:
    """Multiply-accumulates of an evaluation of one picture of this size.

    Convolutions, matrix products and attention are counted, what is done element by element is not.

    Raises:
        ValueError: The sides are not multiples of the network's; also by the other counts.
    """
    return sum(output.macs for output in _iter_layer_outputs(network, height, width))


def count_convolutions(network: Network, height: int, width: int) -> Counter[ConvolutionShape]:
    """The plain 3x3 ones in an evaluation of one picture of this size."""
    counts: Counter[ConvolutionShape] = Counter()
    for output in _iter_layer_outputs(network, height, width):
        match output.module:
            case nn.Conv2d(in_channels=inputs, kernel_size=(3, 3), stride=(1, 1)):
                counts[ConvolutionShape(inputs, output.channels, output.height, output.width)] += 1
    return counts


def count_largest_tensor_elements(network: Network, height: int, width: int) -> int:
    """Numbers in the largest tensor of an evaluation of one picture of this size."""
    return max(output.element_count for output in _iter_layer_outputs(network, height, width))


def count_largest_unfolded_elements(network: Network, height: int, width: int) -> int:
    """Return how many numbers the largest unfolded input of a convolution has.

    Unfolded, an input holds for each place of the result all that the kernel sees there: nine
    numbers a channel for a kernel of 3x3.
    """
    return max(
        output.module.in_channels * prod(output.module.kernel_size) * output.height * output.width
        for output in _iter_layer_outputs(network, height, width)
        if isinstance(output.module, nn.Conv2d)
    )


def _iter_layer_outputs(network: Network, height: int, width: int) -> Iterator[LayerOutput]:
    multiple = network.config.size_multiple
    if height % multiple or width % multiple:
        raise ValueError(f"{width}x{height} pixels are not whole multiples of {multiple}")
    return network.iter_layer_outputs(height, width)
