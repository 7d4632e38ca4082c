"""What the user goes through to compare runs and to go back to one."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QObject, Slot
from PySide6.QtWidgets import QWidget

from app.i18n.translation import tr
from app.ui.compare.image_presenter import ImagePresenter
from app.ui.results.actions import ResultActions
from app.ui.results.history_page import RunHistoryPage
from app.ui.widgets.bottom_panel import BottomPanel
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
from app.viewmodels.results.history import RunHistoryViewModel
from app.viewmodels.results.past_runs import PastRun, RunHistoryState
from app.viewmodels.results.pending_runs import (
    RunLeftUnsaved,
    run_left_unsaved_message,
    source_changed_message,
)
from app.viewmodels.results.unsaved_results_text import run_removed_message


class RunHistoryController(QObject):
    """Connects the page of the runs with what they can do."""

    def __init__(
        self,
        window: QWidget,
        actions: ResultActions,
        run_history: RunHistoryViewModel,
        document: DocumentViewModel,
        parameters: ParametersViewModel,
        presenter: ImagePresenter,
        *,
        bottom_panel: BottomPanel,
        message_bar: MessageBar,
    ) -> None:
        super().__init__(window)
        self._run_history = run_history
        self._document = document
        self._parameters = parameters
        self._presenter = presenter
        self._message_bar = message_bar
        self.page = RunHistoryPage()
        bottom_panel.add_page(
            self.page, "RunsPage", tr("Runs"), tr("What the runs of this session gave")
        )
        actions.show_run_history.triggered.connect(
            lambda _checked: bottom_panel.toggle_page(self.page)
        )
        self.page.compare_requested.connect(self._on_compare_requested)
        self.page.activate_requested.connect(run_history.activate_run)
        self.page.use_settings_requested.connect(self._on_use_settings_requested)
        self.page.remove_requested.connect(self._on_remove_requested)
        run_history.state_changed.connect(self._on_run_history_changed)
        run_history.activation_started.connect(self._on_activation_started)
        run_history.run_left_unsaved.connect(self._on_run_left_unsaved)
        document.state_changed.connect(self._on_document_changed)

    @Slot(int)
    def _on_compare_requested(self, run_number: int) -> None:
        self._presenter.show(PastRunKey(run_number), BEFORE_SLOT)

    @Slot(int)
    def _on_remove_requested(self, run_number: int) -> None:
        """An unsaved result goes at once, too, and can be taken back."""
        past_run = self._run_history.state.find_run(run_number)
        self._run_history.remove_run(run_number)
        if past_run is not None and past_run.saved_path is None:
            self._message_bar.show_info(run_removed_message(past_run))
            self._message_bar.add_button(
                tr("Undo"), partial(self._run_history.undo_remove, past_run)
            )

    @Slot(object)
    def _on_activation_started(self, past_run: PastRun) -> None:
        self._parameters.apply_request(past_run.request)

    @Slot(object)
    def _on_run_left_unsaved(self, run_left: RunLeftUnsaved) -> None:
        self._message_bar.show_info(run_left_unsaved_message(run_left))
        go_back = partial(self._document.open, OpenRequest(run_left.request.source.path))
        if run_left.run_number is not None:
            go_back = partial(self._run_history.activate_run, run_left.run_number)
        self._message_bar.add_button(tr("Go back"), go_back)

    @Slot(object)
    def _on_document_changed(self, state: DocumentState) -> None:
        if isinstance(state, DocumentOpened) and state.document.is_from_memory:
            self._message_bar.show_info(source_changed_message(state.document.source.path))

    @Slot(int)
    def _on_use_settings_requested(self, run_number: int) -> None:
        past_run = self._run_history.state.find_run(run_number)
        if past_run is not None:
            self._parameters.apply_request(past_run.request)

    @Slot(object)
    def _on_run_history_changed(self, state: RunHistoryState) -> None:
        self.page.show_history(state)
