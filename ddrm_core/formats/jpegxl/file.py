"""Encoding and decoding of JPEG XL files.

Source: ISO/IEC 18181-2:2024 (container), annexes of part 1 for the codestream.
"""

from __future__ import annotations

import imagecodecs
import numpy as np

from ddrm_core.formats.common import (
    DecodedFile,
    EncodedFile,
    describe_unstored_blocks,
    remove_opaque_alpha,
)
from ddrm_core.formats.iso_boxes import (
    encode_box,
    encode_exif_content,
    parse_boxes,
    parse_exif_content,
)
from ddrm_core.formats.jpegxl.codestream import (
    CODESTREAM_SIGNATURE,
    find_icc_profile,
    read_upright_size,
    set_color_space,
)
from ddrm_core.imaging.array_types import PixelArray
from ddrm_core.metadata.exif import set_orientation
from ddrm_core.metadata.model import Metadata

CONTAINER_SIGNATURE = b"\0\0\0\x0cJXL \r\n\x87\n"
_FILE_TYPE = b"jxl \0\0\0\0jxl "
_EFFORT = 5  # a third of the time of libjxl's default, files of nearly the same size
_HIGHEST_LEVEL = 10  # part 1, annex M; level 5 has no lossless integers of 16 bits
_MAX_METADATA_BYTES = 64 << 20  # a larger compressed box would be a decompression bomb


def is_jpegxl(data: bytes) -> bool:
    """Return whether a file begins with the signature of a codestream or a container."""
    return data.startswith((CODESTREAM_SIGNATURE, CONTAINER_SIGNATURE))


def encode_jpegxl(pixels: PixelArray, metadata: Metadata) -> EncodedFile:
    """Encode upright gray or RGB pixels (h, w, c) of 8 or 16 bits without loss.

    Args:
        pixels: Pixels.
        metadata: Metadata to write; the color profile becomes part of the codestream.
    """
    squeezed = np.ascontiguousarray(pixels[:, :, 0] if pixels.shape[2] == 1 else pixels)
    encoded = bytes(imagecodecs.jpegxl_encode(squeezed, lossless=True, effort=_EFFORT))
    codestream = set_color_space(_join_codestream(encoded), metadata.icc_profile)
    boxes = [CONTAINER_SIGNATURE, encode_box(b"ftyp", _FILE_TYPE)]
    if pixels.dtype.itemsize > 1:
        boxes.append(encode_box(b"jxll", bytes([_HIGHEST_LEVEL])))
    if metadata.exif:
        boxes.append(encode_box(b"Exif", encode_exif_content(metadata.exif)))
    if metadata.xmp:
        boxes.append(encode_box(b"xml ", metadata.xmp))
    boxes.append(encode_box(b"jxlc", codestream))
    return EncodedFile(b"".join(boxes), describe_unstored_blocks("JPEG XL", metadata))


def read_jpegxl_size(data: bytes) -> tuple[int, int]:
    """Return width and height in pixels of the upright image.

    Raises:
        ValueError, struct.error: If the header is incomplete or the file is an animation.
    """
    return read_upright_size(_join_codestream(data))


def decode_jpegxl(data: bytes) -> DecodedFile:
    """Decode a JPEG XL of 8 or 16 bits upright; its EXIF then states orientation 1.

    Raises:
        ValueError, struct.error, RuntimeError: If the file is damaged, not opaque or of floats.
    """
    codestream = _join_codestream(data)
    pixels = np.asarray(imagecodecs.jpegxl_decode(codestream))
    if pixels.dtype not in (np.uint8, np.uint16):
        raise ValueError("floats")
    if pixels.ndim == 2:
        pixels = pixels[:, :, None]
    color_channels = 1 if pixels.shape[2] < 3 else 3
    exif, xmp = _read_metadata_boxes(data)
    metadata = Metadata(
        icc_profile=find_icc_profile(codestream),
        # The decoder has applied the codestream's orientation, which counts instead of EXIF's.
        exif=None if exif is None else set_orientation(exif, 1) or exif,
        xmp=xmp,
    )
    return DecodedFile(remove_opaque_alpha(pixels, color_channels=color_channels), metadata)


def _join_codestream(data: bytes) -> bytes:
    """Return the codestream of a file, whose container may have it in one box or in parts.

    Raise ValueError or struct.error if the container is damaged.
    """
    if data.startswith(CODESTREAM_SIGNATURE):
        return data
    parts: list[bytes] = []
    for box in parse_boxes(data, 0, len(data)):
        if box.kind == b"jxlc":
            return data[box.start : box.end]
        if box.kind == b"jxlp":
            parts.append(data[box.start + 4 : box.end])  # after the number of the part
    joined = b"".join(parts)
    if not joined.startswith(CODESTREAM_SIGNATURE):
        raise ValueError("no codestream")
    return joined


def _read_metadata_boxes(data: bytes) -> tuple[bytes | None, bytes | None]:
    """Return the EXIF block and the XMP packet of a container; None for each that is missing."""
    if data.startswith(CODESTREAM_SIGNATURE):
        return None, None
    found = _read_first_boxes(data)
    exif = found.get(b"Exif", b"")
    if not exif.startswith((b"II*\0", b"MM\0*")):  # some programs omit the offset
        exif = parse_exif_content(exif)
    return exif or None, found.get(b"xml ") or None


def _read_first_boxes(data: bytes) -> dict[bytes, bytes]:
    """Return the content of the first box of each kind of metadata, which Brotli may compress.

    Further boxes are not decompressed: each takes time up to the limit of its size.
    """
    found: dict[bytes, bytes] = {}
    for box in parse_boxes(data, 0, len(data)):
        is_compressed = box.kind == b"brob"
        start = box.start + 4 * is_compressed
        kind = data[box.start : start] if is_compressed else box.kind
        if kind not in (b"Exif", b"xml ") or kind in found:
            continue
        content = data[start : box.end]
        if is_compressed:
            content = bytes(imagecodecs.brotli_decode(content, out=_MAX_METADATA_BYTES))
        found[kind] = content
    return found
