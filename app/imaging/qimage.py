"""Conversion between arrays and QImages."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QRect
from PySide6.QtGui import QImage

from ddrm_core.imaging.rectangle import Rectangle


def qimage(pixels: NDArray[np.uint8]) -> QImage:
    """A deep copy of (h, w) grey or (h, w, 3) RGB pixels; safe to hand to another thread.

    It takes a byte for each value: with a fourth for colours, painting would be hardly faster.
    """
    pixels = np.ascontiguousarray(pixels)
    height, width = pixels.shape[:2]
    grey = pixels.ndim == 2
    kind = QImage.Format.Format_Grayscale8 if grey else QImage.Format.Format_RGB888
    return QImage(pixels.data, width, height, pixels.strides[0], kind).copy()


def pixels_of(image: QImage) -> NDArray[np.uint8]:
    """(h, w, 3) RGB of a picture of any format."""
    # Under a name, it outlives the view of its memory.
    plain = image.convertToFormat(QImage.Format.Format_RGB888)
    return values_of(plain).copy()


def part_of(image: QImage, place: Rectangle) -> QImage:
    """Some of its pixels, without a copy: painting counts places of no more than 15 bits."""
    width = image.depth() // 8
    start = place.top * image.bytesPerLine() + place.left * width
    stop = start + (place.height - 1) * image.bytesPerLine() + place.width * width
    bits = image.constBits()[start:stop]
    return QImage(bits, place.width, place.height, image.bytesPerLine(), image.format())


def qrect(place: Rectangle) -> QRect:
    """The same pixels, as Qt takes them."""
    return QRect(place.left, place.top, place.width, place.height)


def values_of(image: QImage) -> NDArray[np.uint8]:
    """What `qimage` made it of; only as long as the image is there."""
    rows = np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), image.bytesPerLine())
    if image.format() == QImage.Format.Format_Grayscale8:
        return rows[:, : image.width()]
    return rows[:, : 3 * image.width()].reshape(image.height(), image.width(), 3)


def words_of(image: QImage) -> NDArray[np.uint32]:
    """32 bits for each pixel, to be read or written; only as long as the image is there."""
    return np.frombuffer(image.bits(), np.uint32).reshape(image.height(), image.width())


def bytes_of(image: QImage) -> NDArray[np.uint8]:
    """(h, 4 w) of a picture of 32 bits a pixel; likewise."""
    return words_of(image).view(np.uint8)
