"""The button by which a result is dragged out of the window."""

from __future__ import annotations

from PySide6.QtCore import QMimeData, QPoint, Qt, Signal
from PySide6.QtGui import QDrag, QImage, QMouseEvent, QPixmap
from PySide6.QtWidgets import QApplication, QPushButton

from app.i18n.translation import tr

_DRAG_IMAGE_SIZE = 96


class DragHandle(QPushButton):
    """A button that copies the result when clicked and starts a drag of its file when dragged.

    Signals:
        file_requested: The button was pressed or a drag began, so the result's file is needed.
        copy_requested: The button was clicked or activated by a key.
    """

    file_requested = Signal()
    copy_requested = Signal()

    def __init__(self) -> None:
        super().__init__(tr("Copy result (or drag it)"))
        self.setAccessibleName(tr("Copy the result"))
        self.setToolTip(
            tr("Drag the result as a file into a folder or another program; a click copies it")
        )
        self.setCursor(Qt.CursorShape.OpenHandCursor)
        self._press_position: QPoint | None = None
        self._is_dragging = False
        self.clicked.connect(self.copy_requested)

    @property
    def is_dragging(self) -> bool:
        """Whether the pressed mouse has moved far enough for a drag."""
        return self._is_dragging

    def mousePressEvent(self, event: QMouseEvent) -> None:
        super().mousePressEvent(event)
        if event.button() == Qt.MouseButton.LeftButton:
            self._press_position, self._is_dragging = event.position().toPoint(), False
            self.file_requested.emit()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._press_position is None:
            return
        distance = (event.position().toPoint() - self._press_position).manhattanLength()
        if not self._is_dragging and distance >= QApplication.startDragDistance():
            self._is_dragging = True
            self.file_requested.emit()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if self._is_dragging:
            self.setDown(False)  # releases the button without a click
        else:
            super().mouseReleaseEvent(event)
        self._press_position, self._is_dragging = None, False

    def start_drag(self, data: QMimeData, image: QImage) -> None:
        """Run a drag of `data` with a thumbnail of `image`, and return when the drag has ended."""
        self._press_position, self._is_dragging = None, False
        self.setDown(False)
        drag = QDrag(self)
        drag.setMimeData(data)
        fast = Qt.TransformationMode.FastTransformation
        keep_aspect = Qt.AspectRatioMode.KeepAspectRatio
        thumbnail = image.scaled(_DRAG_IMAGE_SIZE, _DRAG_IMAGE_SIZE, keep_aspect, fast)
        drag.setPixmap(QPixmap.fromImage(thumbnail))
        drag.exec(Qt.DropAction.CopyAction)
