"""One restoration with everything it will use, captured before it begins."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Generic

import torch
from jaxtyping import Float
from torch import Tensor

from ddrm_core.contracts import GREY_LEVELS_PER_UNIT, Coefficients, Correction
from ddrm_core.jpeg.color import ycbcr_matrix
from ddrm_core.jpeg.measured import JpegImage
from ddrm_core.jpeg_problem import jpeg_problem
from ddrm_core.prior.denoiser import Prior
from ddrm_core.problem import AnyImage, Image_co, Measured, Picture, Problem
from ddrm_core.sampler.corrections import BinsCorrection, PaperCorrection
from ddrm_core.sampler.settings import CorrectionKind, SamplerSettings, check_seed
from ddrm_core.schedule import TIMESTEPS, timestep_at

# Chosen on ten LIVE1 crops among 0, 1/4, 1/2 and 1; docs/RESULTS.md has the figures.
_MEASURED_SHARE = 0.25
# In quantiser steps: keeps divisions finite where a step is far larger than any error.
_LEAST_ERROR = 1e-3


@dataclass(frozen=True, slots=True, eq=False)
class Run(Generic[Image_co]):
    """One restoration with everything it will use; nothing can change it once made.

    Attributes:
        problem: The measured picture, on the prior's device.
        prior: The denoiser.
        settings: What was asked for.
        seed: 0 to 2**63 - 1.
        start: Timestep of the 1000-step schedule; follows the problem where none was asked for.
    """

    problem: Problem[Image_co]
    prior: Prior
    settings: SamplerSettings
    seed: int
    start: int

    @property
    def image(self) -> Image_co:
        """What the file holds."""
        return self.problem.image

    @property
    def decoded(self) -> Tensor:
        """What a decoder shows of it, as the prior's pictures: (1, c, h, w)."""
        return self.problem.decoded


@torch.no_grad()
def make_run(
    image: JpegImage, prior: Prior, settings: SamplerSettings, *, seed: int
) -> Run[JpegImage]:
    """Capture everything that restoring a JPEG needs.

    Raises:
        InvalidSetting: The seed is out of range.
    """
    check_seed(seed)
    return capture(jpeg_problem(image, prior.device), prior, settings, seed=seed)


@torch.no_grad()
def capture(
    problem: Problem[AnyImage], prior: Prior, settings: SamplerSettings, *, seed: int
) -> Run[AnyImage]:
    """A run on any problem, whose tensors are on the prior's device. Raises as `make_run`."""
    check_seed(seed)
    start = settings.start
    if start is None:
        # A start below the number of steps would repeat timesteps.
        start = round(settings.start_factor * timestep_at(problem.expected_sigma()))
        start = min(max(start, settings.steps), TIMESTEPS - 1)
    return Run(problem, prior, settings, seed, start)


def correction_for(run: Run[Measured]) -> Correction:
    """What makes a run's estimates agree with the file."""
    problem = run.problem
    if run.settings.correction is CorrectionKind.PAPER:
        return PaperCorrection(problem.operator, run.decoded, run.settings.eta_b)
    return BinsCorrection(
        problem.operator, problem.levels, lambda sigma: _expected_errors(run, sigma)
    )


def _expected_errors(run: Run[Measured], sigma: float) -> Coefficients:
    """Of the prior's estimate at `sigma`, per component, in quantiser steps.

    The prior's own error was measured on pictures with noise only. A sampler's also carry the
    file's error, of which the prior removes less than of noise; what is left lies between the
    noise and its measured error, and best served by a geometric mean that leans to the noise.
    """
    measured = run.prior.info.error_at(sigma)
    noise = sigma * GREY_LEVELS_PER_UNIT * ycbcr_matrix().norm(dim=1, keepdim=True)
    expected = run.settings.error_factor * noise * (measured / noise) ** _MEASURED_SHARE
    errors = run.problem.errors_in_steps(expected)
    return tuple(e.clamp_min(_LEAST_ERROR) for e in errors)


def shown(run: Run[Measured], x: Float[Tensor, "1 c rows columns"]) -> Picture:
    """A run's picture in network units as pixels; what could not be read is as decoded."""
    return run.problem.shown(x)
