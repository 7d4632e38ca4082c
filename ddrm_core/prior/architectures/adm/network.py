"""The paper's network: the ADM U-Net.

Source: Dhariwal and Nichol 2021, section 3 and appendix A.

The network consists of residual blocks of group norm, SiLU and 3x3 convolutions, with
self-attention at the coarser strides. The timestep shifts every block's second norm, and scales it
if `scale_shift` is set. Attribute names are those in published checkpoints.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator

import torch
from jaxtyping import Float
from torch import Tensor, nn

from ddrm_core.prior.architectures.adm.config import AdmConfig
from ddrm_core.prior.architectures.adm.layers import (
    AdmResidualBlock,
    AttentionBlock,
    Downsample,
    ModulatedGroupNorm,
    Upsample,
    double_resolution,
    halve_resolution,
    silu,
)
from ddrm_core.prior.architectures.architecture import Network
from ddrm_core.prior.architectures.layer_output import (
    LayerOutput,
    create_layer_output,
    iter_linear_outputs,
)
from ddrm_core.prior.architectures.preconditioning import (
    PreconditioningFactors,
    variance_preserving_factors,
)
from ddrm_core.tiling.denoiser import TilingRules

_MAX_PERIOD = 10_000  # longest period of the sines that embed a timestep
# Share of a tile's side over which the tile is blended into the next one: half of the least overlap
# of two tiles.
_BLEND_SHARE = 1 / 8
_SCALE_BY_RESAMPLING: dict[Callable[[Tensor], Tensor] | None, float] = {
    None: 1.0,
    halve_resolution: 0.5,
    double_resolution: 2.0,
}


class AdmNetwork(Network):
    """The U-Net of Dhariwal and Nichol 2021 (ADM), which predicts the noise in images."""

    config: AdmConfig

    def __init__(self, config: AdmConfig) -> None:
        super().__init__()
        self.config = config
        embedding_width, first_channels = 4 * config.channels, config.channels_at_level(0)
        self.time_embed = nn.Sequential(
            nn.Linear(config.channels, embedding_width),
            nn.SiLU(),
            nn.Linear(embedding_width, embedding_width),
        )
        if config.labels:
            self.label_emb = nn.Embedding(config.labels, embedding_width)
        self.input_blocks = nn.ModuleList(
            [nn.ModuleList([nn.Conv2d(3, first_channels, 3, padding=1)])]
        )
        channel_counts = [first_channels]
        for layers, channels in _iter_input_blocks(config):
            self.input_blocks.append(layers)
            channel_counts.append(channels)
        middle_channels = channel_counts[-1]
        self.middle_block = nn.ModuleList(
            [
                AdmResidualBlock(config, middle_channels, middle_channels),
                AttentionBlock(config, middle_channels),
                AdmResidualBlock(config, middle_channels, middle_channels),
            ]
        )
        self.output_blocks = nn.ModuleList(_iter_output_blocks(config, channel_counts))
        self.out = nn.Sequential(
            ModulatedGroupNorm(first_channels),
            nn.SiLU(),
            nn.Conv2d(first_channels, 6 if config.learned_sigma else 3, 3, padding=1),
        )

    def forward(
        self,
        x: Float[Tensor, "b 3 h w"],
        timesteps: Float[Tensor, " #b"],
        poll: Callable[[], None] | None = None,
    ) -> Float[Tensor, "b n h w"]:
        """Return the predicted noise in images, three channels.

        If the network learned the variances of the noise, these follow in three more channels.

        Args:
            x: sqrt(abar) image + sqrt(1 - abar) noise, in the precision of the convolutions.
            timesteps: Timesteps from 0 to 999 per image, or one for all; fractions are
                interpolated.
            poll: Function called between blocks; an error that it raises ends the evaluation.
                Without it, the network compiles as one graph.
        """
        e = self.embed_timesteps(timesteps)

        def run_layers(h: Tensor, layers: nn.Module) -> Tensor:
            for layer in layers.children():
                if poll is not None:
                    poll()
                h = layer(h) if isinstance(layer, nn.Conv2d) else layer(h, e)
            return h

        skips = [run_layers(x, self.input_blocks[0])]
        for layers in self.input_blocks[1:]:
            skips.append(run_layers(skips[-1], layers))
        h = run_layers(skips[-1], self.middle_block)
        for layers in self.output_blocks:
            h = run_layers(torch.cat([h, skips.pop()], 1), layers)
        noise: Tensor = self.out[2](silu(self.out[0](h)))
        return noise

    def embed_timesteps(self, timesteps: Float[Tensor, " b"]) -> Float[Tensor, "b e"]:
        """Return the sinusoidal embedding of timesteps after two linear layers, in float32.

        Source: Vaswani et al. 2017, section 3.5.
        """
        half_width = self.config.channels // 2
        index = torch.arange(half_width, device=timesteps.device, dtype=torch.float32)
        angles = timesteps.float()[:, None] * torch.exp(-math.log(_MAX_PERIOD) * index / half_width)
        embedded: Tensor = self.time_embed(torch.cat([angles.cos(), angles.sin()], 1))
        return embedded

    def to_precision(self, dtype: torch.dtype) -> None:
        """Convert convolutions and attention to `dtype`; norms and embeddings stay in float32."""
        for module in self.modules():
            if isinstance(module, nn.Conv2d):
                module.to(dtype, memory_format=torch.channels_last)  # type: ignore[call-overload]
            elif isinstance(module, nn.Conv1d):
                module.to(dtype)

    def compute_factors(self, sigma: float) -> PreconditioningFactors:
        return variance_preserving_factors(sigma)

    def create_tiling_rules(self, training_resolution: int | None) -> TilingRules:
        # Attention was trained on one size and sees a different context in each tile.
        assert training_resolution is not None  # `ADM` requires it of a prior's file
        halo = int(training_resolution * _BLEND_SHARE)
        return TilingRules(
            halo, self.config.size_multiple, is_blended=True, fixed_side=training_resolution
        )

    def choose_precision(self, device: torch.device) -> torch.dtype:
        if device.type == "cuda":
            # Published in float16, which is as fast as bfloat16 and eight times as precise.
            return torch.float16
        return super().choose_precision(device)

    def iter_layer_outputs(self, height: int, width: int) -> Iterator[LayerOutput]:
        yield from iter_linear_outputs(self.time_embed)
        blocks = (*self.input_blocks, self.middle_block, *self.output_blocks, self.out)
        for layer in (layer for layers in blocks for layer in layers.children()):
            match layer:
                case AdmResidualBlock():
                    yield create_layer_output(layer.in_layers[0], height, width)
                    scale = _SCALE_BY_RESAMPLING[layer.resample]
                    height, width = int(scale * height), int(scale * width)
                    yield from _iter_residual_outputs(layer, height, width)
                case AttentionBlock(norm=norm):
                    yield create_layer_output(norm, height, width)
                    yield _create_attention_output(layer, norm.num_channels, height, width)
                case Downsample(op=conv):
                    height, width = height // 2, width // 2
                    yield create_layer_output(conv, height, width)
                case Upsample(conv=conv):
                    height, width = 2 * height, 2 * width
                    yield create_layer_output(conv, height, width)
                case nn.Conv2d() | ModulatedGroupNorm():
                    yield create_layer_output(layer, height, width)


def _iter_input_blocks(config: AdmConfig) -> Iterator[tuple[nn.ModuleList, int]]:
    """Create and yield the encoder's blocks after its first convolution, in order.

    Each block comes with its number of output channels.
    """
    channels, last_level = config.channels_at_level(0), len(config.multipliers) - 1
    for level in range(last_level + 1):
        for _ in range(config.blocks):
            layers = nn.ModuleList(
                [AdmResidualBlock(config, channels, config.channels_at_level(level))]
            )
            channels = config.channels_at_level(level)
            if 1 << level in config.attention_strides:
                layers.append(AttentionBlock(config, channels))
            yield layers, channels
        if level < last_level:
            block = AdmResidualBlock(config, channels, channels, halve_resolution)
            yield (
                nn.ModuleList([block if config.resampling_blocks else Downsample(channels)]),
                channels,
            )


def _iter_output_blocks(config: AdmConfig, channel_counts: list[int]) -> Iterator[nn.ModuleList]:
    """Create and yield the decoder's blocks in order.

    `channel_counts` are the output channels of all encoder blocks in order. Each decoder block
    takes the output of one encoder block in addition to that of the previous block.
    """
    skip_channels, channels = list(channel_counts), channel_counts[-1]
    for level in reversed(range(len(config.multipliers))):
        for block in range(config.blocks + 1):
            layers = nn.ModuleList(
                [
                    AdmResidualBlock(
                        config, channels + skip_channels.pop(), config.channels_at_level(level)
                    )
                ]
            )
            channels = config.channels_at_level(level)
            if 1 << level in config.attention_strides:
                layers.append(AttentionBlock(config, channels))
            if level and block == config.blocks:
                upsampling_block = AdmResidualBlock(config, channels, channels, double_resolution)
                layers.append(upsampling_block if config.resampling_blocks else Upsample(channels))
            yield layers


def _iter_residual_outputs(
    block: AdmResidualBlock, height: int, width: int
) -> Iterator[LayerOutput]:
    """Yield the outputs of a residual block's layers, except that of its first norm.

    Args:
        block: Residual block.
        height: Height after the block's change of resolution.
        width: Width after the block's change of resolution.
    """
    yield create_layer_output(block.in_layers[2], height, width)
    yield from iter_linear_outputs(block.emb_layers)
    yield create_layer_output(block.out_layers[3], height, width)
    if isinstance(block.skip_connection, nn.Conv2d):
        yield create_layer_output(block.skip_connection, height, width)


def _create_attention_output(
    block: AttentionBlock, channels: int, height: int, width: int
) -> LayerOutput:
    elements, pixels = channels * height * width, height * width
    # Queries, keys, values and projection, then the two matrix products of attention.
    macs = elements * 4 * channels + 2 * elements * pixels
    return LayerOutput(block, channels, height, width, macs)
