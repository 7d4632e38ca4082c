"""Conversion between arrays and QImages."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QRect
from PySide6.QtGui import QImage

from ddrm_core.imaging.rectangle import Rectangle


def qimage_from_pixels(pixels: NDArray[np.uint8]) -> QImage:
    """A deep copy of (h, w) grey or (h, w, 3) RGB pixels; safe to hand to another thread.

    It takes a byte for each value: with a fourth for colours, painting would be hardly faster.
    """
    pixels = np.ascontiguousarray(pixels)
    height, width = pixels.shape[:2]
    is_gray = pixels.ndim == 2
    image_format = QImage.Format.Format_Grayscale8 if is_gray else QImage.Format.Format_RGB888
    return QImage(pixels.data, width, height, pixels.strides[0], image_format).copy()


def pixels_from_qimage(image: QImage) -> NDArray[np.uint8]:
    """(h, w, 3) RGB of a picture of any format."""
    # Under a name, it outlives the view of its memory.
    rgb_image = image.convertToFormat(QImage.Format.Format_RGB888)
    return view_pixels(rgb_image).copy()


def crop_without_copy(image: QImage, rectangle: Rectangle) -> QImage:
    """Some of its pixels, without a copy: painting counts places of no more than 15 bits."""
    pixel_bytes = image.depth() // 8
    start = rectangle.top * image.bytesPerLine() + rectangle.left * pixel_bytes
    stop = start + (rectangle.height - 1) * image.bytesPerLine() + rectangle.width * pixel_bytes
    bits = image.constBits()[start:stop]
    return QImage(bits, rectangle.width, rectangle.height, image.bytesPerLine(), image.format())


def qrect_from_rectangle(rectangle: Rectangle) -> QRect:
    """The same pixels, as Qt takes them."""
    return QRect(rectangle.left, rectangle.top, rectangle.width, rectangle.height)


def view_pixels(image: QImage) -> NDArray[np.uint8]:
    """What `qimage_from_pixels` made it of; only as long as the image is there."""
    rows = np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), image.bytesPerLine())
    if image.format() == QImage.Format.Format_Grayscale8:
        return rows[:, : image.width()]
    return rows[:, : 3 * image.width()].reshape(image.height(), image.width(), 3)


def view_as_uint32(image: QImage) -> NDArray[np.uint32]:
    """32 bits for each pixel, to be read or written; only as long as the image is there."""
    return np.frombuffer(image.bits(), np.uint32).reshape(image.height(), image.width())


def view_as_bytes(image: QImage) -> NDArray[np.uint8]:
    """(h, 4 w) of a picture of 32 bits a pixel; likewise."""
    return view_as_uint32(image).view(np.uint8)
