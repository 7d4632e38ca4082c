"""WebP files, lossless. Source: RFC 9649."""

from __future__ import annotations

import io
import struct
from collections.abc import Iterator
from dataclasses import replace

import numpy as np
from PIL import WebPImagePlugin
from PIL.Image import Image

from ddrm_core.formats.encoded import (
    Encoded,
    SeveralPictures,
    Stored,
    losses,
    says_nothing,
    without_opaque_alpha,
)
from ddrm_core.metadata.model import Metadata

LONGEST = 16_383  # of a side; RFC 9649, section 3.4
# Its slowest search would save a further tenth of a percent.
_METHOD, _EFFORT = 4, 80
_ANIMATION = 0x02  # a flag of the first chunk: RFC 9649, section 2.7


def is_webp(data: bytes) -> bool:
    """Whether it begins as one."""
    return data[:4] == b"RIFF" and data[8:12] == b"WEBP"


def encode_webp(picture: Image, metadata: Metadata) -> Encoded:
    """RGB; grey becomes RGB with three equal channels."""
    buffer = io.BytesIO()
    picture.convert("RGB").save(
        buffer,
        "WEBP",
        lossless=True,
        method=_METHOD,
        quality=_EFFORT,
        icc_profile=metadata.icc_profile or b"",
        exif=metadata.exif or b"",
        xmp=metadata.xmp or b"",
    )
    left_out = replace(metadata, icc_profile=None, exif=None, xmp=None)
    if says_nothing(metadata.density):
        left_out = replace(left_out, density=None)
    return Encoded(buffer.getvalue(), tuple(losses("WebP", left_out)))


def webp_size(data: bytes) -> tuple[int, int]:
    """Width and height as the first chunk claims.

    Raises:
        SeveralPictures: The WebP is animated.
        ValueError, struct.error: It has no such chunk.
    """
    kind, start = data[12:16], 20
    if kind == b"VP8X":
        if data[start] & _ANIMATION:
            frames = sum(kind == b"ANMF" for kind, _ in _chunks(data))
            if frames != 1:
                raise SeveralPictures(frames=frames)
        packed = int.from_bytes(data[start + 4 : start + 10], "little")
        return (packed & 0xFFFFFF) + 1, (packed >> 24) + 1
    if kind == b"VP8L":
        (packed,) = struct.unpack_from("<I", data, start + 1)
        return (packed & 0x3FFF) + 1, (packed >> 14 & 0x3FFF) + 1
    if kind == b"VP8 ":
        width, height = struct.unpack_from("<HH", data, start + 6)
        return width & 0x3FFF, height & 0x3FFF
    raise ValueError("no picture")


def decode_webp(data: bytes) -> Stored:
    """One picture; grey where its three channels are equal everywhere, as `encode_webp` leaves it.

    Raises:
        ValueError, OSError, struct.error: It is damaged, or not opaque.
    """
    # Not through Image.open: it warns of large pictures, whose size has been checked already.
    with WebPImagePlugin.WebPImageFile(io.BytesIO(data)) as image:
        pixels = np.asarray(image)
    pixels = without_opaque_alpha(pixels, colours=3)
    if (pixels == pixels[:, :, :1]).all():
        pixels = pixels[:, :, :1]
    blocks: dict[bytes, bytes] = {}
    for kind, body in _chunks(data):
        blocks.setdefault(kind, body)
    metadata = Metadata(
        icc_profile=blocks.get(b"ICCP") or None,
        exif=blocks.get(b"EXIF", b"").removeprefix(b"Exif\0\0") or None,
        xmp=blocks.get(b"XMP ") or None,
    )
    return Stored(pixels, metadata)


def _chunks(data: bytes) -> Iterator[tuple[bytes, bytes]]:
    place = 12
    while place + 8 <= len(data):
        kind, length = struct.unpack_from("<4sI", data, place)
        body = data[place + 8 : place + 8 + length]
        if len(body) == length:
            yield kind, body
        place += 8 + length + length % 2
