"""The operator that keeps the first bits of every pixel."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import torch
from jaxtyping import Float
from torch import Tensor

from ddrm_core.jpeg.linear_maps.color import ColorModel, create_color_model
from ddrm_core.problems.bit_depth.settings import ReconstructionPoint
from ddrm_core.sampler.protocols import Coefficients, ImageStrip

_GRAY_LEVEL_COUNT = 256
_COLOR_MODEL_NAMES = {1: "grey", 3: "RGB", 4: "CMYK"}


@dataclass(frozen=True, slots=True, eq=False)
class BitDepthOperator:
    """The operator of the bit depth problem: coefficients are pixels in bin widths. Immutable.

    The operator has one component, whose bands are the channels. A level k of n bits stands for the
    integers w k to w k + w - 1, where w = 2**(8 - n). Its bin [w k - 1/2, w k + w - 1/2) holds all
    numbers that round to these integers.

    Laws:
        the laws of `protocols.MeasurementOperator`, for every change
        encode(decode(levels)) == levels

    Attributes:
        bits: Bits per channel, 1 to 7.
        reconstruction_point: Point of a bin that `decode` returns.
        color_model: Color model between network units and pixels.
    """

    bits: int
    reconstruction_point: ReconstructionPoint
    color_model: ColorModel

    @property
    def bin_width(self) -> float:
        """Width of a bin in gray levels."""
        return _GRAY_LEVEL_COUNT / (1 << self.bits)

    @property
    def first_bin_center(self) -> float:
        """Center of the first bin in gray levels."""
        return (self.bin_width - 1) / 2

    def to(self, device: torch.device) -> BitDepthOperator:
        """Return a copy of the operator with its tensors on `device`."""
        return replace(self, color_model=self.color_model.to(device))

    def pixels_to_coefficients(
        self, pixels: Float[Tensor, "*b n h w"]
    ) -> Float[Tensor, "*b n h w"]:
        """Convert pixels in gray levels to bin widths from the center of the first bin."""
        return (pixels - self.first_bin_center) / self.bin_width

    def coefficients(self, x: Float[Tensor, "b c h w"]) -> Coefficients:
        """Return the pixels of `x` as coefficients: in bin widths from the center of bin 0."""
        return (self.pixels_to_coefficients(self.color_model.to_pixels(x)),)

    def encode(self, x: Float[Tensor, "b c h w"]) -> Coefficients:
        """Return the levels of `x`, its rounded coefficients.

        Pixels outside 0 to 255 give levels that the operator's bits cannot hold.
        """
        return tuple(c.round() for c in self.coefficients(x))

    def decode(self, levels: Coefficients) -> Float[Tensor, "b c h w"]:
        """Return the image whose pixels are the reconstruction points of the levels' bins."""
        (level,) = levels
        offset = (
            self.first_bin_center
            if self.reconstruction_point is ReconstructionPoint.MIDDLE
            else 0.0
        )
        return self.color_model.from_pixels(level * self.bin_width + offset)

    def shift_coefficients(
        self, x: Float[Tensor, "b c h w"], change: Coefficients
    ) -> Float[Tensor, "b c h w"]:
        """Return `x` with its pixels shifted by `change`, in bin widths.

        Gray images get three equal channels.
        """
        (steps,) = change
        return self.color_model.from_pixels(self.color_model.to_pixels(x) + steps * self.bin_width)

    def split_into_strips(self, height: int, width: int, max_pixels: int) -> Iterator[ImageStrip]:
        """Yield strips of at most `max_pixels` pixels, but at least one row.

        A strip may have any number of rows, because pixels do not depend on each other.
        """
        rows = max(max_pixels // width, 1)
        for top in range(0, height, rows):
            part = slice(top, min(top + rows, height))
            yield ImageStrip(part, (part,), self)


def create_bit_depth_operator(
    channels: int, bits: int, reconstruction_point: ReconstructionPoint
) -> BitDepthOperator:
    """Create an operator on the CPU for pixels of 1 (gray), 3 (RGB) or 4 (CMYK) channels."""
    return BitDepthOperator(
        bits, reconstruction_point, create_color_model(_COLOR_MODEL_NAMES[channels])
    )
