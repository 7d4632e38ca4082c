"""A scroll area that is as high as its content if there is room."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QSize
from PySide6.QtWidgets import QSizePolicy, QWidget

from app.ui.widgets.vertical_scroll_area import VerticalScrollArea


class ShrinkingScrollArea(VerticalScrollArea):
    """A scroll area that wants the height of its content, and less if it must."""

    def __init__(self, content: QWidget) -> None:
        super().__init__(content)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)
        content.installEventFilter(self)

    def sizeHint(self) -> QSize:
        has_height_for_width = self._content.hasHeightForWidth()
        # A scroll bar makes lines break, and Qt keeps it if they need its room afterwards.
        width = self.width() - self.verticalScrollBar().sizeHint().width()
        height = (
            self._content.heightForWidth(width)
            if has_height_for_width
            else self._content.sizeHint().height()
        )
        return QSize(super().sizeHint().width(), height)

    def minimumSizeHint(self) -> QSize:
        return QSize(0, 0)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.LayoutRequest:
            self.updateGeometry()
        return super().eventFilter(watched, event)
