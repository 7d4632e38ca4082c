"""The eight dihedral transforms of images; a prior's errors differ between them."""

from __future__ import annotations

from torch import Tensor

IDENTITY = 0
# Bits 0, 1 and 2: mirrored, upside down, transposed. Consecutive transforms in this order differ
# most, and so do transforms four positions apart.
_TRANSFORM_ORDER = (0, 3, 1, 2, 4, 7, 5, 6)


def choose_transform(step: int, sample: int) -> int:
    """Return the dihedral transform, 0 to 7, for one step of one sample, both counted from 0.

    Consecutive steps run through a fixed order of the eight transforms. At the same step, the two
    samples of an antithetic pair are four positions apart in this order.
    """
    return _TRANSFORM_ORDER[(step + len(_TRANSFORM_ORDER) // 2 * sample) % len(_TRANSFORM_ORDER)]


def apply_transform(x: Tensor, transform: int) -> Tensor:
    """Return images mirrored and turned by a dihedral transform, 0 to 7."""
    x = x.flip(-1) if transform & 1 else x
    x = x.flip(-2) if transform & 2 else x
    return x.mT if transform & 4 else x


def invert_transform(x: Tensor, transform: int) -> Tensor:
    """Return the images to which `apply_transform` was applied with the same `transform`."""
    x = x.mT if transform & 4 else x
    x = x.flip(-2) if transform & 2 else x
    return x.flip(-1) if transform & 1 else x
