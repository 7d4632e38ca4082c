"""What the user goes through to come back to a file."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, QSettings, Slot
from PySide6.QtWidgets import QMenu, QWidget

from app.config.window_state import Session, load_session, save_session
from app.i18n.translation import tr
from app.ui.document.actions import RecentActions
from app.ui.document.open_controller import Opener
from app.ui.document.welcome_page import EmptyPage
from app.viewmodels.document.document import DocumentState, DocumentViewModel, NotOpened, Opened
from app.viewmodels.document.recent import RecentState, RecentViewModel


class RecentKeeper(QObject):
    """Keeps the list of files, in its menu, on the empty page and between two sessions."""

    def __init__(
        self,
        window: QWidget,
        actions: RecentActions,
        menu: QMenu,
        recent: RecentViewModel,
        document: DocumentViewModel,
        *,
        opener: Opener,
        empty: EmptyPage,
        store: QSettings,
    ) -> None:
        super().__init__(window)
        self._actions = actions
        self._menu = menu
        self._recent = recent
        self._opener = opener
        self._empty = empty
        self._store = store
        recent.remember(load_session(store).recent or ())
        recent.state_changed.connect(self._on_recent_changed)
        document.state_changed.connect(self._on_document_changed)
        actions.open_last.triggered.connect(lambda _checked: self.open_last())
        actions.clear_recent.triggered.connect(lambda _checked: recent.clear())
        menu.aboutToShow.connect(recent.look)
        empty.file_wanted.connect(self._open)
        self._render(recent.state)

    def open_last(self) -> None:
        """Nothing happens where no file was opened before."""
        last = self._recent.state.last
        if last is not None:
            self._open(last)

    @Slot(object)
    def _open(self, path: Path) -> None:
        self._opener.open_paths([path])

    @Slot(object)
    def _on_document_changed(self, state: DocumentState) -> None:
        match state:
            case Opened(document=document):
                self._recent.opened(document.source.path.absolute())
            case NotOpened(request=request):
                self._recent.refused(request.path.absolute())

    @Slot(object)
    def _on_recent_changed(self, state: RecentState) -> None:
        save_session(self._store, Session(recent=state.files))
        self._render(state)

    def _render(self, state: RecentState) -> None:
        actions, menu = self._actions, self._menu
        actions.open_last.setEnabled(state.last is not None)
        menu.menuAction().setEnabled(bool(state.files))
        for action in menu.actions():
            menu.removeAction(action)
            if action not in (actions.open_last, actions.clear_recent):
                action.deleteLater()
        menu.addAction(actions.open_last)
        if state.files:
            menu.addSeparator()
        for number, path in enumerate(state.files, start=1):
            missing = path in state.missing
            words = _words(path, number, missing=missing)
            action = menu.addAction(words, partial(self._open, path))
            action.setToolTip(str(path))
            action.setEnabled(not missing)
        menu.addSeparator()
        menu.addAction(actions.clear_recent)
        self._empty.show_recent(state)


def _words(path: Path, number: int, *, missing: bool) -> str:
    """A menu's line; the first nine have their number as their letter."""
    name = path.name.replace("&", "&&")
    words = tr("{name} (not there)").format(name=name) if missing else name
    return f"&{number} {words}" if number < 10 else f"1&0 {words}"
