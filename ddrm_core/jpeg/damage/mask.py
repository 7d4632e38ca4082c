"""Masks of the intact pixels and blocks of a damaged file, and the area of its intact MCUs."""

from __future__ import annotations

import numpy as np
import torch
from jaxtyping import Bool
from torch import Tensor

from ddrm_core.imaging.rectangle import Rectangle, rectangle_from_edges
from ddrm_core.jpeg.image import Damage, JpegImage
from ddrm_core.jpeg.operator import find_largest_factors


def find_intact_pixels(image: JpegImage) -> Bool[Tensor, "h w"] | None:
    """Return the mask of pixels in intact MCUs; None for an undamaged file."""
    if image.damage is None:
        return None
    row_factor, column_factor = find_largest_factors(image.components)
    intact_mcus = torch.from_numpy(image.damage.intact_mcus)
    pixels = intact_mcus.repeat_interleave(8 * row_factor, 0).repeat_interleave(
        8 * column_factor, 1
    )
    return pixels[: image.height, : image.width]


def find_intact_blocks(image: JpegImage) -> tuple[Tensor, ...] | None:
    """Return the mask of blocks in intact MCUs per component; None for an undamaged file.

    Each mask is (block rows, block columns).
    """
    if image.damage is None:
        return None
    intact_mcus = torch.from_numpy(image.damage.intact_mcus)
    masks = []
    for component, levels in zip(image.components, image.levels, strict=True):
        mask = intact_mcus.repeat_interleave(component.vertical_factor, 0)
        mask = mask.repeat_interleave(component.horizontal_factor, 1)
        masks.append(mask[: levels.shape[0], : levels.shape[1]])
    return tuple(masks)


def find_intact_area(damage: Damage, area: Rectangle, mcu_size: tuple[int, int]) -> Rectangle:
    """Return the smallest rectangle of the intact MCUs in an area, clipped to the area.

    The rectangle is empty if no MCU in the area is intact.

    Args:
        damage: Fault of the file.
        area: Rectangle in pixels of the coded image.
        mcu_size: Width and height of an MCU in pixels.
    """
    width, height = mcu_size
    mcus = area.aligned_outward(width, height)
    left, top = mcus.left // width, mcus.top // height
    intact = damage.intact_mcus[top : mcus.bottom // height, left : mcus.right // width]
    rows, columns = (np.flatnonzero(intact.any(axis)) for axis in (1, 0))
    if not len(rows):
        return Rectangle(area.left, area.top, 0, 0)
    return rectangle_from_edges(
        (left + int(columns[0])) * width,
        (top + int(rows[0])) * height,
        (left + int(columns[-1]) + 1) * width,
        (top + int(rows[-1]) + 1) * height,
    ).intersection(area)
