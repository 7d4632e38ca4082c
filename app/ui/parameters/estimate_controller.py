"""When forecasts are made, and where they are shown."""

from __future__ import annotations

from PySide6.QtCore import QObject, QTimer, Slot
from PySide6.QtWidgets import QWidget

from app.ui.parameters.parameter_panel import ParameterPanel
from app.viewmodels.document.document import DocumentOpening, DocumentState, DocumentViewModel
from app.viewmodels.parameters.estimate import (
    ForecastState,
    ForecastViewModel,
    forecast_tip,
    forecast_words,
)
from app.viewmodels.parameters.parameters import ParametersState, ParametersViewModel
from app.viewmodels.run.run import Done, Keeping, Running, RunState, RunViewModel, request_for

# Nothing happens for so long before a step is timed.
_IDLE_MS = 1000


class ForecastKeeper(QObject):
    """Has the next run forecast once nothing has been asked for a moment.

    What is being timed is given up as soon as a run begins or a file is opened.
    """

    def __init__(
        self,
        window: QWidget,
        forecast: ForecastViewModel,
        document: DocumentViewModel,
        parameters: ParametersViewModel,
        run: RunViewModel,
        *,
        panel: ParameterPanel,
    ) -> None:
        super().__init__(window)
        self._forecast = forecast
        self._document = document
        self._parameters = parameters
        self._run = run
        self._panel = panel
        self._learnt: object = None  # the restoration whose pace was noted last
        self._asked: ParametersState | None = None
        self._idle = QTimer(self)
        self._idle.setSingleShot(True)
        self._idle.setInterval(_IDLE_MS)
        self._idle.timeout.connect(self._on_idle)
        forecast.state_changed.connect(self._on_forecast_changed)
        document.state_changed.connect(self._on_document_changed)
        parameters.state_changed.connect(self._on_parameters_changed)
        run.state_changed.connect(self._on_run_changed)

    def stop(self) -> None:
        """The window closes."""
        self._idle.stop()
        self._forecast.cancel()

    @Slot()
    def _on_idle(self) -> None:
        document, parameters = self._document.document, self._parameters.state
        if document is not None and not self._busy:
            self._asked = parameters
            self._forecast.find_out(request_for(document, parameters))

    @property
    def _busy(self) -> bool:
        opening = isinstance(self._document.state, DocumentOpening)
        return opening or isinstance(self._run.state, Running | Keeping)

    def _ask(self) -> None:
        """What is known is of something else."""
        self._forecast.forget()
        if self._document.document is not None and not self._busy:
            self._idle.start()

    @Slot(object)
    def _on_document_changed(self, state: DocumentState) -> None:
        if isinstance(state, DocumentOpening):
            self._idle.stop()
            self._forecast.cancel()
        else:
            self._ask()

    @Slot(object)
    def _on_parameters_changed(self, state: ParametersState) -> None:
        if self._asked is None or _counts(state) != _counts(self._asked):
            self._asked = state
            self._ask()

    @Slot(object)
    def _on_run_changed(self, state: RunState) -> None:
        if not isinstance(state, Done):
            self._learnt = None  # or it would stay in memory
        match state:
            case Running():
                self._idle.stop()
                self._forecast.cancel()
            case Done(restored=restored):
                # Sliders change the result's state, not the run.
                if restored.restoration is not self._learnt:
                    self._learnt = restored.restoration
                    self._forecast.learn(restored)
                    self._idle.start()
            case Keeping():
                self._idle.stop()
            case _:
                self._idle.start()

    @Slot(object)
    def _on_forecast_changed(self, state: ForecastState) -> None:
        self._panel.show_forecast(forecast_words(state), forecast_tip(state))


def _counts(state: ParametersState) -> tuple[object, ...]:
    """What a forecast depends on."""
    return state.settings, state.device, state.prior
