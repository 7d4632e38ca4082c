"""Restoration of an image by a run, which yields steps and returns a result."""

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
from ddrm_core.problems.protocols import ImageT, ImageT_co, PixelTensor, ProblemTile
from ddrm_core.restoration.executor import OutputSelection, RunExecutor, project_samples
from ddrm_core.restoration.mosaic import ResultMosaic
from ddrm_core.restoration.run import (
    Run,
    compute_tile_region,
    plan_run_tiles,
    plan_sampled_tiles,
)
from ddrm_core.restoration.step import RunStep
from ddrm_core.step_iterator import StepIterator
from ddrm_core.verification.consistency import Consistency


@dataclass(frozen=True, slots=True, eq=False)
class Restoration(Generic[ImageT_co]):
    """The result of a run for its whole image or its region.

    Attributes:
        run: Run that made the result.
        image: Mean of the samples; for a stopped run, mean of finished samples and last estimates.
        spread: Standard deviation over the samples; None for fewer than two samples or if not
            selected.
        samples: First samples, as many as were selected for the run.
        consistency: Consistency of the mean before rounding, clipping and cropping to the image.
        evaluation_count: Evaluations of the prior per sampled tile; for a stopped run, the average.
        complete: Whether the run reached its end; False for a result from a stopped run.
        seconds: Wall time in seconds.
        fallbacks: Memory fallbacks of the run.
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
        """Return the linear interpolation between the mean and one sample.

        Bins are convex, so all images between two images in the bins are in the bins, too.

        Args:
            sharpness: Position between the mean (0, safest) and the sample (1, sharpest).
            sample_number: Number of the sample, from 1.

        Raises:
            InvalidSetting: If the sample was not kept and `sharpness` is not 0.
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
    """Return an iterator that samples a run step by step and then holds the result.

    Large images are sampled tile by tile. If memory does not suffice, smaller network tiles, fewer
    samples at once and finally the CPU are used; steps and result list these fallbacks.

    Args:
        run: Run to sample.
        token: Cancel token, checked several times a second.
        outputs: Outputs in addition to the mean.
        profiler: Profiler that measures the time of each section, None for no profile.

    Raises:
        OperationCancelled: If `token` is cancelled.
        OutOfMemory: If memory does not suffice with all fallbacks.
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
    """Return the result of a run that was stopped after `step` and is not continued.

    Tiles without a step show the decoded image. The image of the step's mosaic is overwritten.

    Args:
        run: Stopped run.
        step: Last step of the run.
        seconds: Wall time of the run in seconds.
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
    """A copy of a run's state after one step, from which a result can be made at any time.

    Attributes:
        tile_mean: Mean of the current tile in network units, from `RunStep.current_mean`.
        mosaic_image: Image of the run's mosaic with all earlier tiles, None without earlier tiles.
            The run may have added later tiles since.
        tile_consistencies: Consistency of each earlier tile.
        evaluations_done: Evaluations up to the step, counted per sample and tile.
        fallbacks: Memory fallbacks up to the step.
    """

    tile_mean: Float[Tensor, "1 c rows columns"]
    mosaic_image: PixelTensor | None
    tile_consistencies: tuple[Consistency, ...]
    evaluations_done: int
    fallbacks: tuple[MemoryFallback, ...]

    @staticmethod
    def from_step(step: RunStep) -> RunSnapshot:
        """Return a copy of the run's state after a step."""
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
    """Return the result of a run at a snapshot, even if the run has continued since.

    The result is that of `restoration_from_step` for the step of the snapshot.

    Args:
        run: Run of the snapshot.
        snapshot: State of the run after one step.
        seconds: Wall time up to the step in seconds.

    Raises:
        OutOfMemory: If memory does not suffice for the tile.
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
    evaluation_count = round(snapshot.evaluations_done / len(plan_sampled_tiles(run)))
    return _build_restoration(
        mosaic,
        snapshot.fallbacks,
        evaluation_count=evaluation_count,
        seconds=seconds,
        complete=False,
    )


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
