"""Pictures in grey levels, and what integers hold of them."""

from __future__ import annotations

import numpy as np
from jaxtyping import Float
from numpy.typing import NDArray
from torch import Tensor

from ddrm_core.imaging.array_types import PixelArray

EIGHT_BITS, FLOAT_BITS = 8, 32
SIXTEEN_BIT_SCALE = 257  # per grey level: 65535 / 255
ROWS_PER_STRIP = 64  # of the largest pictures a few megabytes


def to_uint8(image: Float[Tensor, "c h w"]) -> NDArray[np.uint8]:
    """A picture in grey levels as 8-bit pixels: (h, w, 3), or (h, w) for one channel."""
    channels, height, width = image.shape
    pixels = np.empty((height, width, channels), np.uint8)
    quantize_into(image, pixels.transpose(2, 0, 1), bits=EIGHT_BITS)
    return pixels[:, :, 0] if channels == 1 else pixels


def quantize_into(image: Float[Tensor, "c h w"], target: PixelArray, *, bits: int) -> None:
    """Round a picture into an array, a band of rows at a time: floats take four times its room.

    Args:
        image: Grey levels.
        target: (c, h, w), with any strides.
        bits: As of `quantize_image`; those of the array's type.
    """
    for top in range(0, image.shape[1], ROWS_PER_STRIP):
        rows = slice(top, top + ROWS_PER_STRIP)
        band = quantize_image(image[:, rows], bits=bits)
        if bits == 16:
            band = (band * SIXTEEN_BIT_SCALE).round()
        target[:, rows] = band.numpy()


def quantize_image(image: Float[Tensor, "c h w"], *, bits: int = 8) -> Float[Tensor, "c h w"]:
    """A picture, or a band of its rows, as 8, 16 or 32 (floats) bits a channel hold it.

    Args:
        image: Grey levels; the result has them too, from 0 to 255 unless `bits` is 32.
        bits: With 32 the result is `image` itself.
    """
    match bits:
        case 8:
            return image.round().clamp(0, 255)
        case 16:
            return (image.clamp(0, 255) * SIXTEEN_BIT_SCALE).round() / SIXTEEN_BIT_SCALE
        case _:
            return image
