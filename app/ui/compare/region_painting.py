"""Painting of numbered region frames."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRect, QRectF, Qt
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
) -> None:
    """Paint region frames into a pane: light lines with dark edges, readable on any image.

    Args:
        painter: Painter with coordinates in device pixels.
        frames: The frames to paint.
        state: Scale and center.
        pane_rect: Rectangle of the pane in device pixels.
        visible_rect: The part of `pane_rect` to paint.
        device_pixel_ratio: Device pixels per logical pixel.
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
            _paint_region_number(painter, number, frame_rect.topLeft(), device_pixel_ratio)
    painter.restore()


def _paint_region_number(
    painter: QPainter, number: int, corner: QPointF, device_pixel_ratio: float
) -> None:
    """Paint a region's number inside the top left corner of its frame."""
    painter.save()
    painter.translate(corner)
    painter.scale(device_pixel_ratio, device_pixel_ratio)
    size = QFontMetricsF(painter.font()).size(Qt.TextFlag.TextSingleLine, f"{number}")
    number_rect = QRectF(0, 0, size.width() + 2 * _PADDING, size.height() + _PADDING)
    painter.fillRect(number_rect, Qt.GlobalColor.black)
    painter.setPen(Qt.GlobalColor.white)
    painter.drawText(number_rect, Qt.AlignmentFlag.AlignCenter, f"{number}")
    painter.restore()
