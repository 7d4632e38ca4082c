"""Shape and arithmetic of a layer's output."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from math import prod

from torch import nn


@dataclass(frozen=True, slots=True)
class LayerOutput:
    """The output of one module in an evaluation of one image.

    Attributes:
        module: Module that is called once for this output.
        channels: Channels of the output; the number of elements if the module works on the
            embedding.
        height: Height of the output, 1 for the embedding.
        width: Width of the output, 1 for the embedding.
        mixing_macs: Multiply-accumulates between pixels that are not those of a torch layer, e.g.
            in attention.
    """

    module: nn.Module
    channels: int
    height: int
    width: int
    mixing_macs: int = 0

    @property
    def element_count(self) -> int:
        """Number of elements of the output."""
        return self.channels * self.height * self.width

    @property
    def macs(self) -> int:
        """Multiply-accumulates of the module without its submodules."""
        match self.module:
            case nn.Linear(in_features=inputs):
                return self.element_count * inputs
            case nn.Conv2d(in_channels=inputs, kernel_size=kernel):
                return self.element_count * inputs * prod(kernel)
            case nn.ConvTranspose2d(in_channels=inputs, kernel_size=kernel, stride=stride):
                return self.element_count * inputs * prod(kernel) // prod(stride)
        return self.mixing_macs


def create_layer_output(module: nn.Module, height: int = 1, width: int = 1) -> LayerOutput:
    """Return the output of a torch layer, given the output's height and width.

    Raises:
        TypeError: If the layer is neither linear nor a convolution nor a group norm.
    """
    match module:
        case nn.Linear(out_features=channels) | nn.GroupNorm(num_channels=channels):
            return LayerOutput(module, channels, height, width)
        case nn.Conv2d(out_channels=channels) | nn.ConvTranspose2d(out_channels=channels):
            return LayerOutput(module, channels, height, width)
    raise TypeError(f"{type(module).__name__} is not a layer with a known result")


def iter_linear_outputs(layers: Iterable[nn.Module]) -> Iterator[LayerOutput]:
    """Return the outputs of the linear layers among the layers of an embedding."""
    return (create_layer_output(layer) for layer in layers if isinstance(layer, nn.Linear))
