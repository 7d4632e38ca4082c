"""Painting of the whole compare view."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPalette

from app.imaging.qimage import qrect_from_rectangle
from app.ui.compare.image_painting import image_origin, paint_pane
from app.ui.compare.loupe_painting import paint_loupe
from app.ui.compare.pane_cache import PaneCache
from app.ui.compare.pane_labels import PaneLabel, paint_focus_frame, paint_pane_label
from app.ui.compare.preview_painting import paint_preview_frame
from app.ui.compare.region_painting import RegionFrame, paint_region_frames
from app.ui.compare.split_line import paint_split_line
from app.viewmodels.compare.compare import CompareMode, CompareState
from app.viewmodels.compare.scene import LoupeHalf, PaneContent, Placeholder, PlainImage
from ddrm_core.imaging.rectangle import Rectangle

PANE_GAP = 4
"""Gap between panes in logical pixels."""
_PLACEHOLDER_MARGIN = (24, 48)


@dataclass(frozen=True, slots=True)
class PaintRequest:
    """The complete input for painting the compare view once.

    Attributes:
        state: Scale, center and mode.
        pane_contents: Images or placeholders of the panes.
        pane_labels: Labels on the panes.
        region_frames: Frames of regions, drawn over the images.
        loupe_halves: Contents of the loupe; empty if the loupe is hidden.
        view_size: Size of the view in logical pixels.
        device_pixel_ratio: Device pixels per logical pixel.
        is_mirrored: Whether the layout is right-to-left.
        has_focus: Whether the view has the keyboard focus.
    """

    state: CompareState
    pane_contents: tuple[PaneContent, ...]
    pane_labels: tuple[PaneLabel, ...]
    region_frames: tuple[RegionFrame, ...]
    loupe_halves: tuple[LoupeHalf, ...]
    view_size: QSize
    device_pixel_ratio: float
    is_mirrored: bool
    has_focus: bool


class ComparePainter:
    """A painter of the compare view with a cache of each painted pane."""

    def __init__(self) -> None:
        self._pane_caches: list[PaneCache] = []

    def paint(self, painter: QPainter, request: PaintRequest, palette: QPalette) -> None:
        """Paint panes, region frames, split line, labels, loupe and focus frame.

        Args:
            painter: Painter with coordinates in logical pixels.
            request: The input to paint.
            palette: Colors; Dark surrounds the images.
        """
        painter.save()
        painter.scale(1 / request.device_pixel_ratio, 1 / request.device_pixel_ratio)
        for index, content in enumerate(request.pane_contents):
            self._paint_cached_pane(painter, request.state, content, index, palette)
        del self._pane_caches[len(request.pane_contents) :]
        ratio = request.device_pixel_ratio
        label_rects = [
            QRectF(label.rectangle.topLeft() * ratio, label.rectangle.size() * ratio)
            for label in request.pane_labels
        ]
        for content in request.pane_contents:
            pane_rect = qrect_from_rectangle(content.pane_rectangle)
            visible_rect = qrect_from_rectangle(content.visible_rectangle)
            paint_region_frames(
                painter,
                request.region_frames,
                request.state,
                pane_rect,
                visible_rect,
                ratio,
                label_rects,
            )
            if isinstance(content.image_or_placeholder, PlainImage):
                paint_preview_frame(
                    painter,
                    content.image_or_placeholder.preview_patches,
                    request.state,
                    pane_rect,
                    visible_rect,
                    ratio,
                )
        _paint_pane_gaps(painter, request, palette.color(QPalette.ColorRole.Window))
        painter.restore()
        if request.state.mode is CompareMode.SLIDER:
            paint_split_line(
                painter,
                request.state.split_fraction * request.view_size.width(),
                request.view_size.height(),
            )
        _paint_placeholders(painter, request, palette)
        for label in request.pane_labels:
            paint_pane_label(painter, label, is_mirrored=request.is_mirrored)
        painter.save()
        painter.scale(1 / request.device_pixel_ratio, 1 / request.device_pixel_ratio)
        paint_loupe(painter, request.loupe_halves, request.state, request.device_pixel_ratio)
        painter.restore()
        if request.has_focus:
            view_rect = QRect(0, 0, request.view_size.width(), request.view_size.height())
            paint_focus_frame(painter, view_rect, palette.color(QPalette.ColorRole.Accent))

    def _paint_cached_pane(
        self,
        painter: QPainter,
        state: CompareState,
        content: PaneContent,
        index: int,
        palette: QPalette,
    ) -> None:
        if index == len(self._pane_caches):
            self._pane_caches.append(PaneCache())
        image_or_placeholder = content.image_or_placeholder
        pane_rect = qrect_from_rectangle(content.pane_rectangle)
        visible_rect = qrect_from_rectangle(content.visible_rectangle)
        if isinstance(image_or_placeholder, Placeholder) or visible_rect.isEmpty():
            return
        background_color = palette.color(QPalette.ColorRole.Dark)

        def paint_uncached(painter: QPainter, uncached_rect: QRect) -> None:
            painter.fillRect(uncached_rect, background_color)
            paint_pane(painter, image_or_placeholder, state, pane_rect, uncached_rect)

        cache_key = (
            image_or_placeholder,
            state.scale,
            state.image_size,
            pane_rect,
            state.is_smoothing_enabled,
            state.is_grid_enabled,
            background_color.rgb(),
        )
        image = self._pane_caches[index].render(
            cache_key, image_origin(state, pane_rect), visible_rect, paint_uncached
        )
        painter.drawImage(visible_rect.topLeft(), image)


def to_logical_rect(rectangle: Rectangle, device_pixel_ratio: float) -> QRectF:
    """Convert a rectangle from device pixels to logical pixels."""
    return QRectF(
        rectangle.left / device_pixel_ratio,
        rectangle.top / device_pixel_ratio,
        rectangle.width / device_pixel_ratio,
        rectangle.height / device_pixel_ratio,
    )


def _paint_pane_gaps(painter: QPainter, request: PaintRequest, color: QColor) -> None:
    """Fill the gaps between panes; coordinates are device pixels."""
    first_pane = request.pane_contents[0].pane_rectangle
    last_pane = request.pane_contents[-1].pane_rectangle
    view_size = request.state.view_size
    if last_pane.left > first_pane.left:
        painter.fillRect(
            first_pane.right, 0, last_pane.left - first_pane.right, view_size.height, color
        )
    if last_pane.top > first_pane.top:
        painter.fillRect(
            0, first_pane.bottom, view_size.width, last_pane.top - first_pane.bottom, color
        )


def _paint_placeholders(painter: QPainter, request: PaintRequest, palette: QPalette) -> None:
    """Paint the text of placeholders into panes without an image."""
    horizontal_margin, vertical_margin = _PLACEHOLDER_MARGIN
    painter.setPen(palette.color(QPalette.ColorRole.WindowText))
    flags = Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap
    for content in request.pane_contents:
        if isinstance(content.image_or_placeholder, Placeholder):
            text_rect = to_logical_rect(
                content.visible_rectangle, request.device_pixel_ratio
            ).adjusted(horizontal_margin, vertical_margin, -horizontal_margin, -vertical_margin)
            painter.drawText(text_rect, flags, content.image_or_placeholder.text)
