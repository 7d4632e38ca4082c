"""Finding out how long a run would take, and how much memory."""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import dataclass
from threading import Lock
from typing import TYPE_CHECKING

from app.jobs.run.prior_cache import PriorCache
from app.jobs.run.restore import choose_output_selection
from app.jobs.run.restore_request import RestoreRequest
from app.jobs.run.result import RunResult
from ddrm_core.cancel import CancelToken
from ddrm_core.jpeg.image import JpegImage

# Functions below import what needs torch when they run, for the reason given in `PriorCache`.
if TYPE_CHECKING:
    from ddrm_core.performance.cost_estimate import MemoryRequirement, Throughput, Workload
    from ddrm_core.problems.protocols import MeasuredImage
    from ddrm_core.restoration.run import Run

_ThroughputKey = tuple[str, str, str, str, bool]


@dataclass(frozen=True, slots=True)
class CostEstimate:
    """What a run would take.

    Attributes:
        seconds: Wall time.
        workload: What it would do.
        memory: At its peak.
        is_from_earlier_run: Whether its pace is that of an earlier run and not of a step that was
            timed.
    """

    seconds: float
    workload: Workload
    memory: MemoryRequirement
    is_from_earlier_run: bool


class ThroughputCache:
    """How fast priors are with different settings, as far as that is known. Thread-safe."""

    def __init__(self) -> None:
        self._entries: dict[_ThroughputKey, tuple[Throughput, bool]] = {}
        self._lock = Lock()

    def find_for_run(self, run: Run[MeasuredImage]) -> tuple[Throughput, bool] | None:
        """And whether a whole run has shown it."""
        with self._lock:
            return self._entries.get(_throughput_key(run))

    def record(
        self, run: Run[MeasuredImage], throughput: Throughput, *, is_from_earlier_run: bool
    ) -> None:
        """What was found out last counts."""
        with self._lock:
            self._entries[_throughput_key(run)] = (throughput, is_from_earlier_run)


def _throughput_key(run: Run[MeasuredImage]) -> _ThroughputKey:
    """What makes a difference of more than a few per cent."""
    from ddrm_core.restoration.executor import uses_dihedral_views

    prior = run.prior
    return (
        prior.info.sha256,
        str(prior.device),
        str(prior.precision),
        run.settings.correction,
        uses_dihedral_views(run),
    )


def estimate_cost_job(
    prior_cache: PriorCache,
    throughput_cache: ThroughputCache,
    request: RestoreRequest,
    token: CancelToken,
) -> Generator[None, None, CostEstimate | None]:
    """Time a step where no pace is known; None where the prior would have to be loaded for that.

    Only the bundled one, which is small, is loaded.

    Raises:
        Cancelled: `token` was cancelled.
        UnknownDevice, BadPrior, UnreadableFile, NoRoomForPrior, PriorNotHere, OutOfMemory: As
            `create_run_from_request`; the run itself would say so.
    """
    from ddrm_core.device.execution_limits import DEFAULT_PIXEL_LIMITS
    from ddrm_core.performance.cost_estimate import (
        compute_workload,
        create_placeholder_image,
        estimate_memory,
        measure_throughput,
    )
    from ddrm_core.restoration.run import create_jpeg_run

    yield from ()
    if request.prior_name is not None and not prior_cache.is_loaded(
        request.device_name, request.prior_name
    ):
        return None
    source = request.source
    prior = prior_cache.load(request.device_name, request.prior_name)
    token.raise_if_cancelled()
    # What is assumed of a compression takes long to work out, and changes the work by nothing.
    image = source
    if not isinstance(image, JpegImage):
        image = create_placeholder_image(source.path, source.size, len(image.pixels))
    run = create_jpeg_run(
        image,
        prior,
        request.sampler_settings,
        seed=request.seed,
        region=request.region,
        limits=prior_cache.pixel_limits or DEFAULT_PIXEL_LIMITS,
    )
    workload, memory = compute_workload(run), estimate_memory(run, choose_output_selection(run))
    entry = throughput_cache.find_for_run(run)
    if entry is None:
        entry = (measure_throughput(run, token), False)
        throughput_cache.record(run, entry[0], is_from_earlier_run=False)
    throughput, is_from_earlier_run = entry
    return CostEstimate(
        workload.estimate_seconds(throughput), workload, memory, is_from_earlier_run
    )


def record_throughput(throughput_cache: ThroughputCache, result: RunResult) -> None:
    """Note the pace of a run that has ended."""
    from ddrm_core.performance.cost_estimate import Throughput, compute_workload

    restoration = result.restoration
    if restoration.complete and not restoration.fallbacks:
        pixels = compute_workload(restoration.run).network_pixels
        throughput_cache.record(
            restoration.run, Throughput(restoration.seconds / pixels), is_from_earlier_run=True
        )
