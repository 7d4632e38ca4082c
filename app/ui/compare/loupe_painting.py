"""Painting of the loupe: before and after side by side, magnified."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import QRect, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen

from app.ui.compare.image_painting import paint_pane
from app.viewmodels.compare.compare import CompareMode, CompareState, Size, view_to_pane
from app.viewmodels.compare.scene import LoupeHalf

# Side of one half in logical pixels, and magnification relative to the larger of the view's
# scale and 100 %.
_LOUPE_HALF_SIDE = 200
_MAGNIFICATION = 4.0
_SHADOW_COLOR = QColor(0, 0, 0, 190)


def paint_loupe(
    painter: QPainter, halves: tuple[LoupeHalf, ...], state: CompareState, device_pixel_ratio: float
) -> None:
    """Paint the halves of the loupe around its position, moved to fit inside the view.

    Args:
        painter: Painter with coordinates in device pixels.
        halves: Contents from left to right.
        state: State of the compare view.
        device_pixel_ratio: Device pixels per logical pixel.
    """
    if state.loupe_position is None or not halves:
        return  # no image is loaded
    view_size, count = state.view_size, len(halves)
    side = min(
        round(_LOUPE_HALF_SIDE * device_pixel_ratio), view_size.width // count, view_size.height
    )
    left = _clamp_loupe_start(
        round(state.loupe_position.x) - count * side // 2, view_size.width - count * side
    )
    top = _clamp_loupe_start(round(state.loupe_position.y) - side // 2, view_size.height - side)
    half_state = replace(
        state,
        mode=CompareMode.ONE,
        view_size=Size(side, side),
        scale=max(state.scale, 1.0) * _MAGNIFICATION,
        center=state.pane_to_image(view_to_pane(state, state.loupe_position)),
    )
    for index, half in enumerate(halves):
        half_rect = QRect(left + index * side, top, side, side)
        painter.fillRect(half_rect, Qt.GlobalColor.black)
        paint_pane(painter, half.image, half_state, half_rect, half_rect)
        _paint_loupe_label(painter, half.label, half_rect, device_pixel_ratio)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    loupe_rect = QRect(left, top, count * side, side)
    half_rects = [QRect(left + index * side, top, side, side) for index in range(count)]
    for color, width in ((_SHADOW_COLOR, 4), (QColor(Qt.GlobalColor.white), 2)):
        painter.setPen(QPen(color, width * device_pixel_ratio))
        for border_rect in half_rects:
            painter.drawRect(border_rect)
    painter.setPen(QPen(_SHADOW_COLOR, device_pixel_ratio))
    painter.drawRect(loupe_rect.adjusted(-2, -2, 2, 2))


def _paint_loupe_label(
    painter: QPainter, text: str, half_rect: QRect, device_pixel_ratio: float
) -> None:
    painter.save()
    painter.translate(half_rect.bottomLeft())
    painter.scale(device_pixel_ratio, device_pixel_ratio)
    metrics = painter.fontMetrics()
    text_rect = QRectF(
        0, -metrics.height() - 4, half_rect.width() / device_pixel_ratio, metrics.height() + 4
    )
    painter.fillRect(text_rect, _SHADOW_COLOR)
    painter.setPen(Qt.GlobalColor.white)
    elided_text = metrics.elidedText(text, Qt.TextElideMode.ElideRight, int(text_rect.width()) - 8)
    painter.drawText(text_rect, Qt.AlignmentFlag.AlignCenter, elided_text)
    painter.restore()


def _clamp_loupe_start(start: int, max_start: int) -> int:
    return min(max(start, 0), max(max_start, 0))
