"""The use case: a file, a prior and settings in; steps and a result out."""

from __future__ import annotations

import time
from collections.abc import Generator, Iterator
from dataclasses import dataclass

import torch
from jaxtyping import Float
from torch import Tensor

from ddrm_core.cancel import CancelToken
from ddrm_core.contracts import GREY_LEVELS_PER_UNIT, Coefficients, Correction
from ddrm_core.errors import OutOfMemory
from ddrm_core.image import network_units, rounded_picture
from ddrm_core.jpeg.agreement import agree_at_edges, edges_are_repeated
from ddrm_core.jpeg.color import ycbcr_matrix
from ddrm_core.jpeg.error import error_on_plane, expected_sigma
from ddrm_core.jpeg.measured import JpegImage
from ddrm_core.jpeg.operator import JpegOperator, coded_area_operator, level_tensors, operator_for
from ddrm_core.metrics.consistency import ARITHMETIC_SLACK, Consistency, measure_consistency
from ddrm_core.prior.denoiser import Prior
from ddrm_core.sampler.corrections import BinsCorrection, PaperCorrection
from ddrm_core.sampler.ddrm import sample
from ddrm_core.sampler.noise import BlockNoise
from ddrm_core.sampler.settings import CorrectionKind, SamplerSettings, check_seed
from ddrm_core.sampler.tally import Tally
from ddrm_core.schedule import TIMESTEPS, sigma_at, timestep_at, timesteps

Picture = Float[Tensor, "c h w"]
"""RGB or one grey channel in grey levels, on the CPU; not clipped to 0 to 255."""

# Pictures evaluated together: enough to fill the machine, small enough for a CPU's cache. On two
# Zen 4 cores batches over 0.6 megapixels run 20 % slower per pixel than those of 0.3.
_BATCH_PIXELS = {"cpu": 320_000}
_BATCH_PIXELS_ACCELERATOR = 4_000_000
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
    """

    image: JpegImage
    prior: Prior
    settings: SamplerSettings
    seed: int
    start: int
    operator: JpegOperator
    levels: Coefficients


@dataclass(frozen=True, slots=True, eq=False)
class Step:
    """Where a run is after one evaluation of the prior on one batch of samples.

    Attributes:
        done: Evaluations so far, counted per sample.
        total: Evaluations in the whole run.
        samples: Numbers of the samples in work, from 1.
        step: The step they have finished, from 1.
        steps: Steps per sample.
        sigma: Noise level just removed, network units.
        estimates: Of the samples in work, network units.
        finished: Mean of the samples that are done, network units, None before the first.
        finished_count: How many those are.
    """

    done: int
    total: int
    samples: range
    step: int
    steps: int
    sigma: float
    estimates: Float[Tensor, "b 3 h w"]
    finished: Float[Tensor, "1 3 h w"] | None
    finished_count: int

    def mean(self) -> Float[Tensor, "1 3 h w"]:
        """The best picture so far: mean of the finished samples and the estimates in work."""
        mean = self.estimates.mean(0, keepdim=True)
        if self.finished is None:
            return mean
        share = len(self.estimates) / (self.finished_count + len(self.estimates))
        return torch.lerp(self.finished, mean, share)


@dataclass(frozen=True, slots=True, eq=False)
class Restoration:
    """What a run gave.

    Attributes:
        run: What was asked.
        picture: The mean of the samples; of the estimates too, where it was stopped early.
        spread: Standard deviation over the samples, None with fewer than two.
        samples: Each sample, where they were asked for.
        consistency: Before rounding and clipping, and before what reaches past the edge is cut.
        evaluations: How many of the prior it took.
        complete: False where the run was stopped and the latest estimate kept.
        seconds: Wall time.
    """

    run: Run
    picture: Picture
    spread: Picture | None
    samples: tuple[Picture, ...]
    consistency: Consistency
    evaluations: int
    complete: bool
    seconds: float


def make_run(image: JpegImage, prior: Prior, settings: SamplerSettings, *, seed: int) -> Run:
    """Capture everything a restoration needs.

    Raises:
        InvalidSetting: The seed is out of range.
    """
    check_seed(seed)
    start = settings.start
    if start is None:
        matching = timestep_at(expected_sigma(image.tables))
        # A start below the number of steps would repeat timesteps.
        start = round(settings.start_factor * matching)
        start = min(max(start, settings.steps), TIMESTEPS - 1)
    levels = level_tensors(image, prior.device)
    operator = operator_for(image).to(prior.device)
    if not edges_are_repeated(operator, levels):
        operator = coded_area_operator(image).to(prior.device)
    return Run(image, prior, settings, seed, start, operator, levels)


@torch.no_grad()
def restore(
    run: Run, token: CancelToken, *, keep_samples: bool = False
) -> Generator[Step, None, Restoration]:
    """Sample, yielding every step; the generator's return value is the result.

    Args:
        run: What to do.
        token: Polled several times a second.
        keep_samples: Whether to return each sample too, at the price of their memory.

    Raises:
        Cancelled: `token` was cancelled.
        OutOfMemory: Not even one sample at a time fits.
    """
    began = time.monotonic()
    tally = Tally(keep_samples)
    start = run.operator.decode(run.levels)
    correct = _correction(run, start)
    size = _batch_size(run)
    while tally.count < run.settings.samples:
        batch = range(run.settings.samples)[tally.count : tally.count + size]
        last: Step | None = None
        try:
            for last in _sample_batch(run, token, batch, start, correct, tally):
                yield last
        except OutOfMemory:
            if len(batch) == 1:
                raise
            size = len(batch) // 2
        else:
            assert last is not None  # settings have at least one step
            tally.add(_agreed(run, last.estimates))
    assert tally.mean is not None  # and at least one sample
    seconds = time.monotonic() - began
    return _result(run, tally.mean, tally, evaluations=run.settings.evaluations, seconds=seconds)


@torch.no_grad()
def keep_estimate(run: Run, step: Step, *, seconds: float) -> Restoration:
    """The result of a run that was stopped after `step`, `seconds` after it began."""
    mean = _agreed(run, step.mean())
    return _result(run, mean, Tally(keep=False), evaluations=step.done, seconds=seconds)


def shown(run: Run, x: Float[Tensor, "1 3 rows columns"]) -> Picture:
    """A run's picture in network units as grey levels; one channel where the file has one."""
    channels = _grey(run, x) if len(run.levels) == 1 else x
    return _cropped(run, (channels[0] + 1) * GREY_LEVELS_PER_UNIT)


def consistency_as_saved(result: Restoration) -> Consistency:
    """Of the picture as 8-bit pixels, compressed again as the file was."""
    run = result.run
    x = network_units(rounded_picture(result.picture)).to(run.prior.device)
    operator = operator_for(run.image).to(run.prior.device)
    return measure_consistency(operator, run.levels, x, slack=ARITHMETIC_SLACK)


def _cropped(run: Run, picture: Tensor) -> Picture:
    width, height = run.image.size
    return picture[:, :height, :width].cpu()


def _sample_batch(
    run: Run, token: CancelToken, batch: range, start: Tensor, correct: Correction, tally: Tally
) -> Iterator[Step]:
    settings = run.settings
    noise = BlockNoise(
        run.seed,
        batch,
        run.operator.height,
        run.operator.width,
        settings.antithetic,
        run.prior.device,
    )

    def denoise(x: Tensor, sigma: float) -> Tensor:
        return run.prior.denoise(x, sigma, token.raise_if_cancelled)

    sigmas = [sigma_at(t) for t in timesteps(run.start, settings.steps)]
    for step in sample(denoise, correct, start, sigmas=sigmas, eta=settings.eta, noise=noise):
        token.raise_if_cancelled()
        yield Step(
            done=settings.steps * batch.start + (step.index + 1) * len(batch),
            total=settings.evaluations,
            samples=range(batch.start + 1, batch.stop + 1),
            step=step.index + 1,
            steps=step.total,
            sigma=step.sigma,
            estimates=step.estimate,
            finished=tally.mean,
            finished_count=tally.count,
        )


def _correction(run: Run, decoded: Tensor) -> Correction:
    if run.settings.correction is CorrectionKind.PAPER:
        return PaperCorrection(run.operator, decoded, run.settings.eta_b)
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
    for bands, plane in zip(expected, run.operator.planes, strict=False):
        on_plane = error_on_plane(bands, plane.rows.factor, plane.columns.factor)
        steps = on_plane.reshape(64, 1, 1).to(run.prior.device) / plane.steps
        errors.append(steps.clamp_min(_LEAST_ERROR))
    return tuple(errors)


def _batch_size(run: Run) -> int:
    budget = _BATCH_PIXELS.get(run.prior.device.type, _BATCH_PIXELS_ACCELERATOR)
    return max(1, budget // (run.operator.height * run.operator.width))


def _agreed(run: Run, pictures: Tensor) -> Tensor:
    """Samples as they are averaged: grey where the file is, their padded blocks in agreement."""
    if run.settings.correction is CorrectionKind.BINS:
        return agree_at_edges(run.operator, run.levels, pictures)
    # `paper` promises no agreement, nor that its colours cancel.
    return _grey(run, pictures).expand_as(pictures) if len(run.levels) == 1 else pictures


def _grey(run: Run, x: Tensor) -> Tensor:
    return torch.einsum("oc,bchw->bohw", run.operator.to_ycbcr, x)


def _result(
    run: Run, mean: Tensor, tally: Tally, *, evaluations: int, seconds: float
) -> Restoration:
    spread = tally.spread()
    return Restoration(
        run=run,
        picture=shown(run, mean),
        # The channels of a grey file's samples are equal; one of them is its spread.
        spread=None
        if spread is None
        else _cropped(run, spread[0, : len(run.levels)] * GREY_LEVELS_PER_UNIT),
        samples=tuple(shown(run, x) for x in tally.kept),
        consistency=measure_consistency(run.operator, run.levels, mean, slack=ARITHMETIC_SLACK),
        evaluations=evaluations,
        complete=evaluations == run.settings.evaluations,
        seconds=seconds,
    )
