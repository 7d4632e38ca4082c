"""What an ordinary decoder makes of a JPEG. Needs no torch."""

from __future__ import annotations

import io
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import JpegImagePlugin

from ddrm_core.errors import DamagedJpeg
from ddrm_core.jpeg.header import read_bytes


def decoded_pixels(path: Path) -> NDArray[np.uint8]:
    """Pixels as stored: (h, w) grey, (h, w, 3) RGB, or (h, w, 4) ink, 0 for none.

    Raises:
        UnreadableFile: The system did not give the bytes.
        DamagedJpeg: They do not decode to the end.
    """
    data = read_bytes(path)
    try:
        # Not through Image.open: it warns of large pictures, whose size `read_jpeg` has checked.
        with JpegImagePlugin.JpegImageFile(io.BytesIO(data)) as picture:
            return np.asarray(picture)
    except (OSError, SyntaxError, ValueError) as error:
        raise DamagedJpeg(path, "its data does not decode") from error
