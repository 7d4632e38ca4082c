"""What the user goes through to take pictures to another program."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QMimeData, QObject, QUrl, Slot
from PySide6.QtGui import QGuiApplication, QImage
from PySide6.QtWidgets import QWidget

from app.i18n.error_messages import Message, message_for
from app.i18n.translation import tr
from app.ui.export.actions import CopyActions
from app.ui.export.drag_handle import DragHandle
from app.ui.widgets.message_bar import MessageBar
from app.viewmodels.document.document import DocumentState, DocumentViewModel
from app.viewmodels.export.save_options import SaveOptionsViewModel
from app.viewmodels.export.sharing import (
    HandingState,
    HandingViewModel,
    NotHanded,
    Ready,
    parcel_for,
)
from app.viewmodels.run.run import Done, RunState, RunViewModel


class HandOutKeeper(QObject):
    """Copies result and original, as pictures and as files, and lets the result be dragged."""

    def __init__(
        self,
        window: QWidget,
        actions: CopyActions,
        handing: HandingViewModel,
        run: RunViewModel,
        document: DocumentViewModel,
        options: SaveOptionsViewModel,
        *,
        handle: DragHandle,
        message: MessageBar,
    ) -> None:
        super().__init__(window)
        self._actions = actions
        self._handing = handing
        self._run = run
        self._document = document
        self._options = options
        self._handle = handle
        self._message = message
        self._copying = False
        actions.copy_result.triggered.connect(lambda _checked: self.copy_result())
        actions.copy_original.triggered.connect(lambda _checked: self.copy_original())
        handle.wanted.connect(self._on_wanted)
        handle.copy_wanted.connect(self.copy_result)
        handing.state_changed.connect(self._on_handing_changed)
        run.state_changed.connect(self._render)
        document.state_changed.connect(self._render)
        self._render()

    @Slot()
    def copy_result(self) -> None:
        """The file is written first; nothing happens where there is no result."""
        self._copying = isinstance(self._run.state, Done)
        self._wrap()

    @Slot()
    def copy_original(self) -> None:
        document = self._document.document
        if document is not None:
            data = _data(document.source.path, document.image.full)
            QGuiApplication.clipboard().setMimeData(data)
            self._message.show_note(_copied(document.source.path))

    @Slot()
    def _on_wanted(self) -> None:
        self._wrap()

    def _wrap(self) -> None:
        done = self._run.state
        if isinstance(done, Done):
            self._handing.wrap(parcel_for(done, self._options.state))
            self._hand_out(self._handing.state)

    @Slot(object)
    def _on_handing_changed(self, state: HandingState) -> None:
        match state:
            case Ready():
                self._hand_out(state)
                self._let_go()
            case NotHanded(error=error):
                self._copying = False
                self._message.show_failure(message_for(error))

    def _hand_out(self, state: HandingState) -> None:
        """To whoever waits for it: the clipboard, or a mouse that is under way."""
        if not isinstance(state, Ready):
            return
        picture = state.parcel.restored.picture
        if self._copying:
            self._copying = False
            QGuiApplication.clipboard().setMimeData(_data(state.path, picture.full))
            self._message.show_note(_copied(state.path))
        elif self._handle.dragged:
            self._handle.take_along(_data(state.path, picture.full), picture.sizes[-1])

    @Slot()
    def _render(self, _state: RunState | DocumentState | None = None) -> None:
        self._actions.copy_result.setEnabled(isinstance(self._run.state, Done))
        self._actions.copy_original.setEnabled(self._document.document is not None)
        self._let_go()

    def _let_go(self) -> None:
        """A result that is not the present one takes its memory for nothing."""
        if not isinstance(self._run.state, Done):
            self._handing.let_go()


def _data(path: Path, picture: QImage) -> QMimeData:
    """A file, and for programs that take none, what is in it."""
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path))])
    data.setImageData(picture)
    return data


def _copied(path: Path) -> Message:
    return Message(
        tr("Copied {name}").format(name=path.name),
        tr("Paste it into a folder as a file, or into another program as a picture."),
    )
