"""The eight ways to look at a square grid: a prior that sees another one errs differently."""

from __future__ import annotations

from torch import Tensor

IDENTITY = 0
# Mirrored, turned upside down and transposed (bits 0, 1 and 2). Neighbours in this order have
# little in common, and neither have those half the round apart.
_TRANSFORM_ORDER = (0, 3, 1, 2, 4, 7, 5, 6)


def choose_transform(step: int, sample: int) -> int:
    """The view of a sample's step, both from 0; pairs of samples see opposite ones."""
    return _TRANSFORM_ORDER[(step + len(_TRANSFORM_ORDER) // 2 * sample) % len(_TRANSFORM_ORDER)]


def apply_transform(x: Tensor, transform: int) -> Tensor:
    """Pictures as they look in a view."""
    x = x.flip(-1) if transform & 1 else x
    x = x.flip(-2) if transform & 2 else x
    return x.mT if transform & 4 else x


def invert_transform(x: Tensor, transform: int) -> Tensor:
    """The inverse of `apply_transform`."""
    x = x.mT if transform & 4 else x
    x = x.flip(-2) if transform & 2 else x
    return x.flip(-1) if transform & 1 else x
