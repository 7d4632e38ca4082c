"""An image whose pixels lost their lower bits."""

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
    """An image whose pixels kept only their first bits, called levels.

    The levels are as stored in the file, neither turned upright nor color-converted.

    Attributes:
        path: The file.
        levels: Levels of gray, RGB or CMYK (ink), 0 to 2**bits - 1, (channels, height, width).
        bits: Bits per channel, 1 to 7.
        expansion: Expansion of the levels in the file; None if the file has other values, too,
            whose lower bits are ignored.
        metadata: Metadata that results take over.
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
        """Number of channels: 1 for gray, 3 for RGB, 4 for CMYK."""
        return len(self.levels)


def load_quantized_image(
    path: Path, *, bits: int | None = None, max_pixels: int = MAX_PIXELS
) -> QuantizedImage:
    """Load an image in any supported format whose pixels kept only their first bits.

    `bits` is the number per channel, 1 to 7; None to detect it.

    Raises:
        UnreadableFile, UnsupportedImage, TooManyPixels, OutOfMemory: As in `load_image`.
        InvalidSetting, NotEightBitImage, BitDepthNotDetected: As in `quantized_image_from_pixels`.
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
    """Create a quantized image from 8-bit pixels that kept only their first bits.

    Args:
        source_pixels: Integers from 0 to 255.
        path: File of the pixels.
        metadata: Metadata of the file.
        bits: Bits per channel, 1 to 7; None to detect them.

    Raises:
        InvalidSetting: If `bits` is out of range.
        OutOfMemory: If the levels do not fit into memory.
        NotEightBitImage: If a pixel is no integer from 0 to 255.
        BitDepthNotDetected: If `bits` is None and no bit depth is detected.
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
