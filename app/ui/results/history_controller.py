"""What the user goes through to compare runs and to go back to one."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QObject, Slot
from PySide6.QtWidgets import QWidget

from app.i18n.translation import tr
from app.ui.compare.image_presenter import ImagePresenter
from app.ui.results.actions import ResultActions
from app.ui.results.history_page import RunsPage
from app.ui.widgets.bottom_panel import Drawer
from app.ui.widgets.message_bar import MessageBar
from app.viewmodels.compare.compare import BEFORE_SLOT
from app.viewmodels.compare.gallery import PastRunKey
from app.viewmodels.document.document import (
    DocumentOpened,
    DocumentState,
    DocumentViewModel,
    OpenRequest,
)
from app.viewmodels.parameters.parameters import ParametersViewModel
from app.viewmodels.results.history import RunsViewModel
from app.viewmodels.results.left_runs import LeftRun, left_message, remembered_message
from app.viewmodels.results.past_runs import PastRun, RunsState
from app.viewmodels.results.unsaved_text import removed_message


class RunsKeeper(QObject):
    """Connects the page of the runs with what they can do."""

    def __init__(
        self,
        window: QWidget,
        actions: ResultActions,
        runs: RunsViewModel,
        document: DocumentViewModel,
        parameters: ParametersViewModel,
        looking: ImagePresenter,
        *,
        drawer: Drawer,
        message: MessageBar,
    ) -> None:
        super().__init__(window)
        self._runs = runs
        self._document = document
        self._parameters = parameters
        self._looking = looking
        self._message = message
        self.page = RunsPage()
        drawer.add_page(self.page, "RunsPage", tr("Runs"), tr("What the runs of this session gave"))
        actions.runs.triggered.connect(lambda _checked: drawer.toggle_page(self.page))
        self.page.compare_wanted.connect(self._on_compare)
        self.page.return_wanted.connect(runs.return_to)
        self.page.use_wanted.connect(self._on_use)
        self.page.remove_wanted.connect(self._on_remove)
        runs.state_changed.connect(self._on_runs_changed)
        runs.returning.connect(self._on_returning)
        runs.left.connect(self._on_left)
        document.state_changed.connect(self._on_document_changed)

    @Slot(int)
    def _on_compare(self, number: int) -> None:
        self._looking.show(PastRunKey(number), BEFORE_SLOT)

    @Slot(int)
    def _on_remove(self, number: int) -> None:
        """An unsaved result goes at once, too, and can be taken back."""
        past = self._runs.state.find(number)
        self._runs.remove(number)
        if past is not None and past.saved is None:
            self._message.show_note(removed_message(past))
            self._message.add_action(tr("Undo"), partial(self._runs.take_back, past))

    @Slot(object)
    def _on_returning(self, past: PastRun) -> None:
        self._parameters.apply_request(past.request)

    @Slot(object)
    def _on_left(self, left: LeftRun) -> None:
        self._message.show_note(left_message(left))
        go_back = partial(self._document.open, OpenRequest(left.request.source.path))
        if left.number is not None:
            go_back = partial(self._runs.return_to, left.number)
        self._message.add_action(tr("Go back"), go_back)

    @Slot(object)
    def _on_document_changed(self, state: DocumentState) -> None:
        if isinstance(state, DocumentOpened) and state.document.is_from_memory:
            self._message.show_note(remembered_message(state.document.source.path))

    @Slot(int)
    def _on_use(self, number: int) -> None:
        past = self._runs.state.find(number)
        if past is not None:
            self._parameters.apply_request(past.request)

    @Slot(object)
    def _on_runs_changed(self, state: RunsState) -> None:
        self.page.show_runs(state)
