"""Shapes and arithmetic of one layer's result."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from math import prod

from torch import nn


@dataclass(frozen=True, slots=True)
class LayerOutput:
    """Result of one module in an evaluation of one picture.

    Attributes:
        module: Called once for this result.
        channels: Of the result; all its numbers where the module works on the embedding.
        height: Of the result, 1 for the embedding.
        width: Of the result, 1 for the embedding.
        mixing_macs: Multiply-accumulates that mix pixels besides those of a layer of torch, e.g. in
            attention.
    """

    module: nn.Module
    channels: int
    height: int
    width: int
    mixing_macs: int = 0

    @property
    def element_count(self) -> int:
        """Numbers in the result."""
        return self.channels * self.height * self.width

    @property
    def macs(self) -> int:
        """Multiply-accumulates that the module takes, without those of the modules in it."""
        match self.module:
            case nn.Linear(in_features=inputs):
                return self.element_count * inputs
            case nn.Conv2d(in_channels=inputs, kernel_size=kernel):
                return self.element_count * inputs * prod(kernel)
            case nn.ConvTranspose2d(in_channels=inputs, kernel_size=kernel, stride=stride):
                return self.element_count * inputs * prod(kernel) // prod(stride)
        return self.mixing_macs


def create_layer_output(module: nn.Module, height: int = 1, width: int = 1) -> LayerOutput:
    """Return the result of a layer of torch by the sides of this result.

    Raises:
        TypeError: The layer is not linear, no convolution and no group norm.
    """
    match module:
        case nn.Linear(out_features=channels) | nn.GroupNorm(num_channels=channels):
            return LayerOutput(module, channels, height, width)
        case nn.Conv2d(out_channels=channels) | nn.ConvTranspose2d(out_channels=channels):
            return LayerOutput(module, channels, height, width)
    raise TypeError(f"{type(module).__name__} is not a layer with a known result")


def iter_linear_outputs(layers: Iterable[nn.Module]) -> Iterator[LayerOutput]:
    """Return the results of the linear layers of an embedding."""
    return (create_layer_output(layer) for layer in layers if isinstance(layer, nn.Linear))
