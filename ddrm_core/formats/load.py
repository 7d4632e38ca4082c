"""Loading of images: results, and files that may once have been JPEGs."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import torch
from jaxtyping import Float
from torch import Tensor

from ddrm_core.formats.decode import decode_image
from ddrm_core.formats.defaults import MAX_PIXELS
from ddrm_core.metadata.model import Metadata


@dataclass(frozen=True, slots=True, eq=False)
class LoadedImage:
    """Image and metadata of a file.

    Attributes:
        pixels: Pixels in gray levels, gray, RGB or CMYK (0 for no ink). Float files are not scaled.
        metadata: Metadata of the file, byte for byte.
        bits_per_channel: Bits per channel in the file: 8, 16 or 32, or 16 if it has 10 or 12.
    """

    pixels: Float[Tensor, "c h w"]
    metadata: Metadata
    bits_per_channel: int


def load_image(path: Path, *, max_pixels: int = MAX_PIXELS) -> LoadedImage:
    """Load an image file as a tensor; see `decode_image` for formats and errors."""
    decoded = decode_image(path, max_pixels=max_pixels)
    return LoadedImage(torch.from_numpy(decoded.pixels), decoded.metadata, decoded.bits_per_channel)
