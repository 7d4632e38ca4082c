"""A quantisation table as a heat-map, of which one band is chosen."""

from __future__ import annotations

from math import log

from PySide6.QtCore import QEvent, QPointF, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QFocusEvent,
    QFont,
    QHelpEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPalette,
    QPen,
)
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from app.i18n.translation import tr
from app.viewmodels.inspector.inspector_text import band_tip, band_words
from ddrm_core.jpeg.header import ZIGZAG

_LEAST_CELL, _USUAL_CELL = 22, 34
# Of the accent over the field, so that numbers stay readable in both schemes.
_MOST_COVER = 0.55
_MOVES = {
    Qt.Key.Key_Left: -1,
    Qt.Key.Key_Right: 1,
    Qt.Key.Key_Up: -8,
    Qt.Key.Key_Down: 8,
}


class BandTable(QWidget):
    """Eight rows of eight steps, the coarser the stronger; low frequencies at the top left.

    A click or the arrow keys choose a band; Home chooses DC.

    Signals:
        chosen: Another band was chosen. arg1: 0 to 63.
    """

    chosen = Signal(int)

    def __init__(self) -> None:
        super().__init__()
        self._steps: tuple[int, ...] = (1,) * 64
        self._band = 0
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        self.setMinimumSize(8 * _LEAST_CELL, 8 * _LEAST_CELL)
        self.setAccessibleName(tr("Quantisation table"))

    def show_table(self, steps: tuple[int, ...], band: int) -> None:
        """64 steps in natural order, and the chosen band."""
        self._steps, self._band = steps, band
        self.setAccessibleDescription(band_words(band, steps[band]))
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(8 * _USUAL_CELL, 8 * _USUAL_CELL)

    def heightForWidth(self, width: int) -> int:
        return min(width, 8 * _USUAL_CELL)

    def cell(self, band: int) -> QRect:
        """Where a band is in this widget."""
        row, column = divmod(band, 8)
        side = self._side
        return QRect(column * side, row * side, side, side)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setFont(self._font())
        highest = log(max(self._steps) + 1)
        palette = self.palette()
        accent = palette.color(QPalette.ColorRole.Accent)
        for band, step in enumerate(self._steps):
            cell = self.cell(band)
            painter.fillRect(cell, palette.color(QPalette.ColorRole.Base))
            heat = QColor(accent)
            heat.setAlphaF(_MOST_COVER * log(step) / highest)
            painter.fillRect(cell, heat)
            painter.setPen(palette.color(QPalette.ColorRole.Text))
            painter.drawText(cell, Qt.AlignmentFlag.AlignCenter, str(step))
        painter.setPen(QPen(palette.color(QPalette.ColorRole.Mid), 1))
        for line in range(9):
            place = line * self._side
            painter.drawLine(place, 0, place, 8 * self._side)
            painter.drawLine(0, place, 8 * self._side, place)
        self._paint_order(painter)
        width = 3 if self.hasFocus() else 2
        painter.setPen(QPen(palette.color(QPalette.ColorRole.Text), width))
        painter.drawRect(self.cell(self._band).adjusted(1, 1, 0, 0))

    def event(self, event: QEvent) -> bool:
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip:
            band = self._band_at(QPointF(event.pos()))
            if band is not None:
                QToolTip.showText(event.globalPos(), band_tip(band, self._steps[band]), self)
            return True
        return super().event(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        band = self._band_at(event.position())
        if band is not None and event.button() == Qt.MouseButton.LeftButton:
            self.chosen.emit(band)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = Qt.Key(event.key())
        if key == Qt.Key.Key_Home:
            self.chosen.emit(0)
        elif key in _MOVES:
            move = _MOVES[key]
            row, column = divmod(self._band, 8)
            # At an end of a row or a column the key does nothing.
            if (move in (-1, 1) and 0 <= column + move < 8) or (
                move in (-8, 8) and 0 <= row + move // 8 < 8
            ):
                self.chosen.emit(self._band + move)
        else:
            super().keyPressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.update()

    @property
    def _side(self) -> int:
        return max((min(self.width(), self.height()) - 2) // 8, 1)

    def _band_at(self, place: QPointF) -> int | None:
        column, row = int(place.x() // self._side), int(place.y() // self._side)
        return 8 * row + column if 0 <= column < 8 and 0 <= row < 8 else None

    def _font(self) -> QFont:
        font = QFont(self.font())
        font.setPixelSize(max(min(self._side // 3 + 1, 14), 9))
        return font

    def _paint_order(self, painter: QPainter) -> None:
        """A thin line through the bands in the order in which the file has them."""
        colour = QColor(self.palette().color(QPalette.ColorRole.Text))
        colour.setAlphaF(0.16)
        painter.setPen(QPen(colour, 1))
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        centres = [QRectF(self.cell(int(band))).center() for band in ZIGZAG]
        painter.drawPolyline(centres)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
