"""The job that estimates the time and the disk space that the pending items of a batch take."""

from __future__ import annotations

import os
import time
from collections.abc import Generator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING

from app.jobs.batch.batch_items import BatchItem, CommonSettings
from app.jobs.batch.image_shapes import ImageShape, ImageShapeReader
from app.jobs.run.prior_cache import PriorCache
from app.jobs.run.throughput_cache import ThroughputCache
from ddrm_core.cancel import CancelToken
from ddrm_core.errors import CoreError
from ddrm_core.performance.result_sizes import (
    SourceSize,
    choose_representative_files,
    estimate_result_sizes,
)
from ddrm_core.sampler.settings import (
    PRESETS,
    Preset,
    SamplerSettings,
    load_chosen_correction,
)

# torch takes seconds to import, so the functions below import it when they run; see `PriorCache`.
if TYPE_CHECKING:
    from ddrm_core.export.expected_size import ExpectedResult
    from ddrm_core.performance.run_times import RunTimeEstimator
    from ddrm_core.prior.denoiser import Prior

SAMPLED_FILES = 16
"""Number of files whose results' sizes are estimated from a restored part of the image."""
_REPORT_INTERVAL_S = 0.5


@dataclass(frozen=True, slots=True)
class BatchCostRequest:
    """A request to estimate the cost of pending items.

    Attributes:
        items: Pending items.
        settings: Common settings of the batch.
    """

    items: tuple[BatchItem, ...]
    settings: CommonSettings


@dataclass(frozen=True, slots=True)
class BatchCost:
    """The expected cost of restoring batch items; unreadable files cost nothing.

    Attributes:
        file_count: Number of files that were looked at.
        source_bytes: Size of these files in bytes.
        result_bytes: Expected size of all results in bytes; None if it is not known.
        seconds: Expected wall time of all items; None if it is not known.
        seconds_by_item: Expected wall times by item id.
        bytes_by_item: Expected sizes of results in bytes by item id; empty if they are not known.
        is_prior_unloaded: Whether time and size are not known because the prior has not been
            loaded yet.
    """

    file_count: int = 0
    source_bytes: int = 0
    result_bytes: int | None = None
    seconds: float | None = None
    seconds_by_item: Mapping[int, float] = field(default_factory=dict)
    bytes_by_item: Mapping[int, int] = field(default_factory=dict)
    is_prior_unloaded: bool = False


@dataclass(frozen=True, slots=True)
class _ReadableItem:
    """A pending item whose file can be read, with the shape of its image."""

    item: BatchItem
    shape: ImageShape


@dataclass(frozen=True, slots=True)
class _ItemSample:
    """The expected result of one item, and the seconds to read its file and encode its result."""

    byte_count: int
    seconds: float


class BatchCostEstimator:
    """An estimator of the cost of batches that measures each file once. Not thread-safe.

    Items with settings of their own are expected to use the prior and the device of the common
    settings.
    """

    def __init__(self, prior_cache: PriorCache, throughput_cache: ThroughputCache) -> None:
        self._prior_cache, self._throughput_cache = prior_cache, throughput_cache
        self._shape_reader = ImageShapeReader()
        self._samples: dict[tuple[object, ...], _ItemSample | None] = {}

    def estimate(
        self, request: BatchCostRequest, token: CancelToken
    ) -> Generator[BatchCost, None, BatchCost]:
        """Estimate the cost of the requested items; yield estimates that become more exact.

        The time of a run follows from the size of the image and the measured throughput of the
        prior. If no throughput is recorded, one step is executed and timed. Sizes of results follow
        from a restored part of some of the images. Priors that are neither bundled nor packaged nor
        loaded may have gigabytes, and are not loaded for an estimate.

        Raises:
            OperationCancelled: If `token` was cancelled.
            UnknownDevice, InvalidPrior, UnreadableFile, InsufficientMemory, PriorNotInstalled,
                OutOfMemory, UnknownPlugin, UnusablePlugin: If the prior or the correction cannot be
                used; the batch itself would fail likewise.
        """
        readable_items: list[_ReadableItem] = []
        next_report_time = time.monotonic() + _REPORT_INTERVAL_S
        for number, item in enumerate(request.items):
            token.raise_if_cancelled()
            shape = self._shape_reader.read(item.source)
            if shape is not None:
                readable_items.append(_ReadableItem(item, shape))
            if time.monotonic() >= next_report_time:
                next_report_time = time.monotonic() + _REPORT_INTERVAL_S
                yield _count_sources(readable_items, number + 1)
        cost = _count_sources(readable_items, len(request.items))
        settings = request.settings.restore
        if not readable_items:
            return replace(cost, seconds=0.0, result_bytes=0)
        if not self._prior_cache.is_small_or_loaded(settings.device, settings.prior):
            return replace(cost, is_prior_unloaded=True)
        prior = self._prior_cache.load(settings.device, settings.prior)
        token.raise_if_cancelled()
        run_seconds = self._estimate_run_times(readable_items, request.settings, prior, token)
        yield (cost := _add_seconds(cost, run_seconds))
        samples: dict[int, _ItemSample] = {}
        sizes = [SourceSize(i.shape.byte_count, i.shape.pixel_count) for i in readable_items]
        for index in choose_representative_files(sizes, SAMPLED_FILES):
            token.raise_if_cancelled()
            sample = self._sample_item(readable_items[index].item, request.settings, prior, token)
            if sample is not None:
                samples[index] = sample
                yield (cost := _add_samples(cost, readable_items, run_seconds, sizes, samples))
        return cost

    def _estimate_run_times(
        self,
        readable_items: Sequence[_ReadableItem],
        settings: CommonSettings,
        prior: Prior,
        token: CancelToken,
    ) -> dict[int, float]:
        """Return the expected seconds of the runs of items by item id."""
        estimators: dict[SamplerSettings, RunTimeEstimator] = {}
        seconds: dict[int, float] = {}
        shapes = sorted((i.shape for i in readable_items), key=lambda shape: shape.pixel_count)
        for readable in readable_items:
            token.raise_if_cancelled()
            sampler = settings.restore_settings_of(readable.item).sampler
            if sampler not in estimators:
                estimators[sampler] = self._create_estimator(
                    load_chosen_correction(sampler), prior, shapes[len(shapes) // 2], token
                )
            shape = readable.shape
            seconds[readable.item.item_id] = estimators[sampler].estimate_seconds(
                (shape.width, shape.height), shape.channels
            )
        return seconds

    def _create_estimator(
        self, sampler: SamplerSettings, prior: Prior, shape: ImageShape, token: CancelToken
    ) -> RunTimeEstimator:
        """Create an estimator with the recorded throughput, or with that of an image like `shape`.

        The throughput is recorded.
        """
        from ddrm_core.device.execution_limits import DEFAULT_PIXEL_LIMITS
        from ddrm_core.performance.cost_estimate import create_placeholder_image
        from ddrm_core.performance.run_times import RunTimeEstimator
        from ddrm_core.restoration.run import create_jpeg_run

        limits = self._prior_cache.pixel_limits or DEFAULT_PIXEL_LIMITS
        size = (shape.width, shape.height)
        image = create_placeholder_image(Path(), size, shape.channels)
        run = create_jpeg_run(image, prior, sampler, seed=0, limits=limits)
        throughput, _ = self._throughput_cache.find_or_measure(run, token)
        return RunTimeEstimator(prior, sampler, throughput, limits=limits)

    def _sample_item(
        self, item: BatchItem, settings: CommonSettings, prior: Prior, token: CancelToken
    ) -> _ItemSample | None:
        """Return the expected result of an item; None if its result is no estimate for others.

        A file that is not a JPEG, or that cannot be restored, is no such file.
        """
        texture = settings.restore_settings_of(item).sampler
        sampler = replace(
            PRESETS[Preset.DRAFT],
            sigma_factor=texture.sigma_factor,
            sigma_factor_below=texture.sigma_factor_below,
        )
        try:
            modified_ns = os.stat(item.source).st_mtime_ns
        except OSError:
            return None
        file_version = (item.source, modified_ns)
        key = (file_version, prior.info.sha256, sampler, settings.export, settings.suffix)
        if key not in self._samples:
            self._samples[key] = _measure_sample(item.source, settings, prior, sampler, token)
        return self._samples[key]


def _measure_sample(
    source: Path,
    settings: CommonSettings,
    prior: Prior,
    sampler: SamplerSettings,
    token: CancelToken,
) -> _ItemSample | None:
    from ddrm_core.export.expected_size import estimate_unrestored_file
    from ddrm_core.jpeg.read import read_jpeg

    try:
        began = time.perf_counter()
        image = read_jpeg(source, tolerate_damage=True)
        reading_seconds = time.perf_counter() - began
        expected: ExpectedResult = estimate_unrestored_file(
            image, prior, sampler, source.with_suffix(settings.suffix), settings.export, token
        )
    except CoreError:
        return None
    return _ItemSample(expected.byte_count, reading_seconds + expected.encoding_seconds)


def _count_sources(readable_items: Sequence[_ReadableItem], file_count: int) -> BatchCost:
    return BatchCost(file_count, sum(readable.shape.byte_count for readable in readable_items))


def _add_seconds(cost: BatchCost, seconds_by_item: Mapping[int, float]) -> BatchCost:
    return replace(
        cost, seconds=sum(seconds_by_item.values()), seconds_by_item=dict(seconds_by_item)
    )


def _add_samples(
    cost: BatchCost,
    readable_items: Sequence[_ReadableItem],
    run_seconds: Mapping[int, float],
    sizes: Sequence[SourceSize],
    samples: Mapping[int, _ItemSample],
) -> BatchCost:
    """Return the cost with the size of the results, and with the time to read and encode files."""
    result_sizes = estimate_result_sizes(
        sizes, {index: sample.byte_count for index, sample in samples.items()}
    )
    bytes_by_item = {
        readable.item.item_id: size
        for readable, size in zip(readable_items, result_sizes, strict=True)
    }
    file_seconds_per_pixel = median(
        sample.seconds / sizes[index].pixel_count for index, sample in samples.items()
    )
    seconds = {
        readable.item.item_id: run_seconds[readable.item.item_id]
        + file_seconds_per_pixel * readable.shape.pixel_count
        for readable in readable_items
    }
    result_bytes = sum(result_sizes)
    sized_cost = replace(cost, result_bytes=result_bytes, bytes_by_item=bytes_by_item)
    return _add_seconds(sized_cost, seconds)
