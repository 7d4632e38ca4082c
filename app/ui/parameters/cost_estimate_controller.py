"""When forecasts are made, and where they are shown."""

from __future__ import annotations

from PySide6.QtCore import QObject, QTimer, Slot
from PySide6.QtWidgets import QWidget

from app.ui.parameters.parameter_panel import ParameterPanel
from app.viewmodels.document.document import DocumentOpening, DocumentState, DocumentViewModel
from app.viewmodels.parameters.cost_estimate import (
    CostEstimateState,
    CostEstimateViewModel,
    cost_estimate_text,
    cost_estimate_tooltip,
)
from app.viewmodels.parameters.parameters import ParametersState, ParametersViewModel
from app.viewmodels.run.run import (
    PreparingResult,
    ResultReady,
    RunInProgress,
    RunState,
    RunViewModel,
    build_restore_request,
)

# Nothing happens for so long before a step is timed.
_IDLE_DELAY_MS = 1000


class CostEstimateController(QObject):
    """Has the next run forecast once nothing has been asked for a moment.

    What is being timed is given up as soon as a run begins or a file is opened.
    """

    def __init__(
        self,
        window: QWidget,
        cost_estimate: CostEstimateViewModel,
        document: DocumentViewModel,
        parameters: ParametersViewModel,
        run: RunViewModel,
        *,
        panel: ParameterPanel,
    ) -> None:
        super().__init__(window)
        self._cost_estimate = cost_estimate
        self._document = document
        self._parameters = parameters
        self._run = run
        self._panel = panel
        self._recorded_restoration: object = None  # the restoration whose pace was noted last
        self._last_parameters: ParametersState | None = None
        self._idle_timer = QTimer(self)
        self._idle_timer.setSingleShot(True)
        self._idle_timer.setInterval(_IDLE_DELAY_MS)
        self._idle_timer.timeout.connect(self._on_idle_timeout)
        cost_estimate.state_changed.connect(self._on_cost_estimate_changed)
        document.state_changed.connect(self._on_document_changed)
        parameters.state_changed.connect(self._on_parameters_changed)
        run.state_changed.connect(self._on_run_changed)

    def stop(self) -> None:
        """The window closes."""
        self._idle_timer.stop()
        self._cost_estimate.cancel()

    @Slot()
    def _on_idle_timeout(self) -> None:
        document, parameters = self._document.document, self._parameters.state
        if document is not None and not self._is_busy:
            self._last_parameters = parameters
            self._cost_estimate.start(build_restore_request(document, parameters))

    @property
    def _is_busy(self) -> bool:
        is_opening = isinstance(self._document.state, DocumentOpening)
        return is_opening or isinstance(self._run.state, RunInProgress | PreparingResult)

    def _schedule_cost_estimate(self) -> None:
        """What is known is of something else."""
        self._cost_estimate.clear()
        if self._document.document is not None and not self._is_busy:
            self._idle_timer.start()

    @Slot(object)
    def _on_document_changed(self, state: DocumentState) -> None:
        if isinstance(state, DocumentOpening):
            self._idle_timer.stop()
            self._cost_estimate.cancel()
        else:
            self._schedule_cost_estimate()

    @Slot(object)
    def _on_parameters_changed(self, state: ParametersState) -> None:
        if self._last_parameters is None or _cost_factors(state) != _cost_factors(
            self._last_parameters
        ):
            self._last_parameters = state
            self._schedule_cost_estimate()

    @Slot(object)
    def _on_run_changed(self, state: RunState) -> None:
        if not isinstance(state, ResultReady):
            self._recorded_restoration = None  # or it would stay in memory
        match state:
            case RunInProgress():
                self._idle_timer.stop()
                self._cost_estimate.cancel()
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

    @Slot(object)
    def _on_cost_estimate_changed(self, state: CostEstimateState) -> None:
        self._panel.show_cost_estimate(cost_estimate_text(state), cost_estimate_tooltip(state))


def _cost_factors(state: ParametersState) -> tuple[object, ...]:
    """What a forecast depends on."""
    return state.settings, state.device, state.prior
