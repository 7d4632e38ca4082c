"""The use case: a file, a prior and settings in; steps and a result out."""

from __future__ import annotations

import time
from collections.abc import Generator, Iterator
from dataclasses import dataclass
from typing import Generic

import torch
from jaxtyping import Float
from torch import Tensor

from ddrm_core.cancel import CancelToken
from ddrm_core.contracts import Correction
from ddrm_core.errors import OutOfMemory
from ddrm_core.image import rounded_picture
from ddrm_core.metrics.consistency import Consistency
from ddrm_core.problem import AnyImage, Image_co, Measured, Picture
from ddrm_core.run import Run, correction_for, shown
from ddrm_core.sampler.ddrm import sample
from ddrm_core.sampler.noise import BlockNoise
from ddrm_core.sampler.settings import CorrectionKind
from ddrm_core.sampler.tally import Tally
from ddrm_core.schedule import sigma_at, timesteps
from ddrm_core.verify import Verification

# Pictures evaluated together: enough to fill the machine, small enough for a CPU's cache. On two
# Zen 4 cores batches over 0.6 megapixels run 20 % slower per pixel than those of 0.3.
_BATCH_PIXELS = {"cpu": 320_000}
_BATCH_PIXELS_ACCELERATOR = 4_000_000


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
    estimates: Float[Tensor, "b c h w"]
    finished: Float[Tensor, "1 c h w"] | None
    finished_count: int

    def mean(self) -> Float[Tensor, "1 c h w"]:
        """The best picture so far: mean of the finished samples and the estimates in work."""
        mean = self.estimates.mean(0, keepdim=True)
        if self.finished is None:
            return mean
        share = len(self.estimates) / (self.finished_count + len(self.estimates))
        return torch.lerp(self.finished, mean, share)


@dataclass(frozen=True, slots=True, eq=False)
class Restoration(Generic[Image_co]):
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

    run: Run[Image_co]
    picture: Picture
    spread: Picture | None
    samples: tuple[Picture, ...]
    consistency: Consistency
    evaluations: int
    complete: bool
    seconds: float


@torch.no_grad()
def restore(
    run: Run[AnyImage], token: CancelToken, *, keep_samples: bool = False
) -> Generator[Step, None, Restoration[AnyImage]]:
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
    correct = correction_for(run)
    size = _batch_size(run)
    while tally.count < run.settings.samples:
        batch = range(run.settings.samples)[tally.count : tally.count + size]
        last: Step | None = None
        try:
            for last in _sample_batch(run, token, batch, correct, tally):
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
def keep_estimate(run: Run[AnyImage], step: Step, *, seconds: float) -> Restoration[AnyImage]:
    """The result of a run that was stopped after `step`, `seconds` after it began."""
    mean = _agreed(run, step.mean())
    return _result(run, mean, Tally(keep=False), evaluations=step.done, seconds=seconds)


def verify_as_saved(result: Restoration[Measured], *, bits: int) -> Verification:
    """Of the picture as so many bits a channel hold it, measured again as the file was."""
    return result.run.problem.verify(rounded_picture(result.picture, bits=bits))


def _sample_batch(
    run: Run[Measured], token: CancelToken, batch: range, correct: Correction, tally: Tally
) -> Iterator[Step]:
    settings = run.settings
    _, channels, height, width = run.decoded.shape
    noise = BlockNoise(
        run.seed, batch, height, width, settings.antithetic, run.prior.device, channels
    )

    def denoise(x: Tensor, sigma: float) -> Tensor:
        # The prior knows pictures of three channels; black is a grey one by itself.
        triples = x.unflatten(1, (-1, 3)).flatten(0, 1)
        estimate = run.prior.denoise(triples, sigma, token.raise_if_cancelled)
        return estimate.view_as(x)

    sigmas = [sigma_at(t) for t in timesteps(run.start, settings.steps)]
    for step in sample(denoise, correct, run.decoded, sigmas=sigmas, eta=settings.eta, noise=noise):
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


def _batch_size(run: Run[Measured]) -> int:
    budget = _BATCH_PIXELS.get(run.prior.device.type, _BATCH_PIXELS_ACCELERATOR)
    return max(1, budget // run.decoded[0, 0].numel())


def _agreed(run: Run[Measured], pictures: Tensor) -> Tensor:
    """Samples as they are averaged: grey where the file is, their padded blocks in agreement."""
    if run.settings.correction is CorrectionKind.BINS:
        return run.problem.agreed(pictures)
    # `paper` promises no agreement, nor that its colours cancel.
    return run.problem.projected(pictures)


def _result(
    run: Run[AnyImage], mean: Tensor, tally: Tally, *, evaluations: int, seconds: float
) -> Restoration[AnyImage]:
    spread = tally.spread()
    return Restoration(
        run=run,
        picture=shown(run, mean),
        spread=None if spread is None else run.problem.deviation(spread),
        samples=tuple(shown(run, x) for x in tally.kept),
        consistency=run.problem.consistency(mean),
        evaluations=evaluations,
        complete=evaluations == run.settings.evaluations,
        seconds=seconds,
    )
