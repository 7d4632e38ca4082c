"""Blocks of flat areas, whose levels say no more about the color than the middle of its bin."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor
from torch.nn import functional

from ddrm_core.jpeg.operator import ComponentPlane
from ddrm_core.sampler.protocols import Coefficients

# Distance in pixels to which the surroundings of a block are flat, too. With half of it, smooth
# gradients in photographs at QF 5 lose 0.2 dB; with 16 pixels, 0.02 dB.
_REACH_PX = 16


def find_flat_blocks(planes: Sequence[ComponentPlane], levels: Coefficients) -> Coefficients:
    """Return which blocks lie in the middle of areas of one color, per component.

    In such an area, all blocks of a component have the same mean and no other level. The area ends
    at least 16 pixels beyond the block, in all components, or at the edge of the image. The masks
    are boolean, (1, 1, block rows, block columns).

    Args:
        planes: Planes of the components.
        levels: Levels, per component.
    """
    masks = [
        _find_flat_blocks(k, -(-_REACH_PX // (8 * max(p.row_axis.factor, p.column_axis.factor))))
        for k, p in zip(levels, planes, strict=True)
    ]
    # Cells of 8x8 pixels, in which blocks of all components can be compared.
    rows = max(m.shape[2] * p.row_axis.factor for m, p in zip(masks, planes, strict=True))
    columns = max(m.shape[3] * p.column_axis.factor for m, p in zip(masks, planes, strict=True))
    cells = torch.ones((1, 1, rows, columns), dtype=torch.bool, device=masks[0].device)
    for mask, plane in zip(masks, planes, strict=True):
        blocks = mask.repeat_interleave(plane.row_axis.factor, 2)
        blocks = blocks.repeat_interleave(plane.column_axis.factor, 3)
        cells[:, :, : blocks.shape[2], : blocks.shape[3]] &= blocks
    return tuple(
        _reduce_cells(cells, p)[:, :, : m.shape[2], : m.shape[3]]
        for m, p in zip(masks, planes, strict=True)
    )


def _find_flat_blocks(levels: Tensor, radius: int) -> Tensor:
    """Return which blocks of a component are equal to all blocks up to `radius` blocks away."""
    has_details = levels[:, 1:].ne(0).any(1, keepdim=True).float()
    means = levels[:, :1]
    highest = _find_largest_nearby(means, radius)
    lowest = -_find_largest_nearby(-means, radius)
    return (_find_largest_nearby(has_details, radius) == 0) & (highest == lowest)


def _find_largest_nearby(values: Tensor, radius: int) -> Tensor:
    # The padding of max_pool2d is below every value.
    return functional.max_pool2d(values, 2 * radius + 1, stride=1, padding=radius)


def _reduce_cells(cells: Tensor, plane: ComponentPlane) -> Tensor:
    """Return which blocks of a plane contain marked cells only."""
    row_factor, column_factor = plane.row_axis.factor, plane.column_axis.factor
    unmarked = functional.pad(
        (~cells).float(), (0, -cells.shape[3] % column_factor, 0, -cells.shape[2] % row_factor)
    )
    return functional.max_pool2d(unmarked, (row_factor, column_factor)) == 0
