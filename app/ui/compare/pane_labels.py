"""What stands over pictures, readable on any of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPen, QPolygonF

from app.viewmodels.compare.scene import Shown

_CHIP = QColor(0, 0, 0, 175)
_EDGE = QColor(255, 255, 255, 90)
_MARGIN = 10.0
_PADDING_X, _PADDING_Y = 8.0, 4.0
# The mark of what can be chosen: a triangle.
_ARROW_WIDTH, _ARROW_GAP = 8.0, 6.0


@dataclass(frozen=True, slots=True)
class Chip:
    """A label on a picture.

    Attributes:
        text: One line.
        rectangle: Where, logical pixels.
        slots: Those whose pictures can be chosen there.
    """

    text: str
    rectangle: QRectF
    slots: tuple[int, ...]


def chips(
    shown: Sequence[Shown], places: Sequence[QRectF], font: QFont, *, mirrored: bool
) -> tuple[Chip, ...]:
    """The labels of all pictures.

    Args:
        shown: The pictures.
        places: Their panes, logical pixels.
        font: Of the text.
        mirrored: Whether lines begin at the right.
    """
    metrics, found = QFontMetricsF(_bold(font)), []
    for one, place in zip(shown, places, strict=True):
        shared = any(other is not one and other.pane == one.pane for other in shown)
        room = place.width() / (2 if shared else 1) - 2 * _MARGIN
        size = metrics.size(Qt.TextFlag.TextSingleLine, one.label)
        width = size.width() + 2 * _PADDING_X + (_ARROW_WIDTH + _ARROW_GAP if one.slots else 0)
        width = min(width, room)
        # Before stays left of after; elsewhere a label stands where a line begins.
        right = one.right if shared else mirrored
        left = place.right() - _MARGIN - width if right else place.left() + _MARGIN
        chip = QRectF(left, place.top() + _MARGIN, width, size.height() + 2 * _PADDING_Y)
        found.append(Chip(one.label, chip, one.slots))
    return tuple(found)


def paint_chip(painter: QPainter, chip: Chip, *, mirrored: bool) -> None:
    """Paint a label on a dark ground.

    Args:
        painter: In logical pixels.
        chip: The label; its end is left out where there is no room.
        mirrored: Whether the mark that another picture can be chosen stands on the left.
    """
    painter.save()
    painter.setFont(_bold(painter.font()))
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(_EDGE, 1))
    painter.setBrush(_CHIP)
    painter.drawRoundedRect(chip.rectangle.adjusted(0.5, 0.5, -0.5, -0.5), 4, 4)
    words = chip.rectangle.adjusted(_PADDING_X, 0, -_PADDING_X, 0)
    if chip.slots:
        left = words.left() if mirrored else words.right() - _ARROW_WIDTH
        top = words.center().y() - _ARROW_WIDTH / 4
        mark = [
            QPointF(left, top),
            QPointF(left + _ARROW_WIDTH, top),
            QPointF(left + _ARROW_WIDTH / 2, top + _ARROW_WIDTH / 2),
        ]
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(Qt.GlobalColor.white)
        painter.drawPolygon(QPolygonF(mark))
        taken = _ARROW_WIDTH + _ARROW_GAP
        words.adjust(taken if mirrored else 0, 0, 0 if mirrored else -taken, 0)
    painter.setPen(Qt.GlobalColor.white)
    # Half a pixel is lost to rounding, which would cost the last letter.
    elide = Qt.TextElideMode.ElideRight
    shown = QFontMetricsF(painter.font()).elidedText(chip.text, elide, words.width() + 1)
    painter.drawText(words, Qt.AlignmentFlag.AlignCenter, shown)
    painter.restore()


def paint_focus(painter: QPainter, whole: QRect, accent: QColor) -> None:
    """A frame that says where keys go: the accent, and light and dark beside it."""
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    colours = (accent, accent, QColor(Qt.GlobalColor.white), QColor(Qt.GlobalColor.black))
    for inset, colour in enumerate(colours):
        painter.setPen(QPen(colour, 1))
        painter.drawRect(whole.adjusted(inset, inset, -inset - 1, -inset - 1))
    painter.restore()


def _bold(font: QFont) -> QFont:
    bold = QFont(font)
    bold.setBold(True)
    return bold
