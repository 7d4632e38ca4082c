"""The use case: a file, a prior and settings in; steps and a result out."""

from __future__ import annotations

import time
from collections.abc import Generator
from dataclasses import dataclass
from typing import Generic

import torch
from jaxtyping import Float
from torch import Tensor

from ddrm_core.allowed_values import AllowedValues
from ddrm_core.cancel import CancelToken
from ddrm_core.device.execution_limits import MemoryFallback
from ddrm_core.device.profiler import Profiler
from ddrm_core.errors import InvalidSetting
from ddrm_core.imaging.rectangle import Rectangle
from ddrm_core.problems.protocols import ImageT, ImageT_co, MeasuredImage, PixelTensor, ProblemTile
from ddrm_core.restoration.executor import OutputSelection, RunExecutor, project_samples
from ddrm_core.restoration.mosaic import ResultMosaic
from ddrm_core.restoration.run import Run, compute_tile_region, plan_run_tiles
from ddrm_core.restoration.step import RunStep
from ddrm_core.step_iterator import StepIterator
from ddrm_core.verification.consistency import Consistency
from ddrm_core.verification.verify import Verification


@dataclass(frozen=True, slots=True, eq=False)
class Restoration(Generic[ImageT_co]):
    """What a run gave, of all its picture or of its region.

    Attributes:
        run: What was asked.
        image: The mean of the samples; of the estimates too, where it was stopped early.
        spread: Standard deviation over the samples; None with fewer than two, or not asked for.
        samples: The first samples, as many as were asked for.
        consistency: Before rounding and clipping, and before what reaches past the edge is cut.
        evaluation_count: How many of the prior it took.
        complete: False where the run was stopped and the latest estimate kept.
        seconds: Wall time.
        fallbacks: What was done because memory did not suffice.
    """

    run: Run[ImageT_co]
    image: PixelTensor
    spread: PixelTensor | None
    samples: tuple[PixelTensor, ...]
    consistency: Consistency
    evaluation_count: int
    complete: bool
    seconds: float
    fallbacks: tuple[MemoryFallback, ...] = ()

    def image_at_sharpness(self, sharpness: float, sample_number: int = 1) -> PixelTensor:
        """The picture so far on the way from the mean (0, safest) to a sample (1, sharpest).

        Bins are convex, so that all of them agree with the file as both ends do.

        Args:
            sharpness: How far.
            sample_number: Its number, from 1.

        Raises:
            InvalidSetting: That sample was not kept, or has no other to differ from.
        """
        if sharpness == 0:
            return self.image
        if sample_number > len(self.samples):
            raise InvalidSetting("sharpness", sharpness, AllowedValues.NO_SAMPLES)
        return torch.lerp(self.image, self.samples[sample_number - 1], sharpness)


MEAN_AND_SPREAD = OutputSelection()


def restore(
    run: Run[ImageT],
    token: CancelToken,
    outputs: OutputSelection = MEAN_AND_SPREAD,
    profiler: Profiler | None = None,
) -> StepIterator[RunStep, Restoration[ImageT]]:
    """Sample, giving every step, and in the end the result.

    Large pictures are sampled part by part. Where memory does not suffice, less is taken on at a
    time, and at last the CPU; steps and result say so.

    Args:
        run: What to do.
        token: Polled several times a second.
        outputs: What to keep.
        profiler: Told where the time goes.

    Raises:
        Cancelled: `token` was cancelled.
        OutOfMemory: The least that can be taken on does not fit.
    """
    return StepIterator(_sample_run(run, token, outputs, profiler or Profiler()))


@torch.no_grad()
def _sample_run(
    run: Run[ImageT], token: CancelToken, outputs: OutputSelection, profiler: Profiler
) -> Generator[RunStep, None, Restoration[ImageT]]:
    start_time = time.monotonic()
    mosaic = ResultMosaic(run)
    executor = RunExecutor(run, token, outputs, profiler, mosaic)
    yield from executor.execute()
    return _build_restoration(
        mosaic,
        executor.fallbacks,
        evaluation_count=run.settings.evaluation_count,
        seconds=time.monotonic() - start_time,
        complete=True,
    )


@torch.no_grad()
def restoration_from_step(
    run: Run[ImageT], step: RunStep, *, seconds: float
) -> Restoration[ImageT]:
    """The result of a run that was stopped after `step`, `seconds` after it began, for good.

    Parts that it had not come to are as decoded.
    """
    snapshot = RunSnapshot.from_step(step)
    mosaic = ResultMosaic(
        run, snapshot.mosaic_image, tile_consistencies=list(snapshot.tile_consistencies)
    )
    return _complete_stopped_run(
        mosaic, step.problem_tile, step.tile_region, snapshot, seconds=seconds
    )


@dataclass(frozen=True, slots=True, eq=False)
class RunSnapshot:
    """Where a run stood after a step: what suffices to make a result of it at any time.

    Attributes:
        tile_mean: The best picture of the part in work, network units; `RunStep.current_mean` gives
            it.
        mosaic_image: Picture of the run in which the parts before that one are done, None before
            the first is; others may be done in it since.
        tile_consistencies: Consistency of each of those.
        evaluations_done: Evaluations until then, counted per sample and part.
        fallbacks: What was done until then because memory did not suffice.
    """

    tile_mean: Float[Tensor, "1 c rows columns"]
    mosaic_image: PixelTensor | None
    tile_consistencies: tuple[Consistency, ...]
    evaluations_done: int
    fallbacks: tuple[MemoryFallback, ...]

    @staticmethod
    def from_step(step: RunStep) -> RunSnapshot:
        """After this step."""
        mosaic_image = step.mosaic.image
        tile_consistencies = tuple(step.mosaic.tile_consistencies)
        return RunSnapshot(
            step.current_mean(),
            mosaic_image,
            tile_consistencies,
            step.evaluations_done,
            step.fallbacks,
        )


@torch.no_grad()
def restoration_from_snapshot(
    run: Run[ImageT], snapshot: RunSnapshot, *, seconds: float
) -> Restoration[ImageT]:
    """What `restoration_from_step` would have made there, also after the run has gone on.

    Raises:
        OutOfMemory: The part does not fit.
    """
    tile = plan_run_tiles(run)[len(snapshot.tile_consistencies)]
    mosaic_image = None if snapshot.mosaic_image is None else snapshot.mosaic_image.clone()
    mosaic = ResultMosaic(run, mosaic_image, tile_consistencies=list(snapshot.tile_consistencies))
    problem_tile, tile_region = run.problem.create_tile(tile.outer), compute_tile_region(run, tile)
    return _complete_stopped_run(mosaic, problem_tile, tile_region, snapshot, seconds=seconds)


def _complete_stopped_run(
    mosaic: ResultMosaic[ImageT],
    problem_tile: ProblemTile,
    tile_region: Rectangle,
    snapshot: RunSnapshot,
    *,
    seconds: float,
) -> Restoration[ImageT]:
    run, tiles = mosaic.run, plan_run_tiles(mosaic.run)
    mean = snapshot.tile_mean.to(problem_tile.decoded_image.device)
    mosaic.add_tile(problem_tile, tile_region, project_samples(run, problem_tile, mean))
    for tile in tiles[len(mosaic.tile_consistencies) :]:
        problem_tile = run.problem.create_tile(tile.outer)
        mosaic.add_tile(problem_tile, compute_tile_region(run, tile), problem_tile.decoded_image)
    evaluation_count = round(snapshot.evaluations_done / len(tiles))
    return _build_restoration(
        mosaic,
        snapshot.fallbacks,
        evaluation_count=evaluation_count,
        seconds=seconds,
        complete=False,
    )


def verify_as_saved(result: Restoration[MeasuredImage], *, bits: int) -> Verification:
    """Of the picture as so many bits a channel hold it, measured again as the file was."""
    return result.run.problem.verify(result.image, result.run.region, bits=bits)


def _build_restoration(
    mosaic: ResultMosaic[ImageT],
    fallbacks: tuple[MemoryFallback, ...],
    *,
    evaluation_count: int,
    seconds: float,
    complete: bool,
) -> Restoration[ImageT]:
    assert mosaic.image is not None  # there is at least one part
    return Restoration(
        run=mosaic.run,
        image=mosaic.image,
        spread=mosaic.spread,
        samples=tuple(mosaic.samples),
        consistency=mosaic.consistency(),
        evaluation_count=evaluation_count,
        complete=complete,
        seconds=seconds,
        fallbacks=fallbacks,
    )
