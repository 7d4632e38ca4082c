"""How much arithmetic a network takes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from math import prod

import torch
from torch import nn

from ddrm_core.prior.networks.adm import (
    AdmNetwork,
    AdmResidualBlock,
    AttentionBlock,
    Downsample,
    ModulatedGroupNorm,
    Upsample,
)
from ddrm_core.prior.networks.compact import CompactBlock, CompactNetwork
from ddrm_core.prior.networks.config import Network


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


@dataclass(frozen=True, slots=True)
class LayerOutput:
    """Result of one module in an evaluation of one picture.

    Attributes:
        module: Called once for this result.
        channels: Of the result; all its numbers where the module works on the embedding.
        height: Of the result, 1 for the embedding.
        width: Of the result, 1 for the embedding.
    """

    module: nn.Module
    channels: int
    height: int
    width: int

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
            case AttentionBlock():
                pixels = self.height * self.width
                # Queries, keys, values and the projection; then the two products of the mixing.
                return self.element_count * 4 * self.channels + 2 * self.element_count * pixels
        return 0


def count_macs(network: Network, height: int, width: int) -> int:
    """Multiply-accumulates of an evaluation of one picture of this size.

    Convolutions, matrix products and attention are counted, what is done element by element is not.
    """
    return sum(output.macs for output in iter_layer_outputs(network, height, width))


def count_convolutions(network: Network, height: int, width: int) -> Counter[ConvolutionShape]:
    """The plain 3x3 ones in an evaluation of one picture of this size."""
    counts: Counter[ConvolutionShape] = Counter()
    for output in iter_layer_outputs(network, height, width):
        match output.module:
            case nn.Conv2d(in_channels=inputs, kernel_size=(3, 3), stride=(1, 1)):
                counts[ConvolutionShape(inputs, output.channels, output.height, output.width)] += 1
    return counts


def count_largest_tensor_elements(network: Network, height: int, width: int) -> int:
    """Numbers in the largest tensor of an evaluation of one picture of this size."""
    return max(output.element_count for output in iter_layer_outputs(network, height, width))


def count_largest_unfolded_elements(network: Network, height: int, width: int) -> int:
    """Return how many numbers the largest unfolded input of a convolution has.

    Unfolded, an input holds for each place of the result all that the kernel sees there: nine
    numbers a channel for a kernel of 3x3.
    """
    return max(
        output.module.in_channels * prod(output.module.kernel_size) * output.height * output.width
        for output in iter_layer_outputs(network, height, width)
        if isinstance(output.module, nn.Conv2d)
    )


def iter_layer_outputs(network: Network, height: int, width: int) -> Iterator[LayerOutput]:
    """Return the results of the modules in an evaluation of one picture, in their order.

    The shapes are computed instead of evaluated on torch's meta device, where the first evaluation
    of a process imports torch's compiler, which takes seconds.

    Raises:
        ValueError: The sides are not multiples of the network's.
    """
    multiple = network.config.size_multiple
    if height % multiple or width % multiple:
        raise ValueError(f"{width}x{height} pixels are not whole multiples of {multiple}")
    if isinstance(network, CompactNetwork):
        return _iter_compact_outputs(network, height // 2, width // 2)
    return _iter_adm_outputs(network, height, width)


def _iter_compact_outputs(
    network: CompactNetwork, height: int, width: int
) -> Iterator[LayerOutput]:
    """The sides are those of the unshuffled picture."""
    yield from _iter_embedding_outputs(network.noise_embedding)
    yield _create_layer_output(network.head, height, width)
    for encoder, down in zip(network.encoder, network.down, strict=True):
        yield from _iter_block_outputs(encoder, height, width)
        height, width = height // 2, width // 2
        yield _create_layer_output(down, height, width)
    yield from _iter_block_outputs(network.middle, height, width)
    for up, decoder in zip(network.up, network.decoder, strict=True):
        height, width = 2 * height, 2 * width
        yield _create_layer_output(up, height, width)
        yield from _iter_block_outputs(decoder, height, width)
    yield _create_layer_output(network.tail, height, width)


def _iter_block_outputs(blocks: nn.Module, height: int, width: int) -> Iterator[LayerOutput]:
    for block in blocks.children():
        assert isinstance(block, CompactBlock)
        yield _create_layer_output(block.modulation)
        yield _create_layer_output(block.conv1, height, width)
        yield _create_layer_output(block.conv2, height, width)


def _iter_adm_outputs(network: AdmNetwork, height: int, width: int) -> Iterator[LayerOutput]:
    yield from _iter_embedding_outputs(network.time_embed)
    blocks = (*network.input_blocks, network.middle_block, *network.output_blocks, network.out)
    for layer in (layer for layers in blocks for layer in layers.children()):
        match layer:
            case AdmResidualBlock():
                yield _create_layer_output(layer.in_layers[0], height, width)
                height, width = _compute_resampled_size(layer, height, width)
                yield from _iter_residual_outputs(layer, height, width)
            case AttentionBlock(norm=norm):
                yield _create_layer_output(norm, height, width)
                yield LayerOutput(layer, norm.num_channels, height, width)
            case Downsample(op=conv):
                height, width = height // 2, width // 2
                yield _create_layer_output(conv, height, width)
            case Upsample(conv=conv):
                height, width = 2 * height, 2 * width
                yield _create_layer_output(conv, height, width)
            case nn.Conv2d() | ModulatedGroupNorm():
                yield _create_layer_output(layer, height, width)


def _iter_residual_outputs(
    block: AdmResidualBlock, height: int, width: int
) -> Iterator[LayerOutput]:
    """The results after the first norm, which alone has the sides of the block's input."""
    yield _create_layer_output(block.in_layers[2], height, width)
    yield from _iter_embedding_outputs(block.emb_layers)
    yield _create_layer_output(block.out_layers[3], height, width)
    if isinstance(block.skip_connection, nn.Conv2d):
        yield _create_layer_output(block.skip_connection, height, width)


def _iter_embedding_outputs(layers: nn.Sequential) -> Iterator[LayerOutput]:
    return (_create_layer_output(layer) for layer in layers if isinstance(layer, nn.Linear))


def _create_layer_output(module: nn.Module, height: int = 1, width: int = 1) -> LayerOutput:
    if isinstance(module, nn.Linear):
        return LayerOutput(module, module.out_features, height, width)
    if isinstance(module, ModulatedGroupNorm):
        return LayerOutput(module, module.num_channels, height, width)
    assert isinstance(module, nn.Conv2d | nn.ConvTranspose2d)
    return LayerOutput(module, module.out_channels, height, width)


def _compute_resampled_size(block: AdmResidualBlock, height: int, width: int) -> tuple[int, int]:
    """Return the sides of the block's result."""
    if block.resample is None:
        return height, width
    height, width = block.resample(torch.empty(1, 1, height, width, device="meta")).shape[2:]
    return height, width
