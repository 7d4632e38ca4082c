"""Continuation of images beyond their edges."""

from __future__ import annotations

import torch
from jaxtyping import Float
from torch import Tensor


def mirror_border(x: Float[Tensor, "b c h w"], margin: int) -> Float[Tensor, "b c _ _"]:
    """Return images that are continued at all four edges by mirrored pixels.

    The edge pixels are repeated: a row "abc" continues as "...cbaabccba...". Unlike `reflect` of
    `torch.nn.functional.pad`, the margin may exceed the image.

    Args:
        x: Images.
        margin: Number of added rows above and below, and of columns on the left and on the right.
    """
    rows, columns = (_mirror_positions(size, margin, x.device) for size in x.shape[2:])
    return x.index_select(2, rows).index_select(3, columns)


def _mirror_positions(size: int, margin: int, device: torch.device) -> Tensor:
    """Return the position within an axis of `size` pixels for each pixel of the continued axis."""
    positions = torch.arange(-margin, size + margin, device=device) % (2 * size)
    return torch.minimum(positions, 2 * size - 1 - positions)
