"""Pieces of a picture, enlarged so that their pixels can be seen."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QImage

from ddrm_core.rectangle import Rectangle

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


def enlarged(picture: QImage, piece: Rectangle, by: Enlargement) -> QImage:
    """A piece by itself: pixels are repeated where it is enlarged, averaged where it is reduced."""
    cut = picture.copy(QRect(piece.left, piece.top, piece.width, piece.height))
    if by.parts > 1:
        how = Qt.TransformationMode.SmoothTransformation
    else:
        how = Qt.TransformationMode.FastTransformation
    width, height = by.size(piece)
    return cut.scaled(width, height, Qt.AspectRatioMode.IgnoreAspectRatio, how)
