"""View model of the expected cost of a batch that has not started."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import partial

from PySide6.QtCore import QTimer, Slot

from app.jobs.batch.batch_cost import BatchCost, BatchCostEstimator, BatchCostRequest
from app.jobs.batch.batch_items import BatchItem, CommonSettings
from app.jobs.worker import JobOutcome, JobRunner
from app.viewmodels.batch.batch_state import BatchState
from app.viewmodels.run.run import RunInProgress, RunState
from app.viewmodels.state_view_model import JobViewModel, StateViewModel

IDLE_DELAY_MS = 800
"""Time without a change of the batch after which its cost is estimated."""


@dataclass(frozen=True, slots=True)
class BatchCostState:
    """The expected cost of the pending items, or the progress of its computation.

    Attributes:
        cost: Latest estimate for the current settings; None if it is not known.
        is_estimating: Whether a more exact estimate is being computed or about to be.
    """

    cost: BatchCost | None = None
    is_estimating: bool = False


NO_COST = BatchCostState()
"""State without an estimate."""


class BatchCostViewModel(JobViewModel[BatchCostState]):
    """View model of the cost of a batch, which is estimated while the batch is idle.

    No throughput is measured while another run is in progress, because the run would be slower and
    the measurement too high.
    """

    def __init__(
        self,
        runner: JobRunner,
        batch: StateViewModel[BatchState],
        run: StateViewModel[RunState],
        estimator: BatchCostEstimator,
        *,
        idle_delay_ms: int = IDLE_DELAY_MS,
    ) -> None:
        super().__init__(BatchCostState(), runner)
        self._batch, self._run = batch, run
        self._estimator = estimator
        self._inputs: tuple[tuple[BatchItem, ...], CommonSettings | None] = ((), None)
        self._timer = QTimer(self, interval=idle_delay_ms, singleShot=True)
        self._timer.timeout.connect(self._start)
        runner.progressed.connect(self._on_progressed)
        batch.state_changed.connect(self._on_batch_changed)
        run.state_changed.connect(self._on_run_changed)

    def stop(self) -> None:
        """Cancel the estimate that is scheduled or in progress."""
        self._timer.stop()
        self._runner.discard(self._job_id)
        self._job_id = 0

    @Slot(object)
    def _on_batch_changed(self, state: BatchState) -> None:
        if state.is_active or not state.counts.remaining:
            self.stop()
            self._inputs = ((), None)
            self._set_state(BatchCostState())
            return
        items, settings = self._inputs
        if state.items is not items or state.effective_settings != settings:
            self._inputs = (state.items, state.effective_settings)
            self._schedule(clear=state.effective_settings != settings)

    @Slot(object)
    def _on_run_changed(self, state: RunState) -> None:
        if isinstance(state, RunInProgress):
            if self._state.is_estimating:
                self.stop()
        elif self._state.is_estimating and not self._job_id and not self._timer.isActive():
            self._schedule(clear=False)

    def _schedule(self, *, clear: bool) -> None:
        """Start an estimate when nothing has changed for a moment.

        Args:
            clear: Whether the latest estimate is not valid any more.
        """
        self.stop()
        self._set_state(BatchCostState(None if clear else self._state.cost, is_estimating=True))
        self._timer.start()

    @Slot()
    def _start(self) -> None:
        items, settings = self._inputs
        if settings is None or isinstance(self._run.state, RunInProgress):
            return
        pending_items = tuple(item for item in items if item.status.is_pending)
        request = BatchCostRequest(pending_items, settings)
        self._job_id = self._runner.start(partial(self._estimator.estimate, request))

    @Slot(int, object)
    def _on_progressed(self, job_id: int, progress: object) -> None:
        if job_id == self._job_id and isinstance(progress, BatchCost):
            self._show(progress, is_estimating=True)

    def _on_job_ended(self, outcome: JobOutcome) -> None:
        self._job_id = 0
        if isinstance(outcome.result, BatchCost):
            self._show(outcome.result, is_estimating=False)
        else:  # the batch itself will report the error
            self._set_state(BatchCostState())

    def _show(self, cost: BatchCost, *, is_estimating: bool) -> None:
        """Show an estimate; what a first estimate leaves open stays as the latest one had it."""
        latest = self._state.cost
        if latest is not None and is_estimating:
            if cost.seconds is None:
                cost = latest
            elif cost.result_bytes is None:
                cost = replace(
                    cost, result_bytes=latest.result_bytes, bytes_by_item=latest.bytes_by_item
                )
        self._set_state(BatchCostState(cost, is_estimating=is_estimating))
