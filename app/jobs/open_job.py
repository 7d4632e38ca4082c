"""Opening a file: its levels for the engine, its pixels for the eye."""

from __future__ import annotations

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
    return Document(image, display, pyramid(display.shown(_decoded(path))))


def _decoded(path: Path) -> NDArray[np.uint8]:
    """Pixels as stored: (h, w) grey, (h, w, 3) RGB, or (h, w, 4) ink."""
    try:
        with _any_size(), Image.open(path) as picture:
            return np.asarray(picture)
    except (OSError, SyntaxError, ValueError) as error:
        raise DamagedJpeg(path, "its data does not decode") from error


@contextmanager
def _any_size() -> Iterator[None]:
    """Pillow's limit on pixels lifted: `read_jpeg` has held the header against its own."""
    limit = Image.MAX_IMAGE_PIXELS
    Image.MAX_IMAGE_PIXELS = None
    try:
        yield
    finally:
        Image.MAX_IMAGE_PIXELS = limit
