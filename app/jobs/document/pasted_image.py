"""Job that opens pixels of the clipboard."""

from __future__ import annotations

import tempfile
from dataclasses import replace
from pathlib import Path

from PySide6.QtGui import QImage

from app.imaging.qimage import pixels_from_qimage
from app.jobs.document.open import Document, open_document
from ddrm_core.errors import TooManyPixels
from ddrm_core.files.atomic_write import write_atomically
from ddrm_core.formats.png import encode_png
from ddrm_core.jpeg.image import JpegImage


def open_pasted_image(image: QImage, path: Path, *, max_pixels: int) -> Document:
    """Return the document of a PNG with the pixels of `image`; transparency is dropped.

    Args:
        image: Image of the clipboard.
        path: Path that names the document; no file need exist there.
        max_pixels: Most pixels that the image may have.

    Raises:
        TooManyPixels: If the image is larger than `max_pixels`.
        UnwritableOutput: If the temporary file of the PNG cannot be written.
    """
    if image.width() * image.height() > max_pixels:
        raise TooManyPixels(path, image.width(), image.height(), max_pixels)
    # The pixels are read from a file, so that they are treated like every other PNG.
    with tempfile.TemporaryDirectory(prefix="ddrm-paste-") as folder:
        png_path = Path(folder) / path.name
        write_atomically(png_path, bytes(encode_png(pixels_from_qimage(image))))
        document = open_document(png_path, max_pixels=max_pixels)
    source = document.source
    assert not isinstance(source, JpegImage)
    return replace(document, source=replace(source, path=path), is_pasted=True)
