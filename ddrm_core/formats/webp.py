"""Encoding and decoding of lossless WebP files. Source: RFC 9649."""

from __future__ import annotations

import io
import struct
from collections.abc import Iterator

import numpy as np
from PIL import WebPImagePlugin
from PIL.Image import Image

from ddrm_core.formats.common import (
    DecodedFile,
    EncodedFile,
    MultipleImagesError,
    describe_unstored_blocks,
    remove_opaque_alpha,
)
from ddrm_core.metadata.model import Metadata

# The slowest method would make files only a tenth of a percent smaller.
_COMPRESSION_METHOD, _COMPRESSION_EFFORT = 4, 80
_ANIMATION_FLAG = 0x02  # flag in the first chunk: RFC 9649, section 2.7


def is_webp(data: bytes) -> bool:
    """Return whether a file begins with the signature of WebP."""
    return data[:4] == b"RIFF" and data[8:12] == b"WEBP"


def encode_webp(image: Image, metadata: Metadata) -> EncodedFile:
    """Encode an image and metadata as a lossless WebP in RGB; gray becomes three equal channels."""
    buffer = io.BytesIO()
    image.convert("RGB").save(
        buffer,
        "WEBP",
        lossless=True,
        method=_COMPRESSION_METHOD,
        quality=_COMPRESSION_EFFORT,
        icc_profile=metadata.icc_profile or b"",
        exif=metadata.exif or b"",
        xmp=metadata.xmp or b"",
    )
    return EncodedFile(buffer.getvalue(), describe_unstored_blocks("WebP", metadata))


def read_webp_size(data: bytes) -> tuple[int, int]:
    """Return width and height in pixels from the first chunk of a WebP file.

    Raises:
        MultipleImagesError: If the WebP is animated.
        ValueError, struct.error: If the first chunk is missing or has another type.
    """
    chunk_type, start = data[12:16], 20
    if chunk_type == b"VP8X":
        if data[start] & _ANIMATION_FLAG:
            frame_count = sum(chunk_type == b"ANMF" for chunk_type, _ in _parse_riff_chunks(data))
            if frame_count != 1:
                raise MultipleImagesError(frame_count=frame_count)
        packed = int.from_bytes(data[start + 4 : start + 10], "little")
        return (packed & 0xFFFFFF) + 1, (packed >> 24) + 1
    if chunk_type == b"VP8L":
        (packed,) = struct.unpack_from("<I", data, start + 1)
        return (packed & 0x3FFF) + 1, (packed >> 14 & 0x3FFF) + 1
    if chunk_type == b"VP8 ":
        width, height = struct.unpack_from("<HH", data, start + 6)
        return width & 0x3FFF, height & 0x3FFF
    raise ValueError("no picture")


def decode_webp(data: bytes) -> DecodedFile:
    """Decode a WebP; three channels that are equal everywhere become gray.

    Raises:
        ValueError, OSError, struct.error: If the file is damaged or not opaque.
    """
    # `Image.open` would warn of large images; their size has already been checked.
    with WebPImagePlugin.WebPImageFile(io.BytesIO(data)) as image:
        pixels = np.asarray(image)
    pixels = remove_opaque_alpha(pixels, color_channels=3)
    if (pixels == pixels[:, :, :1]).all():
        pixels = pixels[:, :, :1]
    chunks: dict[bytes, bytes] = {}
    for chunk_type, body in _parse_riff_chunks(data):
        chunks.setdefault(chunk_type, body)
    metadata = Metadata(
        icc_profile=chunks.get(b"ICCP"),
        exif=chunks.get(b"EXIF", b"").removeprefix(b"Exif\0\0") or None,
        xmp=chunks.get(b"XMP ") or None,
    )
    return DecodedFile(pixels, metadata)


def _parse_riff_chunks(data: bytes) -> Iterator[tuple[bytes, bytes]]:
    offset = 12
    while offset + 8 <= len(data):
        chunk_type, length = struct.unpack_from("<4sI", data, offset)
        body = data[offset + 8 : offset + 8 + length]
        if len(body) == length:
            yield chunk_type, body
        offset += 8 + length + length % 2
