"""The questions before unsaved results are lost."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import QEventLoop, QObject, Slot
from PySide6.QtGui import QSessionManager
from PySide6.QtWidgets import QWidget

from app.config.settings_store import SettingsStore
from app.i18n.error_messages import UserMessage, message_from_error
from app.ui.widgets.dialogs import Dialogs
from app.ui.widgets.message_bar import MessageBar
from app.viewmodels.export.saving import SavingInProgress, SavingViewModel
from app.viewmodels.results.unsaved_results import (
    SaveAllFailed,
    SaveAllFinished,
    SaveAllInProgress,
    SaveAnswer,
    UnsavedResultsViewModel,
    UnsavedWork,
)
from app.viewmodels.results.unsaved_results_text import (
    over_budget_question,
    quit_question,
    save_all_failed_message,
    saved_all_message,
)

# The desktop closes the window in so many seconds after it has asked, or its session goes on.
_SESSION_END_TIMEOUT_S = 60.0


@dataclass(frozen=True, slots=True)
class _DiscardConsent:
    """The answer of a user who let unsaved work go when the desktop wanted to end its session.

    Attributes:
        unsaved_work: Unsaved work at that time.
        valid_until: Until when the answer holds, in seconds of `time.monotonic`.
    """

    unsaved_work: UnsavedWork
    valid_until: float


class UnsavedResultsController(QObject):
    """Asks before unsaved results are lost, saves all of them, and says where they are."""

    def __init__(
        self,
        window: QWidget,
        unsaved_results: UnsavedResultsViewModel,
        saving: SavingViewModel,
        *,
        message_bar: MessageBar,
        dialogs: Dialogs,
        store: SettingsStore,
    ) -> None:
        super().__init__(window)
        self._window = window
        self._unsaved_results = unsaved_results
        self._saving = saving
        self._message_bar = message_bar
        self._dialogs = dialogs
        self._store = store
        self._is_asking = self._is_close_confirmed = False
        self._discard_consent: _DiscardConsent | None = None

    def confirm_close(self) -> bool:
        """Ask where the window would take unsaved work along; False where it has to stay.

        A second request while the question is open changes nothing.
        """
        if not self._is_asking and not self._is_close_confirmed:
            self._is_close_confirmed = self._has_discard_consent() or self._resolve_unsaved_work(
                quit_question, self._find_work_at_risk
            )
        return self._is_close_confirmed

    def confirm_continue(self) -> bool:
        """Ask before another file is opened or a run begins, where there is no room for both."""
        discard = self._unsaved_results.discard_over_budget_results
        return self._resolve_unsaved_work(
            over_budget_question, self._find_over_budget_work, discard
        )

    @Slot(QSessionManager)
    def handle_session_end(self, manager: QSessionManager) -> None:
        """Ask as closing does when the desktop wants to end its session.

        Without the right to ask, every unsaved result is saved.
        """
        if self._is_close_confirmed or self._find_work_at_risk() is None:
            return
        if not manager.allowsInteraction():
            self._save_all(show_message=False)
            return
        is_resolved = self._resolve_unsaved_work(quit_question, self._find_work_at_risk)
        manager.release()
        if is_resolved:
            valid_until = time.monotonic() + _SESSION_END_TIMEOUT_S
            self._discard_consent = _DiscardConsent(
                self._unsaved_results.find_unsaved_work(), valid_until
            )
        else:
            manager.cancel()

    def _find_work_at_risk(self) -> UnsavedWork | None:
        unsaved_work = self._unsaved_results.find_unsaved_work()
        return unsaved_work if unsaved_work.is_at_risk else None

    def _find_over_budget_work(self) -> UnsavedWork | None:
        unsaved_work = self._unsaved_results.find_unsaved_work()
        return unsaved_work if unsaved_work.over_budget_file_names else None

    def _has_discard_consent(self) -> bool:
        consent = self._discard_consent
        if consent is None or time.monotonic() > consent.valid_until:
            return False
        return consent.unsaved_work == self._unsaved_results.find_unsaved_work()

    def _resolve_unsaved_work(
        self,
        build_question: Callable[[UnsavedWork], UserMessage],
        find_work: Callable[[], UnsavedWork | None],
        discard: Callable[[], None] | None = None,
    ) -> bool:
        """Ask and save where that is needed; False where the user does not want to go on.

        Args:
            build_question: Words the question.
            find_work: Gives the work that the question is about, None where nothing has to be
                asked.
            discard: Gives that work up; None where closing the window does.
        """
        if self._is_asking:
            return False
        if find_work() is None:
            return True
        self._is_asking = True
        try:
            # A result that is being written now is saved in a moment, or known not to be.
            self._wait_until(lambda: not isinstance(self._saving.state, SavingInProgress))
            unsaved_work = find_work()
            if unsaved_work is None:
                return True
            match self._dialogs.ask_about_unsaved_results(
                self._window, build_question(unsaved_work), unsaved_work.offered_answers
            ):
                case SaveAnswer.SAVE:
                    return self._save_all(show_message=True)
                case SaveAnswer.DISCARD:
                    if discard is not None:
                        discard()
                    return True
                case SaveAnswer.CANCEL:
                    return False
        finally:
            self._is_asking = False

    def _save_all(self, *, show_message: bool) -> bool:
        """Save every unsaved result; False where one of them could not be saved."""
        self._message_bar.hide()
        self._unsaved_results.save_all(self._store.load_settings().results_folder)
        self._wait_until(lambda: not isinstance(self._unsaved_results.state, SaveAllInProgress))
        match self._unsaved_results.state:
            case SaveAllFinished(failed=()) as finished:
                if show_message and finished.saved:
                    self._dialogs.show_message(self._window, saved_all_message(finished.saved))
                return True
            case SaveAllFinished() as finished:
                self._message_bar.show_error(save_all_failed_message(finished))
            case SaveAllFailed(error=error):
                self._message_bar.show_error(message_from_error(error))
        return False

    def _wait_until(self, is_ready: Callable[[], bool]) -> None:
        """Go on with everything but the user's input until `is_ready`."""
        if is_ready():
            return
        loop = QEventLoop()

        def quit_if_ready() -> None:
            if is_ready():
                loop.quit()

        view_models = (self._unsaved_results, self._saving)
        for view_model in view_models:
            view_model.state_changed.connect(quit_if_ready)
        loop.exec(QEventLoop.ProcessEventsFlag.ExcludeUserInputEvents)
        for view_model in view_models:
            view_model.state_changed.disconnect(quit_if_ready)
