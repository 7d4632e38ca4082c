"""One restoration with everything it will use, captured before it begins."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Generic

import torch
from jaxtyping import Float
from torch import Tensor

from ddrm_core.contracts import Coefficients, Correction
from ddrm_core.jpeg.measured import JpegImage
from ddrm_core.jpeg_problem import jpeg_problem
from ddrm_core.prior.denoiser import Prior
from ddrm_core.problem import AnyImage, Image_co, Measured, Picture, Problem
from ddrm_core.sampler.corrections import BinsCorrection, PaperCorrection
from ddrm_core.sampler.settings import CorrectionKind, SamplerSettings, check_seed
from ddrm_core.schedule import TIMESTEPS, timestep_at

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
        OutOfMemory: Not even the levels fit.
    """
    check_seed(seed)
    return capture(jpeg_problem(image, prior.device), prior, settings, seed=seed)


@torch.no_grad()
def capture(
    problem: Problem[AnyImage], prior: Prior, settings: SamplerSettings, *, seed: int
) -> Run[AnyImage]:
    """A run on any problem, whose tensors are on the prior's device. Raises InvalidSetting."""
    check_seed(seed)
    start = settings.start
    if start is None:
        # A start below the number of steps would repeat timesteps; one above the prior's range
        # asks it what it never learnt.
        start = round(settings.start_factor * timestep_at(problem.expected_sigma()))
        most = max(timestep_at(prior.info.sigma_range[1]), settings.steps)
        start = min(max(start, settings.steps), most, TIMESTEPS - 1)
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
    """Of the prior's estimate at `sigma`, per component, in quantiser steps."""
    errors = run.problem.expected_errors(run.prior.info.error_at(sigma), sigma)
    factor = run.settings.error_factor
    return tuple((factor * e).clamp_min(_LEAST_ERROR) for e in errors)


def shown(run: Run[Measured], x: Float[Tensor, "1 c rows columns"]) -> Picture:
    """A run's picture in network units as pixels; what could not be read is as decoded."""
    return run.problem.shown(x)
