"""The measurement that keeps the first bits of every pixel."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import torch
from jaxtyping import Float
from torch import Tensor

from ddrm_core.jpeg.color import ColorModel, create_color_model
from ddrm_core.problems.bit_depth.settings import BinPoint
from ddrm_core.sampler.protocols import Coefficients, Strip

_GREYS = 256
_COLOURS = {1: "grey", 3: "RGB", 4: "CMYK"}


@dataclass(frozen=True, slots=True, eq=False)
class PixelOperator:
    """Pictures <-> pixels in units of the width of a bin. Immutable.

    One component, whose bands are the channels. A level k of n bits stands for the whole values
    w k to w k + w - 1, w = 2**(8 - n); its bin is what rounds to these, [w k - 1/2, w k + w - 1/2).

    Laws: see `protocols.Operator`, for every change; also encode(decode(levels)) == levels.

    Attributes:
        bits: Per channel, 1 to 7.
        shown_as: What `decode` shows.
        colour: Pictures in network units <-> pixels.
    """

    bits: int
    shown_as: BinPoint
    colour: ColorModel

    @property
    def step(self) -> float:
        """Width of a bin, grey levels."""
        return _GREYS / (1 << self.bits)

    @property
    def middle(self) -> float:
        """Of the first bin, grey levels."""
        return (self.step - 1) / 2

    def to(self, device: torch.device) -> PixelOperator:
        """The same operator with its tensors on `device`."""
        return replace(self, colour=self.colour.to(device))

    def in_steps(self, pixels: Float[Tensor, "*b n h w"]) -> Float[Tensor, "*b n h w"]:
        """Pixels in grey levels as coefficients."""
        return (pixels - self.middle) / self.step

    def coefficients(self, x: Float[Tensor, "b c h w"]) -> Coefficients:
        """Real-valued pixels in steps from the middle of the first bin."""
        return (self.in_steps(self.colour.to_pixels(x)),)

    def encode(self, x: Float[Tensor, "b c h w"]) -> Coefficients:
        """Levels; also ones that n bits cannot hold, where pixels are outside 0 to 255."""
        return tuple(c.round() for c in self.coefficients(x))

    def decode(self, levels: Coefficients) -> Float[Tensor, "b c h w"]:
        """The point of each bin that is shown for it."""
        (level,) = levels
        offset = self.middle if self.shown_as is BinPoint.MIDDLE else 0.0
        return self.colour.from_pixels(level * self.step + offset)

    def shift(self, x: Float[Tensor, "b c h w"], change: Coefficients) -> Float[Tensor, "b c h w"]:
        """`x` with its pixels changed by so many steps; grey pictures get three equal channels."""
        (steps,) = change
        return self.colour.from_pixels(self.colour.to_pixels(x) + steps * self.step)

    def strips(self, height: int, width: int, pixels: int) -> Iterator[Strip]:
        """Any rows: pixels are measured one by one."""
        rows = max(pixels // width, 1)
        for top in range(0, height, rows):
            part = slice(top, min(top + rows, height))
            yield Strip(part, (part,), self)


def pixel_operator(channels: int, bits: int, shown_as: BinPoint) -> PixelOperator:
    """On the CPU, for pictures of 1 (grey), 3 (RGB) or 4 (CMYK) channels."""
    return PixelOperator(bits, shown_as, create_color_model(_COLOURS[channels]))
