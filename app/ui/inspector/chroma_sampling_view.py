"""Which pixels share a colour sample, drawn."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPalette, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from app.i18n.translation import tr

_COLUMNS, _ROWS, _CELL = 8, 4, 24
_DOT, _RING = 2.5, 7.0


class SamplingView(QWidget):
    """Eight by four pixels with their samples: dots for brightness, rings for colour."""

    def __init__(self) -> None:
        super().__init__()
        self._across, self._down, self._grey = 1, 1, True
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(tr("Samples of brightness and colour"))
        self.setToolTip(
            tr("A dot is a sample of brightness, a ring one of colour; each square is a pixel")
        )

    def show_sampling(self, across: int, down: int, *, grey: bool) -> None:
        """So many pixels share a colour sample; grey pictures have none."""
        self._across, self._down, self._grey = across, down, grey
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(_COLUMNS * _CELL + 1, _ROWS * _CELL + 1)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter, palette = QPainter(self), self.palette()
        text, accent = (
            palette.color(QPalette.ColorRole.WindowText),
            palette.color(QPalette.ColorRole.Accent),
        )
        whole = QRectF(0, 0, _COLUMNS * _CELL, _ROWS * _CELL)
        painter.fillRect(whole, palette.color(QPalette.ColorRole.Base))
        painter.setPen(QPen(palette.color(QPalette.ColorRole.Mid), 1))
        for column in range(_COLUMNS + 1):
            painter.drawLine(column * _CELL, 0, column * _CELL, _ROWS * _CELL)
        for row in range(_ROWS + 1):
            painter.drawLine(0, row * _CELL, _COLUMNS * _CELL, row * _CELL)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(text)
        for row in range(_ROWS):
            for column in range(_COLUMNS):
                centre = QPointF((column + 0.5) * _CELL, (row + 0.5) * _CELL)
                painter.drawEllipse(centre, _DOT, _DOT)
        if not self._grey:
            self._paint_colour(painter, accent)

    def _paint_colour(self, painter: QPainter, accent: QColor) -> None:
        tint = QColor(accent)
        tint.setAlphaF(0.12)
        for top in range(0, _ROWS, self._down):
            for left in range(0, _COLUMNS, self._across):
                group = QRectF(left * _CELL, top * _CELL, self._across * _CELL, self._down * _CELL)
                painter.setPen(QPen(accent, 1.5))
                painter.setBrush(tint)
                painter.drawRect(group.adjusted(1.5, 1.5, -1.5, -1.5))
                painter.setBrush(Qt.BrushStyle.NoBrush)
                painter.setPen(QPen(accent, 2))
                painter.drawEllipse(group.center(), _RING, _RING)
