"""How much arithmetic a network takes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from math import prod

import torch
from torch import nn

from ddrm_core.prior.networks.adm import AdmNetwork, Attention, Down, Norm, Residual, Up
from ddrm_core.prior.networks.compact import Block, CompactNetwork
from ddrm_core.prior.networks.config import Network


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


@dataclass(frozen=True, slots=True)
class Output:
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
    def numbers(self) -> int:
        """Numbers in the result."""
        return self.channels * self.height * self.width

    @property
    def macs(self) -> int:
        """Multiply-accumulates that the module takes, without those of the modules in it."""
        match self.module:
            case nn.Linear(in_features=inputs):
                return self.numbers * inputs
            case nn.Conv2d(in_channels=inputs, kernel_size=kernel):
                return self.numbers * inputs * prod(kernel)
            case nn.ConvTranspose2d(in_channels=inputs, kernel_size=kernel, stride=stride):
                return self.numbers * inputs * prod(kernel) // prod(stride)
            case Attention():
                pixels = self.height * self.width
                # Queries, keys, values and the projection; then the two products of the mixing.
                return self.numbers * 4 * self.channels + 2 * self.numbers * pixels
        return 0


def macs_of(network: Network, height: int, width: int) -> int:
    """Multiply-accumulates of an evaluation of one picture of this size.

    Convolutions, matrix products and attention are counted, what is done element by element is not.
    """
    return sum(output.macs for output in outputs_of(network, height, width))


def convolutions_of(network: Network, height: int, width: int) -> Counter[Convolution]:
    """The plain 3x3 ones in an evaluation of one picture of this size."""
    found: Counter[Convolution] = Counter()
    for output in outputs_of(network, height, width):
        match output.module:
            case nn.Conv2d(in_channels=inputs, kernel_size=(3, 3), stride=(1, 1)):
                found[Convolution(inputs, output.channels, output.height, output.width)] += 1
    return found


def largest_of(network: Network, height: int, width: int) -> int:
    """Numbers in the largest tensor of an evaluation of one picture of this size."""
    return max(output.numbers for output in outputs_of(network, height, width))


def unfolded_of(network: Network, height: int, width: int) -> int:
    """Return how many numbers the largest unfolded input of a convolution has.

    Unfolded, an input holds for each place of the result all that the kernel sees there: nine
    numbers a channel for a kernel of 3x3.
    """
    return max(
        output.module.in_channels * prod(output.module.kernel_size) * output.height * output.width
        for output in outputs_of(network, height, width)
        if isinstance(output.module, nn.Conv2d)
    )


def outputs_of(network: Network, height: int, width: int) -> Iterator[Output]:
    """Return the results of the modules in an evaluation of one picture, in their order.

    The shapes are computed instead of evaluated on torch's meta device, where the first evaluation
    of a process imports torch's compiler, which takes seconds.

    Raises:
        ValueError: The sides are not multiples of the network's.
    """
    multiple = network.shape.size_multiple
    if height % multiple or width % multiple:
        raise ValueError(f"{width}x{height} pixels are not whole multiples of {multiple}")
    if isinstance(network, CompactNetwork):
        return _of_compact(network, height // 2, width // 2)
    return _of_adm(network, height, width)


def _of_compact(network: CompactNetwork, height: int, width: int) -> Iterator[Output]:
    """The sides are those of the unshuffled picture."""
    yield from _of_embedding(network.noise_embedding)
    yield _output(network.head, height, width)
    for encoder, down in zip(network.encoder, network.down, strict=True):
        yield from _of_blocks(encoder, height, width)
        height, width = height // 2, width // 2
        yield _output(down, height, width)
    yield from _of_blocks(network.middle, height, width)
    for up, decoder in zip(network.up, network.decoder, strict=True):
        height, width = 2 * height, 2 * width
        yield _output(up, height, width)
        yield from _of_blocks(decoder, height, width)
    yield _output(network.tail, height, width)


def _of_blocks(blocks: nn.Module, height: int, width: int) -> Iterator[Output]:
    for block in blocks.children():
        assert isinstance(block, Block)
        yield _output(block.modulation)
        yield _output(block.conv1, height, width)
        yield _output(block.conv2, height, width)


def _of_adm(network: AdmNetwork, height: int, width: int) -> Iterator[Output]:
    yield from _of_embedding(network.time_embed)
    blocks = (*network.input_blocks, network.middle_block, *network.output_blocks, network.out)
    for layer in (layer for layers in blocks for layer in layers.children()):
        match layer:
            case Residual():
                yield _output(layer.in_layers[0], height, width)
                height, width = _resampled(layer, height, width)
                yield from _of_residual(layer, height, width)
            case Attention(norm=norm):
                yield _output(norm, height, width)
                yield Output(layer, norm.num_channels, height, width)
            case Down(op=conv):
                height, width = height // 2, width // 2
                yield _output(conv, height, width)
            case Up(conv=conv):
                height, width = 2 * height, 2 * width
                yield _output(conv, height, width)
            case nn.Conv2d() | Norm():
                yield _output(layer, height, width)


def _of_residual(block: Residual, height: int, width: int) -> Iterator[Output]:
    """The results after the first norm, which alone has the sides of the block's input."""
    yield _output(block.in_layers[2], height, width)
    yield from _of_embedding(block.emb_layers)
    yield _output(block.out_layers[3], height, width)
    if isinstance(block.skip_connection, nn.Conv2d):
        yield _output(block.skip_connection, height, width)


def _of_embedding(layers: nn.Sequential) -> Iterator[Output]:
    return (_output(layer) for layer in layers if isinstance(layer, nn.Linear))


def _output(module: nn.Module, height: int = 1, width: int = 1) -> Output:
    if isinstance(module, nn.Linear):
        return Output(module, module.out_features, height, width)
    if isinstance(module, Norm):
        return Output(module, module.num_channels, height, width)
    assert isinstance(module, nn.Conv2d | nn.ConvTranspose2d)
    return Output(module, module.out_channels, height, width)


def _resampled(block: Residual, height: int, width: int) -> tuple[int, int]:
    """Return the sides of the block's result."""
    if block.resample is None:
        return height, width
    height, width = block.resample(torch.empty(1, 1, height, width, device="meta")).shape[2:]
    return height, width
