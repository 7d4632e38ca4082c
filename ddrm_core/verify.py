"""The proof: a picture compressed as a file was, held against the file's levels."""

from __future__ import annotations

from dataclasses import dataclass

import torch
from jaxtyping import Float
from torch import Tensor

from ddrm_core.jpeg.assumed import extended
from ddrm_core.jpeg.measured import JpegImage
from ddrm_core.jpeg.operator import level_tensors, operator_for
from ddrm_core.jpeg.readable import blocks_read
from ddrm_core.metrics.consistency import (
    ARITHMETIC_SLACK,
    Consistency,
    consistency_map,
    measure_consistency,
)


@dataclass(frozen=True, slots=True, eq=False)
class Verification:
    """How far pixels agree with a file.

    Attributes:
        consistency: In numbers.
        map: Distance from the bins in grey levels, per 8x8 pixels of the picture as stored; the
            worst of the components.
    """

    consistency: Consistency
    map: Float[Tensor, "rows columns"]


@torch.no_grad()
def verify_picture(
    image: JpegImage, picture: Float[Tensor, "n h w"], *, slack: float = ARITHMETIC_SLACK
) -> Verification:
    """Hold pixels of `image`'s size and channels, in grey levels, against its levels.

    Args:
        image: The file. Of a damaged one only what could be read counts.
        picture: As saved, or not rounded.
        slack: How far outside its bin a level may be, in grey levels.
    """
    operator = operator_for(image)
    levels = level_tensors(image, torch.device("cpu"))
    x = extended(operator, image, operator.colour.from_picture(picture[None]))
    consistency = measure_consistency(
        operator,
        levels,
        x,
        slack=slack,
        origin=(image.left, image.top),
        counted=blocks_read(image),
    )
    return Verification(consistency, consistency_map(operator, levels, x))
