"""Where a picture disagrees with a file, as a picture."""

from __future__ import annotations

from math import log
from pathlib import Path

import torch
from jaxtyping import Float
from torch import Tensor

from ddrm_core.formats.save import encode_image
from ddrm_core.imaging.rectangle import Rectangle
from ddrm_core.metadata.model import NO_METADATA

# Grey levels outside the bin: from where a block has a colour, and where that is the brightest.
LEAST, MOST = 0.005, 8.0
# Black inside; then dark violet, red and yellow to white, equally far apart on a logarithmic scale.
_COLOURS = ((40.0, 0.0, 80.0), (190.0, 30.0, 60.0), (250.0, 190.0, 30.0), (255.0, 255.0, 255.0))


def heat_map(
    distances: Float[Tensor, "rows columns"], place: Rectangle, corner: tuple[int, int]
) -> Float[Tensor, "3 h w"]:
    """A map of 8x8 blocks as RGB of a picture's or a region's size; black where there are none.

    Args:
        distances: From the bins in grey levels, see `consistency_map`.
        place: What is shown, in pixels of the picture.
        corner: Column and row of the picture at which the map begins.
    """
    shown = torch.zeros(3, place.height, place.width)
    covered = Rectangle(*corner, 8 * distances.shape[1], 8 * distances.shape[0])
    visible = covered.within(place)
    if not visible.pixels:
        return shown
    level = (distances.clamp(LEAST, MOST) / LEAST).log() / log(MOST / LEAST) * (len(_COLOURS) - 1)
    below = level.floor().long().clamp_max(len(_COLOURS) - 2)
    ramp = torch.tensor(_COLOURS)
    colours = torch.lerp(ramp[below], ramp[below + 1], (level - below)[..., None])
    colours = colours * (distances > LEAST)[..., None]
    blocks = colours.permute(2, 0, 1).repeat_interleave(8, 1).repeat_interleave(8, 2)
    shown[:, *visible.seen_from(place)] = blocks[:, *visible.seen_from(covered)]
    return shown


def encode_heat_map(
    distances: Float[Tensor, "rows columns"], place: Rectangle, corner: tuple[int, int], path: Path
) -> bytes:
    """The content of the map's file; its suffix names the format."""
    picture = heat_map(distances, place, corner)
    return encode_image(picture, path, bits=8, metadata=NO_METADATA).data
