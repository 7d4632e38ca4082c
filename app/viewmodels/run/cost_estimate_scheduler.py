"""Scheduler of the cost estimate of the next run."""

from __future__ import annotations

from PySide6.QtCore import QObject, QTimer, Slot

from app.viewmodels.document.document import DocumentOpening, DocumentState, DocumentViewModel
from app.viewmodels.parameters.cost_estimate import CostEstimateViewModel
from app.viewmodels.parameters.parameters import ParametersState, ParametersViewModel
from app.viewmodels.parameters.restore_obstacle import find_restore_obstacle
from app.viewmodels.run.restore_request import build_restore_request
from app.viewmodels.run.run import (
    PreparingResult,
    ResultReady,
    RunInProgress,
    RunState,
    RunViewModel,
)

IDLE_DELAY_MS = 1000
"""Idle time before a step of the prior is measured."""


class CostEstimateScheduler(QObject):
    """Timer that starts a cost estimate when the user has changed nothing for a moment.

    The cost estimate in progress is canceled when a run begins or a file is opened.
    """

    def __init__(
        self,
        cost_estimate: CostEstimateViewModel,
        document: DocumentViewModel,
        parameters: ParametersViewModel,
        run: RunViewModel,
        *,
        idle_delay_ms: int = IDLE_DELAY_MS,
    ) -> None:
        super().__init__(cost_estimate)
        self._cost_estimate = cost_estimate
        self._document = document
        self._parameters = parameters
        self._run = run
        self._recorded_restoration: object = None  # the one whose throughput was recorded last
        self._last_parameters: ParametersState | None = None
        self._idle_timer = QTimer(self)
        self._idle_timer.setSingleShot(True)
        self._idle_timer.setInterval(idle_delay_ms)
        self._idle_timer.timeout.connect(self._on_idle_timeout)
        document.state_changed.connect(self._on_document_changed)
        parameters.state_changed.connect(self._on_parameters_changed)
        run.state_changed.connect(self._on_run_changed)

    def stop(self) -> None:
        """Cancel the cost estimate that is scheduled or in progress."""
        self._idle_timer.stop()
        self._cost_estimate.cancel()

    @Slot()
    def _on_idle_timeout(self) -> None:
        document, parameters = self._document.document, self._parameters.state
        if document is not None and not self._is_busy and self._is_restorable:
            self._last_parameters = parameters
            self._cost_estimate.start(build_restore_request(document, parameters))

    @property
    def _is_busy(self) -> bool:
        is_opening = isinstance(self._document.state, DocumentOpening)
        return is_opening or isinstance(self._run.state, RunInProgress | PreparingResult)

    @property
    def _is_restorable(self) -> bool:
        document = self._document.document
        return document is not None and (
            find_restore_obstacle(document, self._parameters.state) is None
        )

    def _schedule(self, *, are_preset_times_valid: bool = False) -> None:
        """Clear the outdated cost estimate, and schedule a new one if the file can be restored."""
        self._cost_estimate.clear(are_preset_times_valid=are_preset_times_valid)
        if not self._is_busy and self._is_restorable:
            self._idle_timer.start()

    @Slot(object)
    def _on_document_changed(self, state: DocumentState) -> None:
        if isinstance(state, DocumentOpening):
            self.stop()
        else:
            self._schedule()

    @Slot(object)
    def _on_parameters_changed(self, state: ParametersState) -> None:
        last, self._last_parameters = self._last_parameters, state
        if last is None or _speed_factors(state) != _speed_factors(last):
            self._schedule()
        elif state.settings.sampler != last.settings.sampler:
            self._schedule(are_preset_times_valid=True)

    @Slot(object)
    def _on_run_changed(self, state: RunState) -> None:
        if not isinstance(state, ResultReady):
            self._recorded_restoration = None  # or it would stay in memory
        match state:
            case RunInProgress():
                self.stop()
            case ResultReady(result=result):
                # Sliders change the result's state, not the run.
                if result.restoration is not self._recorded_restoration:
                    self._recorded_restoration = result.restoration
                    self._cost_estimate.record_throughput(result)
                    self._idle_timer.start()
            case PreparingResult():
                self._idle_timer.stop()
            case _:
                self._idle_timer.start()


def _speed_factors(state: ParametersState) -> tuple[object, ...]:
    """Return the parameters besides those of the sampler that time and memory depend on.

    Problem, bits and quality factor decide whether the file can be restored at all.
    """
    settings = state.settings
    is_quality_assumed = settings.assumption.quality is not None
    return settings.device, settings.prior, state.problem, state.bits, is_quality_assumed
