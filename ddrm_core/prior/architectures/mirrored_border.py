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
    return mirror_axis(mirror_axis(x, 2, margin, margin), 3, margin, margin)


def mirror_axis(
    x: Float[Tensor, "b c h w"], axis: int, margin_before: int, margin_after: int
) -> Float[Tensor, "b c _ _"]:
    """Return images that are continued along one axis by mirrored pixels, like `mirror_border`.

    Args:
        x: Images.
        axis: Axis of `x` that becomes longer: 2 for rows, 3 for columns.
        margin_before: Number of added pixels before the first one.
        margin_after: Number of added pixels behind the last one.
    """
    size = x.shape[axis]
    positions = torch.arange(-margin_before, size + margin_after, device=x.device) % (2 * size)
    return x.index_select(axis, torch.minimum(positions, 2 * size - 1 - positions))
