"""BMP files, read. Source: Microsoft, "Bitmap Header Types" (wingdi.h)."""

from __future__ import annotations

import io
import struct

import numpy as np
from PIL import BmpImagePlugin

from ddrm_core.formats.common import DecodedFile, density_from_pixels_per_meter, remove_opaque_alpha
from ddrm_core.metadata.model import Metadata, PixelDensity

_INFO_HEADER_BYTES = 40  # bytes; older ones have no density


def read_bmp_size(data: bytes) -> tuple[int, int]:
    """Width and height as the header claims; it counts rows that run downwards negatively.

    Raises:
        struct.error: The header is cut off.
    """
    (length,) = struct.unpack_from("<I", data, 14)
    if length < _INFO_HEADER_BYTES:
        width, height = struct.unpack_from("<HH", data, 18)
        return width, height
    width, height = struct.unpack_from("<ii", data, 18)
    return width, abs(height)


def decode_bmp(data: bytes) -> DecodedFile:
    """One picture; palettes become RGB, one bit becomes grey.

    Raises:
        ValueError, OSError, SyntaxError, struct.error: It is damaged, or not opaque.
    """
    # Not through Image.open: it warns of large pictures, whose size has been checked already.
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
