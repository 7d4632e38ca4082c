"""Verification of pixels against the levels of a bit depth problem."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from jaxtyping import Float
from torch import Tensor
from torch.nn import functional

from ddrm_core.imaging.quantize_pixels import FLOAT_BITS, quantize_image
from ddrm_core.imaging.rectangle import Rectangle
from ddrm_core.problems.bit_depth.image import QuantizedImage
from ddrm_core.problems.bit_depth.operator import BitDepthOperator
from ddrm_core.verification.consistency import (
    ARITHMETIC_SLACK,
    ComponentConsistency,
    Consistency,
    WorstBlock,
    merge_consistencies,
)
from ddrm_core.verification.verify import Verification

_BLOCK_SIDE = 8
_ROWS_AT_ONCE = 64  # a multiple of `_BLOCK_SIDE`; limits memory


def verify_bit_depth(
    operator: BitDepthOperator,
    image: QuantizedImage,
    pixels: Float[Tensor, "n h w"],
    region: Rectangle,
    *,
    bits: int = FLOAT_BITS,
) -> Verification:
    """Compare the pixels of a region with the levels of an image of low bit depth.

    The worst block of the result is a single pixel. The distance map is per 8x8 pixels, as for a
    JPEG.

    Args:
        operator: Operator of the image on the CPU.
        image: The image with the file's levels.
        pixels: Pixels of the region in gray levels.
        region: Rectangle of the image.
        bits: Bits per channel to which the pixels are rounded before the comparison.
    """
    rows, columns = region.slices_in(Rectangle(0, 0, *image.size))
    levels = image.levels[:, rows, columns]
    consistencies, maps = [], []
    for top in range(0, region.height, _ROWS_AT_ONCE):
        strip_rows = slice(top, top + _ROWS_AT_ONCE)
        strip_levels = torch.from_numpy(levels[:, strip_rows]).float()
        offsets = (
            operator.pixels_to_coefficients(quantize_image(pixels[:, strip_rows], bits=bits))
            - strip_levels
        )
        distances = ((offsets.abs() - 0.5) * operator.bin_width).clamp_min(0)
        corner = (region.left, region.top + top)
        consistencies.append(
            _consistency_from_offsets(
                operator.color_model.component_names, offsets, distances, corner
            )
        )
        worst_channel = distances.amax(0)[None, None]
        maps.append(functional.max_pool2d(worst_channel, _BLOCK_SIDE, ceil_mode=True)[0, 0])
    return Verification(
        merge_consistencies(consistencies), torch.cat(maps), (region.left, region.top)
    )


def _consistency_from_offsets(
    names: Sequence[str], offsets: Tensor, distances: Tensor, corner: tuple[int, int]
) -> Consistency:
    components = tuple(
        ComponentConsistency(
            name, o.numel(), int((far <= ARITHMETIC_SLACK).sum()), int((o.round() == 0).sum())
        )
        for name, o, far in zip(names, offsets, distances, strict=True)
    )
    return Consistency(ARITHMETIC_SLACK, components, _find_worst_pixel(names, distances, corner))


def _find_worst_pixel(
    names: Sequence[str], distances: Float[Tensor, "n h w"], corner: tuple[int, int]
) -> WorstBlock:
    channel, row, column = (
        int(i) for i in torch.unravel_index(distances.argmax(), distances.shape)
    )
    distance = float(distances[channel, row, column])
    if distance == 0:
        return WorstBlock(names[0], 0, 0, 0.0)
    return WorstBlock(names[channel], corner[0] + column, corner[1] + row, distance)
