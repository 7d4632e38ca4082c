"""How the state of a queue's files is drawn."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, Qt
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QStyledItemDelegate, QStyleOptionViewItem, QWidget

from app.ui.batch.batch_table_model import SHARE_ROLE
from app.ui.widgets.theme import Theme

_BAR_HEIGHT_PX = 3


class StateDelegate(QStyledItemDelegate):
    """Icon and words, with a bar below them for the file that is worked on."""

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme = theme

    def paint(
        self,
        painter: QPainter,
        option: QStyleOptionViewItem,
        index: QModelIndex | QPersistentModelIndex,
    ) -> None:
        super().paint(painter, option, index)
        share = index.data(SHARE_ROLE)
        if not isinstance(share, float):
            return
        place: QRect = option.rect
        direction: Qt.LayoutDirection = option.direction
        bar = place.adjusted(3, place.height() - _BAR_HEIGHT_PX - 1, -3, -1)
        done = QRect(bar)
        done.setWidth(round(bar.width() * share))
        if direction is Qt.LayoutDirection.RightToLeft:
            done.moveRight(bar.right())
        colours = self._theme.colours
        painter.fillRect(bar, colours.line)
        painter.fillRect(done, colours.accent)
