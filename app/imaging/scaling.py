"""Regions of an image enlarged or reduced by an integer factor; images that fit into a frame."""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil, floor, inf

from PySide6.QtCore import QRect, QRectF, Qt
from PySide6.QtGui import QImage

from app.imaging.mipmap_image import MipmapImage
from ddrm_core.imaging.rectangle import Rectangle

MAX_ENLARGEMENT = 32
"""Largest side of an image pixel in screen pixels."""


@dataclass(frozen=True, slots=True)
class IntegerScale:
    """An integer factor of enlargement or, for a region that does not fit, of reduction.

    Attributes:
        enlargement: Side of an image pixel in screen pixels; 1 for a reduction.
        reduction: Side of a screen pixel in image pixels; 1 for an enlargement.
    """

    enlargement: int = 1
    reduction: int = 1

    @property
    def factor(self) -> float:
        """Screen pixels per image pixel."""
        return self.enlargement / self.reduction

    def scaled_size(self, rectangle: Rectangle) -> tuple[int, int]:
        """Return the width and height of a rectangle at this scale in pixels, rounded up."""
        return (
            -(-rectangle.width * self.enlargement // self.reduction),
            -(-rectangle.height * self.enlargement // self.reduction),
        )


def fit_integer_scale(rectangle: Rectangle, available_size: tuple[int, int]) -> IntegerScale:
    """Return the largest integer scale, up to 32, at which a rectangle fits into a size.

    The scale is a reduction if the rectangle itself does not fit. `available_size` is a width and a
    height in pixels.
    """
    across, down = available_size
    enlargement = min(across // rectangle.width, down // rectangle.height, MAX_ENLARGEMENT)
    if enlargement >= 1:
        return IntegerScale(enlargement=enlargement)
    return IntegerScale(reduction=max(-(-rectangle.width // across), -(-rectangle.height // down)))


def render_scaled_crop(
    mipmap_image: MipmapImage, rectangle: Rectangle, integer_scale: IntegerScale
) -> QImage:
    """Return a rectangle of an image, enlarged or reduced by an integer scale.

    Enlargement repeats pixels; reduction averages them.
    """
    width, height = integer_scale.scaled_size(rectangle)
    aspect = Qt.AspectRatioMode.IgnoreAspectRatio
    if integer_scale.reduction == 1:
        cropped = mipmap_image.full_size.copy(
            QRect(rectangle.left, rectangle.top, rectangle.width, rectangle.height)
        )
        return cropped.scaled(width, height, aspect, Qt.TransformationMode.FastTransformation)
    # Reducing a mipmap takes the same time for regions of any size.
    mipmap = mipmap_image.choose_mipmap(1 / integer_scale.reduction)
    scale = mipmap.width() / mipmap_image.full_size.width()
    left, top = floor(rectangle.left * scale), floor(rectangle.top * scale)
    right = min(ceil(rectangle.right * scale), mipmap.width())
    bottom = min(ceil(rectangle.bottom * scale), mipmap.height())
    cropped = mipmap.copy(QRect(left, top, max(right - left, 1), max(bottom - top, 1)))
    return cropped.scaled(width, height, aspect, Qt.TransformationMode.SmoothTransformation)


def fit_image(image: QImage, frame: QRectF, *, max_scale: float = inf) -> QRectF:
    """Return the centered rectangle in which the whole image fills a frame as far as possible.

    Args:
        image: The image.
        frame: Frame in logical pixels.
        max_scale: Most logical pixels per pixel of the image.
    """
    scale = min(frame.width() / image.width(), frame.height() / image.height(), max_scale)
    width, height = image.width() * scale, image.height() * scale
    center = frame.center()
    return QRectF(center.x() - width / 2, center.y() - height / 2, width, height)
