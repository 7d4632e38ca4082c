"""The line between before and after in slider mode."""

from __future__ import annotations

from PySide6.QtCore import QLineF, QPointF, Qt
from PySide6.QtGui import QColor, QPainter, QPen, QPolygonF

# Logical pixels.
_GRAB_DISTANCE = 8
_HANDLE_RADIUS = 14
_ARROW_SIZE = 4.0
_SHADOW_COLOR = QColor(0, 0, 0, 110)


def is_near_split_line(position: QPointF, split_x: float) -> bool:
    """Return whether a mouse press at `position` is close enough to grab the split line.

    `split_x` is the line's x coordinate; both are in logical pixels.
    """
    return abs(position.x() - split_x) <= _GRAB_DISTANCE


def paint_split_line(painter: QPainter, x: float, height: int) -> None:
    """Paint the split line with its handle in colors that are visible on any image.

    `x` and `height` are in logical pixels.
    """
    handle_center = QPointF(x, height / 2)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(_SHADOW_COLOR, 4))
    painter.drawLine(QLineF(x, 0, x, height))
    painter.setPen(QPen(Qt.GlobalColor.white, 2))
    painter.drawLine(QLineF(x, 0, x, height))
    painter.setPen(QPen(_SHADOW_COLOR, 2))
    painter.setBrush(Qt.GlobalColor.white)
    painter.drawEllipse(handle_center, _HANDLE_RADIUS, _HANDLE_RADIUS)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(40, 40, 40))
    for direction in (-1, 1):
        tip = handle_center + QPointF(direction * (_ARROW_SIZE + 5), 0)
        base = QPointF(direction * -_ARROW_SIZE * 1.2, _ARROW_SIZE)
        mirrored_base = QPointF(base.x(), -_ARROW_SIZE)
        painter.drawPolygon(QPolygonF([tip, tip + base, tip + mirrored_base]))
