"""The eight dihedral transforms of images; a prior's errors differ between them."""

from __future__ import annotations

from torch import Tensor

IDENTITY = 0
# Bits 0, 1 and 2: mirrored, upside down, transposed. Consecutive transforms in this order differ
# most, and so do transforms four positions apart.
_TRANSFORM_ORDER = (0, 3, 1, 2, 4, 7, 5, 6)


def choose_transform(step: int, sample: int) -> int:
    """Return the dihedral transform for one step of one sample, both counted from 0.

    The two samples of an antithetic pair get transforms four positions apart.
    """
    return _TRANSFORM_ORDER[(step + len(_TRANSFORM_ORDER) // 2 * sample) % len(_TRANSFORM_ORDER)]


def apply_transform(x: Tensor, transform: int) -> Tensor:
    """Return images under a dihedral transform."""
    x = x.flip(-1) if transform & 1 else x
    x = x.flip(-2) if transform & 2 else x
    return x.mT if transform & 4 else x


def invert_transform(x: Tensor, transform: int) -> Tensor:
    """Return images under the inverse of `apply_transform`."""
    x = x.mT if transform & 4 else x
    x = x.flip(-2) if transform & 2 else x
    return x.flip(-1) if transform & 1 else x
