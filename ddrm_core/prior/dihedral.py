"""The eight ways to look at a square grid: a prior that sees another one errs differently."""

from __future__ import annotations

from torch import Tensor

STRAIGHT = 0
# Mirrored, turned upside down and transposed (bits 0, 1 and 2). Neighbours in this order have
# little in common, and neither have those half the round apart.
_ORDER = (0, 3, 1, 2, 4, 7, 5, 6)


def view_at(step: int, sample: int) -> int:
    """The view of a sample's step, both from 0; pairs of samples see opposite ones."""
    return _ORDER[(step + len(_ORDER) // 2 * sample) % len(_ORDER)]


def seen(x: Tensor, view: int) -> Tensor:
    """Pictures as they look in a view."""
    x = x.flip(-1) if view & 1 else x
    x = x.flip(-2) if view & 2 else x
    return x.mT if view & 4 else x


def unseen(x: Tensor, view: int) -> Tensor:
    """The inverse of `seen`."""
    x = x.mT if view & 4 else x
    x = x.flip(-2) if view & 2 else x
    return x.flip(-1) if view & 1 else x
