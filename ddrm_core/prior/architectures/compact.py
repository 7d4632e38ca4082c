"""The compact prior's network: a U-Net of dense 3x3 convolutions on 2x2-unshuffled RGB.

The network has no norm and no attention: on a CPU, both are bound by memory, while dense
convolutions run near the peak.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass
from itertools import pairwise

import torch
from jaxtyping import Float
from torch import Tensor, nn
from torch.nn import functional

from ddrm_core.prior.architectures.architecture import Architecture, Network, NetworkConfig
from ddrm_core.prior.architectures.config_values import require_integers
from ddrm_core.prior.architectures.layer_output import (
    LayerOutput,
    create_layer_output,
    iter_linear_outputs,
)
from ddrm_core.prior.architectures.preconditioning import PreconditioningFactors, karras_factors
from ddrm_core.tiling.denoiser import TilingRules

# Halo of a tile. The receptive field is four times as large, but its outer pixels change the
# estimate by less than 8-bit rounding; docs/SAMPLER.md has the figures.
HALO_PX = 32
_UNSHUFFLE_FACTOR = 2


@dataclass(frozen=True, slots=True)
class CompactConfig(NetworkConfig):
    """The hyperparameters of a compact network.

    Attributes:
        channels: Channels per resolution level, finest first.
        blocks: Residual blocks per level of the encoder, and again of the decoder.
        middle: Residual blocks at the coarsest level.
        embedding: Number of elements of the noise level's embedding.
    """

    channels: tuple[int, ...]
    blocks: int
    middle: int
    embedding: int

    @property
    def size_multiple(self) -> int:
        """Number of pixels of which both sides of the network's input are multiples.

        Each level halves the resolution: the first by a pixel unshuffle, the others by a
        convolution.
        """
        return 1 << len(self.channels)

    def encode(self) -> dict[str, object]:
        return asdict(self) | {"unshuffle": _UNSHUFFLE_FACTOR}


def _parse_config(numbers: Mapping[str, object]) -> CompactConfig:
    if numbers["unshuffle"] != _UNSHUFFLE_FACTOR:
        raise ValueError(f"it does not unshuffle by {_UNSHUFFLE_FACTOR}")
    channels = require_integers(numbers["channels"])
    blocks, middle, embedding = require_integers(
        [numbers[k] for k in ("blocks", "middle", "embedding")]
    )
    return CompactConfig(channels, blocks, middle, embedding)


class CompactBlock(nn.Module):
    """A residual block: h + conv2(relu(conv1(h) * (1 + modulation(e)))).

    h are the features, e is the embedding of the noise level.
    """

    def __init__(self, channels: int, embedding: int) -> None:
        super().__init__()
        self.conv1 = nn.Conv2d(channels, channels, 3, padding=1)
        self.conv2 = nn.Conv2d(channels, channels, 3, padding=1)
        self.modulation = nn.Linear(embedding, channels)

    def forward(self, h: Float[Tensor, "b c h w"], e: Float[Tensor, "#b e"]) -> Tensor:
        scale = 1 + self.modulation(e)
        if len(e) == 1 and not torch.is_grad_enabled():
            return self._forward_inference(h, scale[0])
        change: Tensor = self.conv2(
            functional.relu(self.conv1(h) * scale[:, :, None, None].to(h.dtype))
        )
        return h + change

    def _forward_inference(self, h: Tensor, scale: Tensor) -> Tensor:
        """Evaluate the block with conv1's weights multiplied by `scale`, for one noise level.

        The result is that of `forward`, but takes less memory and time.
        """
        weight = (self.conv1.weight * scale[:, None, None, None]).to(h.dtype)
        bias = None if self.conv1.bias is None else (self.conv1.bias * scale).to(h.dtype)
        change = functional.conv2d(h, weight, bias, padding=1).relu_()
        output: Tensor = self.conv2(change)
        return output.add_(h)


class CompactNetwork(Network):
    """The U-Net of the architecture `compact`, which consists of residual blocks.

    Attribute names are those of the tensors in a prior's file.
    """

    config: CompactConfig
    is_dihedral_trained = True

    def __init__(self, config: CompactConfig) -> None:
        super().__init__()

        def create_level(channels: int, count: int) -> nn.ModuleList:
            return nn.ModuleList(CompactBlock(channels, config.embedding) for _ in range(count))

        finer_channels, coarsest_channels = config.channels[:-1], config.channels[-1]
        channel_pairs = list(pairwise(config.channels))
        self.config = config
        self.noise_embedding = nn.Sequential(
            nn.Linear(1, config.embedding),
            nn.SiLU(),
            nn.Linear(config.embedding, config.embedding),
            nn.SiLU(),
        )
        self.head = nn.Conv2d(12, config.channels[0], 3, padding=1)
        self.encoder = nn.ModuleList(create_level(c, config.blocks) for c in finer_channels)
        self.down = nn.ModuleList(nn.Conv2d(a, b, 2, 2) for a, b in channel_pairs)
        self.middle = create_level(coarsest_channels, config.middle)
        self.up = nn.ModuleList(nn.ConvTranspose2d(b, a, 2, 2) for a, b in reversed(channel_pairs))
        self.decoder = nn.ModuleList(
            create_level(c, config.blocks) for c in reversed(finer_channels)
        )
        self.tail = nn.Conv2d(config.channels[0], 12, 3, padding=1)

    def forward(
        self, x: Float[Tensor, "b 3 h w"], c_noise: Float[Tensor, " #b"], poll: Callable[[], None]
    ) -> Float[Tensor, "b 3 h w"]:
        """Return the raw output F of the preconditioned denoiser.

        Args:
            x: Scaled input in the precision of the convolutions; sides are multiples of the
                config's size multiple.
            c_noise: ln(sigma) / 4 per image, or one value for all.
            poll: Function called between blocks; an error that it raises ends the evaluation.
        """

        def run_blocks(h: Tensor, blocks: Iterable[nn.Module]) -> Tensor:
            for block in blocks:
                poll()
                h = block(h, e)
            return h

        e = self.noise_embedding(c_noise[:, None])
        h = self.head(functional.pixel_unshuffle(x, 2))
        skips = []
        for encoder, down in zip(self.encoder, self.down, strict=True):
            skips.append(run_blocks(h, encoder))  # type: ignore[arg-type]  # a ModuleList is iterable
            h = down(skips[-1])
        h = run_blocks(h, self.middle)
        for up, decoder in zip(self.up, self.decoder, strict=True):
            h = run_blocks(up(h).add_(skips.pop()), decoder)  # type: ignore[arg-type]
        return functional.pixel_shuffle(self.tail(h), 2)

    def to_precision(self, dtype: torch.dtype) -> None:
        """Convert the convolutions to `dtype`; the small noise embedding stays in float32."""
        for module in self.modules():
            if isinstance(module, nn.Conv2d | nn.ConvTranspose2d):
                module.to(dtype, memory_format=torch.channels_last)  # type: ignore[call-overload]

    def compute_factors(self, sigma: float) -> PreconditioningFactors:
        return karras_factors(sigma)

    def create_tiling_rules(self, training_resolution: int | None) -> TilingRules:  # noqa: ARG002
        return TilingRules(HALO_PX, self.config.size_multiple)

    def iter_layer_outputs(self, height: int, width: int) -> Iterator[LayerOutput]:
        height, width = height // _UNSHUFFLE_FACTOR, width // _UNSHUFFLE_FACTOR
        yield from iter_linear_outputs(self.noise_embedding)
        yield create_layer_output(self.head, height, width)
        for encoder, down in zip(self.encoder, self.down, strict=True):
            yield from _iter_block_outputs(encoder, height, width)
            height, width = height // 2, width // 2
            yield create_layer_output(down, height, width)
        yield from _iter_block_outputs(self.middle, height, width)
        for up, decoder in zip(self.up, self.decoder, strict=True):
            height, width = 2 * height, 2 * width
            yield create_layer_output(up, height, width)
            yield from _iter_block_outputs(decoder, height, width)
        yield create_layer_output(self.tail, height, width)


def _iter_block_outputs(blocks: nn.Module, height: int, width: int) -> Iterator[LayerOutput]:
    for block in blocks.children():
        assert isinstance(block, CompactBlock)
        yield create_layer_output(block.modulation)
        yield create_layer_output(block.conv1, height, width)
        yield create_layer_output(block.conv2, height, width)


COMPACT = Architecture("compact", CompactNetwork, _parse_config, requires_band_errors=True)
