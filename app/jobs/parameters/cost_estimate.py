"""Job that estimates the time and memory of a run."""

from __future__ import annotations

from collections.abc import Generator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from app.jobs.run.prior_cache import PriorCache
from app.jobs.run.restore import choose_output_selection
from app.jobs.run.restore_request import RestoreRequest
from app.jobs.run.result import RunResult
from app.jobs.run.throughput_cache import ThroughputCache
from ddrm_core.cancel import CancelToken
from ddrm_core.jpeg.image import JpegImage
from ddrm_core.sampler.settings import PRESET_PRIORS, PRESETS, Preset

# torch takes seconds to import, so the functions below import it when they run; see `PriorCache`.
if TYPE_CHECKING:
    from ddrm_core.performance.cost_estimate import MemoryRequirement, Throughput, Workload
    from ddrm_core.restoration.run import Run


@dataclass(frozen=True, slots=True)
class CostEstimate:
    """Estimated time and memory of a run.

    Attributes:
        seconds: Estimated wall time.
        workload: Amount of work of the run.
        memory: Estimated memory at the run's peak.
        is_from_earlier_run: Whether the throughput was measured in an earlier run and not in a
            timed step.
        preset_seconds: Estimated wall times with the built-in presets instead of the settings of
            the run; without presets that name another prior.
    """

    seconds: float
    workload: Workload
    memory: MemoryRequirement
    is_from_earlier_run: bool
    preset_seconds: Mapping[Preset, float] = field(default_factory=dict)


def estimate_cost_job(
    prior_cache: PriorCache,
    throughput_cache: ThroughputCache,
    request: RestoreRequest,
    token: CancelToken,
) -> Generator[None, None, CostEstimate | None]:
    """Estimate time and memory of a requested run.

    If the throughput is unknown, one step is executed and timed.

    Returns:
        The estimate; None if an imported prior would have to be loaded. Only the bundled prior and
        packaged priors, which are small, are loaded for an estimate.

    Raises:
        OperationCancelled: If `token` was cancelled.
        UnknownDevice, InvalidPrior, UnreadableFile, InsufficientMemory, PriorNotInstalled,
            OutOfMemory: See `create_run_from_request`; the run itself would fail likewise.
    """
    from ddrm_core.device.execution_limits import DEFAULT_PIXEL_LIMITS
    from ddrm_core.performance.cost_estimate import (
        compute_workload,
        create_placeholder_image,
        estimate_memory,
    )
    from ddrm_core.restoration.run import create_jpeg_run

    yield from ()
    settings = request.settings
    if not prior_cache.is_small_or_loaded(settings.device, settings.prior):
        return None
    prior = prior_cache.load(settings.device, settings.prior)
    token.raise_if_cancelled()
    # Levels under an assumption take long to compute and do not change the workload.
    image = source = request.source
    if not isinstance(image, JpegImage):
        image = create_placeholder_image(source.path, source.size, len(image.pixels))
    run = create_jpeg_run(
        image,
        prior,
        settings.sampler,
        seed=settings.seed,
        region=request.region,
        limits=prior_cache.pixel_limits or DEFAULT_PIXEL_LIMITS,
    )
    workload, memory = compute_workload(run), estimate_memory(run, choose_output_selection(run))
    throughput, is_from_earlier_run = throughput_cache.find_or_measure(run, token)
    return CostEstimate(
        workload.estimate_seconds(throughput),
        workload,
        memory,
        is_from_earlier_run,
        _estimate_preset_seconds(run, throughput_cache, throughput),
    )


def _estimate_preset_seconds(
    run: Run[JpegImage], throughput_cache: ThroughputCache, throughput: Throughput
) -> dict[Preset, float]:
    """Estimate the times of runs like `run` with the built-in presets.

    Args:
        run: Run with the current settings.
        throughput_cache: Throughputs of earlier runs, which are preferred.
        throughput: Throughput of `run`, which other settings change by a few percent.
    """
    from ddrm_core.performance.cost_estimate import compute_workload
    from ddrm_core.restoration.run import create_run

    seconds: dict[Preset, float] = {}
    for preset, settings in PRESETS.items():
        if PRESET_PRIORS.get(preset, run.prior.info.name) != run.prior.info.name:
            continue
        preset_run = create_run(
            run.problem, run.prior, settings, seed=run.seed, region=run.region, limits=run.limits
        )
        known = throughput_cache.find_for_run(preset_run)
        workload = compute_workload(preset_run)
        seconds[preset] = workload.estimate_seconds(throughput if known is None else known[0])
    return seconds


def record_throughput(throughput_cache: ThroughputCache, result: RunResult) -> None:
    """Store the throughput that a run had, for cost estimates of later runs.

    A stopped run and a run with memory fallbacks are ignored.
    """
    from ddrm_core.performance.cost_estimate import Throughput, compute_workload

    restoration = result.restoration
    if restoration.complete and not restoration.fallbacks:
        pixels = compute_workload(restoration.run).network_pixels
        throughput_cache.record(
            restoration.run, Throughput(restoration.seconds / pixels), is_from_earlier_run=True
        )
