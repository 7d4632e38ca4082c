"""The problem that lost bits pose: find the picture whose pixels had these first bits."""

from __future__ import annotations

from dataclasses import dataclass
from math import sqrt

import torch
from jaxtyping import Float
from torch import Tensor

from ddrm_core.contracts import GREY_LEVELS_PER_UNIT, Coefficients
from ddrm_core.dequantize.agreement import verify_pixels
from ddrm_core.dequantize.image import QuantizedImage
from ddrm_core.dequantize.operator import PixelOperator, pixel_operator
from ddrm_core.dequantize.settings import BinPoint
from ddrm_core.jpeg.error import errors_of_components
from ddrm_core.memory import memory_for
from ddrm_core.metrics.consistency import Consistency
from ddrm_core.prior.denoiser import Prior
from ddrm_core.problem import Picture
from ddrm_core.run import Run, capture
from ddrm_core.sampler.settings import SamplerSettings
from ddrm_core.verify import Verification

# Of the prior's measured error, beside the error factor, whose default was chosen for JPEG: chosen
# on ten LIVE1 crops at 3 bits among 0.29, 0.46, 0.57, 0.75 and 1; docs/RESULTS.md has the figures.
_SHARE_OF_MEASURED = 0.75
# Of the root mean square error, which is more like noise than a JPEG's, for which the presets'
# start factors were chosen: on the same crops, among starts 1, 1.7, 2.5, 4.7 and 8 times the
# matching timestep.
_SHARE_OF_ERROR = 0.6


@dataclass(frozen=True, slots=True, eq=False)
class DequantizeProblem:
    """A `Problem`. Immutable.

    Attributes:
        image: The file's levels.
        operator: Which bits they are of a pixel, and what is shown for them.
        levels: As the operator writes them: (1, channels, h, w).
        decoded: What it shows.
    """

    image: QuantizedImage
    operator: PixelOperator
    levels: Coefficients
    decoded: Tensor

    def expected_sigma(self) -> float:
        """Whole values are spread evenly over their bins; the lower edge is off by half a bin."""
        step, middle = self.operator.step, self.operator.middle
        variance = (step**2 - 1) / 12
        if self.operator.shown_as is BinPoint.LOWER_EDGE:
            variance += middle**2
        return _SHARE_OF_ERROR * sqrt(variance) / GREY_LEVELS_PER_UNIT

    def expected_errors(
        self,
        measured: Float[Tensor, "3 64"],
        sigma: float,  # noqa: ARG002  # a Problem
    ) -> Coefficients:
        """Per channel, (channels, 1, 1).

        The DCT is orthonormal: the mean square of a pixel is that of the 64 bands. Channels mix Y,
        Cb and Cr, whose errors are taken as independent of each other.
        """
        colour = self.operator.colour
        per_channel = (
            errors_of_components(_SHARE_OF_MEASURED * measured, colour).square().mean(1).sqrt()
        )
        steps = per_channel.reshape(-1, 1, 1) / self.operator.step
        return (steps.to(self.decoded.device),)

    def agreed(self, x: Float[Tensor, "b c h w"]) -> Float[Tensor, "b c h w"]:
        return x

    def projected(self, x: Float[Tensor, "b c h w"]) -> Float[Tensor, "b c h w"]:
        return self.operator.colour.projected(x)

    def shown(self, x: Float[Tensor, "1 c h w"]) -> Picture:
        return self.operator.colour.pixels(x)[0].cpu()

    def deviation(self, x: Float[Tensor, "1 c h w"]) -> Picture:
        return self.operator.colour.deviation(x)[0].cpu()

    def consistency(self, x: Float[Tensor, "1 c h w"]) -> Consistency:
        return self.verify(self.shown(x)).consistency

    def verify(self, picture: Picture) -> Verification:
        return verify_pixels(self.operator, self.levels[0][0].cpu(), picture)


@torch.no_grad()
def dequantize_problem(
    image: QuantizedImage, device: torch.device, *, shown_as: BinPoint = BinPoint.MIDDLE
) -> DequantizeProblem:
    """What `image` poses, with its tensors on `device`. Raises OutOfMemory."""
    with memory_for(device, *image.size):
        operator = pixel_operator(image.channels, image.bits, shown_as).to(device)
        levels = (torch.from_numpy(image.levels).to(device).float()[None],)
        return DequantizeProblem(image, operator, levels, operator.decode(levels))


def make_dequantize_run(
    image: QuantizedImage,
    prior: Prior,
    settings: SamplerSettings,
    *,
    seed: int,
    shown_as: BinPoint = BinPoint.MIDDLE,
) -> Run[QuantizedImage]:
    """Capture everything that `restore` needs to give pixels their lower bits back.

    Raises:
        InvalidSetting: The seed is out of range.
        OutOfMemory: Not even the levels fit.
    """
    problem = dequantize_problem(image, prior.device, shown_as=shown_as)
    return capture(problem, prior, settings, seed=seed)
