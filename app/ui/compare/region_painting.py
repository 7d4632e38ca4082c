"""Painting of the frames of regions and kept areas."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRect, QRectF, QSizeF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPen

from app.ui.compare.image_painting import image_to_device_rect
from app.viewmodels.compare.compare import CompareState
from ddrm_core.imaging.rectangle import Rectangle


@dataclass(frozen=True, slots=True)
class RegionFrame:
    """The frame of a region or of a kept area.

    Attributes:
        rectangle: Rectangle in pixels of the displayed image.
        label: Number of a region, or a word; empty while the rectangle is being drawn.
        is_dashed: Whether the line is dashed, which distinguishes kept areas from regions.
    """

    rectangle: Rectangle
    label: str = ""
    is_dashed: bool = False


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
        label_rects: Rectangles of the pane labels in device pixels, which hide frame labels.
    """
    painter.save()
    painter.setClipRect(visible_rect)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
    for frame in frames:
        frame_rect = image_to_device_rect(frame.rectangle, state, pane_rect)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        for color, width in ((_SHADOW_COLOR, 4), (QColor(Qt.GlobalColor.white), 2)):
            pen = QPen(color, round(width * device_pixel_ratio))
            pen.setJoinStyle(Qt.PenJoinStyle.MiterJoin)
            if frame.is_dashed and color != _SHADOW_COLOR:
                pen.setStyle(Qt.PenStyle.DashLine)
            painter.setPen(pen)
            painter.drawRect(frame_rect)
        if frame.label:
            label_rect = place_frame_label(
                frame_rect, _measure_label(painter, frame.label, device_pixel_ratio), label_rects
            )
            _paint_label(painter, frame.label, label_rect, device_pixel_ratio)
    painter.restore()


def place_frame_label(frame_rect: QRectF, size: QSizeF, label_rects: Sequence[QRectF]) -> QRectF:
    """Return the rectangle of a frame's label in a corner of the frame.

    The label is in the top left corner, unless a pane label covers that corner: then it is in the
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


def _measure_label(painter: QPainter, label: str, device_pixel_ratio: float) -> QSizeF:
    size = QFontMetricsF(painter.font()).size(Qt.TextFlag.TextSingleLine, label)
    return QSizeF(size.width() + 2 * _PADDING, size.height() + _PADDING) * device_pixel_ratio


def _paint_label(
    painter: QPainter, label: str, device_rect: QRectF, device_pixel_ratio: float
) -> None:
    painter.save()
    painter.translate(device_rect.topLeft())
    painter.scale(device_pixel_ratio, device_pixel_ratio)
    label_rect = QRectF(QPointF(), device_rect.size() / device_pixel_ratio)
    painter.fillRect(label_rect, Qt.GlobalColor.black)
    painter.setPen(Qt.GlobalColor.white)
    painter.drawText(label_rect, Qt.AlignmentFlag.AlignCenter, label)
    painter.restore()
