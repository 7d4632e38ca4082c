"""A picture whose pixels lost their lower bits, from a file."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from jaxtyping import Float
from numpy.typing import NDArray
from torch import Tensor

from ddrm_core.device.out_of_memory import memory_for
from ddrm_core.errors import NotEightBits, NotQuantized
from ddrm_core.formats.load import MAX_PIXELS, load_image
from ddrm_core.metadata.model import Metadata
from ddrm_core.problems.bit_depth.estimate import (
    Expansion,
    estimate_bits,
    expansion_of,
    levels_of,
)
from ddrm_core.problems.bit_depth.settings import check_bits

_WHITE = 255
_CPU = torch.device("cpu")


@dataclass(frozen=True, slots=True, eq=False)
class QuantizedImage:
    """Levels of a picture's pixels, as stored: neither turned upright nor converted.

    Attributes:
        path: The file.
        levels: (channels, height, width); 0 to 2**bits - 1. Grey, RGB or CMYK (ink).
        bits: Per channel, 1 to 7.
        expansion: How the file shows them; None where it has other values too, whose lower bits
            are not looked at.
        metadata: What results take over.
    """

    path: Path
    levels: NDArray[np.uint8]
    bits: int
    expansion: Expansion | None
    metadata: Metadata

    @property
    def size(self) -> tuple[int, int]:
        """Width and height in pixels."""
        _, height, width = self.levels.shape
        return width, height

    @property
    def channels(self) -> int:
        """1 grey, 3 RGB, 4 CMYK."""
        return len(self.levels)


def open_quantized(
    path: Path, *, bits: int | None = None, max_pixels: int = MAX_PIXELS
) -> QuantizedImage:
    """Read a picture of any format.

    Raises:
        UnreadableFile, NotAPicture, TooManyPixels, OutOfMemory: See `load_image`.
        InvalidSetting, NotEightBits, NotQuantized: See `quantized_image`.
    """
    loaded = load_image(path, max_pixels=max_pixels)
    return quantized_image(loaded.pixels, path=path, metadata=loaded.metadata, bits=bits)


def quantized_image(
    picture: Float[Tensor, "n h w"], *, path: Path, metadata: Metadata, bits: int | None = None
) -> QuantizedImage:
    """The levels of pixels in grey levels.

    Args:
        picture: Whole numbers, 0 to 255.
        path: The file they are from.
        metadata: Of that file.
        bits: Per channel, 1 to 7; None to estimate them.

    Raises:
        InvalidSetting: There are no such bits.
        OutOfMemory: There is no room for them.
        NotEightBits: Pixels are not whole grey levels.
        NotQuantized: `bits` is None, and the values are those of a picture with all its bits.
    """
    if bits is not None:
        check_bits(bits)
    _, height, width = picture.shape
    with memory_for(_CPU, width, height):
        values = picture.numpy()
        if not ((values >= 0) & (values <= _WHITE) & (values == np.floor(values))).all():
            raise NotEightBits(path)
        pixels = values.astype(np.uint8)
        if bits is None:
            found = estimate_bits(pixels)
            if found is None:
                raise NotQuantized(path)
            bits = found.bits
        expansion = expansion_of(pixels, bits)
        return QuantizedImage(path, levels_of(pixels, bits), bits, expansion, metadata)
