"""Pictures in grey levels, and what integers hold of them."""

from __future__ import annotations

import numpy as np
from jaxtyping import Float
from numpy.typing import NDArray
from torch import Tensor

EIGHT_BITS = 8
STEPS_OF_16_BITS = 257  # per grey level: 65535 / 255


def rounded(picture: Float[Tensor, "c h w"]) -> NDArray[np.uint8]:
    """A picture in grey levels as 8-bit pixels: (h, w, 3), or (h, w) for one channel."""
    pixels = rounded_picture(picture).byte().permute(1, 2, 0).numpy()
    return pixels[:, :, 0] if pixels.shape[2] == 1 else pixels


def rounded_picture(picture: Float[Tensor, "c h w"], *, bits: int = 8) -> Float[Tensor, "c h w"]:
    """A picture in grey levels as 8, 16 or 32 (floats) bits a channel hold it."""
    match bits:
        case 8:
            return picture.round().clamp(0, 255)
        case 16:
            return (picture.clamp(0, 255) * STEPS_OF_16_BITS).round() / STEPS_OF_16_BITS
        case _:
            return picture
