"""Masks of the intact pixels and blocks of a damaged file."""

from __future__ import annotations

import torch
from jaxtyping import Bool
from torch import Tensor

from ddrm_core.jpeg.image import JpegImage
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
