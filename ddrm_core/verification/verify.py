"""The proof: a picture compressed as a file was, held against the file's levels."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import torch
from jaxtyping import Float
from torch import Tensor
from torch.nn import functional

from ddrm_core.imaging.quantize_pixels import FLOAT_BITS, quantize_image
from ddrm_core.imaging.rectangle import Rectangle, rectangle_from_edges
from ddrm_core.jpeg.crop import crop_jpeg, find_whole_mcus
from ddrm_core.jpeg.damage.mask import find_intact_blocks
from ddrm_core.jpeg.image import JpegImage
from ddrm_core.jpeg.operator import JpegOperator, create_jpeg_operator, levels_to_tensors
from ddrm_core.verification.consistency import (
    ARITHMETIC_SLACK,
    Consistency,
    empty_consistency,
    measure_bin_distances,
    measure_consistency,
    merge_consistencies,
)

_STRIP_PIXELS = 1 << 20  # held against the levels together, so that memory stays small


@dataclass(frozen=True, slots=True, eq=False)
class Verification:
    """How far pixels agree with a file.

    Attributes:
        consistency: In numbers.
        distance_map: Distance from the bins in grey levels, per 8x8 pixels of the picture as
            stored; the worst of the components. Empty where no block lies wholly in what was
            verified.
        map_origin: Column and row of the picture at which the map begins; below 0 where blocks
            begin before the picture does.
    """

    consistency: Consistency
    distance_map: Float[Tensor, "rows columns"]
    map_origin: tuple[int, int]


@torch.no_grad()
def verify_jpeg_pixels(
    image: JpegImage,
    pixels: Float[Tensor, "n h w"],
    region: Rectangle | None = None,
    *,
    bits: int = FLOAT_BITS,
    slack: float = ARITHMETIC_SLACK,
) -> Verification:
    """Hold pixels with `image`'s channels, in grey levels, against its levels.

    Args:
        image: The file. Of a damaged one only what could be read counts.
        pixels: Of the image's size, or of the region's.
        region: In pixels of the image; what lies wholly in it counts. All of it, if None.
        bits: The pixels are rounded as so many bits a channel hold them.
        slack: How far outside its bin a level may be, in grey levels.
    """
    if region is None:
        region = Rectangle(0, 0, *image.size)
    operator = create_jpeg_operator(image)
    canvas = Rectangle(0, 0, operator.width, operator.height)
    whole_block_area = find_whole_mcus(region, image, canvas, operator.mcu_size)
    map_origin = (whole_block_area.left - image.grid_left, whole_block_area.top - image.grid_top)
    if not whole_block_area.pixel_count:
        return Verification(empty_consistency(operator, slack), torch.empty(0, 0), map_origin)
    strip_consistencies, strip_maps = [], []
    for strip in _split_into_strips(whole_block_area, operator.mcu_size[1]):
        strip_image = crop_jpeg(image, strip)
        strip_operator = create_jpeg_operator(strip_image)
        levels = levels_to_tensors(strip_image, torch.device("cpu"))
        x = _strip_to_network_units(operator, image, pixels, region, strip, bits)
        origin = (image.grid_left - strip.left, image.grid_top - strip.top)
        strip_consistencies.append(
            measure_consistency(
                strip_operator,
                levels,
                x,
                slack=slack,
                origin=origin,
                block_masks=find_intact_blocks(strip_image),
            )
        )
        strip_maps.append(measure_bin_distances(strip_operator, levels, x))
    return Verification(merge_consistencies(strip_consistencies), torch.cat(strip_maps), map_origin)


def _split_into_strips(area: Rectangle, mcu_height: int) -> Iterator[Rectangle]:
    """An area in bands of whole MCUs, `mcu_height` pixels high."""
    height = max(_STRIP_PIXELS // (area.width * mcu_height), 1) * mcu_height
    for top in range(area.top, area.bottom, height):
        yield rectangle_from_edges(area.left, top, area.right, min(top + height, area.bottom))


def _strip_to_network_units(
    operator: JpegOperator,
    image: JpegImage,
    pixels: Float[Tensor, "n h w"],
    region: Rectangle,
    strip: Rectangle,
    bits: int,
) -> Float[Tensor, "1 c rows columns"]:
    """A band in network units; what is hidden around the picture repeats its border."""
    requested_area = strip.translated(-image.grid_left, -image.grid_top)
    available_area = requested_area.intersection(region)
    rows, columns = available_area.slices_in(region)
    strip_pixels = quantize_image(pixels[:, rows, columns], bits=bits)
    return to_padded_network_units(operator, strip_pixels, available_area, requested_area)


def to_padded_network_units(
    operator: JpegOperator,
    pixels: Float[Tensor, "n h w"],
    available_area: Rectangle,
    requested_area: Rectangle,
) -> Float[Tensor, "1 c rows columns"]:
    """Pixels in network units, with a repeated border where more is wanted than there is.

    Args:
        operator: Whose colours they are in.
        pixels: In grey levels.
        available_area: Where they are, in pixels of the picture.
        requested_area: What is wanted; contains `available_area`.
    """
    x = operator.color_model.from_pixels(pixels[None])
    padding = (
        available_area.left - requested_area.left,
        requested_area.right - available_area.right,
        available_area.top - requested_area.top,
        requested_area.bottom - available_area.bottom,
    )
    return functional.pad(x, padding, mode="replicate") if any(padding) else x
