"""Numbered frames over the pictures."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPen

from app.ui.compare.image_painting import target_of
from app.viewmodels.compare.compare import CompareState
from ddrm_core.imaging.rectangle import Rectangle

Mark = tuple[Rectangle, int]
"""Pixels of the shown picture, and the number beside them; 0 for one that is being drawn."""

_SHADOW = QColor(0, 0, 0, 190)
_PADDING = 4.0


def paint_marks(
    painter: QPainter,
    marks: tuple[Mark, ...],
    state: CompareState,
    pane: QRect,
    seen: QRect,
    ratio: float,
) -> None:
    """Paint them into a pane; light lines with dark ones around, readable on any picture.

    Args:
        painter: In device pixels.
        marks: All of them.
        state: Scale and centre.
        pane: Where, device pixels.
        seen: The part of it that is painted.
        ratio: Device pixels in a logical one.
    """
    painter.save()
    painter.setClipRect(seen)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
    for place, number in marks:
        frame = target_of(place, state, pane)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        for colour, width in ((_SHADOW, 4), (QColor(Qt.GlobalColor.white), 2)):
            pen = QPen(colour, round(width * ratio))
            pen.setJoinStyle(Qt.PenJoinStyle.MiterJoin)
            painter.setPen(pen)
            painter.drawRect(frame)
        if number:
            _paint_number(painter, number, frame.topLeft(), ratio)
    painter.restore()


def _paint_number(painter: QPainter, number: int, corner: QPointF, ratio: float) -> None:
    """On the frame's corner, inside it."""
    painter.save()
    painter.translate(corner)
    painter.scale(ratio, ratio)
    size = QFontMetricsF(painter.font()).size(Qt.TextFlag.TextSingleLine, f"{number}")
    chip = QRectF(0, 0, size.width() + 2 * _PADDING, size.height() + _PADDING)
    painter.fillRect(chip, Qt.GlobalColor.black)
    painter.setPen(Qt.GlobalColor.white)
    painter.drawText(chip, Qt.AlignmentFlag.AlignCenter, f"{number}")
    painter.restore()
