"""What the user goes through to take pictures to another program."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QMimeData, QObject, QUrl, Slot
from PySide6.QtGui import QGuiApplication, QImage
from PySide6.QtWidgets import QWidget

from app.i18n.error_messages import UserMessage, message_from_error
from app.i18n.translation import tr
from app.ui.export.actions import CopyActions
from app.ui.export.drag_handle import DragHandle
from app.ui.widgets.message_bar import MessageBar
from app.viewmodels.document.document import DocumentState, DocumentViewModel
from app.viewmodels.export.save_options import SaveOptionsViewModel
from app.viewmodels.export.sharing import (
    ShareFailed,
    ShareReady,
    ShareState,
    ShareViewModel,
    create_share_request,
)
from app.viewmodels.run.run import ResultReady, RunState, RunViewModel


class ShareController(QObject):
    """Copies result and original, as pictures and as files, and lets the result be dragged."""

    def __init__(
        self,
        window: QWidget,
        actions: CopyActions,
        sharing: ShareViewModel,
        run: RunViewModel,
        document: DocumentViewModel,
        options: SaveOptionsViewModel,
        *,
        drag_handle: DragHandle,
        message_bar: MessageBar,
    ) -> None:
        super().__init__(window)
        self._actions = actions
        self._sharing = sharing
        self._run = run
        self._document = document
        self._options = options
        self._drag_handle = drag_handle
        self._message_bar = message_bar
        self._is_copy_pending = False
        actions.copy_result.triggered.connect(lambda _checked: self.copy_result())
        actions.copy_original.triggered.connect(lambda _checked: self.copy_original())
        drag_handle.file_requested.connect(self._on_file_requested)
        drag_handle.copy_requested.connect(self.copy_result)
        sharing.state_changed.connect(self._on_share_changed)
        run.state_changed.connect(self._update_actions)
        document.state_changed.connect(self._update_actions)
        self._update_actions()

    @Slot()
    def copy_result(self) -> None:
        """The file is written first; nothing happens where there is no result."""
        self._is_copy_pending = isinstance(self._run.state, ResultReady)
        self._prepare_file()

    @Slot()
    def copy_original(self) -> None:
        document = self._document.document
        if document is not None:
            data = _create_mime_data(document.source.path, document.image.full_size)
            QGuiApplication.clipboard().setMimeData(data)
            self._message_bar.show_info(_copied_message(document.source.path))

    @Slot()
    def _on_file_requested(self) -> None:
        self._prepare_file()

    def _prepare_file(self) -> None:
        done = self._run.state
        if isinstance(done, ResultReady):
            self._sharing.prepare(create_share_request(done, self._options.state))
            self._share_file(self._sharing.state)

    @Slot(object)
    def _on_share_changed(self, state: ShareState) -> None:
        match state:
            case ShareReady():
                self._share_file(state)
                self._release_result()
            case ShareFailed(error=error):
                self._is_copy_pending = False
                self._message_bar.show_error(message_from_error(error))

    def _share_file(self, state: ShareState) -> None:
        """To whoever waits for it: the clipboard, or a mouse that is under way."""
        if not isinstance(state, ShareReady):
            return
        image = state.request.result.image
        if self._is_copy_pending:
            self._is_copy_pending = False
            QGuiApplication.clipboard().setMimeData(_create_mime_data(state.path, image.full_size))
            self._message_bar.show_info(_copied_message(state.path))
        elif self._drag_handle.is_dragging:
            self._drag_handle.start_drag(
                _create_mime_data(state.path, image.full_size), image.mipmaps[-1]
            )

    @Slot()
    def _update_actions(self, _state: RunState | DocumentState | None = None) -> None:
        self._actions.copy_result.setEnabled(isinstance(self._run.state, ResultReady))
        self._actions.copy_original.setEnabled(self._document.document is not None)
        self._release_result()

    def _release_result(self) -> None:
        """A result that is not the present one takes its memory for nothing."""
        if not isinstance(self._run.state, ResultReady):
            self._sharing.release()


def _create_mime_data(path: Path, image: QImage) -> QMimeData:
    """A file, and for programs that take none, what is in it."""
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path))])
    data.setImageData(image)
    return data


def _copied_message(path: Path) -> UserMessage:
    return UserMessage(
        tr("Copied {name}").format(name=path.name),
        tr("Paste it into a folder as a file, or into another program as a picture."),
    )
