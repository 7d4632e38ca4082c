"""How far pixels agree with the levels that are left of them."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from jaxtyping import Float
from torch import Tensor
from torch.nn import functional

from ddrm_core.dequantize.operator import PixelOperator
from ddrm_core.metrics.consistency import (
    ARITHMETIC_SLACK,
    ComponentConsistency,
    Consistency,
    WorstBlock,
)
from ddrm_core.verify import Verification

_BLOCK = 8


def verify_pixels(
    operator: PixelOperator,
    levels: Float[Tensor, "n h w"],
    picture: Float[Tensor, "n h w"],
    *,
    slack: float = ARITHMETIC_SLACK,
) -> Verification:
    """Hold pixels in grey levels against levels.

    The worst block is one pixel. The map is per 8x8 pixels, as that of a JPEG.
    """
    offsets = operator.in_steps(picture) - levels
    outside = ((offsets.abs() - 0.5) * operator.step).clamp_min(0)
    components = tuple(
        ComponentConsistency(
            name, o.numel(), int((far <= slack).sum()), int((o.round() == 0).sum())
        )
        for name, o, far in zip(operator.colour.names, offsets, outside, strict=True)
    )
    consistency = Consistency(slack, components, _worst(operator.colour.names, outside))
    worst_channel = outside.amax(0)[None, None]
    blocks = functional.max_pool2d(worst_channel, _BLOCK, ceil_mode=True)[0, 0]
    return Verification(consistency, blocks)


def _worst(names: Sequence[str], outside: Float[Tensor, "n h w"]) -> WorstBlock:
    channel, row, column = (int(i) for i in torch.unravel_index(outside.argmax(), outside.shape))
    distance = float(outside[channel, row, column])
    if distance == 0:
        return WorstBlock(names[0], 0, 0, 0.0)
    return WorstBlock(names[channel], column, row, distance)
