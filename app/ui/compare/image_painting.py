"""Painting of an image, a difference or a spread map into a pane."""

from __future__ import annotations

from collections.abc import Sequence
from math import ceil, floor

import numpy as np
from PySide6.QtCore import QPoint, QPointF, QRect, QRectF, QSize, QSizeF, Qt
from PySide6.QtGui import QImage, QPainter

from app.imaging.colormaps import apply_heat_colors, render_difference
from app.imaging.mipmap_image import choose_mipmap_level
from app.imaging.overlay import DeviationOverlay
from app.imaging.pixel_grid import (
    PixelIndices,
    draw_pixel_grid,
    find_pixels_under,
    resample_nearest,
)
from app.imaging.qimage import crop_without_copy
from app.viewmodels.compare.compare import CompareState
from app.viewmodels.compare.scene import DifferenceImage, PaneImage, PlainImage, SpreadImage
from ddrm_core.imaging.rectangle import Rectangle, rectangle_from_edges

# From this scale on, pixels are shown as sharp squares instead of blurred.
_NEAREST_FROM_SCALE = 2.0
# A grid line is one device pixel wide, so the image's pixels have to be much larger.
_GRID_ABOVE_SCALE = 8.0
# Qt blends 32-bit pixels twice as fast, which pays for the conversion if they are few.
_CONVERTED_FROM_SCALE = 0.7
# Bilinear interpolation reads the neighbors of the visible pixels.
_BLEND_MARGIN_PX = 2


def paint_pane(
    painter: QPainter,
    pane_image: PaneImage,
    state: CompareState,
    pane_rect: QRect,
    visible_rect: QRect,
) -> None:
    """Paint the image of one pane, with a pixel grid at large scales.

    Args:
        painter: Painter with coordinates in device pixels.
        pane_image: Image, difference or spread map of the image size in `state`.
        state: Scale, center and display options.
        pane_rect: Rectangle of the pane in device pixels.
        visible_rect: The part of `pane_rect` to paint.
    """
    painted_rect = (
        QRect(image_origin(state, pane_rect), _painted_image_size(state))
        .intersected(pane_rect)
        .intersected(visible_rect)
    )
    if painted_rect.isEmpty():
        return
    if state.is_grid_enabled and state.scale > _GRID_ABOVE_SCALE:
        buffer = _create_black_image(painted_rect.size())
        buffer_painter = QPainter(buffer)
        buffer_painter.translate(-painted_rect.topLeft())
        _paint_pane_image(buffer_painter, pane_image, state, pane_rect, painted_rect)
        buffer_painter.end()
        painter.drawImage(
            painted_rect.topLeft(),
            draw_pixel_grid(buffer, *_pixel_boundary_indices(state, pane_rect, painted_rect)),
        )
    else:
        _paint_pane_image(painter, pane_image, state, pane_rect, painted_rect)


def _paint_pane_image(
    painter: QPainter,
    pane_image: PaneImage,
    state: CompareState,
    pane_rect: QRect,
    painted_rect: QRect,
) -> None:
    painter.save()
    painter.setClipRect(painted_rect)
    match pane_image:
        case PlainImage(image=image, overlay=overlay, preview_patches=patches):
            _paint_mipmap(painter, image.mipmaps, state, pane_rect, painted_rect)
            for patch in patches:
                _paint_mipmap(
                    painter,
                    patch.image.mipmaps,
                    state,
                    pane_rect,
                    painted_rect,
                    patch.rectangle,
                )
            if overlay is not None:
                _paint_overlay(painter, overlay, state, pane_rect, painted_rect)
        case DifferenceImage(before=before, after=after, amplification=amplification):
            before_image = _render_mipmap(before.mipmaps, state, pane_rect, painted_rect)
            after_image = _render_mipmap(after.mipmaps, state, pane_rect, painted_rect)
            painter.drawImage(
                painted_rect.topLeft(), render_difference(before_image, after_image, amplification)
            )
        case SpreadImage(spread_map=spread_map, amplification=amplification):
            spread_image = _render_mipmap(
                spread_map.mipmaps, state, pane_rect, painted_rect, spread_map.rectangle
            )
            covered_rect = image_to_device_rect(
                spread_map.rectangle, state, pane_rect
            ).toAlignedRect()
            painter.setClipRect(covered_rect, Qt.ClipOperation.IntersectClip)
            painter.drawImage(
                painted_rect.topLeft(), apply_heat_colors(spread_image, amplification)
            )
    painter.restore()


def image_origin(state: CompareState, pane_rect: QRect) -> QPoint:
    """Return the image's top left corner in device pixels, rounded to whole pixels."""
    return QPoint(
        round(pane_rect.left() + pane_rect.width() / 2 - state.center.x * state.scale),
        round(pane_rect.top() + pane_rect.height() / 2 - state.center.y * state.scale),
    )


def image_to_device_rect(rectangle: Rectangle, state: CompareState, pane_rect: QRect) -> QRectF:
    """Convert a rectangle from image pixels to device pixels of the view."""
    corner = (
        QPointF(image_origin(state, pane_rect))
        + QPointF(rectangle.left, rectangle.top) * state.scale
    )
    return QRectF(corner, QSizeF(rectangle.width, rectangle.height) * state.scale)


def _painted_image_size(state: CompareState) -> QSize:
    """Return the size of the scaled image in whole device pixels, at least 1 x 1.

    A device pixel belongs to the image if the center of the pixel is inside the image.
    """
    width, height = (ceil(side * state.scale - 0.5) for side in _image_width_and_height(state))
    return QSize(max(width, 1), max(height, 1))


def _image_width_and_height(state: CompareState) -> tuple[int, int]:
    return state.image_size.width, state.image_size.height


def _render_mipmap(
    levels: Sequence[QImage],
    state: CompareState,
    pane_rect: QRect,
    visible_rect: QRect,
    rectangle: Rectangle | None = None,
) -> QImage:
    """Return a new image with the part of a mipmap image that is visible in `visible_rect`.

    The arguments are those of `_paint_mipmap`.
    """
    image = _create_black_image(visible_rect.size())
    painter = QPainter(image)
    painter.translate(-visible_rect.topLeft())
    _paint_mipmap(painter, levels, state, pane_rect, visible_rect, rectangle)
    painter.end()
    return image


def _paint_mipmap(
    painter: QPainter,
    levels: Sequence[QImage],
    state: CompareState,
    pane_rect: QRect,
    visible_rect: QRect,
    rectangle: Rectangle | None = None,
) -> None:
    """Paint the visible part of a mipmap image.

    Args:
        painter: Painter with coordinates in device pixels.
        levels: Full size first, then half, quarter and smaller copies.
        state: Scale, center and smoothing.
        pane_rect: Rectangle of the pane in device pixels.
        visible_rect: The part of the pane to paint.
        rectangle: Pixels of the displayed image that `levels` cover; None for all.
    """
    rectangle = rectangle or Rectangle(0, 0, *_image_width_and_height(state))
    level = choose_mipmap_level(state.scale, levels)
    image, pixel_scale = levels[level], state.scale * (1 << level)
    target_rect = image_to_device_rect(rectangle, state, pane_rect)
    is_smooth = (
        state.is_smoothing_enabled and state.scale < _NEAREST_FROM_SCALE and state.scale != 1
    )
    if not is_smooth:
        _paint_nearest(painter, image, target_rect.topLeft(), pixel_scale, visible_rect)
        return
    visible_pixels = _visible_pixel_rectangle(
        image, target_rect.topLeft(), pixel_scale, visible_rect
    )
    if visible_pixels.width > 0 and visible_pixels.height > 0:
        corner = (
            target_rect.topLeft() + QPointF(visible_pixels.left, visible_pixels.top) * pixel_scale
        )
        size = QSizeF(visible_pixels.width, visible_pixels.height) * pixel_scale
        pixels = crop_without_copy(image, visible_pixels)
        if pixel_scale >= _CONVERTED_FROM_SCALE:
            pixels = pixels.convertToFormat(QImage.Format.Format_RGB32)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        painter.drawImage(QRectF(corner, size), pixels)


def _visible_pixel_rectangle(
    image: QImage, corner: QPointF, pixel_scale: float, visible_rect: QRect
) -> Rectangle:
    """Return the pixels of `image` in `visible_rect` and the margin that interpolation needs.

    `corner` is the position of the image in device pixels, `pixel_scale` the side of an image pixel
    in device pixels.
    """
    rectangle = rectangle_from_edges(
        floor((visible_rect.left() - corner.x()) / pixel_scale),
        floor((visible_rect.top() - corner.y()) / pixel_scale),
        ceil((visible_rect.right() + 1 - corner.x()) / pixel_scale),
        ceil((visible_rect.bottom() + 1 - corner.y()) / pixel_scale),
    )
    return rectangle.expanded(_BLEND_MARGIN_PX).intersection(
        Rectangle(0, 0, image.width(), image.height())
    )


def _paint_nearest(
    painter: QPainter, image: QImage, corner: QPointF, pixel_scale: float, visible_rect: QRect
) -> None:
    """Paint an image with nearest-neighbor sampling at the centers of the device pixels.

    `corner` is the position of the image in device pixels, `pixel_scale` the side of an image pixel
    in device pixels.
    """
    visible_pixels = _visible_pixel_rectangle(image, corner, pixel_scale, visible_rect)
    painted_rect = QRectF(corner, QSizeF(image.width(), image.height()) * pixel_scale)
    painted_rect = QRectF(visible_rect).intersected(painted_rect)
    left, right = (ceil(edge - 0.5) for edge in (painted_rect.left(), painted_rect.right()))
    top, bottom = (ceil(edge - 0.5) for edge in (painted_rect.top(), painted_rect.bottom()))
    if right <= left or bottom <= top:
        return
    columns = (
        find_pixels_under(left, right, corner.x(), pixel_scale, image.width()) - visible_pixels.left
    )
    rows = (
        find_pixels_under(top, bottom, corner.y(), pixel_scale, image.height()) - visible_pixels.top
    )
    painter.drawImage(
        QPoint(left, top), resample_nearest(crop_without_copy(image, visible_pixels), columns, rows)
    )


def _paint_overlay(
    painter: QPainter,
    overlay: DeviationOverlay,
    state: CompareState,
    pane_rect: QRect,
    visible_rect: QRect,
) -> None:
    blocks, side = overlay.choose_mipmap(state.scale)
    corner = image_to_device_rect(
        Rectangle(overlay.left, overlay.top, 0, 0), state, pane_rect
    ).topLeft()
    _paint_nearest(painter, blocks, corner, side * state.scale, visible_rect)


def _pixel_boundary_indices(
    state: CompareState, pane_rect: QRect, visible_rect: QRect
) -> tuple[PixelIndices, PixelIndices]:
    """Return the columns and rows of device pixels at which a new image pixel begins.

    Both are counted from the top left corner of `visible_rect`.
    """
    corner, scale = image_origin(state, pane_rect), state.scale
    columns = find_pixels_under(
        visible_rect.left() - 1, visible_rect.right() + 1, corner.x(), scale, state.image_size.width
    )
    rows = find_pixels_under(
        visible_rect.top() - 1,
        visible_rect.bottom() + 1,
        corner.y(),
        scale,
        state.image_size.height,
    )
    return np.flatnonzero(np.diff(columns)), np.flatnonzero(np.diff(rows))


def _create_black_image(size: QSize) -> QImage:
    image = QImage(size, QImage.Format.Format_RGB32)
    image.fill(Qt.GlobalColor.black)
    return image
