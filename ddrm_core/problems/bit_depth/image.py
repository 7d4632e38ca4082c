"""A picture whose pixels lost their lower bits, from a file."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from jaxtyping import Float
from numpy.typing import NDArray
from torch import Tensor

from ddrm_core.device.out_of_memory import convert_memory_errors
from ddrm_core.errors import BitDepthNotDetected, NotEightBitImage
from ddrm_core.formats.defaults import MAX_PIXELS
from ddrm_core.formats.load import load_image
from ddrm_core.metadata.model import Metadata
from ddrm_core.problems.bit_depth.detect import (
    BitExpansion,
    detect_bit_depth,
    detect_expansion,
    levels_from_pixels,
)
from ddrm_core.problems.bit_depth.settings import check_bits_per_channel

_MAX_VALUE = 255
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
    expansion: BitExpansion | None
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


def load_quantized_image(
    path: Path, *, bits: int | None = None, max_pixels: int = MAX_PIXELS
) -> QuantizedImage:
    """Read a picture of any format.

    Raises:
        UnreadableFile, NotAPicture, TooManyPixels, OutOfMemory: See `load_image`.
        InvalidSetting, NotEightBits, NotQuantized: See `quantized_image_from_pixels`.
    """
    loaded = load_image(path, max_pixels=max_pixels)
    return quantized_image_from_pixels(
        loaded.pixels, path=path, metadata=loaded.metadata, bits=bits
    )


def quantized_image_from_pixels(
    source_pixels: Float[Tensor, "n h w"],
    *,
    path: Path,
    metadata: Metadata,
    bits: int | None = None,
) -> QuantizedImage:
    """The levels of pixels in grey levels.

    Args:
        source_pixels: Whole numbers, 0 to 255.
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
        check_bits_per_channel(bits)
    _, height, width = source_pixels.shape
    with convert_memory_errors(_CPU, width, height):
        values = source_pixels.numpy()
        if not ((values >= 0) & (values <= _MAX_VALUE) & (values == np.floor(values))).all():
            raise NotEightBitImage(path)
        pixels = values.astype(np.uint8)
        if bits is None:
            detected = detect_bit_depth(pixels)
            if detected is None:
                raise BitDepthNotDetected(path)
            bits = detected.bits
        expansion = detect_expansion(pixels, bits)
        return QuantizedImage(path, levels_from_pixels(pixels, bits), bits, expansion, metadata)
