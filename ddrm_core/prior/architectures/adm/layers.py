"""Layers of the ADM network; attribute names are those in published checkpoints."""

from __future__ import annotations

from collections.abc import Callable

import torch
from jaxtyping import Float
from torch import Tensor, nn
from torch.nn import functional

from ddrm_core.prior.architectures.adm.config import GROUP_COUNT, AdmConfig


class ModulatedGroupNorm(nn.GroupNorm):
    """A group norm with optional scale and shift.

    Its statistics are summed in float32 in every precision.
    """

    def __init__(self, channels: int) -> None:
        super().__init__(GROUP_COUNT, channels)

    def forward(
        self, h: Float[Tensor, "b c h w"], modulation: tuple[Tensor, Tensor] | None = None
    ) -> Tensor:
        """Return `h` normalized, times 1 + scale, plus shift.

        `modulation` is scale and shift, (b or 1, c) each; None for neither.
        """
        if modulation is None:
            return self._normalize(h, self.weight, self.bias)
        scale, shift = modulation
        factor = 1 + scale
        if len(scale) == 1:  # merged into the weights, which saves a pass over the image
            return self._normalize(h, self.weight * factor[0], self.bias * factor[0] + shift[0])
        normalized = self._normalize(h, self.weight, self.bias) * factor[:, :, None, None].to(
            h.dtype
        )
        return normalized + shift[:, :, None, None].to(h.dtype)

    def _normalize(self, h: Tensor, weight: Tensor, bias: Tensor) -> Tensor:
        return functional.group_norm(h, GROUP_COUNT, weight.to(h.dtype), bias.to(h.dtype), self.eps)


class AdmResidualBlock(nn.Module):
    """A residual block that is conditioned on the embedding `e` of the timestep.

    Output: skip(x) + conv2(silu(norm2(conv1(silu(norm1(x))); e))). If `resample` is given, it
    changes the resolution before conv1 and skip.
    """

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
        h = silu(self.in_layers[0](x))
        if self.resample is not None:
            h, x = self.resample(h), self.resample(x)
        h = self.in_layers[2](h)
        shift = self.emb_layers(e)
        if self.scale_shift:
            h = self.out_layers[0](h, shift.chunk(2, 1))
        else:
            h = self.out_layers[0](h + shift[:, :, None, None].to(h.dtype))
        output: Tensor = self.out_layers[3](silu(h)) + self.skip_connection(x)
        return output


class AttentionBlock(nn.Module):
    """Self-attention over all pixels: x + projection(softmax(q k / sqrt(head channels)) v)."""

    def __init__(self, config: AdmConfig, channels: int) -> None:
        super().__init__()
        self.heads, self.heads_last = config.head_count(channels), config.heads_last
        self.norm = ModulatedGroupNorm(channels)
        self.qkv = nn.Conv1d(channels, 3 * channels, 1)
        self.proj_out = nn.Conv1d(channels, channels, 1)

    def forward(self, x: Float[Tensor, "b c h w"], e: Tensor) -> Tensor:  # noqa: ARG002  # as Residual
        pixels = self.norm(x).flatten(2).mT  # (b, hw, c)
        # Published checkpoints order the rows as (head, q k v, channel) or, newer ones, as (q k v,
        # head, channel).
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
    """A strided convolution that halves width and height."""

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.op = nn.Conv2d(channels, channels, 3, stride=2, padding=1)

    def forward(self, x: Tensor, e: Tensor) -> Tensor:  # noqa: ARG002  # as Residual
        halved: Tensor = self.op(x)
        return halved


class Upsample(nn.Module):
    """A layer that doubles width and height by repeating pixels, followed by a convolution."""

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.conv = nn.Conv2d(channels, channels, 3, padding=1)

    def forward(self, x: Tensor, e: Tensor) -> Tensor:  # noqa: ARG002  # as Residual
        doubled: Tensor = self.conv(double_resolution(x))
        return doubled


def halve_resolution(x: Tensor) -> Tensor:
    """Return images of half the width and height, each pixel the mean of 2x2 pixels."""
    return functional.avg_pool2d(x, 2)


def double_resolution(x: Tensor) -> Tensor:
    """Return images of twice the width and height, each pixel repeated as 2x2 pixels."""
    return functional.interpolate(x, scale_factor=2.0, mode="nearest")


def silu(h: Tensor) -> Tensor:
    """Return SiLU of `h`, in place where no gradient needs `h`."""
    return functional.silu(h, inplace=not torch.is_grad_enabled())
