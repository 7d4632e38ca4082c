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
_LONGEST_PERIOD = 10_000  # of the timestep's sines


@dataclass(frozen=True, slots=True)
class AdmShape:
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

    def check(self) -> None:
        """Raises ValueError where no network has these numbers."""
        widths = [self.width(level) for level in range(len(self.multipliers))]
        if not all(width >= _GROUPS and width % _GROUPS == 0 for width in widths):
            raise ValueError(f"its widths are not all multiples of {_GROUPS}")
        if bool(self.heads) == bool(self.head_channels):
            raise ValueError("it has not one of heads and head channels")
        if any(width % (self.heads or self.head_channels) for width in widths):
            raise ValueError("its widths are not all multiples of its heads")
        if self.channels % 2:
            raise ValueError("its base width is odd")

    def width(self, level: int) -> int:
        """Channels at a level."""
        return int(self.channels * self.multipliers[level])

    def heads_of(self, channels: int) -> int:
        """Attention heads of a block so wide."""
        return self.heads or channels // self.head_channels


class Norm(nn.GroupNorm):
    """Group norm; its statistics are summed in float32 whatever the picture's precision is."""

    def __init__(self, channels: int) -> None:
        super().__init__(_GROUPS, channels)

    def forward(
        self, h: Float[Tensor, "b c h w"], modulation: tuple[Tensor, Tensor] | None = None
    ) -> Tensor:
        """Normalised; times 1 + scale, plus shift, where those are given: (b or 1, c) each."""
        if modulation is None:
            return self._normed(h, self.weight, self.bias)
        scale, shift = modulation
        factor = 1 + scale
        if len(scale) == 1:  # into the weights: the picture is read once less
            return self._normed(h, self.weight * factor[0], self.bias * factor[0] + shift[0])
        normed = self._normed(h, self.weight, self.bias) * factor[:, :, None, None].to(h.dtype)
        return normed + shift[:, :, None, None].to(h.dtype)

    def _normed(self, h: Tensor, weight: Tensor, bias: Tensor) -> Tensor:
        return functional.group_norm(h, _GROUPS, weight.to(h.dtype), bias.to(h.dtype), self.eps)


class Residual(nn.Module):
    """skip(x) + conv2(silu(norm2(conv1(silu(norm1(x))); e))), resampled before conv1 if wanted."""

    def __init__(
        self,
        shape: AdmShape,
        channels: int,
        out: int,
        resample: Callable[[Tensor], Tensor] | None = None,
    ) -> None:
        super().__init__()
        self.scale_shift, self.resample = shape.scale_shift, resample
        embedding, wide = 4 * shape.channels, 2 * out if shape.scale_shift else out
        self.in_layers = nn.Sequential(
            Norm(channels), nn.SiLU(), nn.Conv2d(channels, out, 3, padding=1)
        )
        self.emb_layers = nn.Sequential(nn.SiLU(), nn.Linear(embedding, wide))
        self.out_layers = nn.Sequential(
            Norm(out), nn.SiLU(), nn.Identity(), nn.Conv2d(out, out, 3, padding=1)
        )
        self.skip_connection = nn.Identity() if channels == out else nn.Conv2d(channels, out, 1)

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
        added: Tensor = self.out_layers[3](_silu(h)) + self.skip_connection(x)
        return added


class Attention(nn.Module):
    """x + projection(softmax(q k / sqrt(head channels)) v), over all pixels."""

    def __init__(self, shape: AdmShape, channels: int) -> None:
        super().__init__()
        self.heads, self.heads_last = shape.heads_of(channels), shape.heads_last
        self.norm = Norm(channels)
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
        added = functional.linear(mixed, self.proj_out.weight[:, :, 0], self.proj_out.bias)
        height, width = x.shape[2:]
        change: Tensor = added.mT.unflatten(2, (height, width))
        return x + change


class Down(nn.Module):
    """Half as wide and high, by a convolution."""

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.op = nn.Conv2d(channels, channels, 3, stride=2, padding=1)

    def forward(self, x: Tensor, e: Tensor) -> Tensor:  # noqa: ARG002  # as Residual
        halved: Tensor = self.op(x)
        return halved


class Up(nn.Module):
    """Twice as wide and high, then a convolution."""

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.conv = nn.Conv2d(channels, channels, 3, padding=1)

    def forward(self, x: Tensor, e: Tensor) -> Tensor:  # noqa: ARG002  # as Residual
        doubled: Tensor = self.conv(_doubled(x))
        return doubled


class AdmNetwork(nn.Module):
    """See the module."""

    def __init__(self, shape: AdmShape) -> None:
        super().__init__()
        self.shape = shape
        wide, first = 4 * shape.channels, shape.width(0)
        self.time_embed = nn.Sequential(
            nn.Linear(shape.channels, wide), nn.SiLU(), nn.Linear(wide, wide)
        )
        if shape.labels:
            self.label_emb = nn.Embedding(shape.labels, wide)
        self.input_blocks = nn.ModuleList([nn.ModuleList([nn.Conv2d(3, first, 3, padding=1)])])
        widths = [first]
        for layers, width in _downwards(shape):
            self.input_blocks.append(layers)
            widths.append(width)
        middle = widths[-1]
        self.middle_block = nn.ModuleList(
            [
                Residual(shape, middle, middle),
                Attention(shape, middle),
                Residual(shape, middle, middle),
            ]
        )
        self.output_blocks = nn.ModuleList(_upwards(shape, widths))
        self.out = nn.Sequential(
            Norm(first),
            nn.SiLU(),
            nn.Conv2d(first, 6 if shape.learned_sigma else 3, 3, padding=1),
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
        e = self.embedding(timesteps)

        def run(h: Tensor, layers: nn.Module) -> Tensor:
            for layer in layers.children():
                if poll is not None:
                    poll()
                h = layer(h) if isinstance(layer, nn.Conv2d) else layer(h, e)
            return h

        skips = [run(x, self.input_blocks[0])]
        for layers in self.input_blocks[1:]:
            skips.append(run(skips[-1], layers))
        h = run(skips[-1], self.middle_block)
        for layers in self.output_blocks:
            h = run(torch.cat([h, skips.pop()], 1), layers)
        noise: Tensor = self.out[2](_silu(self.out[0](h)))
        return noise

    def embedding(self, timesteps: Float[Tensor, " b"]) -> Float[Tensor, "b e"]:
        """Of timesteps, in float32. Source: Vaswani et al. 2017, section 3.5."""
        half = self.shape.channels // 2
        place = torch.arange(half, device=timesteps.device, dtype=torch.float32)
        angles = timesteps.float()[:, None] * torch.exp(-math.log(_LONGEST_PERIOD) * place / half)
        embedded: Tensor = self.time_embed(torch.cat([angles.cos(), angles.sin()], 1))
        return embedded

    def to_precision(self, dtype: torch.dtype) -> None:
        """Put convolutions and attention in `dtype`; norms and embeddings stay in float32."""
        for module in self.modules():
            if isinstance(module, nn.Conv2d):
                module.to(dtype, memory_format=torch.channels_last)  # type: ignore[call-overload]
            elif isinstance(module, nn.Conv1d):
                module.to(dtype)


def _downwards(shape: AdmShape) -> Iterator[tuple[nn.ModuleList, int]]:
    """The blocks after the first convolution, and how wide each leaves the picture."""
    width, last = shape.width(0), len(shape.multipliers) - 1
    for level in range(last + 1):
        for _ in range(shape.blocks):
            layers = nn.ModuleList([Residual(shape, width, shape.width(level))])
            width = shape.width(level)
            if 1 << level in shape.attention_strides:
                layers.append(Attention(shape, width))
            yield layers, width
        if level < last:
            block = Residual(shape, width, width, _halved)
            yield nn.ModuleList([block if shape.resampling_blocks else Down(width)]), width


def _upwards(shape: AdmShape, widths: list[int]) -> Iterator[nn.ModuleList]:
    """The blocks on the way up; each takes the picture that one on the way down left."""
    skips, width = list(widths), widths[-1]
    for level in reversed(range(len(shape.multipliers))):
        for block in range(shape.blocks + 1):
            layers = nn.ModuleList([Residual(shape, width + skips.pop(), shape.width(level))])
            width = shape.width(level)
            if 1 << level in shape.attention_strides:
                layers.append(Attention(shape, width))
            if level and block == shape.blocks:
                wider = Residual(shape, width, width, _doubled)
                layers.append(wider if shape.resampling_blocks else Up(width))
            yield layers


def _halved(x: Tensor) -> Tensor:
    return functional.avg_pool2d(x, 2)


def _doubled(x: Tensor) -> Tensor:
    return functional.interpolate(x, scale_factor=2.0, mode="nearest")


def _silu(h: Tensor) -> Tensor:
    return functional.silu(h, inplace=not torch.is_grad_enabled())
