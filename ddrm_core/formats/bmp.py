"""BMP files, read. Source: Microsoft, "Bitmap Header Types" (wingdi.h)."""

from __future__ import annotations

import io
import struct

import numpy as np
from PIL import BmpImagePlugin

from ddrm_core.formats.encoded import Stored, density_per_metre, without_opaque_alpha
from ddrm_core.metadata.model import Density, Metadata

_INFO_HEADER = 40  # bytes; older ones have no density


def bmp_size(data: bytes) -> tuple[int, int]:
    """Width and height as the header claims; it counts rows that run downwards negatively.

    Raises:
        struct.error: The header is cut off.
    """
    (length,) = struct.unpack_from("<I", data, 14)
    if length < _INFO_HEADER:
        width, height = struct.unpack_from("<HH", data, 18)
        return width, height
    width, height = struct.unpack_from("<ii", data, 18)
    return width, abs(height)


def decode_bmp(data: bytes) -> Stored:
    """One picture; palettes become RGB, one bit becomes grey.

    Raises:
        ValueError, OSError, SyntaxError, struct.error: It is damaged, or not opaque.
    """
    # Not through Image.open: it warns of large pictures, whose size has been checked already.
    with BmpImagePlugin.BmpImageFile(io.BytesIO(data)) as image:
        wanted = {"1": "L", "P": "RGB"}.get(image.mode, image.mode)
        pixels = np.asarray(image.convert(wanted))
    if pixels.ndim == 2:
        return Stored(pixels[:, :, None], Metadata(density=_density(data)))
    return Stored(without_opaque_alpha(pixels, colours=3), Metadata(density=_density(data)))


def _density(data: bytes) -> Density | None:
    (length,) = struct.unpack_from("<I", data, 14)
    if length < _INFO_HEADER:
        return None
    x, y = struct.unpack_from("<ii", data, 38)
    return density_per_metre(x, y)
