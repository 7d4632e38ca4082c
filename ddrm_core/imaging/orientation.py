"""Orientation of images and rectangles by EXIF's tag. Source: EXIF 2.3, tag 274."""

from __future__ import annotations

from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from ddrm_core.imaging.rectangle import Rectangle

UPRIGHT_ORIENTATION = 1
_TRANSPOSED_ORIENTATIONS = (5, 6, 7, 8)  # displayed columns are stored rows
_HORIZONTALLY_FLIPPED = (2, 3, 6, 7)  # displayed columns are then in reverse order
_VERTICALLY_FLIPPED = (3, 4, 7, 8)  # displayed rows are then in reverse order
_INVERSE_ORIENTATIONS = {6: 8, 8: 6}  # all others are their own inverse

_Kind = TypeVar("_Kind", bound=np.generic)


def apply_orientation(stored: NDArray[_Kind], orientation: int) -> NDArray[_Kind]:
    """Turn a stored image as it is to be displayed; the result is a view of the same memory.

    Args:
        stored: Array (rows, columns, ...) of the image as it is in the file.
        orientation: Orientation by EXIF, 1 to 8.
    """
    upright = stored.swapaxes(0, 1) if is_transposed(orientation) else stored
    flipped_axes = (0,) * (orientation in _VERTICALLY_FLIPPED) + (1,) * (
        orientation in _HORIZONTALLY_FLIPPED
    )
    return np.flip(upright, flipped_axes)


def orient_rectangle(stored: Rectangle, image_size: tuple[int, int], orientation: int) -> Rectangle:
    """Convert a rectangle from pixels of the stored image to pixels of the displayed image.

    Args:
        stored: Rectangle, which may reach past the image.
        image_size: Width and height of the stored image.
        orientation: Orientation by EXIF, 1 to 8.
    """
    width, height = image_size
    columns = (stored.left, width - stored.right, stored.width)
    rows = (stored.top, height - stored.bottom, stored.height)
    if is_transposed(orientation):
        columns, rows = rows, columns
    return Rectangle(
        columns[orientation in _HORIZONTALLY_FLIPPED],
        rows[orientation in _VERTICALLY_FLIPPED],
        columns[2],
        rows[2],
    )


def invert_orientation(orientation: int) -> int:
    """Return the EXIF orientation that turns and mirrors an image back after `orientation`."""
    return _INVERSE_ORIENTATIONS.get(orientation, orientation)


def is_transposed(orientation: int) -> bool:
    """Return whether an EXIF orientation, 1 to 8, swaps the image's width and height."""
    return orientation in _TRANSPOSED_ORIENTATIONS
