"""Opening a file: its levels for the engine, its pixels for the eye."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from PIL import Image

from app.convert import Pyramid, pyramid
from ddrm_core.errors import DamagedJpeg
from ddrm_core.jpeg.coefficients import read_jpeg
from ddrm_core.jpeg.measured import JpegImage


@dataclass(frozen=True, slots=True, eq=False)
class Document:
    """An opened file.

    Attributes:
        image: What it measured.
        picture: As an ordinary decoder shows it.
    """

    image: JpegImage
    picture: Pyramid


def open_document(path: Path) -> Document:
    """Read and decode a JPEG. Raises as `read_jpeg`."""
    image = read_jpeg(path)
    try:
        with Image.open(path) as decoded:
            pixels = np.asarray(decoded)
    except OSError as error:
        raise DamagedJpeg(path, "its data does not decode") from error
    return Document(image, pyramid(pixels))
