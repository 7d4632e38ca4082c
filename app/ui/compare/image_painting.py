"""Painting a picture, or what follows from two, into a pane at a scale and a place."""

from __future__ import annotations

from collections.abc import Sequence
from math import ceil, floor

import numpy as np
from PySide6.QtCore import QPoint, QPointF, QRect, QRectF, QSize, QSizeF, Qt
from PySide6.QtGui import QImage, QPainter

from app.imaging.colormaps import difference, heat
from app.imaging.overlay import Overlay
from app.imaging.pixel_grid import Indices, gathered, gridded, pixels_under
from app.imaging.pyramid import level_for
from app.imaging.qimage import part_of
from app.viewmodels.compare.compare import CompareState
from app.viewmodels.compare.scene import Difference, Drawn, Heat, Plain
from ddrm_core.imaging.rectangle import Rectangle, between

# From here on the eye wants to see pixels, not a blur.
_NEAREST_FROM_SCALE = 2.0
# A line between pixels takes one of the screen's: they have to be larger than that by far.
_GRID_ABOVE_SCALE = 8.0
# 32 bits a pixel are blended twice as fast, which pays for making them where they are few enough.
_CONVERTED_FROM = 0.7
# Blending looks at the neighbours of what it shows.
_MARGIN = 2


def paint(painter: QPainter, drawn: Drawn, state: CompareState, pane: QRect, seen: QRect) -> None:
    """Paint a pane.

    Args:
        painter: In device pixels.
        drawn: Of pictures of the size in `state`.
        state: Scale and centre.
        pane: Where, device pixels.
        seen: The part of it that is painted.
    """
    shown = QRect(origin(state, pane), _whole(state)).intersected(pane).intersected(seen)
    if shown.isEmpty():
        return
    if state.grid and state.scale > _GRID_ABOVE_SCALE:
        image = _image(shown.size())
        inner = QPainter(image)
        inner.translate(-shown.topLeft())
        _paint_drawn(inner, drawn, state, pane, shown)
        inner.end()
        painter.drawImage(shown.topLeft(), gridded(image, *_lines(state, pane, shown)))
    else:
        _paint_drawn(painter, drawn, state, pane, shown)


def _paint_drawn(
    painter: QPainter, drawn: Drawn, state: CompareState, pane: QRect, shown: QRect
) -> None:
    painter.save()
    painter.setClipRect(shown)
    match drawn:
        case Plain(picture=picture, tints=tints):
            _paint_sizes(painter, picture.sizes, state, pane, shown)
            if tints is not None:
                _paint_tints(painter, tints, state, pane, shown)
        case Difference(before=before, after=after, gain=gain):
            one = _painted(before.sizes, state, pane, shown)
            other = _painted(after.sizes, state, pane, shown)
            painter.drawImage(shown.topLeft(), difference(one, other, gain))
        case Heat(map=found, gain=gain):
            values = _painted(found.sizes, state, pane, shown, found.place)
            covered = target_of(found.place, state, pane).toAlignedRect()
            painter.setClipRect(covered, Qt.ClipOperation.IntersectClip)
            painter.drawImage(shown.topLeft(), heat(values, gain))
    painter.restore()


def origin(state: CompareState, pane: QRect) -> QPoint:
    """Where the picture's top left corner lies, on whole device pixels."""
    return QPoint(
        round(pane.left() + pane.width() / 2 - state.centre.x * state.scale),
        round(pane.top() + pane.height() / 2 - state.centre.y * state.scale),
    )


def target_of(place: Rectangle, state: CompareState, pane: QRect) -> QRectF:
    """Where some pixels of the picture lie, device pixels."""
    corner = QPointF(origin(state, pane)) + QPointF(place.left, place.top) * state.scale
    return QRectF(corner, QSizeF(place.width, place.height) * state.scale)


def _whole(state: CompareState) -> QSize:
    """Of the picture, device pixels: those whose middle lies on it."""
    width, height = (ceil(side * state.scale - 0.5) for side in _sides(state))
    return QSize(max(width, 1), max(height, 1))


def _sides(state: CompareState) -> tuple[int, int]:
    return state.picture.width, state.picture.height


def _painted(
    sizes: Sequence[QImage],
    state: CompareState,
    pane: QRect,
    seen: QRect,
    place: Rectangle | None = None,
) -> QImage:
    """What `_paint_sizes` paints there, as a picture of its own."""
    image = _image(seen.size())
    painter = QPainter(image)
    painter.translate(-seen.topLeft())
    _paint_sizes(painter, sizes, state, pane, seen, place)
    painter.end()
    return image


def _paint_sizes(
    painter: QPainter,
    sizes: Sequence[QImage],
    state: CompareState,
    pane: QRect,
    seen: QRect,
    place: Rectangle | None = None,
) -> None:
    """Paint of a picture, or of pixels that lie at `place` of it, what is seen."""
    place = place or Rectangle(0, 0, *_sides(state))
    level = level_for(state.scale, sizes)
    image, across = sizes[level], state.scale * (1 << level)
    target = target_of(place, state, pane)
    smooth = state.smooth and state.scale < _NEAREST_FROM_SCALE and state.scale != 1
    if not smooth:
        _paint_nearest(painter, image, target.topLeft(), across, seen)
        return
    part = _cut(image, target.topLeft(), across, seen)
    if part.width > 0 and part.height > 0:
        corner = target.topLeft() + QPointF(part.left, part.top) * across
        size = QSizeF(part.width, part.height) * across
        pixels = part_of(image, part)
        if across >= _CONVERTED_FROM:
            pixels = pixels.convertToFormat(QImage.Format.Format_RGB32)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        painter.drawImage(QRectF(corner, size), pixels)


def _cut(image: QImage, corner: QPointF, across: float, seen: QRect) -> Rectangle:
    """Whole pixels of `image` that are seen, and their neighbours."""
    part = between(
        floor((seen.left() - corner.x()) / across),
        floor((seen.top() - corner.y()) / across),
        ceil((seen.right() + 1 - corner.x()) / across),
        ceil((seen.bottom() + 1 - corner.y()) / across),
    )
    return part.grown(_MARGIN).within(Rectangle(0, 0, image.width(), image.height()))


def _paint_nearest(
    painter: QPainter, image: QImage, corner: QPointF, across: float, seen: QRect
) -> None:
    """Every screen pixel is the picture's that lies under its middle."""
    part = _cut(image, corner, across, seen)
    shown = QRectF(corner, QSizeF(image.width(), image.height()) * across)
    shown = QRectF(seen).intersected(shown)
    left, right = (ceil(edge - 0.5) for edge in (shown.left(), shown.right()))
    top, bottom = (ceil(edge - 0.5) for edge in (shown.top(), shown.bottom()))
    if right <= left or bottom <= top:
        return
    columns = pixels_under(left, right, corner.x(), across, image.width()) - part.left
    rows = pixels_under(top, bottom, corner.y(), across, image.height()) - part.top
    painter.drawImage(QPoint(left, top), gathered(part_of(image, part), columns, rows))


def _paint_tints(
    painter: QPainter, tints: Overlay, state: CompareState, pane: QRect, seen: QRect
) -> None:
    blocks, side = tints.for_scale(state.scale)
    corner = target_of(Rectangle(tints.left, tints.top, 0, 0), state, pane).topLeft()
    _paint_nearest(painter, blocks, corner, side * state.scale, seen)


def _lines(state: CompareState, pane: QRect, seen: QRect) -> tuple[Indices, Indices]:
    """Columns and rows of `seen` that are the first of one of the picture's pixels."""
    corner, scale = origin(state, pane), state.scale
    columns = pixels_under(
        seen.left() - 1, seen.right() + 1, corner.x(), scale, state.picture.width
    )
    rows = pixels_under(seen.top() - 1, seen.bottom() + 1, corner.y(), scale, state.picture.height)
    return np.flatnonzero(np.diff(columns)), np.flatnonzero(np.diff(rows))


def _image(size: QSize) -> QImage:
    image = QImage(size, QImage.Format.Format_RGB32)
    image.fill(Qt.GlobalColor.black)
    return image
