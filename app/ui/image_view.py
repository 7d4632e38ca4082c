"""Painting a picture into a pane, at a scale and a place."""

from __future__ import annotations

from math import ceil, floor

from PySide6.QtCore import QPoint, QPointF, QRect, QRectF, QSizeF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QImage, QPainter

from app.convert import Overlay, Pyramid
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
    image = picture.for_scale(state.scale)
    size = QSizeF(state.picture.width, state.picture.height) * state.scale
    smooth = state.scale < _NEAREST_FROM_SCALE and state.scale != 1
    painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, smooth)
    _paint_seen(painter, image, QRectF(QPointF(_origin(state, pane)), size), pane)


def paint_overlay(painter: QPainter, overlay: Overlay, state: CompareState, pane: QRect) -> None:
    """Paint tints over what `paint_picture` painted with the same arguments."""
    origin, scale = QPointF(_origin(state, pane)), state.scale
    blocks, side = overlay.for_scale(scale)
    corner = origin + QPointF(overlay.left, overlay.top) * scale
    painter.save()
    # The last blocks may reach past the picture.
    shown = QRectF(origin, QSizeF(state.picture.width, state.picture.height) * scale)
    painter.setClipRect(shown, Qt.ClipOperation.IntersectClip)
    painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, False)
    _paint_seen(painter, blocks, QRectF(corner, QSizeF(blocks.size()) * side * scale), pane)
    painter.restore()


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


def _paint_seen(painter: QPainter, image: QImage, target: QRectF, pane: QRect) -> None:
    """Paint the part of `image`, as large as `target`, that lies in the pane.

    That part is cut at whole pixels of it, so that they keep their borders however the view moves.
    """
    across, down = target.width() / image.width(), target.height() / image.height()
    x = max(floor((pane.left() - target.left()) / across), 0)
    y = max(floor((pane.top() - target.top()) / down), 0)
    right = min(ceil((pane.right() + 1 - target.left()) / across), image.width())
    bottom = min(ceil((pane.bottom() + 1 - target.top()) / down), image.height())
    if right <= x or bottom <= y:
        return
    source = QRectF(x, y, right - x, bottom - y)
    corner = target.topLeft() + QPointF(x * across, y * down)
    size = QSizeF(source.width() * across, source.height() * down)
    painter.drawImage(QRectF(corner, size), image, source)


def _origin(state: CompareState, pane: QRect) -> QPoint:
    """Where the picture's top left corner lies, on whole device pixels."""
    return QPoint(
        round(pane.left() + pane.width() / 2 - state.centre.x * state.scale),
        round(pane.top() + pane.height() / 2 - state.centre.y * state.scale),
    )
