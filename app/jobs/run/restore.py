"""The job that restores an image on a worker thread."""

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

# torch takes seconds to import, so the functions below import it when they run; see `PriorCache`.
if TYPE_CHECKING:
    from ddrm_core.problems.protocols import MeasuredImage
    from ddrm_core.restoration.executor import OutputSelection
    from ddrm_core.restoration.run import Run
    from ddrm_core.restoration.step import RunStep

# More than 15 previews a second are not noticed, and each preview delays the run. A preview of
# tens of megapixels takes a second; the run then continues for four seconds before the next one.
_PREVIEW_INTERVAL_S = 1 / 15
_RUN_TIME_PER_PREVIEW_TIME = 4
# Share of the free memory for all samples of a run; the sampler needs memory, too.
_SAMPLES_MEMORY_SHARE = 1 / 5


@dataclass(frozen=True, slots=True, eq=False)
class StepEstimate:
    """A run after one of its steps, from which a result can be built.

    Attributes:
        run: The run.
        step: Latest step of the run.
        elapsed_seconds: Time since the run began.
    """

    run: Run[MeasuredImage]
    step: RunStep
    elapsed_seconds: float


@dataclass(frozen=True, slots=True)
class PriorLoadStarted:
    """Progress before a run: its prior is being loaded.

    Attributes:
        prior_name: Name of the prior.
    """

    prior_name: str


@dataclass(frozen=True, slots=True)
class PriorLoaded:
    """Progress before a run: its prior has been loaded.

    Attributes:
        fallback_reason: Reason why the prior is on the CPU instead of the device of `auto`, else
            None.
    """

    fallback_reason: InsufficientMemory | None


@dataclass(frozen=True, slots=True, eq=False)
class RunProgress:
    """Progress of a run after one step.

    Attributes:
        estimate: The run after the step.
        image: Preview for the screen, None if no preview is due at this step.
        recorded_estimates: Estimates recorded so far.
    """

    estimate: StepEstimate
    image: MipmapImage | None
    recorded_estimates: tuple[RecordedEstimate, ...] = ()


def load_prior_and_restore_job(
    prior_cache: PriorCache, request: RestoreRequest, token: CancelToken
) -> Generator[PriorLoadStarted | PriorLoaded | RunProgress, None, RunResult]:
    """Load the prior of a request if it is not cached, then restore as `restore_job` does.

    Progress is yielded before and after loading. Raises the errors of `restore_job`.
    """
    device, prior = request.settings.device, request.settings.prior
    if not prior_cache.is_loaded(device, prior):
        yield PriorLoadStarted(prior or prior_cache.bundled_prior_name)
        prior_cache.load(device, prior)
        yield PriorLoaded(prior_cache.fallback_reason())
    return (yield from restore_job(prior_cache, request, token))


def restore_job(
    prior_cache: PriorCache, request: RestoreRequest, token: CancelToken
) -> Generator[RunProgress, None, RunResult]:
    """Restore an image; yield progress after every step and return the result.

    At most 15 previews a second are made, in at most a fifth of the time.

    Raises:
        CompressionNotDetected, BitDepthNotDetected, NotEightBitImage, UnsupportedImage,
            InvalidSetting, UnknownDevice, InvalidPrior, UnreadableFile, InsufficientMemory,
            PriorNotInstalled, UnknownPrior: See `create_run_from_request`.
        OperationCancelled, OutOfMemory: See `ddrm_core.restoration.restore.restore`.
    """
    from ddrm_core.imaging.quantize_pixels import to_uint8
    from ddrm_core.restoration.restore import restore

    run = create_run_from_request(prior_cache, request)
    display = create_display_transform(run.image.metadata, run.image.channels)
    full_image_buffer = FullImageBuffer(run)
    recorder = EstimateRecorder(run, prior_cache.array_store)
    region_overlay = _RegionOverlay(request.region_result, run)
    start_time = time.monotonic()
    next_preview_time = float("-inf")
    previous_region = None
    preview_count = 0
    steps = restore(run, token, choose_output_selection(run))
    for step in steps:
        image, now = None, time.monotonic()
        # The pixels of a tile's last step stay in the buffer until the run ends.
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
    return result_from_restoration(
        steps.result, full_image_buffer, prior_cache.array_store, request.initial_strength
    )


def _is_preview_due(step: RunStep, preview_count: int, preview_interval: int) -> bool:
    """Return whether a preview is shown after a step.

    The preview of the last step is always shown.

    Args:
        step: The step.
        preview_count: Number of previews that could have been shown so far, from 1.
        preview_interval: n if every n-th of these is shown; 0 for the last one only.
    """
    return step.evaluations_done == step.total_evaluations or (
        preview_interval > 0 and (preview_count - 1) % preview_interval == 0
    )


class _RegionOverlay:
    """A painter of a region's earlier result over previews of a later run.

    The later run restores the remaining image.
    """

    def __init__(self, region_result: RunResult | None, run: Run[MeasuredImage]) -> None:
        self._region_result = region_result
        self._output_region = run.output_region
        self._pixels: NDArray[np.uint8] | None = None

    def apply_to(self, pixels: NDArray[np.uint8]) -> NDArray[np.uint8]:
        """Return a copy of `pixels` with the result of the region drawn in its place.

        `pixels` are those of the whole image, and are returned unchanged without such a result.
        """
        from ddrm_core.imaging.quantize_pixels import to_uint8

        region_result = self._region_result
        if region_result is None:
            return pixels
        if self._pixels is None:
            self._pixels = to_uint8(region_result.shown_pixels())
        composed = pixels.copy()
        composed[region_result.restoration.run.output_region.slices_in(self._output_region)] = (
            self._pixels
        )
        return composed


def result_from_estimate(estimate: StepEstimate) -> RunResult:
    """Build a result, with sharpness 0, from a run that was stopped after a step."""
    from ddrm_core.restoration.restore import restoration_from_step

    restoration = restoration_from_step(
        estimate.run, estimate.step, seconds=estimate.elapsed_seconds
    )
    return build_result(restoration, 0.0, FullImageBuffer(estimate.run))


def choose_output_selection(run: Run[MeasuredImage]) -> OutputSelection:
    """Choose whether a run keeps its spread, and how many of its samples it keeps in memory.

    Samples may take a fifth of the free memory, but at least the first sample is kept. A run of one
    sample keeps neither samples nor spread.
    """
    from ddrm_core.restoration.executor import OutputSelection

    sample_count = run.settings.samples
    if sample_count < 2:
        return OutputSelection(includes_spread=False, sample_count=0)
    # Each sample is held twice as float32: in network units and in gray levels.
    bytes_per_sample = 2 * 4 * run.output_region.pixel_count * run.problem.channels
    fitting_count = (
        int(psutil.virtual_memory().available * _SAMPLES_MEMORY_SHARE) // bytes_per_sample
    )
    return OutputSelection(sample_count=min(sample_count, max(fitting_count, 1)))
