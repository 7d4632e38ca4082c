"""Pictures turned as EXIF's orientation says. Source: EXIF 2.3, tag 274."""

from __future__ import annotations

from jaxtyping import Float
from torch import Tensor

UPRIGHT = 1
_TRANSPOSED = (5, 6, 7, 8)  # the shown columns are stored rows
_LEFTWARDS = (2, 3, 6, 7)  # then the shown columns run backwards
_UPWARDS = (3, 4, 7, 8)  # and the shown rows
_INVERSE = {6: 8, 8: 6}  # the others are their own


def upright(stored: Float[Tensor, "c h w"], orientation: int) -> Float[Tensor, "c rows columns"]:
    """A picture as it is shown; `orientation` is 1 to 8."""
    shown = stored.mT if swaps_sides(orientation) else stored
    axes = [-1] * (orientation in _LEFTWARDS) + [-2] * (orientation in _UPWARDS)
    return shown.flip(axes).contiguous()


def as_stored(shown: Float[Tensor, "c h w"], orientation: int) -> Float[Tensor, "c rows columns"]:
    """The inverse of `upright`."""
    return upright(shown, _INVERSE.get(orientation, orientation))


def swaps_sides(orientation: int) -> bool:
    """Whether width and height change places."""
    return orientation in _TRANSPOSED
