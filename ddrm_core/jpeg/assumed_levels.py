"""Levels that a file does not hold: of a harder compression, or of a picture that is no JPEG."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import torch
from jaxtyping import Float
from torch import Tensor
from torch.nn import functional

from ddrm_core.errors import InvalidSetting
from ddrm_core.jpeg.color import colour_model
from ddrm_core.jpeg.header import Component
from ddrm_core.jpeg.image import JpegImage, QualitySource
from ddrm_core.jpeg.operator import JpegOperator, largest_factors, level_tensors, operator_for
from ddrm_core.jpeg.quality_factor import standard_tables
from ddrm_core.metadata.model import Metadata

SAMPLING_FACTORS = {"4:4:4": (1, 1), "4:2:2": (2, 1), "4:4:0": (1, 2), "4:2:0": (2, 2)}
_COLOURS = {1: "grey", 3: "YCbCr", 4: "CMYK"}


@torch.no_grad()
def assume_quality(image: JpegImage, quality: int, *, left: int = 0, top: int = 0) -> JpegImage:
    """`image` with the levels that libjpeg's tables at `quality` give of what it shows.

    Args:
        image: A file's levels.
        quality: 1 to 100.
        left: Pixels by which the first compression's blocks begin before the picture, 0 to
            8 times the largest sampling factor less one. What is cut off such a block counts as a
            repetition of the picture's edge.
        top: The same above it.

    Raises:
        InvalidSetting: A number is out of range.
    """
    operator = operator_for(image)
    x = operator.decode(level_tensors(image, torch.device("cpu"))).clamp(-1, 1)
    shown = x[:, :, image.top :, image.left :]
    return _measured(image, shown, quality, left, top, QualitySource.ASSUMED)


@torch.no_grad()
def estimate_levels(
    picture: Float[Tensor, "n h w"],
    *,
    path: Path,
    metadata: Metadata,
    quality: int,
    sampling: str,
    left: int,
    top: int,
    source: QualitySource,
) -> JpegImage:
    """The levels that a picture from a file that is no JPEG would have had as one.

    Args:
        picture: Grey, RGB or CMYK (ink) in grey levels.
        path: The file.
        metadata: Of the file.
        quality: See `assume_quality`.
        sampling: A key of SAMPLING_FACTORS, for RGB; other pictures have no chroma.
        left: See `assume_quality`.
        top: See `assume_quality`.
        source: Who says so.

    Raises:
        InvalidSetting: A number is out of range, or there is no such sampling.
    """
    count, height, width = picture.shape
    colour = _COLOURS[count]
    if colour == "YCbCr" and sampling not in SAMPLING_FACTORS:
        raise InvalidSetting("sampling", sampling, ", ".join(SAMPLING_FACTORS))
    factors = SAMPLING_FACTORS[sampling] if colour == "YCbCr" else (1, 1)
    components = tuple(
        Component(i + 1, *(factors if i == 0 else (1, 1)), min(i, 1)) for i in range(count)
    )
    plain = JpegImage(path, width, height, colour, components, (), (), metadata, None)
    x = colour_model(colour).from_picture(picture[None])
    return _measured(plain, x, quality, left, top, source)


def _measured(
    image: JpegImage, x: Tensor, quality: int, left: int, top: int, source: QualitySource
) -> JpegImage:
    if not 1 <= quality <= 100:
        raise InvalidSetting("quality", quality, "1 to 100")
    row, column = largest_factors(image.components)
    for name, offset, period in (("left", left, 8 * column), ("top", top, 8 * row)):
        if not 0 <= offset < period:
            raise InvalidSetting(f"grid {name}", offset, f"0 to {period - 1}")
    chroma = colour_model(image.colour).chroma.tolist()
    tables = standard_tables(quality, chroma)
    image = replace(image, tables=tables, left=left, top=top, source=source)
    operator = operator_for(image)
    levels = tuple(
        k[0].permute(1, 2, 0).unflatten(2, (8, 8)).numpy().astype(np.int16)
        for k in operator.encode(extended(operator, image, x))
    )
    return replace(image, levels=levels)


def extended(
    operator: JpegOperator, image: JpegImage, x: Float[Tensor, "b c h w"]
) -> Float[Tensor, "b c rows columns"]:
    """A picture of `image`'s size as large as the operator's: its edges repeated."""
    height, width = x.shape[2:]
    right = operator.width - image.left - width
    bottom = operator.height - image.top - height
    if not any((image.left, image.top, right, bottom)):
        return x
    return functional.pad(x, (image.left, right, image.top, bottom), mode="replicate")
