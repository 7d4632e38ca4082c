"""The questions asked before unsaved results are lost."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEventLoop, QTimer, Slot
from PySide6.QtGui import QSessionManager

from app.i18n.error_messages import UserMessage, message_from_error
from app.ui.window_context import Controller, WindowContext
from app.viewmodels.export.saving import SavingInProgress
from app.viewmodels.results.unsaved_results import (
    SaveAllFinished,
    SaveAllInProgress,
    SaveAnswer,
    UnsavedWork,
)
from app.viewmodels.results.unsaved_results_text import (
    over_budget_question,
    quit_question,
    save_all_failed_message,
    saved_all_message,
)
from app.viewmodels.run.run import PreparingResult
from app.viewmodels.state_view_model import JobFailed

# Storing takes about a second for each gigabyte; a disk that does not answer must not keep the
# window open.
_STORE_TIMEOUT_MS = 20_000


class UnsavedResultsPrompt(Controller):
    """A prompt that asks before unsaved results are lost, and saves all of them on request."""

    def __init__(self, context: WindowContext) -> None:
        super().__init__(context)
        self._unsaved_results = context.view_models.unsaved_results
        self._saving = context.view_models.saving
        self._run_history = context.view_models.run_history
        self._run = context.view_models.run
        self._preferences = context.view_models.preferences
        self._consent = context.view_models.unsaved_work_consent

    def confirm_close(self) -> bool:
        """Ask before closing if unsaved work would be lost; return whether to close.

        A second call while the question is open does not ask again.
        """
        consent = self._consent
        if not consent.is_asking and not consent.is_close_confirmed:
            consent.is_close_confirmed = consent.covers_unsaved_work or self._resolve_unsaved_work(
                quit_question, self._find_work_at_risk, is_closing=True
            )
        return consent.is_close_confirmed

    def confirm_continue(self) -> bool:
        """Ask the user what to do with unsaved results that exceed the array store's budget.

        The question comes before a new file or run. Return whether to continue, which is True
        without a question if no unsaved result exceeds the budget.
        """
        discard = self._unsaved_results.discard_over_budget_results
        return self._resolve_unsaved_work(
            over_budget_question, self._find_over_budget_work, discard
        )

    @Slot(QSessionManager)
    def handle_session_end(self, manager: QSessionManager) -> None:
        """Ask about unsaved results when the desktop session ends.

        If the session manager forbids interaction, every unsaved result is saved.
        """
        if self._consent.is_close_confirmed or self._find_work_at_risk() is None:
            return
        if not manager.allowsInteraction():
            self._store_unsaved_results()
            self._save_all(show_message=False, omits_stored=True)
            return
        is_resolved = self._resolve_unsaved_work(
            quit_question, self._find_work_at_risk, is_closing=True
        )
        manager.release()
        if is_resolved:
            self._consent.discard_at_session_end()
        else:
            manager.cancel()

    def _find_work_at_risk(self) -> UnsavedWork | None:
        unsaved_work = self._unsaved_results.find_unsaved_work()
        return unsaved_work if unsaved_work.is_at_risk else None

    def _find_over_budget_work(self) -> UnsavedWork | None:
        unsaved_work = self._unsaved_results.find_unsaved_work()
        return unsaved_work if unsaved_work.over_budget_file_names else None

    def _resolve_unsaved_work(
        self,
        build_question: Callable[[UnsavedWork], UserMessage],
        find_work: Callable[[], UnsavedWork | None],
        discard: Callable[[], None] | None = None,
        *,
        is_closing: bool = False,
    ) -> bool:
        """Ask whether to save or discard work that would be lost, and do so.

        Args:
            build_question: Function that phrases the question about the work.
            find_work: Function that returns the work in question, or None if no question is needed.
            discard: Function that discards the work; None if closing the window does.
            is_closing: Whether the window is about to close, so that results are stored for a
                later session.

        Returns:
            Whether to go on: False if the user cancels, saving fails or a question is already open.
        """
        if self._consent.is_asking:
            return False
        if find_work() is None:
            return True
        self._consent.is_asking = True
        try:
            # Saving decides in a moment whether the result is still unsaved.
            self._wait_until(lambda: not isinstance(self._saving.state, SavingInProgress))
            if is_closing:
                self._store_unsaved_results()
            unsaved_work = find_work()
            if unsaved_work is None:
                return True
            match self._dialogs.ask_about_unsaved_results(
                self._window, build_question(unsaved_work), unsaved_work.offered_answers
            ):
                case SaveAnswer.SAVE:
                    return self._save_all(show_message=True, omits_stored=is_closing)
                case SaveAnswer.DISCARD:
                    if discard is not None:
                        discard()
                    return True
                case SaveAnswer.CANCEL:
                    return False
        finally:
            self._consent.is_asking = False

    def _store_unsaved_results(self) -> None:
        """Store unsaved results for a later session, as far as the store has space."""
        if not self._run_history.keeps_results:
            return
        self._run_history.store_unsaved_results()
        self._wait_until(self._are_results_stored, timeout_ms=_STORE_TIMEOUT_MS)

    def _are_results_stored(self) -> bool:
        state, run_state = self._run_history.state, self._run.state
        is_preparing = isinstance(run_state, PreparingResult) and not run_state.is_from_archive
        return not (state.pending_runs or state.is_storing or is_preparing)

    def _save_all(self, *, show_message: bool, omits_stored: bool = False) -> bool:
        """Save every unsaved result; return whether all were saved.

        Args:
            show_message: Whether to tell the user which files were written.
            omits_stored: Whether results that are stored for a later session are left out.
        """
        self._message_bar.hide()
        self._unsaved_results.save_all(
            self._preferences.state.results_folder, omits_stored=omits_stored
        )
        self._wait_until(lambda: not isinstance(self._unsaved_results.state, SaveAllInProgress))
        match self._unsaved_results.state:
            case SaveAllFinished(failed=()) as finished:
                if show_message and finished.saved:
                    self._dialogs.show_message(self._window, saved_all_message(finished.saved))
                return True
            case SaveAllFinished() as finished:
                self._message_bar.show_error(save_all_failed_message(finished))
            case JobFailed(error=error):
                self._message_bar.show_error(message_from_error(error))
        return False

    def _wait_until(self, is_ready: Callable[[], bool], timeout_ms: int | None = None) -> None:
        """Process all events but user input until `is_ready` returns True.

        Args:
            is_ready: Function that is called after each change of the results or the run.
            timeout_ms: Longest time to wait in milliseconds; None for no limit.
        """
        if is_ready():
            return
        loop = QEventLoop()
        timer = QTimer()
        timer.setSingleShot(True)
        timer.timeout.connect(loop.quit)
        if timeout_ms is not None:
            timer.start(timeout_ms)

        def quit_if_ready() -> None:
            if is_ready():
                loop.quit()

        view_models = (self._unsaved_results, self._saving, self._run_history, self._run)
        for view_model in view_models:
            view_model.state_changed.connect(quit_if_ready)
        loop.exec(QEventLoop.ProcessEventsFlag.ExcludeUserInputEvents)
        timer.stop()
        for view_model in view_models:
            view_model.state_changed.disconnect(quit_if_ready)
