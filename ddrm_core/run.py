"""One restoration with everything it will use, captured before it begins."""

from __future__ import annotations

from dataclasses import dataclass

import torch
from jaxtyping import Float
from torch import Tensor

from ddrm_core.contracts import GREY_LEVELS_PER_UNIT, Coefficients, Correction
from ddrm_core.jpeg.agreement import edges_are_repeated
from ddrm_core.jpeg.color import colour_model, ycbcr_matrix
from ddrm_core.jpeg.error import error_on_plane, errors_of_components, expected_sigma
from ddrm_core.jpeg.measured import JpegImage
from ddrm_core.jpeg.operator import JpegOperator, coded_area_operator, level_tensors, operator_for
from ddrm_core.jpeg.readable import pixels_read
from ddrm_core.memory import memory_for
from ddrm_core.prior.denoiser import Prior
from ddrm_core.sampler.corrections import BinsCorrection, PaperCorrection
from ddrm_core.sampler.settings import CorrectionKind, SamplerSettings, check_seed
from ddrm_core.schedule import TIMESTEPS, timestep_at

Picture = Float[Tensor, "n h w"]
"""Grey, RGB or CMYK (ink) in grey levels, on the CPU; not clipped to 0 to 255."""

# Chosen on ten LIVE1 crops among 0, 1/4, 1/2 and 1; docs/RESULTS.md has the figures.
_MEASURED_SHARE = 0.25
# In quantiser steps: keeps divisions finite where a step is far larger than any error.
_LEAST_ERROR = 1e-3


@dataclass(frozen=True, slots=True, eq=False)
class Run:
    """One restoration with everything it will use; nothing can change it once made.

    Attributes:
        image: The file's levels and tables.
        prior: The denoiser.
        settings: What was asked for.
        seed: 0 to 2**63 - 1.
        start: Timestep of the 1000-step schedule; follows the file where none was asked for.
        operator: The file's measurement, on the prior's device. Its pictures reach past the one
            that is shown where the file's last blocks hold something else than a repeated edge.
        levels: What it measured, there too.
        decoded: What a decoder shows for them, as the prior's pictures.
    """

    image: JpegImage
    prior: Prior
    settings: SamplerSettings
    seed: int
    start: int
    operator: JpegOperator
    levels: Coefficients
    decoded: Tensor

    @property
    def origin(self) -> tuple[int, int]:
        """Left and top of the shown picture in the operator's."""
        return self.image.left, self.image.top


@torch.no_grad()
def make_run(image: JpegImage, prior: Prior, settings: SamplerSettings, *, seed: int) -> Run:
    """Capture everything a restoration needs.

    Raises:
        InvalidSetting: The seed is out of range.
        OutOfMemory: Not even the levels fit.
    """
    check_seed(seed)
    start = settings.start
    if start is None:
        matching = timestep_at(expected_sigma(image.tables, colour_model(image.colour)))
        # A start below the number of steps would repeat timesteps.
        start = round(settings.start_factor * matching)
        start = min(max(start, settings.steps), TIMESTEPS - 1)
    with memory_for(prior.device, *image.size):
        levels = level_tensors(image, prior.device)
        operator = operator_for(image).to(prior.device)
        if not edges_are_repeated(operator, levels):
            operator = coded_area_operator(image).to(prior.device)
        return Run(image, prior, settings, seed, start, operator, levels, operator.decode(levels))


def correction_for(run: Run) -> Correction:
    """What makes a run's estimates agree with the file."""
    if run.settings.correction is CorrectionKind.PAPER:
        return PaperCorrection(run.operator, run.decoded, run.settings.eta_b)
    return BinsCorrection(run.operator, run.levels, lambda sigma: _expected_errors(run, sigma))


def _expected_errors(run: Run, sigma: float) -> Coefficients:
    """Of the prior's estimate at `sigma`, per component, in quantiser steps: (64, 1, 1).

    The prior's own error was measured on pictures with noise only. A sampler's also carry the
    file's error, of which the prior removes less than of noise; what is left lies between the
    noise and its measured error, and best served by a geometric mean that leans to the noise.
    """
    measured = run.prior.info.error_at(sigma)
    noise = sigma * GREY_LEVELS_PER_UNIT * ycbcr_matrix().norm(dim=1, keepdim=True)
    expected = run.settings.error_factor * noise * (measured / noise) ** _MEASURED_SHARE
    errors = []
    components = errors_of_components(expected, colour_model(run.image.colour))
    for bands, plane in zip(components, run.operator.planes, strict=True):
        on_plane = error_on_plane(bands, plane.rows.factor, plane.columns.factor)
        steps = on_plane.reshape(64, 1, 1).to(run.prior.device) / plane.steps
        errors.append(steps.clamp_min(_LEAST_ERROR))
    return tuple(errors)


def shown(run: Run, x: Float[Tensor, "1 c rows columns"]) -> Picture:
    """A run's picture in network units as pixels; what could not be read is as decoded."""
    picture = cropped(run, run.operator.colour.pixels(x))
    read = pixels_read(run.image)
    if read is None:
        return picture
    decoded = cropped(run, run.operator.colour.pixels(run.decoded))
    return torch.where(read, picture, decoded.round().clamp(0, 255))


def cropped(run: Run, pictures: Float[Tensor, "1 n rows columns"]) -> Picture:
    """The part that is the picture, on the CPU."""
    (left, top), (width, height) = run.origin, run.image.size
    return pictures[0, :, top : top + height, left : left + width].cpu()
