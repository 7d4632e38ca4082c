"""How far pixels agree with the levels that are left of them."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from jaxtyping import Float
from torch import Tensor
from torch.nn import functional

from ddrm_core.imaging.quantize_pixels import FLOAT_BITS, rounded_picture
from ddrm_core.imaging.rectangle import Rectangle
from ddrm_core.problems.bit_depth.image import QuantizedImage
from ddrm_core.problems.bit_depth.operator import PixelOperator
from ddrm_core.verification.consistency import (
    ARITHMETIC_SLACK,
    ComponentConsistency,
    Consistency,
    WorstBlock,
    merged,
)
from ddrm_core.verification.verify import Verification

_BLOCK = 8
_BAND_ROWS = 64  # a multiple of _BLOCK; held against the levels together


def verify_pixels(
    operator: PixelOperator,
    image: QuantizedImage,
    picture: Float[Tensor, "n h w"],
    region: Rectangle,
    *,
    bits: int = FLOAT_BITS,
) -> Verification:
    """Hold a region's pixels in grey levels, as so many bits hold them, against its levels.

    The worst block is one pixel. The map is per 8x8 pixels, as that of a JPEG.
    """
    rows, columns = region.seen_from(Rectangle(0, 0, *image.size))
    levels = image.levels[:, rows, columns]
    found, maps = [], []
    for top in range(0, region.height, _BAND_ROWS):
        band = slice(top, top + _BAND_ROWS)
        measured = torch.from_numpy(levels[:, band]).float()
        offsets = operator.in_steps(rounded_picture(picture[:, band], bits=bits)) - measured
        outside = ((offsets.abs() - 0.5) * operator.step).clamp_min(0)
        corner = (region.left, region.top + top)
        found.append(_consistency(operator.colour.component_names, offsets, outside, corner))
        worst_channel = outside.amax(0)[None, None]
        maps.append(functional.max_pool2d(worst_channel, _BLOCK, ceil_mode=True)[0, 0])
    return Verification(merged(found), torch.cat(maps), (region.left, region.top))


def _consistency(
    names: Sequence[str], offsets: Tensor, outside: Tensor, corner: tuple[int, int]
) -> Consistency:
    components = tuple(
        ComponentConsistency(
            name, o.numel(), int((far <= ARITHMETIC_SLACK).sum()), int((o.round() == 0).sum())
        )
        for name, o, far in zip(names, offsets, outside, strict=True)
    )
    return Consistency(ARITHMETIC_SLACK, components, _worst(names, outside, corner))


def _worst(
    names: Sequence[str], outside: Float[Tensor, "n h w"], corner: tuple[int, int]
) -> WorstBlock:
    channel, row, column = (int(i) for i in torch.unravel_index(outside.argmax(), outside.shape))
    distance = float(outside[channel, row, column])
    if distance == 0:
        return WorstBlock(names[0], 0, 0, 0.0)
    return WorstBlock(names[channel], corner[0] + column, corner[1] + row, distance)
