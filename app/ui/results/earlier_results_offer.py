"""The offer to show results of earlier sessions."""

from __future__ import annotations

from PySide6.QtCore import Slot

from app.i18n.error_messages import message_from_error
from app.i18n.translation import tr
from app.jobs.results.result_store import EarlierResults
from app.ui.results.history_page import RunHistoryPage
from app.ui.window_context import Controller, WindowContext
from app.viewmodels.results.stored_results import StoredResultsState
from app.viewmodels.results.stored_results_text import earlier_results_message


class EarlierResultsOffer(Controller):
    """An offer, at the start and on the page of runs, to show results of earlier sessions."""

    def __init__(self, context: WindowContext, history_page: RunHistoryPage) -> None:
        super().__init__(context)
        self._stored_results = context.view_models.stored_results
        self._bottom_panel = context.bottom_panel
        self._history_page = history_page
        self._bar = history_page.earlier_results_bar
        self._bar.show_requested.connect(self._stored_results.show_earlier)
        self._bar.clear_requested.connect(self._stored_results.clear_earlier)
        self._bar.keep_changed.connect(self._stored_results.set_keeps_results)
        self._stored_results.state_changed.connect(self._on_state_changed)
        self._stored_results.earlier_found.connect(self._on_earlier_found)
        self._stored_results.earlier_shown.connect(self._on_earlier_shown)
        self._on_state_changed(self._stored_results.state)

    @Slot(object)
    def _on_state_changed(self, state: StoredResultsState) -> None:
        self._bar.show_state(state)
        if state.error is not None:
            self._message_bar.show_error(message_from_error(state.error))

    @Slot(object)
    def _on_earlier_found(self, earlier: EarlierResults) -> None:
        self._message_bar.show_info(earlier_results_message(earlier))
        if earlier.file_names:
            self._message_bar.add_button(
                tr("Show earlier results"), self._stored_results.show_earlier
            )
        self._message_bar.add_button(tr("Clear now"), self._stored_results.clear_earlier)

    @Slot()
    def _on_earlier_shown(self) -> None:
        self._bottom_panel.open_page(self._history_page)
