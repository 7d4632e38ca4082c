"""The small picture that EXIF carries."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import torch
from jaxtyping import Float
from numpy.typing import NDArray
from torch import Tensor
from torch.nn import functional

from ddrm_core.formats.save import encode_image
from ddrm_core.imaging.orientation import UPRIGHT_ORIENTATION, apply_orientation
from ddrm_core.metadata.model import NO_METADATA

# EXIF 2.3 allows any size below 64 kB for the whole block; cameras write this one.
_MAX_SIDE_PX = 160
_THUMBNAIL_QUALITY = 80
_MAX_PIXELS_AT_ONCE = (
    1 << 20
)  # pixels; of more than these a copy in floats would take too much memory


def encode_thumbnail(
    image: Float[Tensor, "c h w"], *, orientation: int = UPRIGHT_ORIENTATION
) -> bytes:
    """A JPEG of at most 160 pixels a side; ink becomes what is left of the paper's white.

    Args:
        image: Grey levels, as stored.
        orientation: The orientation by which it is turned upright.
    """
    rows_first = image.numpy().transpose(1, 2, 0)
    upright_pixels = apply_orientation(rows_first, orientation).transpose(2, 0, 1)
    height, width = upright_pixels.shape[1:]
    scale = min(1.0, _MAX_SIDE_PX / max(height, width))
    rows, columns = (max(1, round(side * scale)) for side in (height, width))
    if height * width <= _MAX_PIXELS_AT_ONCE:
        thumbnail = _downscale(upright_pixels, rows, columns)
    else:
        # Into one tensor: many small ones would keep the room between them from being used again.
        thumbnail = torch.empty(min(len(upright_pixels), 3), rows, columns)
        for i in range(rows):
            strip = upright_pixels[:, i * height // rows : -(-(i + 1) * height // rows)]
            # Twice, one below the other: torch adds up in another order what becomes one pixel.
            doubled_strip = np.concatenate([strip, strip], 1)
            thumbnail[:, i] = _downscale(doubled_strip, 2, columns)[:, 0]
    name = Path("thumbnail.jpg")
    return encode_image(
        thumbnail, name, bits=8, metadata=NO_METADATA, jpeg_quality=_THUMBNAIL_QUALITY
    ).data


def _downscale(
    pixels: NDArray[np.float32], rows: int, columns: int
) -> Float[Tensor, "c rows columns"]:
    """A (c, h, w) picture, or a band of it, as averages over areas."""
    image = torch.from_numpy(pixels.copy())
    if len(image) == 4:
        image = (255 - image[:3]) * (255 - image[3:]) / 255
    return functional.interpolate(image[None].clamp(0, 255), (rows, columns), mode="area")[0]
