"""Pictures turned as EXIF's orientation says. Source: EXIF 2.3, tag 274."""

from __future__ import annotations

from typing import TypeVar

import numpy as np
import torch
from jaxtyping import Float
from numpy.typing import NDArray
from torch import Tensor

UPRIGHT_ORIENTATION = 1
_TRANSPOSED_ORIENTATIONS = (5, 6, 7, 8)  # the shown columns are stored rows
_HORIZONTALLY_FLIPPED = (2, 3, 6, 7)  # then the shown columns run backwards
_VERTICALLY_FLIPPED = (3, 4, 7, 8)  # and the shown rows
_INVERSE_ORIENTATIONS = {6: 8, 8: 6}  # the others are their own

_Kind = TypeVar("_Kind", bound=np.generic)


def apply_orientation(stored: NDArray[_Kind], orientation: int) -> NDArray[_Kind]:
    """A (c, h, w) array as it is shown, without a copy: (c, rows, columns) of the same memory."""
    upright_image = stored.swapaxes(1, 2) if is_transposed(orientation) else stored
    axes = (2,) * (orientation in _HORIZONTALLY_FLIPPED) + (1,) * (
        orientation in _VERTICALLY_FLIPPED
    )
    return np.flip(upright_image, axes)


def to_upright(stored: Float[Tensor, "c h w"], orientation: int) -> Float[Tensor, "c rows columns"]:
    """A picture as it is shown; the same memory where that is as it is stored.

    Args:
        stored: In the processor's memory.
        orientation: 1 to 8.
    """
    if orientation == UPRIGHT_ORIENTATION:
        return stored
    return torch.from_numpy(apply_orientation(stored.numpy(), orientation).copy())


def to_stored(
    upright_image: Float[Tensor, "c h w"], orientation: int
) -> Float[Tensor, "c rows columns"]:
    """The inverse of `to_upright`."""
    return to_upright(upright_image, invert_orientation(orientation))


def invert_orientation(orientation: int) -> int:
    """The orientation that turns back."""
    return _INVERSE_ORIENTATIONS.get(orientation, orientation)


def is_transposed(orientation: int) -> bool:
    """Whether width and height change places."""
    return orientation in _TRANSPOSED_ORIENTATIONS
