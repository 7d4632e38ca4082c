"""The questions before unsaved results are lost."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import QEventLoop, QObject, QSettings, Slot
from PySide6.QtGui import QSessionManager
from PySide6.QtWidgets import QWidget

from app.config.settings import load_settings
from app.i18n.error_messages import Message, message_for
from app.ui.widgets.dialogs import FileDialogs
from app.ui.widgets.message_bar import MessageBar
from app.viewmodels.export.saving import SavingInProgress, SavingViewModel
from app.viewmodels.results.unsaved import (
    SaveAnswer,
    SavedAll,
    SavingAll,
    SavingAllFailed,
    UnsavedState,
    UnsavedViewModel,
)
from app.viewmodels.results.unsaved_text import (
    not_saved_message,
    quit_question,
    room_question,
    saved_all_message,
)

# The desktop closes the window in so many seconds after it has asked, or its session goes on.
_SESSION_ENDS_WITHIN_S = 60.0


@dataclass(frozen=True, slots=True)
class _Agreed:
    """The answer of a user who let unsaved work go when the desktop wanted to end its session.

    Attributes:
        state: Unsaved work at that time.
        until: Until when the answer holds, in seconds of `time.monotonic`.
    """

    state: UnsavedState
    until: float


class UnsavedController(QObject):
    """Asks before unsaved results are lost, saves all of them, and says where they are."""

    def __init__(
        self,
        window: QWidget,
        unsaved: UnsavedViewModel,
        saving: SavingViewModel,
        *,
        message: MessageBar,
        dialogs: FileDialogs,
        store: QSettings,
    ) -> None:
        super().__init__(window)
        self._window = window
        self._unsaved = unsaved
        self._saving = saving
        self._message = message
        self._dialogs = dialogs
        self._store = store
        self._asking = self._closed = False
        self._agreed: _Agreed | None = None

    def may_close(self) -> bool:
        """Ask where the window would take unsaved work along; False where it has to stay.

        A second request while the question is open changes nothing.
        """
        if not self._asking and not self._closed:
            self._closed = self._is_agreed() or self._settled(quit_question, self._at_risk)
        return self._closed

    def may_go_on(self) -> bool:
        """Ask before another file is opened or a run begins, where there is no room for both."""
        discard = self._unsaved.discard_without_room
        return self._settled(room_question, self._without_room, discard)

    @Slot(QSessionManager)
    def commit(self, manager: QSessionManager) -> None:
        """Ask as closing does when the desktop wants to end its session.

        Without the right to ask, every unsaved result is saved.
        """
        if self._closed or self._at_risk() is None:
            return
        if not manager.allowsInteraction():
            self._save(tell=False)
            return
        agreed = self._settled(quit_question, self._at_risk)
        manager.release()
        if agreed:
            until = time.monotonic() + _SESSION_ENDS_WITHIN_S
            self._agreed = _Agreed(self._unsaved.look(), until)
        else:
            manager.cancel()

    def _at_risk(self) -> UnsavedState | None:
        state = self._unsaved.look()
        return state if state.at_risk else None

    def _without_room(self) -> UnsavedState | None:
        state = self._unsaved.look()
        return state if state.without_room else None

    def _is_agreed(self) -> bool:
        agreed = self._agreed
        if agreed is None or time.monotonic() > agreed.until:
            return False
        return agreed.state == self._unsaved.look()

    def _settled(
        self,
        question: Callable[[UnsavedState], Message],
        find: Callable[[], UnsavedState | None],
        discard: Callable[[], None] | None = None,
    ) -> bool:
        """Ask and save where that is needed; False where the user does not want to go on.

        Args:
            question: Words the question.
            find: Gives the work that the question is about, None where nothing has to be asked.
            discard: Gives that work up; None where closing the window does.
        """
        if self._asking:
            return False
        if find() is None:
            return True
        self._asking = True
        try:
            # A result that is being written now is saved in a moment, or known not to be.
            self._wait(lambda: not isinstance(self._saving.state, SavingInProgress))
            state = find()
            if state is None:
                return True
            match self._dialogs.ask_save_all(self._window, question(state), state.answers):
                case SaveAnswer.SAVE:
                    return self._save(tell=True)
                case SaveAnswer.DISCARD:
                    if discard is not None:
                        discard()
                    return True
                case SaveAnswer.CANCEL:
                    return False
        finally:
            self._asking = False

    def _save(self, *, tell: bool) -> bool:
        """Save every unsaved result; False where one of them could not be saved."""
        self._message.hide()
        self._unsaved.save_all(load_settings(self._store).results_folder)
        self._wait(lambda: not isinstance(self._unsaved.state, SavingAll))
        match self._unsaved.state:
            case SavedAll(failed=()) as saved:
                if tell and saved.written:
                    self._dialogs.tell(self._window, saved_all_message(saved.written))
                return True
            case SavedAll() as saved:
                self._message.show_failure(not_saved_message(saved))
            case SavingAllFailed(error=error):
                self._message.show_failure(message_for(error))
        return False

    def _wait(self, ready: Callable[[], bool]) -> None:
        """Go on with everything but the user's input until `ready`."""
        if ready():
            return
        loop = QEventLoop()

        def look() -> None:
            if ready():
                loop.quit()

        models = (self._unsaved, self._saving)
        for model in models:
            model.state_changed.connect(look)
        loop.exec(QEventLoop.ProcessEventsFlag.ExcludeUserInputEvents)
        for model in models:
            model.state_changed.disconnect(look)
