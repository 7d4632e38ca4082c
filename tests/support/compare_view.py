"""Images of one color, and the colors that a compare view paints."""

from __future__ import annotations

import numpy as np
from PySide6.QtGui import QColor

from app.imaging.mipmap_image import create_mipmap_image

RED, BLUE = QColor(255, 0, 0), QColor(0, 0, 255)


def plain(colour, width=900, height=700):
    """Create an image for the screen that has one color."""
    pixels = np.empty((height, width, 3), np.uint8)
    pixels[:] = colour.getRgb()[:3]
    return create_mipmap_image(pixels)


def colour_at(view, x, y):
    """Return the color that a compare view paints at a pixel."""
    return view.grab().toImage().pixelColor(x, y)
