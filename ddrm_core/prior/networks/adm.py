"""The paper's network: the ADM U-Net. Source: Dhariwal and Nichol 2021, section 3 and appendix A.

Residual blocks of group norm, SiLU and 3x3 convolutions, self-attention at the coarser strides; the
timestep shifts and, where `scale_shift`, scales every block's second norm. It knows nothing of
schedules or noise levels; see `adm_model`. Names of its parts are those of the published files.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import torch
from jaxtyping import Float
from torch import Tensor, nn
from torch.nn import functional

_GROUPS = 32
_MAX_PERIOD = 10_000  # of the timestep's sines


@dataclass(frozen=True, slots=True)
class AdmConfig:
    """The numbers that fix the network's tensors and what is done with them.

    Attributes:
        channels: Base width; the timestep's embedding is four times as wide.
        multipliers: Of the base width per level, finest first; each level halves the sides.
        blocks: Residual blocks per level on the way down; one more on the way up.
        attention_strides: Strides at which blocks are followed by attention.
        head_channels: Of an attention head, where `heads` does not say how many there are.
        heads: Attention heads; 0 where `head_channels` says how wide they are.
        scale_shift: Whether the timestep scales besides shifting.
        resampling_blocks: Whether sides are changed inside residual blocks, else by convolutions.
        heads_last: Whether queries, keys and values of all heads lie together (the newer order).
        learned_sigma: Whether there are three more channels, of variances.
        labels: Classes that it was trained to be told, 0 for none.
    """

    channels: int
    multipliers: tuple[float, ...]
    blocks: int
    attention_strides: tuple[int, ...]
    head_channels: int
    heads: int
    scale_shift: bool
    resampling_blocks: bool
    heads_last: bool
    learned_sigma: bool
    labels: int = 0

    @property
    def size_multiple(self) -> int:
        """What both sides of a picture must be multiples of."""
        return 1 << (len(self.multipliers) - 1)

    def validate(self) -> None:
        """Raises ValueError where no network has these numbers."""
        channel_counts = [self.channels_at_level(level) for level in range(len(self.multipliers))]
        if not all(count >= _GROUPS and count % _GROUPS == 0 for count in channel_counts):
            raise ValueError(f"its widths are not all multiples of {_GROUPS}")
        if bool(self.heads) == bool(self.head_channels):
            raise ValueError("it has not one of heads and head channels")
        if any(count % (self.heads or self.head_channels) for count in channel_counts):
            raise ValueError("its widths are not all multiples of its heads")
        if self.channels % 2:
            raise ValueError("its base width is odd")

    def channels_at_level(self, level: int) -> int:
        """Channels at a level."""
        return int(self.channels * self.multipliers[level])

    def head_count(self, channels: int) -> int:
        """Attention heads of a block so wide."""
        return self.heads or channels // self.head_channels


class ModulatedGroupNorm(nn.GroupNorm):
    """Group norm; its statistics are summed in float32 whatever the picture's precision is."""

    def __init__(self, channels: int) -> None:
        super().__init__(_GROUPS, channels)

    def forward(
        self, h: Float[Tensor, "b c h w"], modulation: tuple[Tensor, Tensor] | None = None
    ) -> Tensor:
        """Normalised; times 1 + scale, plus shift, where those are given: (b or 1, c) each."""
        if modulation is None:
            return self._normalize(h, self.weight, self.bias)
        scale, shift = modulation
        factor = 1 + scale
        if len(scale) == 1:  # into the weights: the picture is read once less
            return self._normalize(h, self.weight * factor[0], self.bias * factor[0] + shift[0])
        normalized = self._normalize(h, self.weight, self.bias) * factor[:, :, None, None].to(
            h.dtype
        )
        return normalized + shift[:, :, None, None].to(h.dtype)

    def _normalize(self, h: Tensor, weight: Tensor, bias: Tensor) -> Tensor:
        return functional.group_norm(h, _GROUPS, weight.to(h.dtype), bias.to(h.dtype), self.eps)


class AdmResidualBlock(nn.Module):
    """skip(x) + conv2(silu(norm2(conv1(silu(norm1(x))); e))), resampled before conv1 if wanted."""

    def __init__(
        self,
        config: AdmConfig,
        in_channels: int,
        out_channels: int,
        resample: Callable[[Tensor], Tensor] | None = None,
    ) -> None:
        super().__init__()
        self.scale_shift, self.resample = config.scale_shift, resample
        embedding_width, modulation_width = (
            4 * config.channels,
            2 * out_channels if config.scale_shift else out_channels,
        )
        self.in_layers = nn.Sequential(
            ModulatedGroupNorm(in_channels),
            nn.SiLU(),
            nn.Conv2d(in_channels, out_channels, 3, padding=1),
        )
        self.emb_layers = nn.Sequential(nn.SiLU(), nn.Linear(embedding_width, modulation_width))
        self.out_layers = nn.Sequential(
            ModulatedGroupNorm(out_channels),
            nn.SiLU(),
            nn.Identity(),
            nn.Conv2d(out_channels, out_channels, 3, padding=1),
        )
        self.skip_connection = (
            nn.Identity()
            if in_channels == out_channels
            else nn.Conv2d(in_channels, out_channels, 1)
        )

    def forward(self, x: Float[Tensor, "b c h w"], e: Float[Tensor, "#b e"]) -> Tensor:
        h = _silu(self.in_layers[0](x))
        if self.resample is not None:
            h, x = self.resample(h), self.resample(x)
        h = self.in_layers[2](h)
        shift = self.emb_layers(e)
        if self.scale_shift:
            h = self.out_layers[0](h, shift.chunk(2, 1))
        else:
            h = self.out_layers[0](h + shift[:, :, None, None].to(h.dtype))
        output: Tensor = self.out_layers[3](_silu(h)) + self.skip_connection(x)
        return output


class AttentionBlock(nn.Module):
    """x + projection(softmax(q k / sqrt(head channels)) v), over all pixels."""

    def __init__(self, config: AdmConfig, channels: int) -> None:
        super().__init__()
        self.heads, self.heads_last = config.head_count(channels), config.heads_last
        self.norm = ModulatedGroupNorm(channels)
        self.qkv = nn.Conv1d(channels, 3 * channels, 1)
        self.proj_out = nn.Conv1d(channels, channels, 1)

    def forward(self, x: Float[Tensor, "b c h w"], e: Tensor) -> Tensor:  # noqa: ARG002  # as Residual
        pixels = self.norm(x).flatten(2).mT  # (b, hw, c)
        # Published files hold it as (head, q k v, channel) or, newer ones, (q k v, head, channel).
        qkv = functional.linear(pixels, self.qkv.weight[:, :, 0], self.qkv.bias)
        if self.heads_last:
            q, k, v = qkv.unflatten(2, (3, self.heads, -1)).permute(2, 0, 3, 1, 4).unbind(0)
        else:
            q, k, v = qkv.unflatten(2, (self.heads, 3, -1)).permute(3, 0, 2, 1, 4).unbind(0)
        mixed = functional.scaled_dot_product_attention(q, k, v).transpose(1, 2).flatten(2)
        projected = functional.linear(mixed, self.proj_out.weight[:, :, 0], self.proj_out.bias)
        height, width = x.shape[2:]
        change: Tensor = projected.mT.unflatten(2, (height, width))
        return x + change


class Downsample(nn.Module):
    """Half as wide and high, by a convolution."""

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.op = nn.Conv2d(channels, channels, 3, stride=2, padding=1)

    def forward(self, x: Tensor, e: Tensor) -> Tensor:  # noqa: ARG002  # as Residual
        halved: Tensor = self.op(x)
        return halved


class Upsample(nn.Module):
    """Twice as wide and high, then a convolution."""

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.conv = nn.Conv2d(channels, channels, 3, padding=1)

    def forward(self, x: Tensor, e: Tensor) -> Tensor:  # noqa: ARG002  # as Residual
        doubled: Tensor = self.conv(_double_resolution(x))
        return doubled


class AdmNetwork(nn.Module):
    """See the module."""

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
        """The noise in pictures, (b, 3, h, w); then their variances where those were learned.

        Args:
            x: sqrt(abar) picture + sqrt(1 - abar) noise, in the body's precision.
            timesteps: 0 to 999, per picture, or one for all; fractions lie between.
            poll: Called between blocks; what it raises ends the evaluation. Without it the network
                compiles as one graph.
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
        noise: Tensor = self.out[2](_silu(self.out[0](h)))
        return noise

    def embed_timesteps(self, timesteps: Float[Tensor, " b"]) -> Float[Tensor, "b e"]:
        """Of timesteps, in float32. Source: Vaswani et al. 2017, section 3.5."""
        half_width = self.config.channels // 2
        index = torch.arange(half_width, device=timesteps.device, dtype=torch.float32)
        angles = timesteps.float()[:, None] * torch.exp(-math.log(_MAX_PERIOD) * index / half_width)
        embedded: Tensor = self.time_embed(torch.cat([angles.cos(), angles.sin()], 1))
        return embedded

    def to_precision(self, dtype: torch.dtype) -> None:
        """Put convolutions and attention in `dtype`; norms and embeddings stay in float32."""
        for module in self.modules():
            if isinstance(module, nn.Conv2d):
                module.to(dtype, memory_format=torch.channels_last)  # type: ignore[call-overload]
            elif isinstance(module, nn.Conv1d):
                module.to(dtype)


def _iter_input_blocks(config: AdmConfig) -> Iterator[tuple[nn.ModuleList, int]]:
    """The blocks after the first convolution, and how wide each leaves the picture."""
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
            block = AdmResidualBlock(config, channels, channels, _halve_resolution)
            yield (
                nn.ModuleList([block if config.resampling_blocks else Downsample(channels)]),
                channels,
            )


def _iter_output_blocks(config: AdmConfig, channel_counts: list[int]) -> Iterator[nn.ModuleList]:
    """The blocks on the way up; each takes the picture that one on the way down left."""
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
                upsampling_block = AdmResidualBlock(config, channels, channels, _double_resolution)
                layers.append(upsampling_block if config.resampling_blocks else Upsample(channels))
            yield layers


def _halve_resolution(x: Tensor) -> Tensor:
    return functional.avg_pool2d(x, 2)


def _double_resolution(x: Tensor) -> Tensor:
    return functional.interpolate(x, scale_factor=2.0, mode="nearest")


def _silu(h: Tensor) -> Tensor:
    return functional.silu(h, inplace=not torch.is_grad_enabled())
