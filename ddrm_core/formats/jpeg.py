"""Encoding and decoding of JPEG files. Source: ITU-T T.81 annex B, T.871 (JFIF)."""

from __future__ import annotations

import io
import struct
from collections.abc import Iterable

import numpy as np
from PIL import JpegImagePlugin
from PIL.Image import Image

from ddrm_core.formats.common import DecodedFile, EncodedFile, is_trivial_density
from ddrm_core.formats.notes import FormatNote
from ddrm_core.messages import Description
from ddrm_core.metadata.jpeg_segments import (
    START_OF_IMAGE,
    JpegSegment,
    encode_jpeg_segment,
    parse_jpeg_segments,
)
from ddrm_core.metadata.model import Metadata, PixelDensity
from ddrm_core.metadata.segments import (
    ADOBE_PREFIX,
    APP0,
    APP14,
    COM,
    JFIF_PREFIX,
    metadata_from_segments,
    segments_from_metadata,
)

_APP_MARKERS = range(0xE0, 0xF0)
_FRAME_MARKERS = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}  # T.81, table B.1
# Baseline, extended and progressive; sequential and progressive with arithmetic coding.
_DECODABLE_FRAMES = (0xC0, 0xC1, 0xC2, 0xC9, 0xCA)
# Encoders write ten scans; each scan can make a decoder process the whole image.
_MAX_SCANS = 200
_CMYK_CHANNELS = 4


def encode_jpeg(image: Image, metadata: Metadata, *, quality: int) -> EncodedFile:
    """Encode an 8-bit image without chroma subsampling.

    CMYK is written as Photoshop writes it, with 255 for no ink.

    Args:
        image: Gray, RGB or CMYK image.
        metadata: Metadata to write as segments.
        quality: Quality factor, 1 to 100.
    """
    buffer = io.BytesIO()
    image.save(buffer, "JPEG", quality=quality, subsampling=0)
    return replace_jpeg_metadata(buffer.getvalue(), metadata)


def replace_jpeg_metadata(data: bytes, metadata: Metadata) -> EncodedFile:
    """Return a JPEG with the coded image of `data` and with `metadata` in place of its metadata.

    Segments that decoders need to determine the color space stay.

    Raises:
        ValueError, struct.error: If `data` is not a JPEG.
    """
    source_segments = list(parse_jpeg_segments(data))
    warnings: tuple[Description, ...]
    metadata_segments, warnings = segments_from_metadata(metadata)
    parts = [encode_jpeg_segment(marker, payload) for marker, payload in metadata_segments]
    has_jfif = any(_is_jfif_segment(segment) for segment in source_segments)
    # Without a JFIF segment, three components are RGB, and decoders trust JFIF more than Adobe's
    # segment.
    if metadata.density is not None and (
        has_jfif or _count_components(source_segments) == _CMYK_CHANNELS
    ):
        parts.insert(0, _encode_jfif_segment(metadata.density))
    elif has_jfif and not metadata.exif:  # with EXIF, JFIF is optional: EXIF 2.3, clause 4.5.5
        parts.insert(0, _encode_jfif_segment(PixelDensity(1, 1, 0)))
    elif not is_trivial_density(metadata.density):
        warnings = (*warnings, FormatNote.RGB_JPEG_DENSITY)
    coding_segments = [
        s for s in source_segments[:-1] if _is_needed_for_decoding(s) and not _is_jfif_segment(s)
    ]
    parts += [encode_jpeg_segment(s.marker, s.payload) for s in coding_segments]
    return EncodedFile(
        b"".join([START_OF_IMAGE, *parts, memoryview(data)[source_segments[-1].offset :]]), warnings
    )


def read_jpeg_size(data: bytes) -> tuple[int, int]:
    """Return width and height in pixels from the frame header of a JPEG.

    Raises:
        ValueError, struct.error: If the header is missing, or if `decode_jpeg` does not support its
            coding process.
    """
    frame = _find_frame_segment(parse_jpeg_segments(data))
    if frame.marker not in _DECODABLE_FRAMES:
        raise ValueError("not decoded here")
    height, width = struct.unpack_from(">HH", frame.payload, 1)
    return width, height


def decode_jpeg(data: bytes, *, min_size: tuple[int, int] | None = None) -> DecodedFile:
    """Decode a JPEG with libjpeg to gray, RGB or CMYK pixels.

    Args:
        data: Content of the file.
        min_size: Width and height that suffice, for a fast decoding at a half, a quarter or an
            eighth of the size; None for the full size.

    Raises:
        ValueError, OSError, SyntaxError, struct.error: If the file is damaged.
    """
    if data.count(b"\xff\xda") > _MAX_SCANS:
        raise ValueError("too many scans")
    segments = list(parse_jpeg_segments(data))
    metadata = metadata_from_segments(
        [(s.marker, s.payload) for s in segments if _is_metadata_segment(s)]
    )
    # Metadata is removed, because Pillow would parse it and warn of faults.
    coding_segments = [
        encode_jpeg_segment(s.marker, s.payload)
        for s in segments[:-1]
        if _is_needed_for_decoding(s)
    ]
    stripped = b"".join([START_OF_IMAGE, *coding_segments, memoryview(data)[segments[-1].offset :]])
    # `Image.open` would warn of large images; their size has already been checked.
    with JpegImagePlugin.JpegImageFile(io.BytesIO(stripped)) as image:
        if min_size is not None:
            image.draft(image.mode, min_size)
        pixels = np.asarray(image)
    return DecodedFile(pixels[:, :, None] if pixels.ndim == 2 else pixels, metadata)


def _find_frame_segment(segments: Iterable[JpegSegment]) -> JpegSegment:
    frame = next((s for s in segments if s.marker in _FRAME_MARKERS), None)
    if frame is None:
        raise ValueError("no frame")
    return frame


def _count_components(segments: Iterable[JpegSegment]) -> int:
    (count,) = struct.unpack_from("B", _find_frame_segment(segments).payload, 5)
    return int(count)


def _is_jfif_segment(segment: JpegSegment) -> bool:
    return segment.marker == APP0 and segment.payload.startswith(JFIF_PREFIX)


def _is_metadata_segment(segment: JpegSegment) -> bool:
    return segment.marker == COM or segment.marker in _APP_MARKERS


def _is_needed_for_decoding(segment: JpegSegment) -> bool:
    """Return whether a decoder needs a segment, as for tables or for the color space.

    The segments of JFIF and of Adobe determine the color space.
    """
    is_adobe = segment.marker == APP14 and segment.payload.startswith(ADOBE_PREFIX)
    return is_adobe or _is_jfif_segment(segment) or not _is_metadata_segment(segment)


def _encode_jfif_segment(density: PixelDensity) -> bytes:
    """Return a JFIF segment of version 1.1 without a thumbnail."""
    body = struct.pack(">HBHHBB", 0x0101, density.unit, density.x, density.y, 0, 0)
    return encode_jpeg_segment(APP0, JFIF_PREFIX + body)
