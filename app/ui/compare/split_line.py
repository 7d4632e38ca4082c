"""The line between before and after in slider mode."""

from __future__ import annotations

from PySide6.QtCore import QLineF, QPointF, Qt
from PySide6.QtGui import QColor, QPainter, QPen, QPolygonF

# Logical pixels.
_REACH = 8
_RADIUS = 14
_ARROW = 4.0
_SHADOW = QColor(0, 0, 0, 110)


def near_split(position: QPointF, split: float) -> bool:
    """Whether a press there takes hold of the line at x = `split`."""
    return abs(position.x() - split) <= _REACH


def paint_split(painter: QPainter, x: float, height: int) -> None:
    """Paint the line with its handle, readable on any picture; logical pixels."""
    middle = QPointF(x, height / 2)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(_SHADOW, 4))
    painter.drawLine(QLineF(x, 0, x, height))
    painter.setPen(QPen(Qt.GlobalColor.white, 2))
    painter.drawLine(QLineF(x, 0, x, height))
    painter.setPen(QPen(_SHADOW, 2))
    painter.setBrush(Qt.GlobalColor.white)
    painter.drawEllipse(middle, _RADIUS, _RADIUS)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(40, 40, 40))
    for side in (-1, 1):
        tip = middle + QPointF(side * (_ARROW + 5), 0)
        base = QPointF(side * -_ARROW * 1.2, _ARROW)
        mirrored = QPointF(base.x(), -_ARROW)
        painter.drawPolygon(QPolygonF([tip, tip + base, tip + mirrored]))
