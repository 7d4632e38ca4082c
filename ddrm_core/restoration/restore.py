"""The use case: a file, a prior and settings in; steps and a result out."""

from __future__ import annotations

import time
from collections.abc import Generator
from dataclasses import dataclass
from typing import Generic

import torch
from jaxtyping import Float
from torch import Tensor

from ddrm_core.cancel import CancelToken
from ddrm_core.device.execution_limits import Fallback
from ddrm_core.device.profiler import Stopwatch
from ddrm_core.errors import InvalidSetting
from ddrm_core.imaging.rectangle import Rectangle
from ddrm_core.problems.protocols import ImageT, ImageT_co, MeasuredImage, PixelTensor, ProblemTile
from ddrm_core.restoration.executor import Sampling, Wanted, agreed
from ddrm_core.restoration.mosaic import Assembly
from ddrm_core.restoration.run import Run, parts_of, place_of
from ddrm_core.restoration.step import Step
from ddrm_core.verification.consistency import Consistency
from ddrm_core.verification.verify import Verification


@dataclass(frozen=True, slots=True, eq=False)
class Restoration(Generic[ImageT_co]):
    """What a run gave, of all its picture or of its region.

    Attributes:
        run: What was asked.
        picture: The mean of the samples; of the estimates too, where it was stopped early.
        spread: Standard deviation over the samples; None with fewer than two, or not asked for.
        samples: The first samples, as many as were asked for.
        consistency: Before rounding and clipping, and before what reaches past the edge is cut.
        evaluations: How many of the prior it took.
        complete: False where the run was stopped and the latest estimate kept.
        seconds: Wall time.
        fallbacks: What was done because memory did not suffice.
    """

    run: Run[ImageT_co]
    picture: PixelTensor
    spread: PixelTensor | None
    samples: tuple[PixelTensor, ...]
    consistency: Consistency
    evaluations: int
    complete: bool
    seconds: float
    fallbacks: tuple[Fallback, ...] = ()

    def at(self, sharpness: float, sample: int = 1) -> PixelTensor:
        """The picture so far on the way from the mean (0, safest) to a sample (1, sharpest).

        Bins are convex, so that all of them agree with the file as both ends do.

        Args:
            sharpness: How far.
            sample: Its number, from 1.

        Raises:
            InvalidSetting: That sample was not kept, or has no other to differ from.
        """
        if sharpness == 0:
            return self.picture
        if sample > len(self.samples):
            raise InvalidSetting("sharpness", sharpness, "0 where no sample was kept")
        return torch.lerp(self.picture, self.samples[sample - 1], sharpness)


MEAN_AND_SPREAD = Wanted()


@torch.no_grad()
def restore(
    run: Run[ImageT],
    token: CancelToken,
    wanted: Wanted = MEAN_AND_SPREAD,
    stopwatch: Stopwatch | None = None,
) -> Generator[Step, None, Restoration[ImageT]]:
    """Sample, yielding every step; the generator's return value is the result.

    Large pictures are sampled part by part. Where memory does not suffice, less is taken on at a
    time, and at last the CPU; steps and result say so.

    Args:
        run: What to do.
        token: Polled several times a second.
        wanted: What to keep.
        stopwatch: Told where the time goes.

    Raises:
        Cancelled: `token` was cancelled.
        OutOfMemory: The least that can be taken on does not fit.
    """
    began = time.monotonic()
    assembly = Assembly(run)
    sampling = Sampling(run, token, wanted, stopwatch or Stopwatch(), assembly)
    yield from sampling.steps()
    return _result(
        assembly,
        sampling.fallbacks,
        evaluations=run.settings.evaluations,
        seconds=time.monotonic() - began,
        complete=True,
    )


@torch.no_grad()
def keep_estimate(run: Run[ImageT], step: Step, *, seconds: float) -> Restoration[ImageT]:
    """The result of a run that was stopped after `step`, `seconds` after it began, for good.

    Parts that it had not come to are as decoded.
    """
    stand = Stand.of(step)
    assembly = Assembly(run, stand.before, found=list(stand.found))
    return _kept(assembly, step.part, step.place, stand, seconds=seconds)


@dataclass(frozen=True, slots=True, eq=False)
class Stand:
    """Where a run stood after a step: what suffices to make a result of it at any time.

    Attributes:
        mean: The best picture of the part in work, network units; `Step.mean` gives it.
        before: Picture of the run in which the parts before that one are done, None before the
            first is; others may be done in it since.
        found: Consistency of each of those.
        done: Evaluations until then, counted per sample and part.
        fallbacks: What was done until then because memory did not suffice.
    """

    mean: Float[Tensor, "1 c rows columns"]
    before: PixelTensor | None
    found: tuple[Consistency, ...]
    done: int
    fallbacks: tuple[Fallback, ...]

    @staticmethod
    def of(step: Step) -> Stand:
        """After this step."""
        before = step.assembly.picture
        found = tuple(step.assembly.found)
        return Stand(step.mean(), before, found, step.done, step.fallbacks)


@torch.no_grad()
def keep_stand(run: Run[ImageT], stand: Stand, *, seconds: float) -> Restoration[ImageT]:
    """What `keep_estimate` would have made there, also after the run has gone on.

    Raises:
        OutOfMemory: The part does not fit.
    """
    tile = parts_of(run)[len(stand.found)]
    before = None if stand.before is None else stand.before.clone()
    assembly = Assembly(run, before, found=list(stand.found))
    part, place = run.problem.create_tile(tile.outer), place_of(run, tile)
    return _kept(assembly, part, place, stand, seconds=seconds)


def _kept(
    assembly: Assembly[ImageT], part: ProblemTile, place: Rectangle, stand: Stand, *, seconds: float
) -> Restoration[ImageT]:
    run, parts = assembly.run, parts_of(assembly.run)
    mean = stand.mean.to(part.decoded_image.device)
    assembly.add(part, place, agreed(run, part, mean))
    for tile in parts[len(assembly.found) :]:
        part = run.problem.create_tile(tile.outer)
        assembly.add(part, place_of(run, tile), part.decoded_image)
    evaluations = round(stand.done / len(parts))
    return _result(
        assembly, stand.fallbacks, evaluations=evaluations, seconds=seconds, complete=False
    )


def verify_as_saved(result: Restoration[MeasuredImage], *, bits: int) -> Verification:
    """Of the picture as so many bits a channel hold it, measured again as the file was."""
    return result.run.problem.verify(result.picture, result.run.region, bits=bits)


def _result(
    assembly: Assembly[ImageT],
    fallbacks: tuple[Fallback, ...],
    *,
    evaluations: int,
    seconds: float,
    complete: bool,
) -> Restoration[ImageT]:
    assert assembly.picture is not None  # there is at least one part
    return Restoration(
        run=assembly.run,
        picture=assembly.picture,
        spread=assembly.spread,
        samples=tuple(assembly.samples),
        consistency=assembly.consistency(),
        evaluations=evaluations,
        complete=complete,
        seconds=seconds,
        fallbacks=fallbacks,
    )
