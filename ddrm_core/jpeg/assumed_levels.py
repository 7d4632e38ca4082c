"""Levels that a file does not hold: of a harsher compression, or of a lossless image."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import torch
from jaxtyping import Float
from torch import Tensor
from torch.nn import functional

from ddrm_core.allowed_values import describe_range
from ddrm_core.errors import InvalidSetting
from ddrm_core.jpeg.header import CHROMA_SAMPLING_FACTORS, Component
from ddrm_core.jpeg.image import JpegImage, QualitySource
from ddrm_core.jpeg.linear_maps.color import create_color_model
from ddrm_core.jpeg.operator import (
    JpegOperator,
    create_jpeg_operator,
    find_largest_factors,
    levels_to_tensors,
)
from ddrm_core.jpeg.quality_factor import create_standard_tables
from ddrm_core.metadata.model import Metadata

_COLOR_MODEL_NAMES = {1: "grey", 3: "YCbCr", 4: "CMYK"}


@torch.no_grad()
def assume_quality(
    image: JpegImage, quality: int, *, grid_left: int = 0, grid_top: int = 0
) -> JpegImage:
    """Return a copy of `image` with the levels of an assumed compression at `quality`.

    The decoded image is compressed again with libjpeg's tables.

    Args:
        image: Image with the levels of its file.
        quality: Quality factor, 1 to 100.
        grid_left: Number of pixels by which blocks of the assumed compression begin left of the
            image: from 0 to 8 times the largest horizontal sampling factor, less one. The image's
            edge is repeated to fill these blocks.
        grid_top: Number of pixels by which blocks of the assumed compression begin above the image.

    Raises:
        InvalidSetting: If a number is out of range.
    """
    operator = create_jpeg_operator(image)
    x = operator.decode(levels_to_tensors(image, torch.device("cpu"))).clamp(-1, 1)
    decoded = x[:, :, image.grid_top :, image.grid_left :]
    return _quantize_levels(image, decoded, quality, grid_left, grid_top, QualitySource.ASSUMED)


@torch.no_grad()
def jpeg_image_from_pixels(
    pixels: Float[Tensor, "n h w"],
    *,
    path: Path,
    metadata: Metadata,
    quality: int,
    chroma_sampling: str,
    grid_left: int,
    grid_top: int,
    quality_source: QualitySource,
) -> JpegImage:
    """Compress pixels with libjpeg's tables; return the levels as the image of a JPEG file.

    Args:
        pixels: Gray, RGB or CMYK (ink) pixels in gray levels, 0 to 255.
        path: The file of the image.
        metadata: Metadata of the file.
        quality: Quality factor, 1 to 100.
        chroma_sampling: Key of `CHROMA_SAMPLING_FACTORS` for RGB pixels; other pixels have no
            chroma.
        grid_left: Grid offset as in `assume_quality`.
        grid_top: Grid offset as in `assume_quality`.
        quality_source: Origin of the quality factor.

    Raises:
        InvalidSetting: If a number is out of range or the chroma sampling is unknown.
    """
    channels, height, width = pixels.shape
    color_model_name = _COLOR_MODEL_NAMES[channels]
    if color_model_name == "YCbCr" and chroma_sampling not in CHROMA_SAMPLING_FACTORS:
        raise InvalidSetting("sampling", chroma_sampling, ", ".join(CHROMA_SAMPLING_FACTORS))
    factors = CHROMA_SAMPLING_FACTORS[chroma_sampling] if color_model_name == "YCbCr" else (1, 1)
    components = tuple(
        Component(i + 1, *(factors if i == 0 else (1, 1)), min(i, 1)) for i in range(channels)
    )
    unquantized = JpegImage(
        path, width, height, color_model_name, components, (), (), metadata, None
    )
    x = create_color_model(color_model_name).from_pixels(pixels[None])
    return _quantize_levels(unquantized, x, quality, grid_left, grid_top, quality_source)


def _quantize_levels(
    image: JpegImage,
    x: Tensor,
    quality: int,
    grid_left: int,
    grid_top: int,
    quality_source: QualitySource,
) -> JpegImage:
    if not 1 <= quality <= 100:
        raise InvalidSetting("quality", quality, describe_range(1, 100))
    row_factor, column_factor = find_largest_factors(image.components)
    for name, offset, period in (
        ("left", grid_left, 8 * column_factor),
        ("top", grid_top, 8 * row_factor),
    ):
        if not 0 <= offset < period:
            raise InvalidSetting(f"grid {name}", offset, describe_range(0, period - 1))
    is_chroma = create_color_model(image.color_model_name).is_chroma.tolist()
    tables = create_standard_tables(quality, is_chroma)
    image = replace(
        image,
        quantization_tables=tables,
        grid_left=grid_left,
        grid_top=grid_top,
        quality_source=quality_source,
    )
    operator = create_jpeg_operator(image)
    levels = tuple(
        k[0].permute(1, 2, 0).unflatten(2, (8, 8)).numpy().astype(np.int16)
        for k in operator.encode(pad_to_canvas(operator, image, x))
    )
    return replace(image, levels=levels)


def pad_to_canvas(
    operator: JpegOperator, image: JpegImage, x: Float[Tensor, "b c h w"]
) -> Float[Tensor, "b c rows columns"]:
    """Pad `x`, of the size of `image`, to the operator's size by repeating its edges."""
    height, width = x.shape[2:]
    right = operator.width - image.grid_left - width
    bottom = operator.height - image.grid_top - height
    if not any((image.grid_left, image.grid_top, right, bottom)):
        return x
    return functional.pad(x, (image.grid_left, right, image.grid_top, bottom), mode="replicate")
