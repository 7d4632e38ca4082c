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
from app.ui.window.actions import Actions
from app.viewmodels.run.run import RunState, can_restore_remaining
from app.viewmodels.window.window import ViewModels


class Explore(QObject):
    """Builds the keepers of estimates, samples, runs, presets and undo.

    Signals:
        rest_wanted: The rest of a picture is to be restored, around its restored region.
    """

    rest_wanted = Signal()

    def __init__(
        self,
        window: QWidget,
        actions: Actions,
        models: ViewModels,
        *,
        run_bar: RunBar,
        drawer: BottomPanel,
        message: MessageBar,
        panel: ParameterPanel,
    ) -> None:
        super().__init__(window)
        looking, explore = ImagePresenter(models.gallery, models.compare), models.explore
        self.timeline = TimelineController(
            window, actions.run, explore.timeline, looking, strip=run_bar.timeline_strip
        )
        self.samples = SamplesController(
            window, actions.results, models.run, looking, bottom_panel=drawer
        )
        self.runs = RunHistoryController(
            window,
            actions.results,
            explore.runs,
            models.document,
            models.parameters,
            looking,
            bottom_panel=drawer,
            message_bar=message,
        )
        self.presets = PresetController(
            window,
            actions.parameters,
            explore.presets,
            models.parameters,
            panel=panel,
            message_bar=message,
        )
        self.undo = UndoController(window, actions.parameters, explore.undo, panel=panel)
        self._rest = actions.run.restore_remaining
        self._rest.triggered.connect(lambda _checked: self.rest_wanted.emit())
        models.run.state_changed.connect(self._on_run_changed)
        self._on_run_changed(models.run.state)

    @Slot(object)
    def _on_run_changed(self, state: RunState) -> None:
        self._rest.setEnabled(can_restore_remaining(state))
