"""Which pixels and blocks of a damaged file could be read."""

from __future__ import annotations

import torch
from jaxtyping import Bool
from torch import Tensor

from ddrm_core.jpeg.image import JpegImage
from ddrm_core.jpeg.operator import largest_factors


def pixels_read(image: JpegImage) -> Bool[Tensor, "h w"] | None:
    """The picture's pixels in whole MCUs; None where the file is whole."""
    if image.damage is None:
        return None
    row, column = largest_factors(image.components)
    whole = torch.from_numpy(image.damage.whole)
    pixels = whole.repeat_interleave(8 * row, 0).repeat_interleave(8 * column, 1)
    return pixels[: image.height, : image.width]


def blocks_read(image: JpegImage) -> tuple[Tensor, ...] | None:
    """Per component, (rows, columns): its blocks in whole MCUs; None where the file is whole."""
    if image.damage is None:
        return None
    whole = torch.from_numpy(image.damage.whole)
    masks = []
    for component, levels in zip(image.components, image.levels, strict=True):
        mask = whole.repeat_interleave(component.vertical, 0)
        mask = mask.repeat_interleave(component.horizontal, 1)
        masks.append(mask[: levels.shape[0], : levels.shape[1]])
    return tuple(masks)
