"""Painting of numbered region frames."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QPointF, QRect, QRectF, QSizeF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPen

from app.ui.compare.image_painting import image_to_device_rect
from app.viewmodels.compare.compare import CompareState
from ddrm_core.imaging.rectangle import Rectangle

RegionFrame = tuple[Rectangle, int]
"""A rectangle in pixels of the displayed image and its number; 0 while it is drawn."""

_SHADOW_COLOR = QColor(0, 0, 0, 190)
_PADDING = 4.0


def paint_region_frames(
    painter: QPainter,
    frames: tuple[RegionFrame, ...],
    state: CompareState,
    pane_rect: QRect,
    visible_rect: QRect,
    device_pixel_ratio: float,
    label_rects: Sequence[QRectF] = (),
) -> None:
    """Paint region frames into a pane: light lines with dark edges, readable on any image.

    Args:
        painter: Painter with coordinates in device pixels.
        frames: The frames to paint.
        state: Scale and center.
        pane_rect: Rectangle of the pane in device pixels.
        visible_rect: The part of `pane_rect` to paint.
        device_pixel_ratio: Device pixels per logical pixel.
        label_rects: Rectangles of the pane labels in device pixels, which hide numbers.
    """
    painter.save()
    painter.setClipRect(visible_rect)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
    for rectangle, number in frames:
        frame_rect = image_to_device_rect(rectangle, state, pane_rect)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        for color, width in ((_SHADOW_COLOR, 4), (QColor(Qt.GlobalColor.white), 2)):
            pen = QPen(color, round(width * device_pixel_ratio))
            pen.setJoinStyle(Qt.PenJoinStyle.MiterJoin)
            painter.setPen(pen)
            painter.drawRect(frame_rect)
        if number:
            number_rect = place_region_number(
                frame_rect, _measure_number(painter, number, device_pixel_ratio), label_rects
            )
            _paint_region_number(painter, number, number_rect, device_pixel_ratio)
    painter.restore()


def place_region_number(frame_rect: QRectF, size: QSizeF, label_rects: Sequence[QRectF]) -> QRectF:
    """Return the rectangle of a region's number in a corner of its frame.

    The number is in the top left corner, unless a pane label covers that corner: then it is in the
    next free one, the bottom left before the top right and the bottom right.
    """
    right, bottom = frame_rect.right() - size.width(), frame_rect.bottom() - size.height()
    rects = [
        QRectF(QPointF(x, y), size)
        for x in (frame_rect.left(), right)
        for y in (frame_rect.top(), bottom)
    ]
    free_rects = (
        rect for rect in rects if not any(rect.intersects(label) for label in label_rects)
    )
    return next(free_rects, rects[0])


def _measure_number(painter: QPainter, number: int, device_pixel_ratio: float) -> QSizeF:
    size = QFontMetricsF(painter.font()).size(Qt.TextFlag.TextSingleLine, f"{number}")
    return QSizeF(size.width() + 2 * _PADDING, size.height() + _PADDING) * device_pixel_ratio


def _paint_region_number(
    painter: QPainter, number: int, device_rect: QRectF, device_pixel_ratio: float
) -> None:
    painter.save()
    painter.translate(device_rect.topLeft())
    painter.scale(device_pixel_ratio, device_pixel_ratio)
    number_rect = QRectF(QPointF(), device_rect.size() / device_pixel_ratio)
    painter.fillRect(number_rect, Qt.GlobalColor.black)
    painter.setPen(Qt.GlobalColor.white)
    painter.drawText(number_rect, Qt.AlignmentFlag.AlignCenter, f"{number}")
    painter.restore()
