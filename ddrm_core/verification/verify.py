"""Verification of pixels against the levels of a file.

The pixels are measured with the file's operator: with its color model, chroma sampling, DCT and
quantizer steps.
"""

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

_STRIP_PIXELS = 1 << 20  # pixels compared at once, to limit memory


@dataclass(frozen=True, slots=True, eq=False)
class Verification:
    """The comparison of pixels with the levels of a file.

    Attributes:
        consistency: Counts of coefficients that agree with the levels.
        distance_map: Distance from the bins in gray levels, per 8x8 pixels of the stored image; the
            largest of all components. Empty if the verified region has no complete block.
        map_origin: Column and row of the image at which the map begins; negative if blocks begin
            left of or above the image.
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
    """Compute the coefficients of pixels, and compare them with the levels of a JPEG.

    Args:
        image: The image with the file's levels. Of a damaged file only intact blocks count.
        pixels: Pixels in gray levels, of the size of the image or of the region, with the channels
            of `image`.
        region: Region in pixels of the image, of which only complete MCUs count; None for the
            entire image.
        bits: Bits per channel to which the pixels are rounded before the comparison.
        slack: Distance from a bin, in gray levels, up to which a coefficient counts as inside.
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
    """Yield strips of an area; each strip is one or more complete rows of MCUs.

    `mcu_height` is the height of an MCU in pixels.
    """
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
    """Return the pixels of a strip in network units, rounded to `bits` before the conversion.

    Pixels outside `region` repeat its edges.

    Args:
        operator: Operator of the file.
        image: The image with the file's levels.
        pixels: Pixels of the region in gray levels.
        region: Region in pixels of the image.
        strip: Rectangle to return, in pixels from the corner of the first block.
        bits: Bits per channel.
    """
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
    """Convert pixels to network units, padded by repeating their edges.

    Args:
        operator: Operator with the pixels' color model.
        pixels: Pixels in gray levels.
        available_area: Rectangle that the pixels cover, in pixels of the image.
        requested_area: Rectangle to return; contains `available_area`.
    """
    x = operator.color_model.from_pixels(pixels[None])
    padding = (
        available_area.left - requested_area.left,
        requested_area.right - available_area.right,
        available_area.top - requested_area.top,
        requested_area.bottom - available_area.bottom,
    )
    return functional.pad(x, padding, mode="replicate") if any(padding) else x
