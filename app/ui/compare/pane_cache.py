"""A cache of a painted pane."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QPoint, QRect
from PySide6.QtGui import QImage, QPainter

PaintCallback = Callable[[QPainter, QRect], None]
"""A function that paints a rectangle, given in device pixels of the view."""


class PaneCache:
    """The last rendering of a pane; after panning, only newly visible parts are painted."""

    def __init__(self) -> None:
        self._key: object = None
        self._anchor = QPoint()
        self._visible_rect = QRect()
        self._image = QImage()

    def render(
        self, key: object, anchor: QPoint, visible_rect: QRect, paint: PaintCallback
    ) -> QImage:
        """Return the content of a rectangle, from the cache as far as possible.

        Args:
            key: Identity of the content. The cached pixels are used if `key` equals that of the
                previous call.
            anchor: A point that moves with the content, such as the image's corner.
            visible_rect: The rectangle in device pixels of the view.
            paint: Painter of the parts that are not in the cache.
        """
        moved_rect = self._visible_rect.translated(anchor - self._anchor)
        reusable_rect = moved_rect.intersected(visible_rect) if key == self._key else QRect()
        if reusable_rect != visible_rect or moved_rect != visible_rect:
            image = QImage(visible_rect.size(), QImage.Format.Format_RGB32)
            painter = QPainter(image)
            painter.translate(-visible_rect.topLeft())
            if not reusable_rect.isEmpty():
                painter.drawImage(moved_rect.topLeft(), self._image)
            for uncached_rect in _subtract_rect(visible_rect, reusable_rect):
                paint(painter, uncached_rect)
            painter.end()
            self._image = image
        self._key, self._anchor, self._visible_rect = key, anchor, visible_rect
        return self._image


def _subtract_rect(outer: QRect, inner: QRect) -> tuple[QRect, ...]:
    """Return the parts of `outer` around `inner`, which lies in `outer` or is empty."""
    if inner.isEmpty():
        return (outer,)
    left, right = inner.left() - outer.left(), outer.right() - inner.right()
    above, below = inner.top() - outer.top(), outer.bottom() - inner.bottom()
    parts = (
        QRect(outer.left(), outer.top(), outer.width(), above),
        QRect(outer.left(), inner.bottom() + 1, outer.width(), below),
        QRect(outer.left(), inner.top(), left, inner.height()),
        QRect(inner.right() + 1, inner.top(), right, inner.height()),
    )
    return tuple(part for part in parts if not part.isEmpty())
