"""Painting a picture into a pane, at a scale and a place."""

from __future__ import annotations

from math import ceil, floor

from PySide6.QtCore import QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter

from app.convert import Pyramid
from app.viewmodels.compare import CompareState

# From here on the eye wants to see pixels, not a blur.
_NEAREST_FROM_SCALE = 2.0
_CHIP = QColor(0, 0, 0, 165)


def paint_picture(painter: QPainter, picture: Pyramid, state: CompareState, pane: QRect) -> None:
    """Paint the part of `picture` that is seen.

    Args:
        painter: In device pixels; its clip is kept.
        picture: Of the size in `state`.
        state: Scale and centre.
        pane: Where, device pixels; the whole pane even where the clip shows less.
    """
    left, top = _origin(state, pane)
    # Whole picture pixels, so that enlarged pixels keep their borders however the view moves.
    image = picture.for_scale(state.scale)
    across, down = (
        state.scale * state.picture.width / image.width(),
        state.scale * state.picture.height / image.height(),
    )
    x = max(floor((pane.left() - left) / across), 0)
    y = max(floor((pane.top() - top) / down), 0)
    right = min(ceil((pane.right() + 1 - left) / across), image.width())
    bottom = min(ceil((pane.bottom() + 1 - top) / down), image.height())
    if right <= x or bottom <= y:
        return
    target = QRectF(left + x * across, top + y * down, (right - x) * across, (bottom - y) * down)
    smooth = state.scale < _NEAREST_FROM_SCALE and state.scale != 1
    painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, smooth)
    painter.drawImage(target, image, QRectF(x, y, right - x, bottom - y))


def paint_label(painter: QPainter, text: str, place: QPointF, *, right: bool) -> None:
    """Paint `text` on a dark chip, readable on any picture.

    Args:
        painter: In logical pixels.
        text: One line.
        place: The chip's top left corner, or its top right one.
        right: Whether `place` is the right one.
    """
    font = QFont(painter.font())
    font.setBold(True)
    size = QFontMetricsF(font).size(Qt.TextFlag.TextSingleLine, text)
    left = place.x() - size.width() - 16 if right else place.x()
    chip = QRectF(left, place.y(), size.width() + 16, size.height() + 8)
    painter.setFont(font)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(_CHIP)
    painter.drawRoundedRect(chip, 4, 4)
    painter.setPen(Qt.GlobalColor.white)
    painter.drawText(chip, Qt.AlignmentFlag.AlignCenter, text)


def _origin(state: CompareState, pane: QRect) -> tuple[int, int]:
    """Where the picture's top left corner lies, on whole device pixels."""
    return (
        round(pane.left() + pane.width() / 2 - state.centre.x * state.scale),
        round(pane.top() + pane.height() / 2 - state.centre.y * state.scale),
    )
