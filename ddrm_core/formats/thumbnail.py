"""The small picture that EXIF carries."""

from __future__ import annotations

from pathlib import Path

from jaxtyping import Float
from torch import Tensor
from torch.nn import functional

from ddrm_core.formats.save import encode_picture
from ddrm_core.metadata.model import NO_METADATA

# EXIF 2.3 allows any size below 64 kB for the whole block; cameras write this one.
_LONGEST_PX = 160
_QUALITY = 80


def encode_thumbnail(picture: Float[Tensor, "c h w"]) -> bytes:
    """A JPEG of at most 160 pixels a side; ink becomes what is left of the paper's white."""
    if len(picture) == 4:
        picture = (255 - picture[:3]) * (255 - picture[3:]) / 255
    scale = min(1.0, _LONGEST_PX / max(picture.shape[1:]))
    size = [max(1, round(side * scale)) for side in picture.shape[1:]]
    small = functional.interpolate(picture[None].clamp(0, 255), size, mode="area")[0]
    name = Path("thumbnail.jpg")
    return encode_picture(small, name, bits=8, metadata=NO_METADATA, jpeg_quality=_QUALITY).data
