"""The controller of the opened file and the recent files."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from functools import partial
from pathlib import Path

from PySide6.QtCore import QMimeData, Signal, Slot
from PySide6.QtGui import QGuiApplication, QImage
from PySide6.QtWidgets import QMenu

from app.config.paths import pictures_folder
from app.config.resources import EXAMPLE_IMAGE_PATH
from app.i18n.error_messages import UserMessage, message_from_error
from app.i18n.translation import tr, tr_noop
from app.ui.document.actions import RecentFilesActions
from app.ui.document.welcome_page import WelcomePage
from app.ui.widgets.mime_files import local_file_paths
from app.ui.window_context import Controller, WindowContext
from app.viewmodels.document.document import (
    DocumentOpened,
    DocumentOpenFailed,
    DocumentState,
    OpenRequest,
    find_open_alternative,
)
from app.viewmodels.document.recent_files import RecentFilesState

_NO_FILE_MESSAGE = (
    tr_noop("The clipboard holds no file"),
    tr_noop("Copy a picture's file, or its path."),
)
_PASTED_IMAGE_MESSAGE = (
    tr_noop("Pasted pixels lose JPEG data; copy the file"),
    tr_noop("Without its file, the picture is restored from its pixels, as a PNG would be."),
)


class DocumentController(Controller):
    """The controller that opens files from dialogs, the clipboard and the recent files.

    Signals:
        batch_requested: The user opened several files, or a folder. arg1: their paths.
    """

    batch_requested = Signal(object)

    def __init__(
        self,
        context: WindowContext,
        actions: RecentFilesActions,
        recent_menu: QMenu,
        welcome_page: WelcomePage,
        confirm_continue: Callable[[], bool],
    ) -> None:
        super().__init__(context)
        self._document = context.view_models.document
        self._recent_files = context.view_models.recent_files
        self._actions = actions
        self._recent_menu = recent_menu
        self._welcome_page = welcome_page
        self._hint_bar = welcome_page.hint_bar
        self._confirm_continue = confirm_continue
        self._settings_store = context.settings_store
        self._document.state_changed.connect(self._on_document_changed)
        self._recent_files.state_changed.connect(self._render_recent_files)
        actions.open_latest_file.triggered.connect(lambda _checked: self.open_latest_file())
        actions.clear_recent_files.triggered.connect(lambda _checked: self._recent_files.clear())
        recent_menu.aboutToShow.connect(self._recent_files.check_missing_files)
        welcome_page.open_requested.connect(self.ask_for_file)
        welcome_page.sample_requested.connect(self.open_sample)
        self._hint_bar.dismissed.connect(self._on_hints_dismissed)
        welcome_page.recent_file_requested.connect(self._open_path)
        self._render_recent_files(self._recent_files.state)

    def open_paths(self, paths: Sequence[Path]) -> None:
        """Open a single file, or add several files or a folder to the batch."""
        if are_for_batch(paths):
            self.batch_requested.emit(tuple(paths))
        elif paths:
            self.open_request(OpenRequest(paths[0]))

    @Slot(object)
    def open_request(self, request: OpenRequest) -> None:
        """Open a file.

        If unsaved results exceed the budget of the array store, ask the user first.
        """
        if self._confirm_continue():
            self._document.open(request)

    @Slot()
    def ask_for_file(self) -> None:
        """Ask for a file, starting in the last folder, and open the file if one is chosen."""
        folder = self._settings_store.load_window_state().last_folder or pictures_folder()
        path = self._dialogs.ask_image_file(self._window, folder)
        if path is not None:
            self.open_paths([path])

    @Slot()
    def open_from_clipboard(self) -> None:
        """Open the files or the image on the clipboard, or show a message if there is neither."""
        # Qt returns None for an empty clipboard, and if another program has the focus.
        data = QGuiApplication.clipboard().mimeData() or QMimeData()
        paths = local_file_paths(data)
        if paths:
            self.open_paths(paths)
            return
        image = QGuiApplication.clipboard().image() if data.hasImage() else QImage()
        if not image.isNull():
            self.open_request(OpenRequest(_name_pasted_image(), pasted_image=image))
        title, advice = _NO_FILE_MESSAGE if image.isNull() else _PASTED_IMAGE_MESSAGE
        self._message_bar.show_info(UserMessage(tr(title), tr(advice)))

    @Slot()
    def open_sample(self) -> None:
        """Open the sample picture that comes with the program."""
        self.open_request(OpenRequest(EXAMPLE_IMAGE_PATH))

    def open_latest_file(self) -> None:
        """Open the most recent file, if any."""
        latest_file = self._recent_files.state.latest_file
        if latest_file is not None:
            self._open_path(latest_file)

    @Slot(object)
    def _open_path(self, path: Path) -> None:
        self.open_paths([path])

    @Slot(object)
    def _on_document_changed(self, state: DocumentState) -> None:
        if isinstance(state, DocumentOpened):
            self._hint_bar.setVisible(self._settings_store.load_are_hints_wanted())
        if isinstance(state, DocumentOpenFailed):
            self._message_bar.show_error(message_from_error(state.error))
            alternative = find_open_alternative(state)
            if alternative is not None:
                open_anyway = partial(self.open_request, alternative.request)
                self._message_bar.add_button(alternative.label, open_anyway)

    @Slot()
    def _on_hints_dismissed(self) -> None:
        self._hint_bar.hide()
        self._settings_store.save_are_hints_wanted(wanted=False)

    @Slot(object)
    def _render_recent_files(self, state: RecentFilesState) -> None:
        actions, menu = self._actions, self._recent_menu
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


def are_for_batch(paths: Sequence[Path]) -> bool:
    """Return whether paths become files of the batch: several files, or a folder."""
    return len(paths) > 1 or any(path.is_dir() for path in paths)


def _name_pasted_image() -> Path:
    """Return a path in the user's folder of pictures, beside which results are saved."""
    time_text = datetime.now().astimezone().strftime("%Y-%m-%d %H.%M.%S")
    name = tr("Pasted {time}").format(time=time_text)
    return pictures_folder() / f"{name}.png"


def _recent_file_text(path: Path, number: int, *, is_missing: bool) -> str:
    """Return the menu entry of a recent file, with `number` as mnemonic (0 for number 10).

    Args:
        path: Path of the file; the entry shows the file name.
        number: Position in the menu, from 1.
        is_missing: Whether the file no longer exists, which the entry then says.
    """
    name = path.name.replace("&", "&&")
    text = tr("{name} (not there)").format(name=name) if is_missing else name
    return f"&{number} {text}" if number < 10 else f"1&0 {text}"
