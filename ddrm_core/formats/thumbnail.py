"""The small picture that EXIF carries."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import torch
from jaxtyping import Float
from numpy.typing import NDArray
from torch import Tensor
from torch.nn import functional

from ddrm_core.formats.save import encode_picture
from ddrm_core.imaging.orientation import UPRIGHT, turned
from ddrm_core.metadata.model import NO_METADATA

# EXIF 2.3 allows any size below 64 kB for the whole block; cameras write this one.
_LONGEST_PX = 160
_QUALITY = 80
_AT_ONCE = 1 << 20  # pixels; of more than these a copy in floats would take too much memory


def encode_thumbnail(picture: Float[Tensor, "c h w"], *, turn: int = UPRIGHT) -> bytes:
    """A JPEG of at most 160 pixels a side; ink becomes what is left of the paper's white.

    Args:
        picture: Grey levels, as stored.
        turn: The orientation by which it is turned upright.
    """
    shown = turned(picture.numpy(), turn)
    height, width = shown.shape[1:]
    scale = min(1.0, _LONGEST_PX / max(height, width))
    rows, columns = (max(1, round(side * scale)) for side in (height, width))
    if height * width <= _AT_ONCE:
        small = _averaged(shown, rows, columns)
    else:
        # Into one tensor: many small ones would keep the room between them from being used again.
        small = torch.empty(min(len(shown), 3), rows, columns)
        for i in range(rows):
            band = shown[:, i * height // rows : -(-(i + 1) * height // rows)]
            # Twice, one below the other: torch adds up in another order what becomes one pixel.
            twice = np.concatenate([band, band], 1)
            small[:, i] = _averaged(twice, 2, columns)[:, 0]
    name = Path("thumbnail.jpg")
    return encode_picture(small, name, bits=8, metadata=NO_METADATA, jpeg_quality=_QUALITY).data


def _averaged(
    shown: NDArray[np.float32], rows: int, columns: int
) -> Float[Tensor, "c rows columns"]:
    """A (c, h, w) picture, or a band of it, as averages over areas."""
    picture = torch.from_numpy(shown.copy())
    if len(picture) == 4:
        picture = (255 - picture[:3]) * (255 - picture[3:]) / 255
    return functional.interpolate(picture[None].clamp(0, 255), (rows, columns), mode="area")[0]
