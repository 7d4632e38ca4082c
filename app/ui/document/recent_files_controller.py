"""What the user goes through to come back to a file."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, Slot
from PySide6.QtWidgets import QMenu, QWidget

from app.config.settings_store import SettingsStore
from app.config.window_state import WindowState
from app.i18n.translation import tr
from app.ui.document.actions import RecentFilesActions
from app.ui.document.open_controller import OpenController
from app.ui.document.welcome_page import WelcomePage
from app.viewmodels.document.document import (
    DocumentOpened,
    DocumentOpenFailed,
    DocumentState,
    DocumentViewModel,
)
from app.viewmodels.document.recent_files import RecentFilesState, RecentFilesViewModel


class RecentFilesController(QObject):
    """Keeps the list of files, in its menu, on the empty page and between two sessions."""

    def __init__(
        self,
        window: QWidget,
        actions: RecentFilesActions,
        menu: QMenu,
        recent_files: RecentFilesViewModel,
        document: DocumentViewModel,
        *,
        open_controller: OpenController,
        welcome_page: WelcomePage,
        store: SettingsStore,
    ) -> None:
        super().__init__(window)
        self._actions = actions
        self._menu = menu
        self._recent_files = recent_files
        self._open_controller = open_controller
        self._welcome_page = welcome_page
        self._store = store
        recent_files.set_files(store.load_window_state().recent_files or ())
        recent_files.state_changed.connect(self._on_recent_files_changed)
        document.state_changed.connect(self._on_document_changed)
        actions.open_latest_file.triggered.connect(lambda _checked: self.open_latest_file())
        actions.clear_recent_files.triggered.connect(lambda _checked: recent_files.clear())
        menu.aboutToShow.connect(recent_files.check_missing_files)
        welcome_page.recent_file_requested.connect(self._open_path)
        self._render(recent_files.state)

    def open_latest_file(self) -> None:
        """Nothing happens where no file was opened before."""
        latest_file = self._recent_files.state.latest_file
        if latest_file is not None:
            self._open_path(latest_file)

    @Slot(object)
    def _open_path(self, path: Path) -> None:
        self._open_controller.open_paths([path])

    @Slot(object)
    def _on_document_changed(self, state: DocumentState) -> None:
        match state:
            case DocumentOpened(document=document):
                self._recent_files.add_file(document.source.path.absolute())
            case DocumentOpenFailed(request=request):
                self._recent_files.handle_open_failure(request.path.absolute())

    @Slot(object)
    def _on_recent_files_changed(self, state: RecentFilesState) -> None:
        self._store.save_window_state(WindowState(recent_files=state.files))
        self._render(state)

    def _render(self, state: RecentFilesState) -> None:
        actions, menu = self._actions, self._menu
        actions.open_latest_file.setEnabled(state.latest_file is not None)
        menu.menuAction().setEnabled(bool(state.files))
        for action in menu.actions():
            menu.removeAction(action)
            if action not in (actions.open_latest_file, actions.clear_recent_files):
                action.deleteLater()
        menu.addAction(actions.open_latest_file)
        if state.files:
            menu.addSeparator()
        for number, path in enumerate(state.files, start=1):
            is_missing = path in state.missing_files
            text = _recent_file_text(path, number, is_missing=is_missing)
            action = menu.addAction(text, partial(self._open_path, path))
            action.setToolTip(str(path))
            action.setEnabled(not is_missing)
        menu.addSeparator()
        menu.addAction(actions.clear_recent_files)
        self._welcome_page.show_recent_files(state)


def _recent_file_text(path: Path, number: int, *, is_missing: bool) -> str:
    """A menu's line; the first nine have their number as their letter."""
    name = path.name.replace("&", "&&")
    text = tr("{name} (not there)").format(name=name) if is_missing else name
    return f"&{number} {text}" if number < 10 else f"1&0 {text}"
