"""Conversion between arrays and QImages."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QRect
from PySide6.QtGui import QImage

from ddrm_core.imaging.rectangle import Rectangle


def qimage_from_pixels(pixels: NDArray[np.uint8]) -> QImage:
    """Return (h, w) gray or (h, w, 3) RGB pixels as a QImage that owns its memory.

    The image can therefore be passed to another thread. RGB images have three bytes per pixel;
    painting would hardly be faster with four.
    """
    pixels = np.ascontiguousarray(pixels)
    height, width = pixels.shape[:2]
    is_gray = pixels.ndim == 2
    image_format = QImage.Format.Format_Grayscale8 if is_gray else QImage.Format.Format_RGB888
    return QImage(pixels.data, width, height, pixels.strides[0], image_format).copy()


def pixels_from_qimage(image: QImage) -> NDArray[np.uint8]:
    """Return the RGB pixels (h, w, 3) of an image in any format."""
    # The name keeps the converted image alive while its memory is viewed.
    rgb_image = image.convertToFormat(QImage.Format.Format_RGB888)
    return view_pixels(rgb_image).copy()


def crop_without_copy(image: QImage, rectangle: Rectangle) -> QImage:
    """Return a rectangle of `image` as an image that shares the memory of `image`.

    The result is valid only as long as `image` exists. QPainter cannot use source coordinates above
    32,767, but can paint such a crop.
    """
    pixel_bytes = image.depth() // 8
    start = rectangle.top * image.bytesPerLine() + rectangle.left * pixel_bytes
    stop = start + (rectangle.height - 1) * image.bytesPerLine() + rectangle.width * pixel_bytes
    bits = image.constBits()[start:stop]
    return QImage(bits, rectangle.width, rectangle.height, image.bytesPerLine(), image.format())


def qrect_from_rectangle(rectangle: Rectangle) -> QRect:
    """Convert a rectangle to a QRect."""
    return QRect(rectangle.left, rectangle.top, rectangle.width, rectangle.height)


def view_pixels(image: QImage) -> NDArray[np.uint8]:
    """Return a NumPy view of an image's pixels, (h, w) gray or (h, w, 3) RGB.

    The image must be one that `qimage_from_pixels` returned. The view is valid only as long as the
    image exists.
    """
    rows = np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), image.bytesPerLine())
    if image.format() == QImage.Format.Format_Grayscale8:
        return rows[:, : image.width()]
    return rows[:, : 3 * image.width()].reshape(image.height(), image.width(), 3)


def view_as_uint32(image: QImage) -> NDArray[np.uint32]:
    """Return a writable NumPy view (h, w) of an image with 32 bits per pixel.

    The view is valid only as long as the image exists.
    """
    return np.frombuffer(image.bits(), np.uint32).reshape(image.height(), image.width())


def view_as_bytes(image: QImage) -> NDArray[np.uint8]:
    """Return a writable NumPy view (h, 4 w) of the bytes of an image with 32 bits per pixel.

    The view is valid only as long as the image exists.
    """
    return view_as_uint32(image).view(np.uint8)
