"""RGB and YCbCr. Source: ITU-T T.871 (JFIF), section 7."""

from __future__ import annotations

import torch
from jaxtyping import Float
from torch import Tensor

from ddrm_core.contracts import GREY_LEVELS_PER_UNIT

# x = 0 is 127.5 grey levels, half a level below the shift by 128 that JPEG applies to Y.
_Y_OFFSET = GREY_LEVELS_PER_UNIT - 128


def ycbcr_matrix() -> Float[Tensor, "3 3"]:
    """YCbCr from RGB, both in the same unit; chroma is zero for greys."""
    red, green, blue = 0.299, 0.587, 0.114
    luma = torch.tensor([red, green, blue], dtype=torch.float64)
    chroma_blue = (torch.tensor([0.0, 0.0, 1.0], dtype=torch.float64) - luma) / (2 * (1 - blue))
    chroma_red = (torch.tensor([1.0, 0.0, 0.0], dtype=torch.float64) - luma) / (2 * (1 - red))
    return torch.stack([luma, chroma_blue, chroma_red]).float()


def rgb_matrix() -> Float[Tensor, "3 3"]:
    """RGB from YCbCr, the inverse of `ycbcr_matrix`."""
    inverse: Tensor = torch.linalg.inv(ycbcr_matrix().double())
    return inverse.float()


def ycbcr_from_x(
    x: Float[Tensor, "b 3 h w"], matrix: Float[Tensor, "n 3"]
) -> Float[Tensor, "b n h w"]:
    """Level-shifted planes in grey levels: -128 to 127 for x in [-1, 1], linear beyond.

    Args:
        x: Network units.
        matrix: The first 1 or all 3 rows of `ycbcr_matrix`.
    """
    planes = torch.matmul(matrix * GREY_LEVELS_PER_UNIT, x.flatten(2))
    planes = planes.reshape(len(x), len(matrix), *x.shape[2:])
    planes[:, 0] += _Y_OFFSET
    return planes


def x_from_ycbcr(
    planes: Float[Tensor, "b 3 h w"], matrix: Float[Tensor, "3 3"]
) -> Float[Tensor, "b 3 h w"]:
    """Network units from level-shifted planes; `matrix` is `rgb_matrix`."""
    x = torch.matmul(matrix / GREY_LEVELS_PER_UNIT, planes.flatten(2)).reshape(planes.shape)
    return x - _Y_OFFSET / GREY_LEVELS_PER_UNIT
