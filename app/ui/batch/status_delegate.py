"""The delegate that paints the status column."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, Qt
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QStyledItemDelegate, QStyleOptionViewItem, QWidget

from app.ui.batch.batch_table_model import PROGRESS_ROLE
from app.ui.widgets.theme import Theme

_BAR_HEIGHT_PX = 3


class StatusDelegate(QStyledItemDelegate):
    """A delegate for status cells that adds a progress bar for the file that is being restored."""

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
        fraction_done = index.data(PROGRESS_ROLE)
        if not isinstance(fraction_done, float):
            return
        cell: QRect = option.rect
        direction: Qt.LayoutDirection = option.direction
        bar = cell.adjusted(3, cell.height() - _BAR_HEIGHT_PX - 1, -3, -1)
        done_part = QRect(bar)
        done_part.setWidth(round(bar.width() * fraction_done))
        if direction is Qt.LayoutDirection.RightToLeft:
            done_part.moveRight(bar.right())
        colors = self._theme.colors
        painter.fillRect(bar, colors.border)
        painter.fillRect(done_part, colors.accent)
