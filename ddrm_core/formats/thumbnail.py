"""Thumbnails for EXIF."""

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

# EXIF 2.3 limits only the whole block, to 64 kB; 160 pixels are usual in cameras.
_MAX_SIDE_PX = 160
_THUMBNAIL_QUALITY = 80
_MAX_PIXELS_AT_ONCE = (
    1 << 20
)  # pixels; of more than these a copy in floats would take too much memory


def encode_thumbnail(
    image: Float[Tensor, "c h w"], *, orientation: int = UPRIGHT_ORIENTATION
) -> bytes:
    """Return a JPEG thumbnail of at most 160 pixels a side; CMYK becomes RGB.

    Args:
        image: Gray levels of the image as stored.
        orientation: EXIF orientation, 1 to 8, by which the thumbnail is turned upright.
    """
    rows_first = image.numpy().transpose(1, 2, 0)
    upright_pixels = apply_orientation(rows_first, orientation).transpose(2, 0, 1)
    height, width = upright_pixels.shape[1:]
    scale = min(1.0, _MAX_SIDE_PX / max(height, width))
    rows, columns = (max(1, round(side * scale)) for side in (height, width))
    if height * width <= _MAX_PIXELS_AT_ONCE:
        thumbnail = _downscale(upright_pixels, rows, columns)
    else:
        # All rows go into one tensor: many small tensors would fragment memory.
        thumbnail = torch.empty(min(len(upright_pixels), 3), rows, columns)
        for i in range(rows):
            strip = upright_pixels[:, i * height // rows : -(-(i + 1) * height // rows)]
            # The strip is doubled because torch sums in another order if the output has a single
            # row.
            doubled_strip = np.concatenate([strip, strip], 1)
            thumbnail[:, i] = _downscale(doubled_strip, 2, columns)[:, 0]
    name = Path("thumbnail.jpg")
    return encode_image(
        thumbnail, name, bits=8, metadata=NO_METADATA, jpeg_quality=_THUMBNAIL_QUALITY
    ).data


def _downscale(
    pixels: NDArray[np.float32], rows: int, columns: int
) -> Float[Tensor, "c rows columns"]:
    """Return an image or a strip of one (c, h, w), downscaled by averaging; CMYK becomes RGB."""
    image = torch.from_numpy(pixels.copy())
    if len(image) == 4:
        image = (255 - image[:3]) * (255 - image[3:]) / 255
    return functional.interpolate(image[None].clamp(0, 255), (rows, columns), mode="area")[0]
