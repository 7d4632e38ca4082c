"""Everything with which the user goes through what runs gave."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtWidgets import QWidget

from app.ui.compare.image_presenter import ImagePresenter
from app.ui.parameters.parameter_panel import ParameterPanel
from app.ui.parameters.preset_controller import PresetController
from app.ui.parameters.undo_controller import UndoController
from app.ui.results.history_controller import RunHistoryController
from app.ui.results.samples_controller import SamplesController
from app.ui.run.run_bar import RunBar
from app.ui.run.timeline_controller import TimelineController
from app.ui.widgets.bottom_panel import BottomPanel
from app.ui.widgets.message_bar import MessageBar
from app.ui.window.actions import WindowActions
from app.viewmodels.run.run import RunState, can_restore_remaining
from app.viewmodels.window.window_view_models import WindowViewModels


class ResultControllers(QObject):
    """Builds the keepers of estimates, samples, runs, presets and undo.

    Signals:
        restore_remaining_requested: The rest of a picture is to be restored, around its restored
            region.
    """

    restore_remaining_requested = Signal()

    def __init__(
        self,
        window: QWidget,
        actions: WindowActions,
        view_models: WindowViewModels,
        *,
        run_bar: RunBar,
        bottom_panel: BottomPanel,
        message_bar: MessageBar,
        parameter_panel: ParameterPanel,
    ) -> None:
        super().__init__(window)
        image_presenter = ImagePresenter(view_models.gallery, view_models.compare)
        self.timeline = TimelineController(
            window, actions.run, view_models.timeline, image_presenter, strip=run_bar.timeline_strip
        )
        self.samples = SamplesController(
            window, actions.results, view_models.run, image_presenter, bottom_panel=bottom_panel
        )
        self.run_history = RunHistoryController(
            window,
            actions.results,
            view_models.run_history,
            view_models.document,
            view_models.parameters,
            image_presenter,
            bottom_panel=bottom_panel,
            message_bar=message_bar,
        )
        self.presets = PresetController(
            window,
            actions.parameters,
            view_models.presets,
            view_models.parameters,
            panel=parameter_panel,
            message_bar=message_bar,
        )
        self.undo = UndoController(
            window, actions.parameters, view_models.undo, panel=parameter_panel
        )
        self._restore_remaining_action = actions.run.restore_remaining
        self._restore_remaining_action.triggered.connect(
            lambda _checked: self.restore_remaining_requested.emit()
        )
        view_models.run.state_changed.connect(self._on_run_changed)
        self._on_run_changed(view_models.run.state)

    @Slot(object)
    def _on_run_changed(self, state: RunState) -> None:
        self._restore_remaining_action.setEnabled(can_restore_remaining(state))
