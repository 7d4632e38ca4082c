"""Pieces of a picture, enlarged so that their pixels can be seen."""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil, floor

from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QImage

from app.imaging.pyramid import Pyramid
from ddrm_core.imaging.rectangle import Rectangle

_MOST_TIMES = 32


@dataclass(frozen=True, slots=True)
class Enlargement:
    """By how much a piece is shown larger or, where there is no room for that, smaller.

    Attributes:
        times: Screen pixels per pixel of the picture, each way; 1 where it is reduced.
        parts: Pixels of the picture per screen pixel, each way; 1 where it is enlarged.
    """

    times: int = 1
    parts: int = 1

    def size(self, piece: Rectangle) -> tuple[int, int]:
        """Width and height of a piece as it is shown."""
        return (
            -(-piece.width * self.times // self.parts),
            -(-piece.height * self.times // self.parts),
        )


def enlargement_for(piece: Rectangle, room: tuple[int, int]) -> Enlargement:
    """The largest whole factor with which a piece fits into so many pixels across and down."""
    across, down = room
    times = min(across // piece.width, down // piece.height, _MOST_TIMES)
    if times >= 1:
        return Enlargement(times=times)
    return Enlargement(parts=max(-(-piece.width // across), -(-piece.height // down)))


def enlarged(picture: Pyramid, piece: Rectangle, by: Enlargement) -> QImage:
    """A piece by itself: pixels are repeated where it is enlarged, averaged where it is reduced."""
    width, height = by.size(piece)
    aspect = Qt.AspectRatioMode.IgnoreAspectRatio
    if by.parts == 1:
        cut = picture.full.copy(QRect(piece.left, piece.top, piece.width, piece.height))
        return cut.scaled(width, height, aspect, Qt.TransformationMode.FastTransformation)
    # From a smaller copy, so that the largest piece of the largest picture takes no longer.
    image = picture.for_scale(1 / by.parts)
    scale = image.width() / picture.full.width()
    left, top = floor(piece.left * scale), floor(piece.top * scale)
    right = min(ceil(piece.right * scale), image.width())
    bottom = min(ceil(piece.bottom * scale), image.height())
    cut = image.copy(QRect(left, top, max(right - left, 1), max(bottom - top, 1)))
    return cut.scaled(width, height, aspect, Qt.TransformationMode.SmoothTransformation)
