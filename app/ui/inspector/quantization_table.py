"""A quantization table displayed as a heat map."""

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
from app.viewmodels.inspector.inspector_text import band_step_text, band_tooltip_text
from ddrm_core.jpeg.header import ZIGZAG

_MIN_CELL_SIZE, _DEFAULT_CELL_SIZE = 22, 34
# Opacity of the accent color; low enough for readable numbers in both color schemes.
_MAX_HEAT_OPACITY = 0.55
_BAND_OFFSET_BY_KEY = {
    Qt.Key.Key_Left: -1,
    Qt.Key.Key_Right: 1,
    Qt.Key.Key_Up: -8,
    Qt.Key.Key_Down: 8,
}


class QuantizationTableView(QWidget):
    """A grid of 8 x 8 quantizer steps, low frequencies at the top left, tinted by size.

    A click or an arrow key selects a band; Home selects DC.

    Signals:
        band_selected: The user selected a band. arg1: 0 to 63, in natural order.
    """

    band_selected = Signal(int)

    def __init__(self) -> None:
        super().__init__()
        self._steps: tuple[int, ...] = (1,) * 64
        self._selected_band = 0
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        self.setMinimumSize(8 * _MIN_CELL_SIZE, 8 * _MIN_CELL_SIZE)
        self.setAccessibleName(tr("Quantization table"))

    def show_table(self, steps: tuple[int, ...], selected_band: int) -> None:
        """Show 64 quantizer steps in natural order, and select a band."""
        self._steps, self._selected_band = steps, selected_band
        self.setAccessibleDescription(band_step_text(selected_band, steps[selected_band]))
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(8 * _DEFAULT_CELL_SIZE, 8 * _DEFAULT_CELL_SIZE)

    def heightForWidth(self, width: int) -> int:
        return min(width, 8 * _DEFAULT_CELL_SIZE)

    def cell_rect(self, band: int) -> QRect:
        """Return the rectangle of a band's cell in this widget."""
        row, column = divmod(band, 8)
        side = self._cell_size
        return QRect(column * side, row * side, side, side)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setFont(self._cell_font())
        max_log_step = log(max(self._steps) + 1)
        palette = self.palette()
        accent_color = palette.color(QPalette.ColorRole.Accent)
        for band, step in enumerate(self._steps):
            cell_rect = self.cell_rect(band)
            painter.fillRect(cell_rect, palette.color(QPalette.ColorRole.Base))
            heat_color = QColor(accent_color)
            heat_color.setAlphaF(_MAX_HEAT_OPACITY * log(step) / max_log_step)
            painter.fillRect(cell_rect, heat_color)
            painter.setPen(palette.color(QPalette.ColorRole.Text))
            painter.drawText(cell_rect, Qt.AlignmentFlag.AlignCenter, str(step))
        painter.setPen(QPen(palette.color(QPalette.ColorRole.Mid), 1))
        for line in range(9):
            line_position = line * self._cell_size
            painter.drawLine(line_position, 0, line_position, 8 * self._cell_size)
            painter.drawLine(0, line_position, 8 * self._cell_size, line_position)
        self._paint_zigzag(painter)
        frame_width = 3 if self.hasFocus() else 2
        painter.setPen(QPen(palette.color(QPalette.ColorRole.Text), frame_width))
        painter.drawRect(self.cell_rect(self._selected_band).adjusted(1, 1, 0, 0))

    def event(self, event: QEvent) -> bool:
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip:
            band = self._band_at(QPointF(event.pos()))
            if band is not None:
                QToolTip.showText(
                    event.globalPos(), band_tooltip_text(band, self._steps[band]), self
                )
            return True
        return super().event(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        band = self._band_at(event.position())
        if band is not None and event.button() == Qt.MouseButton.LeftButton:
            self.band_selected.emit(band)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = Qt.Key(event.key())
        if key == Qt.Key.Key_Home:
            self.band_selected.emit(0)
        elif key in _BAND_OFFSET_BY_KEY:
            offset = _BAND_OFFSET_BY_KEY[key]
            row, column = divmod(self._selected_band, 8)
            # At the edge of the table the key does nothing.
            if (offset in (-1, 1) and 0 <= column + offset < 8) or (
                offset in (-8, 8) and 0 <= row + offset // 8 < 8
            ):
                self.band_selected.emit(self._selected_band + offset)
        else:
            super().keyPressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.update()

    @property
    def _cell_size(self) -> int:
        return max((min(self.width(), self.height()) - 2) // 8, 1)

    def _band_at(self, position: QPointF) -> int | None:
        column, row = int(position.x() // self._cell_size), int(position.y() // self._cell_size)
        return 8 * row + column if 0 <= column < 8 and 0 <= row < 8 else None

    def _cell_font(self) -> QFont:
        font = QFont(self.font())
        font.setPixelSize(max(min(self._cell_size // 3 + 1, 14), 9))
        return font

    def _paint_zigzag(self, painter: QPainter) -> None:
        """Paint a thin line through the bands in the zigzag order of the file."""
        color = QColor(self.palette().color(QPalette.ColorRole.Text))
        color.setAlphaF(0.16)
        painter.setPen(QPen(color, 1))
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        centers = [QRectF(self.cell_rect(int(band))).center() for band in ZIGZAG]
        painter.drawPolyline(centers)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
