"""Rounding of images in gray levels to 8 to 16 bits per channel."""

from __future__ import annotations

import numpy as np
from jaxtyping import Float
from numpy.typing import NDArray
from torch import Tensor

from ddrm_core.imaging.array_types import SIXTEEN_BIT_SCALE, PixelArray

EIGHT_BITS, FLOAT_BITS = 8, 32
# Integers per gray level by bits per channel, where there are several.
_SCALES = {10: 1023 / 255, 12: 4095 / 255, 16: SIXTEEN_BIT_SCALE}
ROWS_PER_STRIP = 64  # a few megabytes, even of the largest images


def to_uint8(image: Float[Tensor, "c h w"]) -> NDArray[np.uint8]:
    """Convert an image in gray levels to 8-bit pixels, rounded and clipped to 0 to 255.

    The result is (h, w, c), or (h, w) for one channel.
    """
    channels, height, width = image.shape
    pixels = np.empty((height, width, channels), np.uint8)
    quantize_into(image, pixels.transpose(2, 0, 1), bits=EIGHT_BITS)
    return pixels[:, :, 0] if channels == 1 else pixels


def quantize_into(image: Float[Tensor, "c h w"], target: PixelArray, *, bits: int) -> None:
    """Round an image to 8 to 16 bits and write the integers to `target`, strip by strip.

    Strips limit the memory for floats, which need four times as much as 8-bit pixels.

    Args:
        image: Image in gray levels.
        target: Array of shape (c, h, w) with any strides.
        bits: Bits per channel of the array's type, see `quantize_image`.
    """
    for top in range(0, image.shape[1], ROWS_PER_STRIP):
        rows = slice(top, top + ROWS_PER_STRIP)
        band = quantize_image(image[:, rows], bits=bits)
        if bits in _SCALES:
            band = (band * _SCALES[bits]).round()
        target[:, rows] = band.numpy()


def quantize_image(image: Float[Tensor, "c h w"], *, bits: int = 8) -> Float[Tensor, "c h w"]:
    """Round an image to 8, 10, 12 or 16 bits per channel; 32 bits (floats) leave it unchanged.

    Args:
        image: Image in gray levels. The result is in gray levels, too, clipped to 0 to 255 unless
            `bits` is 32.
        bits: Bits per channel; with 32, the result is `image` itself.
    """
    match bits:
        case 8:
            return image.round().clamp(0, 255)
        case 32:  # FLOAT_BITS
            return image
        case _:
            return (image.clamp(0, 255) * _SCALES[bits]).round() / _SCALES[bits]
