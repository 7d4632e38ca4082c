"""Pieces of a picture, enlarged so that their pixels can be seen."""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil, floor

from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QImage

from app.imaging.mipmap_image import MipmapImage
from ddrm_core.imaging.rectangle import Rectangle

_MAX_ENLARGEMENT = 32


@dataclass(frozen=True, slots=True)
class IntegerScale:
    """By how much a piece is shown larger or, where there is no room for that, smaller.

    Attributes:
        enlargement: Screen pixels per pixel of the picture, each way; 1 where it is reduced.
        reduction: Pixels of the picture per screen pixel, each way; 1 where it is enlarged.
    """

    enlargement: int = 1
    reduction: int = 1

    def scaled_size(self, rectangle: Rectangle) -> tuple[int, int]:
        """Width and height of a piece as it is shown."""
        return (
            -(-rectangle.width * self.enlargement // self.reduction),
            -(-rectangle.height * self.enlargement // self.reduction),
        )


def fit_integer_scale(rectangle: Rectangle, available_size: tuple[int, int]) -> IntegerScale:
    """The largest whole factor with which a piece fits into so many pixels across and down."""
    across, down = available_size
    enlargement = min(across // rectangle.width, down // rectangle.height, _MAX_ENLARGEMENT)
    if enlargement >= 1:
        return IntegerScale(enlargement=enlargement)
    return IntegerScale(reduction=max(-(-rectangle.width // across), -(-rectangle.height // down)))


def render_scaled_crop(
    mipmap_image: MipmapImage, rectangle: Rectangle, integer_scale: IntegerScale
) -> QImage:
    """A piece by itself: pixels are repeated where it is enlarged, averaged where it is reduced."""
    width, height = integer_scale.scaled_size(rectangle)
    aspect = Qt.AspectRatioMode.IgnoreAspectRatio
    if integer_scale.reduction == 1:
        cropped = mipmap_image.full_size.copy(
            QRect(rectangle.left, rectangle.top, rectangle.width, rectangle.height)
        )
        return cropped.scaled(width, height, aspect, Qt.TransformationMode.FastTransformation)
    # From a smaller copy, so that the largest piece of the largest picture takes no longer.
    mipmap = mipmap_image.choose_mipmap(1 / integer_scale.reduction)
    scale = mipmap.width() / mipmap_image.full_size.width()
    left, top = floor(rectangle.left * scale), floor(rectangle.top * scale)
    right = min(ceil(rectangle.right * scale), mipmap.width())
    bottom = min(ceil(rectangle.bottom * scale), mipmap.height())
    cropped = mipmap.copy(QRect(left, top, max(right - left, 1), max(bottom - top, 1)))
    return cropped.scaled(width, height, aspect, Qt.TransformationMode.SmoothTransformation)
