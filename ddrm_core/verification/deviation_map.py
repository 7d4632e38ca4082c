"""An image of the blocks that are outside their bins."""

from __future__ import annotations

from math import log
from pathlib import Path

import torch
from jaxtyping import Float
from torch import Tensor

from ddrm_core.formats.save import encode_image
from ddrm_core.imaging.rectangle import Rectangle
from ddrm_core.metadata.model import NO_METADATA

# Gray levels outside the bin at which a block's color begins and is brightest.
MIN_DISTANCE, MAX_DISTANCE = 0.005, 8.0
# Dark violet, red, yellow and white, equidistant on a logarithmic scale. Blocks inside are black.
_COLOR_RAMP = ((40.0, 0.0, 80.0), (190.0, 30.0, 60.0), (250.0, 190.0, 30.0), (255.0, 255.0, 255.0))


def render_deviation_map(
    distances: Float[Tensor, "rows columns"], region: Rectangle, map_origin: tuple[int, int]
) -> Float[Tensor, "3 h w"]:
    """Render a deviation map, an RGB image whose colors show the distances of 8x8 blocks.

    The image has the region's size and values from 0 to 255. Blocks inside their bins and pixels
    outside the map are black.

    Args:
        distances: Distances from the bins in gray levels, see `measure_bin_distances`.
        region: Rectangle to show, in pixels of the image.
        map_origin: Column and row of the image at which the map begins.
    """
    image = torch.zeros(3, region.height, region.width)
    map_area = Rectangle(*map_origin, 8 * distances.shape[1], 8 * distances.shape[0])
    visible_area = map_area.intersection(region)
    if not visible_area.pixel_count:
        return image
    ramp_position = (
        (distances.clamp(MIN_DISTANCE, MAX_DISTANCE) / MIN_DISTANCE).log()
        / log(MAX_DISTANCE / MIN_DISTANCE)
        * (len(_COLOR_RAMP) - 1)
    )
    lower_index = ramp_position.floor().long().clamp_max(len(_COLOR_RAMP) - 2)
    ramp = torch.tensor(_COLOR_RAMP)
    colors = torch.lerp(
        ramp[lower_index], ramp[lower_index + 1], (ramp_position - lower_index)[..., None]
    )
    colors = colors * (distances > MIN_DISTANCE)[..., None]
    blocks = colors.permute(2, 0, 1).repeat_interleave(8, 1).repeat_interleave(8, 2)
    image[:, *visible_area.slices_in(region)] = blocks[:, *visible_area.slices_in(map_area)]
    return image


def encode_deviation_map(
    distances: Float[Tensor, "rows columns"],
    region: Rectangle,
    map_origin: tuple[int, int],
    path: Path,
) -> bytes:
    """Return the deviation map of `render_deviation_map` as the bytes of an image file.

    The suffix of `path` selects the format. The file is not written.
    """
    image = render_deviation_map(distances, region, map_origin)
    return encode_image(image, path, bits=8, metadata=NO_METADATA).data
