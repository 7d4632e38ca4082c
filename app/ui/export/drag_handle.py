"""A handle to drag a result by."""

from __future__ import annotations

from PySide6.QtCore import QMimeData, QPoint, Qt, Signal
from PySide6.QtGui import QDrag, QImage, QMouseEvent, QPixmap
from PySide6.QtWidgets import QApplication, QPushButton

from app.i18n.translation import tr

_THUMBNAIL = 96


class DragHandle(QPushButton):
    """A button that copies when it is clicked, and takes the result along when it is dragged.

    Signals:
        wanted: It was pressed: the file will be needed.
        copy_wanted: It was clicked, or chosen by a key.
    """

    wanted = Signal()
    copy_wanted = Signal()

    def __init__(self) -> None:
        super().__init__(tr("Drag out, or click to copy"))
        self.setAccessibleName(tr("Copy the result"))
        self.setToolTip(
            tr("Drag the result as a file into a folder or another program; a click copies it")
        )
        self.setCursor(Qt.CursorShape.OpenHandCursor)
        self._pressed_at: QPoint | None = None
        self._far = False
        self.clicked.connect(self.copy_wanted)

    @property
    def dragged(self) -> bool:
        """Whether the mouse has taken hold of it, and gone on."""
        return self._far

    def mousePressEvent(self, event: QMouseEvent) -> None:
        super().mousePressEvent(event)
        if event.button() == Qt.MouseButton.LeftButton:
            self._pressed_at, self._far = event.position().toPoint(), False
            self.wanted.emit()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._pressed_at is None:
            return
        gone = (event.position().toPoint() - self._pressed_at).manhattanLength()
        if not self._far and gone >= QApplication.startDragDistance():
            self._far = True
            self.wanted.emit()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if self._far:
            self.setDown(False)  # which is no click
        else:
            super().mouseReleaseEvent(event)
        self._pressed_at, self._far = None, False

    def take_along(self, data: QMimeData, picture: QImage) -> None:
        """Let the user drop `data` somewhere; returns when that has happened, or will not."""
        self._pressed_at, self._far = None, False
        self.setDown(False)
        drag = QDrag(self)
        drag.setMimeData(data)
        fast = Qt.TransformationMode.FastTransformation
        keep = Qt.AspectRatioMode.KeepAspectRatio
        small = picture.scaled(_THUMBNAIL, _THUMBNAIL, keep, fast)
        drag.setPixmap(QPixmap.fromImage(small))
        drag.exec(Qt.DropAction.CopyAction)
