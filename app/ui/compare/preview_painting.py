"""Painting of the frame around a quick preview."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPainterPath, QPen

from app.i18n.translation import tr
from app.jobs.run.quick_preview import PreviewPatch
from app.ui.compare.image_painting import image_to_device_rect
from app.viewmodels.compare.compare import CompareState

_SHADOW_COLOR = QColor(0, 0, 0, 190)
_PADDING = 4.0
_DASH_LENGTHS = [4.0, 3.0]
# The word is inside of a frame that is this many times as wide and as high as the word.
_INSIDE_FACTOR = 1.5
_BELOW_GAP = 4.0


def paint_preview_frame(
    painter: QPainter,
    patches: tuple[PreviewPatch, ...],
    state: CompareState,
    pane_rect: QRect,
    visible_rect: QRect,
    device_pixel_ratio: float,
) -> None:
    """Paint one dashed frame around the patches of a quick preview, with the word "Preview".

    Args:
        painter: Painter with coordinates in device pixels.
        patches: The patches; nothing is painted without one.
        state: Scale and center.
        pane_rect: Rectangle of the pane in device pixels.
        visible_rect: The part of `pane_rect` to paint.
        device_pixel_ratio: Device pixels per logical pixel.
    """
    if not patches:
        return
    outline = QPainterPath()
    for patch in patches:
        # Whole pixels, so that adjacent patches share their edge.
        rect = image_to_device_rect(patch.rectangle, state, pane_rect).toRect()
        patch_path = QPainterPath()
        patch_path.addRect(QRectF(rect))
        outline = outline.united(patch_path)
    painter.save()
    painter.setClipRect(visible_rect)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    outline = outline.simplified()
    painter.setPen(QPen(_SHADOW_COLOR, round(3 * device_pixel_ratio)))
    painter.drawPath(outline)
    dashed_pen = QPen(QColor(Qt.GlobalColor.white), round(device_pixel_ratio))
    dashed_pen.setDashPattern(_DASH_LENGTHS)
    painter.setPen(dashed_pen)
    painter.drawPath(outline)
    visible_outline = outline.boundingRect().intersected(QRectF(visible_rect))
    if not visible_outline.isEmpty():
        _paint_tag(painter, visible_outline, device_pixel_ratio)
    painter.restore()


def _paint_tag(painter: QPainter, outline_rect: QRectF, device_pixel_ratio: float) -> None:
    """Paint the word "Preview" inside the lower left corner of a rectangle in device pixels.

    The upper corners of a pane have its label. The word is painted below a rectangle that it would
    cover.
    """
    text = tr("Preview")
    painter.translate(outline_rect.bottomLeft())
    painter.scale(device_pixel_ratio, device_pixel_ratio)
    size = QFontMetricsF(painter.font()).size(Qt.TextFlag.TextSingleLine, text)
    width, height = size.width() + 2 * _PADDING, size.height() + _PADDING
    is_inside = (
        outline_rect.width() >= _INSIDE_FACTOR * width * device_pixel_ratio
        and outline_rect.height() >= _INSIDE_FACTOR * height * device_pixel_ratio
    )
    top = -height if is_inside else _BELOW_GAP
    tag_rect = QRectF(QPointF(0, top), QPointF(width, top + height))
    painter.fillRect(tag_rect, _SHADOW_COLOR)
    painter.setPen(Qt.GlobalColor.white)
    painter.drawText(tag_rect, Qt.AlignmentFlag.AlignCenter, text)
