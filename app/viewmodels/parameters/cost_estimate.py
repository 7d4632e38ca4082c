"""View model of the cost estimate of the next run."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import partial
from typing import TYPE_CHECKING

from app.i18n.formatting import format_approximate_duration, format_approximate_size, format_count
from app.i18n.translation import tr
from app.jobs.parameters.cost_estimate import (
    CostEstimate,
    estimate_cost_job,
    record_throughput,
)
from app.jobs.run.prior_cache import PriorCache
from app.jobs.run.restore_request import RestoreRequest
from app.jobs.run.result import RunResult
from app.jobs.run.throughput_cache import ThroughputCache
from app.jobs.worker import JobOutcome, JobRunner, job_from_function
from app.viewmodels.state_view_model import JobViewModel
from ddrm_core.sampler.settings import Preset

if TYPE_CHECKING:  # imports torch, see `PriorCache`
    from ddrm_core.performance.cost_estimate import MemoryRequirement


@dataclass(frozen=True, slots=True)
class CostEstimateState:
    """Cost estimate of the next run, or the progress of its computation.

    Attributes:
        cost_estimate: Estimate for the current parameters; None if it is not known.
        is_estimating: Whether the estimate is being computed.
        is_prior_unloaded: Whether the estimate is not known because the prior has not been loaded
            yet.
        preset_seconds: Times of runs with the built-in presets in seconds; without presets whose
            time is not known.
    """

    cost_estimate: CostEstimate | None = None
    is_estimating: bool = False
    is_prior_unloaded: bool = False
    preset_seconds: Mapping[Preset, float] = field(default_factory=dict)


def cost_estimate_text(state: CostEstimateState) -> str:
    """Return the line with the expected time and memory, empty if nothing is known."""
    cost_estimate = state.cost_estimate
    if cost_estimate is None:
        if state.is_estimating:
            return tr("Estimating time…")
        return tr("Time: known once this model has been used") if state.is_prior_unloaded else ""
    text = tr("About {time} and {memory} of memory").format(
        time=format_approximate_duration(cost_estimate.seconds),
        memory=format_approximate_size(cost_estimate.memory.needed_bytes),
    )
    if cost_estimate.memory.is_sufficient:
        return text
    return tr("{forecast}. That is more than is free: it will take less at a time.").format(
        forecast=text
    )


def is_memory_insufficient(state: CostEstimateState) -> bool:
    """Return whether the next run needs more memory than is free."""
    return state.cost_estimate is not None and not state.cost_estimate.memory.is_sufficient


def preset_time_texts(state: CostEstimateState) -> dict[Preset, str]:
    """Return the expected times of runs with the presets, as text."""
    return {
        preset: format_approximate_duration(seconds)
        for preset, seconds in state.preset_seconds.items()
    }


def cost_estimate_tooltip(state: CostEstimateState) -> str:
    """Return the tooltip that explains the source of the cost estimate."""
    cost_estimate = state.cost_estimate
    if cost_estimate is None:
        return ""
    workload = cost_estimate.workload
    lines = [
        tr("From how fast your last run with this model and device was.")
        if cost_estimate.is_from_earlier_run
        else tr("From a step that was timed on a small part of this picture."),
        tr("{evaluations} evaluations of the model, in {parts} parts of the picture.").format(
            evaluations=format_count(workload.evaluations), parts=format_count(workload.tile_count)
        )
        if workload.tile_count > 1
        else tr("{evaluations} evaluations of the model.").format(
            evaluations=format_count(workload.evaluations)
        ),
        _memory_tooltip_line(cost_estimate.memory),
    ]
    return "\n".join(lines)


def _memory_tooltip_line(memory: MemoryRequirement) -> str:
    if memory.free_bytes is None:
        return tr("Memory is what the run takes at its peak, besides what is in use now.")
    return tr(
        "Memory is what the run takes at its peak, besides what is in use now; {free} are free."
    ).format(free=format_approximate_size(memory.free_bytes))


class CostEstimateViewModel(JobViewModel[CostEstimateState]):
    """View model of the cost estimate, which is computed on a worker thread."""

    def __init__(
        self, runner: JobRunner, prior_cache: PriorCache, throughput_cache: ThroughputCache
    ) -> None:
        super().__init__(CostEstimateState(), runner)
        self._prior_cache = prior_cache
        self._throughput_cache = throughput_cache

    def start(self, request: RestoreRequest) -> None:
        """Start the cost estimate of a run; discard the computation in progress."""
        self.cancel()
        self._set_state(replace(self._state, is_estimating=True))
        job = partial(estimate_cost_job, self._prior_cache, self._throughput_cache, request)
        self._job_id = self._runner.start(job)

    def cancel(self) -> None:
        """Discard the computation in progress, and keep the latest cost estimate."""
        self._runner.discard(self._job_id)
        self._set_state(replace(self._state, is_estimating=False))

    def clear(self, *, are_preset_times_valid: bool = False) -> None:
        """Discard the cost estimate and the computation in progress.

        Args:
            are_preset_times_valid: Whether the times of the presets are kept, which do not depend
                on the settings of the sampler.
        """
        self.cancel()
        kept_seconds = self._state.preset_seconds if are_preset_times_valid else {}
        self._set_state(CostEstimateState(preset_seconds=kept_seconds))

    def record_throughput(self, result: RunResult) -> None:
        """Record the throughput of a finished run, on which later cost estimates are based."""
        self._runner.start(
            job_from_function(partial(record_throughput, self._throughput_cache, result))
        )

    def _on_job_ended(self, outcome: JobOutcome) -> None:
        # If the estimate failed, the run itself will report the error.
        cost_estimate = outcome.result if isinstance(outcome.result, CostEstimate) else None
        self._set_state(
            CostEstimateState(
                cost_estimate,
                is_prior_unloaded=cost_estimate is None and outcome.error is None,
                preset_seconds={} if cost_estimate is None else cost_estimate.preset_seconds,
            )
        )
