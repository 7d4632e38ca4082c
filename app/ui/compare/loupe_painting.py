"""Before and after beside each other at one place, enlarged."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import QRect, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen

from app.ui.compare.image_painting import paint
from app.viewmodels.compare.compare import CompareState, Mode, Size, in_pane
from app.viewmodels.compare.scene import Lens

# Logical pixels of one lens, and how much larger it shows than the view, or than 100 %.
_SIDE = 200
_ENLARGEMENT = 4.0
_SHADOW = QColor(0, 0, 0, 190)


def paint_loupe(
    painter: QPainter, lenses: tuple[Lens, ...], state: CompareState, ratio: float
) -> None:
    """Paint the lenses around the loupe's place, whole inside the view.

    Args:
        painter: In device pixels.
        lenses: From left to right.
        state: Of the view.
        ratio: Device pixels in a logical one.
    """
    if state.loupe is None or not lenses:
        return  # a picture that is not there has no lens
    space, count = state.space, len(lenses)
    side = min(round(_SIDE * ratio), space.width // count, space.height)
    left = _held(round(state.loupe.x) - count * side // 2, space.width - count * side)
    top = _held(round(state.loupe.y) - side // 2, space.height - side)
    inside = replace(
        state,
        mode=Mode.ONE,
        space=Size(side, side),
        scale=max(state.scale, 1.0) * _ENLARGEMENT,
        centre=state.at(in_pane(state, state.loupe)),
    )
    for index, lens in enumerate(lenses):
        place = QRect(left + index * side, top, side, side)
        painter.fillRect(place, Qt.GlobalColor.black)
        paint(painter, lens.drawn, inside, place, place)
        _paint_label(painter, lens.label, place, ratio)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    whole = QRect(left, top, count * side, side)
    seams = [QRect(left + index * side, top, side, side) for index in range(count)]
    for colour, width in ((_SHADOW, 4), (QColor(Qt.GlobalColor.white), 2)):
        painter.setPen(QPen(colour, width * ratio))
        for seam in seams:
            painter.drawRect(seam)
    painter.setPen(QPen(_SHADOW, ratio))
    painter.drawRect(whole.adjusted(-2, -2, 2, 2))


def _paint_label(painter: QPainter, text: str, lens: QRect, ratio: float) -> None:
    painter.save()
    painter.translate(lens.bottomLeft())
    painter.scale(ratio, ratio)
    metrics = painter.fontMetrics()
    words = QRectF(0, -metrics.height() - 4, lens.width() / ratio, metrics.height() + 4)
    painter.fillRect(words, _SHADOW)
    painter.setPen(Qt.GlobalColor.white)
    shown = metrics.elidedText(text, Qt.TextElideMode.ElideRight, int(words.width()) - 8)
    painter.drawText(words, Qt.AlignmentFlag.AlignCenter, shown)
    painter.restore()


def _held(start: int, room: int) -> int:
    return min(max(start, 0), max(room, 0))
