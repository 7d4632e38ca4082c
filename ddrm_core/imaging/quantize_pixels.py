"""Pictures in grey levels, and what integers hold of them."""

from __future__ import annotations

import numpy as np
from jaxtyping import Float
from numpy.typing import NDArray
from torch import Tensor

from ddrm_core.imaging.array_types import Pixels

EIGHT_BITS, FLOAT_BITS = 8, 32
STEPS_OF_16_BITS = 257  # per grey level: 65535 / 255
BAND_ROWS = 64  # of the largest pictures a few megabytes


def rounded(picture: Float[Tensor, "c h w"]) -> NDArray[np.uint8]:
    """A picture in grey levels as 8-bit pixels: (h, w, 3), or (h, w) for one channel."""
    channels, height, width = picture.shape
    pixels = np.empty((height, width, channels), np.uint8)
    write_pixels(picture, pixels.transpose(2, 0, 1), bits=EIGHT_BITS)
    return pixels[:, :, 0] if channels == 1 else pixels


def write_pixels(picture: Float[Tensor, "c h w"], target: Pixels, *, bits: int) -> None:
    """Round a picture into an array, a band of rows at a time: floats take four times its room.

    Args:
        picture: Grey levels.
        target: (c, h, w), with any strides.
        bits: As of `rounded_picture`; those of the array's type.
    """
    for top in range(0, picture.shape[1], BAND_ROWS):
        rows = slice(top, top + BAND_ROWS)
        band = rounded_picture(picture[:, rows], bits=bits)
        if bits == 16:
            band = (band * STEPS_OF_16_BITS).round()
        target[:, rows] = band.numpy()


def rounded_picture(picture: Float[Tensor, "c h w"], *, bits: int = 8) -> Float[Tensor, "c h w"]:
    """A picture, or a band of its rows, as 8, 16 or 32 (floats) bits a channel hold it.

    Args:
        picture: Grey levels; the result has them too, from 0 to 255 unless `bits` is 32.
        bits: With 32 the result is `picture` itself.
    """
    match bits:
        case 8:
            return picture.round().clamp(0, 255)
        case 16:
            return (picture.clamp(0, 255) * STEPS_OF_16_BITS).round() / STEPS_OF_16_BITS
        case _:
            return picture
