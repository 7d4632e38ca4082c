"""The expected time and memory of a run or batch, printed before it starts."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from app.cli.console import print_note
from app.cli.output_mode import current_output_mode
from app.config.throughput_store import ThroughputKey, find_size_class, open_throughput_store
from app.i18n.formatting import (
    format_approximate_duration,
    format_approximate_size,
    format_count,
)
from ddrm_core.cancel import CancelToken
from ddrm_core.performance.recorded_throughput import RecordedThroughput, count_network_pixels

if TYPE_CHECKING:  # loads torch; usage errors are reported without it
    from ddrm_core.problems.protocols import MeasuredImage
    from ddrm_core.restoration.restore import Restoration
    from ddrm_core.restoration.run import Run
    from ddrm_core.sampler.settings import SamplerSettings

# A measurement may take this share of the time of the runs that it is made for.
_MAX_MEASURED_SHARE = 0.2
# In shorter runs, a large part of the time is not that of the network.
MIN_RECORDED_SECONDS = 1.0


@dataclass(frozen=True, slots=True)
class ImageShape:
    """The size of an image that is going to be restored.

    Attributes:
        size: Width and height in pixels.
        channels: Number of channels: 1 gray, 3 RGB, 4 CMYK.
    """

    size: tuple[int, int]
    channels: int

    @property
    def pixel_count(self) -> int:
        return self.size[0] * self.size[1]


def is_estimate_wanted() -> bool:
    """Return whether somebody reads standard error while the command runs."""
    return sys.stderr.isatty() and not current_output_mode().is_quiet


def print_run_estimate(run: Run[MeasuredImage]) -> None:
    """Print the expected time and memory of a run on a terminal, nothing elsewhere."""
    if is_estimate_wanted():
        width, height = run.output_region.width, run.output_region.height
        shape = ImageShape((width, height), run.image.channels)
        print_note(format_estimate(run.image.path.name, [shape], run))


def format_estimate(name: str, shapes: Sequence[ImageShape], run: Run[MeasuredImage]) -> str:
    """Return the expected time and memory as text, without a period.

    If the throughput of the prior is not recorded, and the runs are much longer than a measurement,
    the throughput is measured on a part of the image of `run`.

    Args:
        name: Name of the file, or number of the files.
        shapes: Sizes of all images that are going to be restored, at least one.
        run: Run of the largest image, whose prior and settings are those of all runs.
    """
    from ddrm_core.performance.cost_estimate import estimate_memory

    memory = estimate_memory(run)
    text = f"{format_approximate_size(memory.needed_bytes)} of memory on {run.prior.device.type}"
    seconds = _estimate_seconds(shapes, run)
    if seconds is not None:
        text = f"{format_approximate_duration(seconds)} and {text}"
    if not memory.is_sufficient:
        text += ", which is more than is free: smaller parts will be computed at once"
    return f"{name}: about {text}"


def estimate_recorded_seconds(
    shapes: Sequence[ImageShape], prior_name: str, device: str, settings: SamplerSettings
) -> float | None:
    """Return the expected wall time of runs by the recorded throughput, without loading the prior.

    Args:
        shapes: Sizes of the images.
        prior_name: Name of the prior.
        device: Kind of the device: cpu, cuda or mps.
        settings: Sampler settings of the runs.

    Returns:
        The time in seconds, None if the throughput for an image of this size is not recorded.
    """
    store, count, seconds = open_throughput_store(), settings.evaluation_count, 0.0
    for shape in shapes:
        key = _create_key(prior_name, device, settings.correction, shape)
        throughput = store.find(key)
        if throughput is None:
            return None
        seconds += throughput.estimate_seconds(shape.size, shape.channels, count)
    return seconds


def format_file_count(count: int) -> str:
    """Return a number of files as text, such as "1 file"."""
    return "1 file" if count == 1 else f"{format_count(count)} files"


def record_run_throughput(result: Restoration[MeasuredImage]) -> None:
    """Record the throughput of a finished run for later estimates.

    A run of less than a second and a run with memory fallbacks are ignored.
    """
    from ddrm_core.performance.cost_estimate import compute_workload

    if result.complete and not result.fallbacks and result.seconds >= MIN_RECORDED_SECONDS:
        pixels = compute_workload(result.run).network_pixels
        border = result.run.prior.network.border
        throughput = RecordedThroughput(result.seconds / pixels, border)
        region = result.run.output_region
        shape = ImageShape((region.width, region.height), result.run.image.channels)
        open_throughput_store().record(_create_run_key(result.run, shape), throughput)


def record_batch_throughput(
    seconds_by_shape: Sequence[tuple[ImageShape, float]], run: Run[MeasuredImage]
) -> None:
    """Record the throughput of finished runs for later estimates, by class of size.

    Classes with less than a second are ignored.

    Args:
        seconds_by_shape: Size of each image, and wall time of its run in seconds.
        run: Any run with their prior and settings.
    """
    border, evaluations = run.prior.network.border, run.settings.evaluation_count
    totals: dict[ThroughputKey, tuple[float, int]] = {}
    for shape, seconds in seconds_by_shape:
        key = _create_run_key(run, shape)
        pixels = count_network_pixels(shape.size, shape.channels, evaluations, border)
        total_seconds, total_pixels = totals.get(key, (0.0, 0))
        totals[key] = (total_seconds + seconds, total_pixels + pixels)
    for key, (total_seconds, total_pixels) in totals.items():
        if total_seconds >= MIN_RECORDED_SECONDS:
            throughput = RecordedThroughput(total_seconds / total_pixels, border)
            open_throughput_store().record(key, throughput)


def _create_run_key(run: Run[MeasuredImage], shape: ImageShape) -> ThroughputKey:
    prior, correction = run.prior, run.settings.correction
    return _create_key(prior.info.name, prior.device.type, correction, shape)


def _create_key(prior_name: str, device: str, correction: str, shape: ImageShape) -> ThroughputKey:
    import torch

    threads, size_class = torch.get_num_threads(), find_size_class(shape.pixel_count)
    return ThroughputKey(prior_name, device, threads, correction, size_class)


def _estimate_seconds(shapes: Sequence[ImageShape], run: Run[MeasuredImage]) -> float | None:
    """Return the time of runs by recorded throughputs or by a measured one; None without both."""
    from ddrm_core.performance.cost_estimate import (
        compute_workload,
        create_timing_run,
        measure_throughput,
    )

    prior, settings = run.prior, run.settings
    recorded = estimate_recorded_seconds(shapes, prior.info.name, prior.device.type, settings)
    if recorded is not None:
        return recorded
    border, evaluations = prior.network.border, settings.evaluation_count
    pixels = sum(count_network_pixels(s.size, s.channels, evaluations, border) for s in shapes)
    if compute_workload(create_timing_run(run)).network_pixels > _MAX_MEASURED_SHARE * pixels:
        return None
    return measure_throughput(run, CancelToken()).seconds_per_pixel * pixels
