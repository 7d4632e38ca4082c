"""The proof: a picture compressed as a file was, held against the file's levels."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import torch
from jaxtyping import Float
from torch import Tensor
from torch.nn import functional

from ddrm_core.imaging.quantize_pixels import FLOAT_BITS, rounded_picture
from ddrm_core.imaging.rectangle import Rectangle, between
from ddrm_core.jpeg.crop import crop_jpeg, find_whole_mcus
from ddrm_core.jpeg.damage.mask import find_intact_blocks
from ddrm_core.jpeg.image import JpegImage
from ddrm_core.jpeg.operator import JpegOperator, create_jpeg_operator, levels_to_tensors
from ddrm_core.verification.consistency import (
    ARITHMETIC_SLACK,
    Consistency,
    consistency_map,
    measure_consistency,
    merged,
    nothing_measured,
)

_BAND_PIXELS = 1 << 20  # held against the levels together, so that memory stays small


@dataclass(frozen=True, slots=True, eq=False)
class Verification:
    """How far pixels agree with a file.

    Attributes:
        consistency: In numbers.
        map: Distance from the bins in grey levels, per 8x8 pixels of the picture as stored; the
            worst of the components. Empty where no block lies wholly in what was verified.
        corner: Column and row of the picture at which the map begins; below 0 where blocks begin
            before the picture does.
    """

    consistency: Consistency
    map: Float[Tensor, "rows columns"]
    corner: tuple[int, int]


@torch.no_grad()
def verify_picture(
    image: JpegImage,
    picture: Float[Tensor, "n h w"],
    region: Rectangle | None = None,
    *,
    bits: int = FLOAT_BITS,
    slack: float = ARITHMETIC_SLACK,
) -> Verification:
    """Hold pixels with `image`'s channels, in grey levels, against its levels.

    Args:
        image: The file. Of a damaged one only what could be read counts.
        picture: Of the image's size, or of the region's.
        region: In pixels of the image; what lies wholly in it counts. All of it, if None.
        bits: The pixels are rounded as so many bits a channel hold them.
        slack: How far outside its bin a level may be, in grey levels.
    """
    if region is None:
        region = Rectangle(0, 0, *image.size)
    operator = create_jpeg_operator(image)
    canvas = Rectangle(0, 0, operator.width, operator.height)
    inner = find_whole_mcus(region, image, canvas, operator.mcu_size)
    corner = (inner.left - image.grid_left, inner.top - image.grid_top)
    if not inner.pixels:
        return Verification(nothing_measured(operator, slack), torch.empty(0, 0), corner)
    found, maps = [], []
    for band in _bands(inner, operator.mcu_size[1]):
        part = crop_jpeg(image, band)
        measured = create_jpeg_operator(part)
        levels = levels_to_tensors(part, torch.device("cpu"))
        x = _pictured(operator, image, picture, region, band, bits)
        origin = (image.grid_left - band.left, image.grid_top - band.top)
        found.append(
            measure_consistency(
                measured, levels, x, slack=slack, origin=origin, counted=find_intact_blocks(part)
            )
        )
        maps.append(consistency_map(measured, levels, x))
    return Verification(merged(found), torch.cat(maps), corner)


def _bands(area: Rectangle, row: int) -> Iterator[Rectangle]:
    """An area in bands of whole MCUs, `row` pixels high."""
    height = max(_BAND_PIXELS // (area.width * row), 1) * row
    for top in range(area.top, area.bottom, height):
        yield between(area.left, top, area.right, min(top + height, area.bottom))


def _pictured(
    operator: JpegOperator,
    image: JpegImage,
    picture: Float[Tensor, "n h w"],
    region: Rectangle,
    band: Rectangle,
    bits: int,
) -> Float[Tensor, "1 c rows columns"]:
    """A band in network units; what is hidden around the picture repeats its border."""
    wanted = band.moved(-image.grid_left, -image.grid_top)
    there = wanted.within(region)
    rows, columns = there.seen_from(region)
    pixels = rounded_picture(picture[:, rows, columns], bits=bits)
    return with_hidden(operator, pixels, there, wanted)


def with_hidden(
    operator: JpegOperator, pixels: Float[Tensor, "n h w"], there: Rectangle, wanted: Rectangle
) -> Float[Tensor, "1 c rows columns"]:
    """Pixels in network units, with a repeated border where more is wanted than there is.

    Args:
        operator: Whose colours they are in.
        pixels: In grey levels.
        there: Where they are, in pixels of the picture.
        wanted: What is wanted; contains `there`.
    """
    x = operator.color_model.from_pixels(pixels[None])
    hidden = (
        there.left - wanted.left,
        wanted.right - there.right,
        there.top - wanted.top,
        wanted.bottom - there.bottom,
    )
    return functional.pad(x, hidden, mode="replicate") if any(hidden) else x
