"""Pictures turned as EXIF's orientation says. Source: EXIF 2.3, tag 274."""

from __future__ import annotations

from typing import TypeVar

import numpy as np
import torch
from jaxtyping import Float
from numpy.typing import NDArray
from torch import Tensor

UPRIGHT = 1
_TRANSPOSED = (5, 6, 7, 8)  # the shown columns are stored rows
_LEFTWARDS = (2, 3, 6, 7)  # then the shown columns run backwards
_UPWARDS = (3, 4, 7, 8)  # and the shown rows
_INVERSE = {6: 8, 8: 6}  # the others are their own

_Kind = TypeVar("_Kind", bound=np.generic)


def turned(stored: NDArray[_Kind], orientation: int) -> NDArray[_Kind]:
    """A (c, h, w) array as it is shown, without a copy: (c, rows, columns) of the same memory."""
    shown = stored.swapaxes(1, 2) if swaps_sides(orientation) else stored
    axes = (2,) * (orientation in _LEFTWARDS) + (1,) * (orientation in _UPWARDS)
    return np.flip(shown, axes)


def upright(stored: Float[Tensor, "c h w"], orientation: int) -> Float[Tensor, "c rows columns"]:
    """A picture as it is shown; the same memory where that is as it is stored.

    Args:
        stored: In the processor's memory.
        orientation: 1 to 8.
    """
    if orientation == UPRIGHT:
        return stored
    return torch.from_numpy(turned(stored.numpy(), orientation).copy())


def as_stored(shown: Float[Tensor, "c h w"], orientation: int) -> Float[Tensor, "c rows columns"]:
    """The inverse of `upright`."""
    return upright(shown, inverse(orientation))


def inverse(orientation: int) -> int:
    """The orientation that turns back."""
    return _INVERSE.get(orientation, orientation)


def swaps_sides(orientation: int) -> bool:
    """Whether width and height change places."""
    return orientation in _TRANSPOSED
