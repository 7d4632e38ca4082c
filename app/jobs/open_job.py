"""Opening a file: its levels for the engine, its pixels for the eye."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from app.convert import Pyramid, pyramid
from app.display import Display, display_for
from ddrm_core.errors import DamagedJpeg
from ddrm_core.jpeg.coefficients import read_jpeg
from ddrm_core.jpeg.measured import JpegImage


@dataclass(frozen=True, slots=True, eq=False)
class Document:
    """An opened file.

    Attributes:
        image: What it measured.
        display: How its pixels are shown.
        picture: As an ordinary decoder and `display` show it.
    """

    image: JpegImage
    display: Display
    picture: Pyramid


def open_document(path: Path) -> Document:
    """Read and decode a JPEG. Raises as `read_jpeg`."""
    image = read_jpeg(path)
    display = display_for(image)
    return Document(image, display, pyramid(display.shown(_decoded(image))))


def _decoded(image: JpegImage) -> NDArray[np.uint8]:
    """Pixels as stored: (h, w) grey, (h, w, 3) RGB, or (h, w, 4) ink."""
    try:
        with _unhindered(), Image.open(image.path) as picture:
            pixels = np.asarray(picture)
    except (OSError, SyntaxError, ValueError) as error:
        raise DamagedJpeg(image.path, "its data does not decode") from error
    channels = 1 if pixels.ndim == 2 else pixels.shape[2]
    # A file of which two readers see two pictures is not whole, whichever of them is right.
    if (*pixels.shape[1::-1], channels) != (*image.size, len(image.components)):
        raise DamagedJpeg(image.path, "its data does not decode")
    return pixels


@contextmanager
def _unhindered() -> Iterator[None]:
    """Pillow without its limit on pixels, and silent.

    `read_jpeg` has held the header against a limit of its own, and what Pillow warns of is EXIF
    that it reads for itself.
    """
    limit = Image.MAX_IMAGE_PIXELS
    Image.MAX_IMAGE_PIXELS = None
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    finally:
        Image.MAX_IMAGE_PIXELS = limit
