"""What was painted, kept for the next time."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QPoint, QRect
from PySide6.QtGui import QImage, QPainter

Paint = Callable[[QPainter, QRect], None]
"""Paints everything of a rectangle, in device pixels of the view."""


class Layer:
    """A pane as it was painted last, so that moving it paints only what comes into sight."""

    def __init__(self) -> None:
        self._what: object = None
        self._corner = QPoint()
        self._seen = QRect()
        self._image = QImage()

    def painted(self, what: object, corner: QPoint, seen: QRect, paint: Paint) -> QImage:
        """All of a rectangle.

        Args:
            what: Equal to the last one if, and only if, the same is to be painted, moved or not.
            corner: A point that moves with it.
            seen: The rectangle, device pixels of the view.
            paint: Asked for what is not there.
        """
        moved = self._seen.translated(corner - self._corner)
        kept = moved.intersected(seen) if what == self._what else QRect()
        if kept != seen or moved != seen:
            image = QImage(seen.size(), QImage.Format.Format_RGB32)
            painter = QPainter(image)
            painter.translate(-seen.topLeft())
            if not kept.isEmpty():
                painter.drawImage(moved.topLeft(), self._image)
            for part in _without(seen, kept):
                paint(painter, part)
            painter.end()
            self._image = image
        self._what, self._corner, self._seen = what, corner, seen
        return self._image


def _without(whole: QRect, inner: QRect) -> tuple[QRect, ...]:
    """What of `whole` is not in `inner`, which lies in it or is empty."""
    if inner.isEmpty():
        return (whole,)
    left, right = inner.left() - whole.left(), whole.right() - inner.right()
    above, below = inner.top() - whole.top(), whole.bottom() - inner.bottom()
    parts = (
        QRect(whole.left(), whole.top(), whole.width(), above),
        QRect(whole.left(), inner.bottom() + 1, whole.width(), below),
        QRect(whole.left(), inner.top(), left, inner.height()),
        QRect(inner.right() + 1, inner.top(), right, inner.height()),
    )
    return tuple(part for part in parts if not part.isEmpty())
