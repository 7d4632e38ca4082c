"""Arithmetic operations and tensor sizes of a network."""

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
    """Shape of a 3x3 convolution with stride 1 in a network's evaluation.

    Attributes:
        in_channels: Channels of the input.
        out_channels: Channels of the output.
        height: Height of the output.
        width: Width of the output.
    """

    in_channels: int
    out_channels: int
    height: int
    width: int

    @property
    def macs(self) -> int:
        """Multiply-accumulates for one image."""
        return 9 * self.in_channels * self.out_channels * self.height * self.width


def count_macs(network: Network, height: int, width: int) -> int:
    """Return the number of multiply-accumulates in a network's evaluation of one image.

    Convolutions, matrix products and attention are counted, element-wise operations are not.

    Raises:
        ValueError: If the sides are not multiples of the network's size multiple; the other
            functions of this module raise it, too.
    """
    return sum(output.macs for output in _iter_layer_outputs(network, height, width))


def count_convolutions(network: Network, height: int, width: int) -> Counter[ConvolutionShape]:
    """Return how many 3x3 convolutions of each shape an evaluation of one image has.

    Only convolutions with stride 1 are counted.
    """
    counts: Counter[ConvolutionShape] = Counter()
    for output in _iter_layer_outputs(network, height, width):
        match output.module:
            case nn.Conv2d(in_channels=inputs, kernel_size=(3, 3), stride=(1, 1)):
                counts[ConvolutionShape(inputs, output.channels, output.height, output.width)] += 1
    return counts


def count_largest_tensor_elements(network: Network, height: int, width: int) -> int:
    """Return the number of elements of the largest tensor in an evaluation of one image."""
    return max(output.element_count for output in _iter_layer_outputs(network, height, width))


def count_largest_unfolded_elements(network: Network, height: int, width: int) -> int:
    """Return the number of elements of the largest unfolded input of a convolution.

    An unfolded input holds all input values of each output pixel: nine values per channel for a 3x3
    kernel.
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
