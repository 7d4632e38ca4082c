"""What a restoration does on the worker thread."""

from __future__ import annotations

import time
from collections.abc import Generator
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import psutil
from numpy.typing import NDArray

from app.imaging.color_management import create_display_transform
from app.imaging.mipmap_image import MipmapImage, create_mipmap_image
from app.jobs.run.estimate_recorder import EstimateRecorder, RecordedEstimate
from app.jobs.run.prior_cache import PriorCache
from app.jobs.run.restore_request import RestoreRequest, create_run_from_request
from app.jobs.run.result import FullImageBuffer, RunResult, build_result, result_from_restoration
from ddrm_core.cancel import CancelToken
from ddrm_core.errors import InsufficientMemory

# Functions below import what needs torch when they run, for the reason given in `PriorCache`.
if TYPE_CHECKING:
    from ddrm_core.problems.protocols import MeasuredImage
    from ddrm_core.restoration.executor import OutputSelection
    from ddrm_core.restoration.run import Run
    from ddrm_core.restoration.step import RunStep

# More pictures a second are not seen, and each costs the run its conversion: after one that took
# a second, as those of tens of megapixels do, the run has four for itself.
_PREVIEW_INTERVAL_S = 1 / 15
_RUN_TIME_PER_PREVIEW_TIME = 4
# Of the free memory, for all samples of a run: what samples them has to have room, too.
_SAMPLES_MEMORY_SHARE = 1 / 5


@dataclass(frozen=True, slots=True, eq=False)
class StepEstimate:
    """A run as it stood after one step, enough to make a result of it.

    Attributes:
        run: The run.
        step: Its latest step.
        elapsed_seconds: Since it began.
    """

    run: Run[MeasuredImage]
    step: RunStep
    elapsed_seconds: float


@dataclass(frozen=True, slots=True)
class PriorLoadStarted:
    """A run is not under way yet: its prior is being loaded.

    Attributes:
        prior_name: Of the prior.
    """

    prior_name: str


@dataclass(frozen=True, slots=True)
class PriorLoaded:
    """It is.

    Attributes:
        fallback_reason: Why it is on the CPU where another device would have been taken, else None.
    """

    fallback_reason: InsufficientMemory | None


@dataclass(frozen=True, slots=True, eq=False)
class RunProgress:
    """How far a run is.

    Attributes:
        estimate: Where it stands.
        image: The best picture so far, None where one was sent a moment ago.
        recorded_estimates: Those of its estimates that are kept.
    """

    estimate: StepEstimate
    image: MipmapImage | None
    recorded_estimates: tuple[RecordedEstimate, ...] = ()


def load_prior_and_restore_job(
    prior_cache: PriorCache, request: RestoreRequest, token: CancelToken
) -> Generator[PriorLoadStarted | PriorLoaded | RunProgress, None, RunResult]:
    """Load the prior where it is another one than before, saying so, then restore.

    Raises as `restore_job`.
    """
    if not prior_cache.is_loaded(request.device_name, request.prior_name):
        yield PriorLoadStarted(request.prior_name or prior_cache.bundled_prior_name)
        prior_cache.load(request.device_name, request.prior_name)
        yield PriorLoaded(prior_cache.fallback_reason())
    return (yield from restore_job(prior_cache, request, token))


def restore_job(
    prior_cache: PriorCache, request: RestoreRequest, token: CancelToken
) -> Generator[RunProgress, None, RunResult]:
    """Restore, reporting every step, with pictures in a fifth of the time, at most 15 a second.

    Raises:
        NoSignOfJpeg, NotQuantized, NotEightBits, InvalidSetting: See `create_run_from_request`.
        UnknownDevice, BadPrior, UnreadableFile, NoRoomForPrior, PriorNotHere: Likewise.
        Cancelled, OutOfMemory: See `ddrm_core.restoration.restore.restore`.
    """
    from ddrm_core.imaging.quantize_pixels import to_uint8
    from ddrm_core.restoration.restore import restore

    run = create_run_from_request(prior_cache, request)
    display, full_image_buffer = (
        create_display_transform(run.image.metadata, run.image.channels),
        FullImageBuffer(run),
    )
    recorder, region_overlay = (
        EstimateRecorder(run, prior_cache.array_store),
        _RegionOverlay(request.region_result, run),
    )
    start_time, next_preview_time, previous_region, preview_count = (
        time.monotonic(),
        float("-inf"),
        None,
        0,
    )
    steps = restore(run, token, choose_output_selection(run))
    for step in steps:
        image, now = None, time.monotonic()
        # The last that is shown of a part stays until the end.
        is_tile_boundary = (
            step.tile_region != previous_region or step.step_number == step.steps_per_sample
        )
        should_record = request.preview_interval > 0 and recorder.should_record(step)
        if now >= next_preview_time or is_tile_boundary or should_record:
            step_pixels = to_uint8(step.current_image())
            if should_record:
                recorder.record(step, step_pixels, now - start_time)
            pixels = full_image_buffer.paste(step_pixels, step.tile_region)
            preview_count += now >= next_preview_time
            if now >= next_preview_time and _is_preview_due(
                step, preview_count, request.preview_interval
            ):
                pixels = region_overlay.apply_to(pixels)
                image = create_mipmap_image(display.to_display_pixels(pixels))
                preview_end_time = time.monotonic()
                next_preview_time = max(
                    now + _PREVIEW_INTERVAL_S,
                    preview_end_time + _RUN_TIME_PER_PREVIEW_TIME * (preview_end_time - now),
                )
        previous_region = step.tile_region
        yield RunProgress(StepEstimate(run, step, now - start_time), image, recorder.estimates)
    return result_from_restoration(steps.result, full_image_buffer, prior_cache.array_store)


def _is_preview_due(step: RunStep, preview_count: int, preview_interval: int) -> bool:
    """Whether a picture is wanted, the `preview_count`-th of those that could be had."""
    return step.evaluations_done == step.total_evaluations or (
        preview_interval > 0 and (preview_count - 1) % preview_interval == 0
    )


class _RegionOverlay:
    """A finished region, over the estimates of a run of the whole picture."""

    def __init__(self, region_result: RunResult | None, run: Run[MeasuredImage]) -> None:
        self._region_result = region_result
        self._output_region = run.output_region
        self._pixels: NDArray[np.uint8] | None = None

    def apply_to(self, pixels: NDArray[np.uint8]) -> NDArray[np.uint8]:
        """The picture's pixels with those of the region in their place; others stay as they are."""
        from ddrm_core.imaging.quantize_pixels import to_uint8

        region_result = self._region_result
        if region_result is None:
            return pixels
        if self._pixels is None:
            self._pixels = to_uint8(
                region_result.image_at_sharpness(
                    region_result.sharpness, region_result.sample_number
                )
            )
        composed = pixels.copy()
        composed[region_result.restoration.run.output_region.slices_in(self._output_region)] = (
            self._pixels
        )
        return composed


def result_from_estimate(estimate: StepEstimate) -> RunResult:
    """The result of a run that was stopped there."""
    from ddrm_core.restoration.restore import restoration_from_step

    restoration = restoration_from_step(
        estimate.run, estimate.step, seconds=estimate.elapsed_seconds
    )
    return build_result(restoration, 0.0, FullImageBuffer(estimate.run))


def choose_output_selection(run: Run[MeasuredImage]) -> OutputSelection:
    """All that a fifth of the free memory holds, but the first sample in any case."""
    from ddrm_core.restoration.executor import OutputSelection

    sample_count = run.settings.samples
    if sample_count < 2:
        return OutputSelection(includes_spread=False, sample_count=0)
    # As it is sampled, and as pixels.
    bytes_per_sample = 2 * 4 * run.output_region.pixel_count * run.problem.channels
    fitting_count = (
        int(psutil.virtual_memory().available * _SAMPLES_MEMORY_SHARE) // bytes_per_sample
    )
    return OutputSelection(sample_count=min(sample_count, max(fitting_count, 1)))
