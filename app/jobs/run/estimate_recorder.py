"""Recorded estimates of a run, for the timeline."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from app.imaging.mipmap_image import MipmapImage, PixelPatch, composite_patches
from app.jobs.document.open import Document
from app.jobs.run.result import FullImageBuffer, RunResult, build_result
from app.jobs.storage.array_store import ArrayStore, StoredArray
from ddrm_core.imaging.rectangle import Rectangle

# torch takes seconds to import, so the functions below import it when they run; see `PriorCache`.
if TYPE_CHECKING:
    from ddrm_core.device.execution_limits import MemoryFallback
    from ddrm_core.problems.protocols import MeasuredImage, PixelTensor
    from ddrm_core.restoration.run import Run
    from ddrm_core.restoration.step import RunStep
    from ddrm_core.verification.consistency import Consistency

MAX_RECORDED_ESTIMATES = 40
# Share of the array store's free bytes at the start of a run; samples and results need the rest.
_FREE_BYTES_SHARE = 1 / 2


@dataclass(frozen=True, slots=True, eq=False)
class RecordedEstimate:
    """One estimate of a run, stored for the timeline.

    Attributes:
        number: Number of the estimate in the order of the run, from 1.
        run: The run.
        sample_numbers: Numbers of the samples that were computed at this step, from 1.
        step_number: Number of the finished step of those samples, from 1.
        steps_per_sample: Steps per sample.
        evaluations_done: Evaluations of the prior so far, counted per sample and tile.
        total_evaluations: Evaluations of the prior in the whole run, counted per sample and tile.
        elapsed_seconds: Time since the run began.
        tile_region: Rectangle of the computed tile, in pixels of the image as stored.
        pixels: 8-bit pixels of the tile: (h, w) or (h, w, n).
        tile_mean: Mean of the tile's estimates, from which a result can be built; None if the
            array store had no space for it.
        mosaic_image: Result under construction, see `RunSnapshot`.
        tile_consistencies: Consistency of each finished tile, see `RunSnapshot`.
        fallbacks: Memory fallbacks so far, see `RunSnapshot`.
    """

    number: int
    run: Run[MeasuredImage]
    sample_numbers: range
    step_number: int
    steps_per_sample: int
    evaluations_done: int
    total_evaluations: int
    elapsed_seconds: float
    tile_region: Rectangle
    pixels: StoredArray
    tile_mean: StoredArray | None
    mosaic_image: PixelTensor | None
    tile_consistencies: tuple[Consistency, ...]
    fallbacks: tuple[MemoryFallback, ...]


class EstimateRecorder:
    """A recorder of at most `MAX_RECORDED_ESTIMATES` estimates, evenly spaced over a run.

    An estimate for which the array store has no space is not recorded.

    Attributes:
        estimates: Recorded estimates so far.
    """

    def __init__(self, run: Run[MeasuredImage], array_store: ArrayStore) -> None:
        self._run = run
        self._array_store = array_store
        self._last_recording_slot = -1
        self._mean_interval: int | None = None
        self.estimates: tuple[RecordedEstimate, ...] = ()

    def should_record(self, step: RunStep) -> bool:
        """Return whether this step is the next of the evenly spaced steps to record."""
        return _recording_slot_of_step(step) > self._last_recording_slot

    def record(self, step: RunStep, pixels: NDArray[np.uint8], elapsed_seconds: float) -> None:
        """Record the estimate of a step if the array store has space for its pixels.

        Args:
            step: The step.
            pixels: 8-bit pixels of the step's tile; the caller must not write to them any more.
            elapsed_seconds: Time since the run began.
        """
        from ddrm_core.restoration.restore import RunSnapshot

        self._last_recording_slot = _recording_slot_of_step(step)
        snapshot = RunSnapshot.from_step(step)
        mean: NDArray[Any] = snapshot.tile_mean.cpu().numpy()
        if self._mean_interval is None:
            self._mean_interval = self._choose_mean_interval(step, mean.nbytes, pixels.nbytes)
        stored_pixels = self._array_store.store(pixels)
        if stored_pixels is None:
            return
        number = len(self.estimates) + 1
        stores_mean = self._mean_interval > 0 and number % self._mean_interval == 0
        estimate = RecordedEstimate(
            number,
            self._run,
            step.sample_numbers,
            step.step_number,
            step.steps_per_sample,
            step.evaluations_done,
            step.total_evaluations,
            elapsed_seconds,
            step.tile_region,
            stored_pixels,
            self._array_store.store(mean) if stores_mean else None,
            snapshot.mosaic_image,
            snapshot.tile_consistencies,
            snapshot.fallbacks,
        )
        self.estimates = (*self.estimates, estimate)

    def _choose_mean_interval(self, step: RunStep, mean_bytes: int, pixel_bytes: int) -> int:
        """Return n, such that the means of every n-th recorded estimate fit into the array store.

        Half of the store's free bytes may be used. The result is 0 if not even one mean fits.

        Args:
            step: First step of the run.
            mean_bytes: Bytes of the mean of one estimate.
            pixel_bytes: Bytes of the 8-bit pixels of one estimate.
        """
        count = min(MAX_RECORDED_ESTIMATES, -(-step.total_evaluations // len(step.sample_numbers)))
        free_bytes = int(self._array_store.free_bytes() * _FREE_BYTES_SHARE) - count * pixel_bytes
        return 0 if free_bytes < mean_bytes else -(-count * mean_bytes // free_bytes)


def _recording_slot_of_step(step: RunStep) -> int:
    return (step.evaluations_done - 1) * MAX_RECORDED_ESTIMATES // step.total_evaluations


def compose_estimate_image(estimate: RecordedEstimate, document: Document) -> MipmapImage:
    """Return the image of a run at a recorded estimate; unfinished tiles show the decoded image.

    Raises:
        UnreadableFile: See `StoredArray.load`.
    """
    from ddrm_core.imaging.quantize_pixels import to_uint8
    from ddrm_core.restoration.run import compute_tile_region, plan_run_tiles

    output_region, mosaic_image = estimate.run.output_region, estimate.mosaic_image
    create_patch = partial(_create_patch, document)
    patches = [create_patch(estimate.pixels.load(), estimate.tile_region)]
    if mosaic_image is not None:
        for tile in plan_run_tiles(estimate.run)[: len(estimate.tile_consistencies)]:
            tile_region = compute_tile_region(estimate.run, tile)
            patches.append(
                create_patch(
                    to_uint8(mosaic_image[:, *tile_region.slices_in(output_region)]), tile_region
                )
            )
    return composite_patches(document.image, patches)


def _create_patch(
    document: Document, pixels: NDArray[np.uint8], tile_region: Rectangle
) -> PixelPatch:
    shown = document.display.to_upright_rectangle(tile_region, document.source.size)
    return PixelPatch(document.display.to_display_pixels(pixels), shown.left, shown.top)


def result_from_recorded_estimate(estimate: RecordedEstimate) -> RunResult:
    """Build a result from a recorded estimate whose `tile_mean` is stored.

    Raises:
        UnreadableFile: See `StoredArray.load`.
        OutOfMemory: See `restoration_from_snapshot`.
    """
    import torch

    from ddrm_core.restoration.restore import RunSnapshot, restoration_from_snapshot

    assert estimate.tile_mean is not None  # the window offers no other estimates as results
    mean = torch.from_numpy(estimate.tile_mean.load())
    snapshot = RunSnapshot(
        mean,
        estimate.mosaic_image,
        estimate.tile_consistencies,
        estimate.evaluations_done,
        estimate.fallbacks,
    )
    restoration = restoration_from_snapshot(
        estimate.run, snapshot, seconds=estimate.elapsed_seconds
    )
    return build_result(restoration, 0.0, FullImageBuffer(estimate.run))
