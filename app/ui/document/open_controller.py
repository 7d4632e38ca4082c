"""What the user goes through to open a file."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

from PySide6.QtCore import QMimeData, QObject, Signal, Slot
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QWidget

from app.config.settings_store import SettingsStore
from app.config.window_state import WindowState
from app.i18n.error_messages import UserMessage, message_from_error
from app.i18n.translation import tr, tr_noop
from app.ui.widgets.dialogs import Dialogs
from app.ui.widgets.message_bar import MessageBar
from app.ui.widgets.mime_files import local_file_paths
from app.viewmodels.document.document import (
    DocumentOpened,
    DocumentOpenFailed,
    DocumentState,
    DocumentViewModel,
    OpenRequest,
    find_open_alternative,
)

_NO_FILE_MESSAGE = (
    tr_noop("The clipboard holds no file"),
    tr_noop("Copy a picture's file, or its path."),
)
_IMAGE_ONLY_MESSAGE = (
    tr_noop("The clipboard holds a picture without its file"),
    tr_noop("Copying pixels may change them, and leaves levels behind; copy the file itself."),
)


class OpenController(QObject):
    """Asks which file, remembers its folder, and says why one is refused and what helps.

    Signals:
        batch_requested: Several files, or a folder, are to be restored. arg1: their paths.
    """

    batch_requested = Signal(object)

    def __init__(
        self,
        window: QWidget,
        document: DocumentViewModel,
        *,
        confirm_continue: Callable[[], bool],
        message_bar: MessageBar,
        dialogs: Dialogs,
        store: SettingsStore,
    ) -> None:
        super().__init__(window)
        self._window = window
        self._document = document
        self._confirm_continue = confirm_continue
        self._message_bar = message_bar
        self._dialogs = dialogs
        self._store = store
        document.state_changed.connect(self._on_document_changed)

    def open_paths(self, paths: Sequence[Path]) -> None:
        """Open a file; several of them, or a folder, are for the queue."""
        if len(paths) > 1 or any(path.is_dir() for path in paths):
            self.batch_requested.emit(tuple(paths))
        elif paths:
            self.open_request(OpenRequest(paths[0]))

    @Slot(object)
    def open_request(self, request: OpenRequest) -> None:
        """Open a file; nothing happens where unsaved results have no room and are to stay."""
        if self._confirm_continue():
            self._document.open(request)

    @Slot()
    def ask_for_file(self) -> None:
        """Begin in the folder of the last file; nothing happens where the user takes none."""
        folder = self._store.load_window_state().last_folder or Path.home()
        path = self._dialogs.ask_image_file(self._window, folder)
        if path is not None:
            self.open_paths([path])

    @Slot()
    def open_from_clipboard(self) -> None:
        """Open what the clipboard names."""
        # There is none before anything was copied, or while another program has the focus.
        data = QGuiApplication.clipboard().mimeData() or QMimeData()
        paths = local_file_paths(data)
        if paths:
            self.open_paths(paths)
        else:
            title, advice = _IMAGE_ONLY_MESSAGE if data.hasImage() else _NO_FILE_MESSAGE
            self._message_bar.show_info(UserMessage(tr(title), tr(advice)))

    @Slot(object)
    def _on_document_changed(self, state: DocumentState) -> None:
        match state:
            case DocumentOpened(document=document):
                self._store.save_window_state(WindowState(last_folder=document.source.path.parent))
            case DocumentOpenFailed(error=error):
                self._message_bar.show_error(message_from_error(error))
                alternative = find_open_alternative(state)
                if alternative is not None:
                    open_anyway = partial(self.open_request, alternative.request)
                    self._message_bar.add_button(alternative.label, open_anyway)
