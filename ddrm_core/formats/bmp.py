"""Decoding of BMP files. Source: Microsoft, "Bitmap Header Types" (wingdi.h)."""

from __future__ import annotations

import io
import struct

import numpy as np
from PIL import BmpImagePlugin

from ddrm_core.formats.common import DecodedFile, density_from_pixels_per_meter, remove_opaque_alpha
from ddrm_core.metadata.model import Metadata, PixelDensity

_INFO_HEADER_BYTES = 40  # shorter headers are older and have no density


def read_bmp_size(data: bytes) -> tuple[int, int]:
    """Return width and height in pixels from the header of a BMP file.

    A negative height in the header, for rows from top to bottom, becomes positive.

    Raises:
        struct.error: If the header is incomplete.
    """
    (length,) = struct.unpack_from("<I", data, 14)
    if length < _INFO_HEADER_BYTES:
        width, height = struct.unpack_from("<HH", data, 18)
        return width, height
    width, height = struct.unpack_from("<ii", data, 18)
    return width, abs(height)


def decode_bmp(data: bytes) -> DecodedFile:
    """Decode a BMP file; palettes become RGB, black-and-white images of one bit become gray.

    Raises:
        ValueError, OSError, SyntaxError, struct.error: If the file is damaged or not opaque.
    """
    # `Image.open` would warn of large images; their size has already been checked.
    with BmpImagePlugin.BmpImageFile(io.BytesIO(data)) as image:
        mode = {"1": "L", "P": "RGB"}.get(image.mode, image.mode)
        pixels = np.asarray(image.convert(mode))
    if pixels.ndim == 2:
        return DecodedFile(pixels[:, :, None], Metadata(density=_read_bmp_density(data)))
    return DecodedFile(
        remove_opaque_alpha(pixels, color_channels=3), Metadata(density=_read_bmp_density(data))
    )


def _read_bmp_density(data: bytes) -> PixelDensity | None:
    (length,) = struct.unpack_from("<I", data, 14)
    if length < _INFO_HEADER_BYTES:
        return None
    x, y = struct.unpack_from("<ii", data, 38)
    return density_from_pixels_per_meter(x, y)
