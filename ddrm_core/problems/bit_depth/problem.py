"""The problem that lost bits pose: find the picture whose pixels had these first bits."""

from __future__ import annotations

from dataclasses import dataclass, replace
from math import sqrt

import torch
from jaxtyping import Float
from torch import Tensor

from ddrm_core.device.out_of_memory import memory_for
from ddrm_core.imaging.quantize_pixels import FLOAT_BITS
from ddrm_core.imaging.rectangle import Rectangle
from ddrm_core.jpeg.expected_error import compute_component_errors
from ddrm_core.problems.bit_depth.image import QuantizedImage
from ddrm_core.problems.bit_depth.operator import PixelOperator, pixel_operator
from ddrm_core.problems.bit_depth.settings import BinPoint
from ddrm_core.problems.bit_depth.verify import verify_pixels
from ddrm_core.problems.protocols import Picture
from ddrm_core.sampler.protocols import GREY_LEVELS_PER_UNIT, Coefficients
from ddrm_core.verification.consistency import Consistency
from ddrm_core.verification.verify import Verification

# Of the root mean square error, which is more like noise than a JPEG's, for which the presets'
# start factors were chosen: on ten LIVE1 crops at 3 bits, among 0.13, 0.18, 0.25, 0.4 and 0.6;
# docs/RESULTS.md has the figures.
_SHARE_OF_ERROR = 0.25


@dataclass(frozen=True, slots=True, eq=False)
class DequantizePart:
    """A `Part`. Immutable.

    Attributes:
        problem: What it is a part of.
        area: Where it lies in the picture.
        operator: Which bits the levels are of a pixel, and what is shown for them.
        levels: As the operator writes them: (1, channels, h, w).
        decoded: What it shows.
    """

    problem: DequantizeProblem
    area: Rectangle
    operator: PixelOperator
    levels: Coefficients
    decoded: Tensor

    def expected_errors(
        self,
        measured: Float[Tensor, "3 64"],
        sigma: float,  # noqa: ARG002  # a Part
    ) -> Coefficients:
        """Per channel, (channels, 1, 1).

        The DCT is orthonormal: the mean square of a pixel is that of the 64 bands. Channels mix Y,
        Cb and Cr, whose errors are taken as independent of each other.
        """
        colour = self.operator.colour
        per_channel = compute_component_errors(measured, colour).square().mean(1).sqrt()
        steps = per_channel.reshape(-1, 1, 1) / self.operator.step
        return (steps.to(self.decoded.device),)

    def agreed(self, x: Float[Tensor, "b c h w"]) -> Float[Tensor, "b c h w"]:
        return x

    def projected(self, x: Float[Tensor, "b c h w"]) -> Float[Tensor, "b c h w"]:
        return self.operator.colour.project(x)

    def shown(self, x: Float[Tensor, "1 c rows columns"], region: Rectangle) -> Picture:
        return self.operator.colour.to_pixels(x[:, :, *region.seen_from(self.area)])[0].cpu()

    def deviation(self, x: Float[Tensor, "1 c rows columns"], region: Rectangle) -> Picture:
        return self.operator.colour.deviation_to_pixels(x[:, :, *region.seen_from(self.area)])[
            0
        ].cpu()

    def consistency(self, x: Float[Tensor, "1 c h w"], region: Rectangle) -> Consistency:
        return self.problem.verify(self.shown(x, region), region).consistency


@dataclass(frozen=True, slots=True, eq=False)
class DequantizeProblem:
    """A `Problem`. Immutable.

    Attributes:
        image: The file's levels.
        device: Where its parts are wanted.
        shown_as: What the run starts from.
    """

    image: QuantizedImage
    device: torch.device
    shown_as: BinPoint

    @property
    def canvas(self) -> Rectangle:
        """The picture."""
        return Rectangle(0, 0, *self.image.size)

    @property
    def origin(self) -> tuple[int, int]:
        return 0, 0

    @property
    def channels(self) -> int:
        return self.operator.colour.channels

    @property
    def unit(self) -> tuple[int, int]:
        """Any pixel."""
        return 1, 1

    @property
    def operator(self) -> PixelOperator:
        """The measurement, on the CPU."""
        return pixel_operator(self.image.channels, self.image.bits, self.shown_as)

    def to(self, device: torch.device) -> DequantizeProblem:
        return replace(self, device=device)

    def expected_sigma(self) -> float:
        """Whole values are spread evenly over their bins; the lower edge is off by half a bin."""
        operator = self.operator
        variance = (operator.step**2 - 1) / 12
        if operator.shown_as is BinPoint.LOWER_EDGE:
            variance += operator.middle**2
        return _SHARE_OF_ERROR * sqrt(variance) / GREY_LEVELS_PER_UNIT

    @torch.no_grad()
    def part(self, area: Rectangle) -> DequantizePart:
        with memory_for(self.device, area.width, area.height):
            operator = self.operator.to(self.device)
            rows, columns = area.seen_from(self.canvas)
            wanted = torch.from_numpy(self.image.levels[:, rows, columns])
            levels = (wanted.to(self.device).float()[None],)
            return DequantizePart(self, area, operator, levels, operator.decode(levels))

    def verify(
        self, picture: Picture, region: Rectangle | None = None, *, bits: int = FLOAT_BITS
    ) -> Verification:
        region = self.canvas if region is None else region
        return verify_pixels(self.operator, self.image, picture, region, bits=bits)
