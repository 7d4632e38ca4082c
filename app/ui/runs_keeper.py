"""What the user goes through to compare runs and to go back to one."""

from __future__ import annotations

from PySide6.QtCore import QObject, Slot
from PySide6.QtWidgets import QWidget

from app.language import tr
from app.ui.drawer import Drawer
from app.ui.explore_actions import ExploreActions
from app.ui.looking import Looking
from app.ui.runs_page import RunsPage
from app.viewmodels.compare import BEFORE
from app.viewmodels.gallery import EarlierRun
from app.viewmodels.parameters import ParametersViewModel
from app.viewmodels.runs import RunsState, RunsViewModel


class RunsKeeper(QObject):
    """Connects the page of the runs with what they can do."""

    def __init__(
        self,
        window: QWidget,
        actions: ExploreActions,
        runs: RunsViewModel,
        parameters: ParametersViewModel,
        looking: Looking,
        *,
        drawer: Drawer,
    ) -> None:
        super().__init__(window)
        self._runs = runs
        self._parameters = parameters
        self._looking = looking
        self.page = RunsPage()
        drawer.add_page(self.page, tr("Runs"), tr("What the runs of this session gave"))
        actions.runs.triggered.connect(lambda _checked: drawer.toggle_page(self.page))
        self.page.compare_wanted.connect(self._on_compare)
        self.page.return_wanted.connect(self._on_return)
        self.page.use_wanted.connect(self._on_use)
        self.page.remove_wanted.connect(runs.remove)
        runs.state_changed.connect(self._on_runs_changed)

    @Slot(int)
    def _on_compare(self, number: int) -> None:
        self._looking.look_at(EarlierRun(number), BEFORE)

    @Slot(int)
    def _on_return(self, number: int) -> None:
        self._on_use(number)
        self._runs.return_to(number)

    @Slot(int)
    def _on_use(self, number: int) -> None:
        past = self._runs.state.find(number)
        if past is not None:
            self._parameters.take(past.request)

    @Slot(object)
    def _on_runs_changed(self, state: RunsState) -> None:
        self.page.show_runs(state)
