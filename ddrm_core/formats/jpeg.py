"""JPEG files, encoded anew and decoded. Source: ITU-T T.81 annex B, T.871 (JFIF)."""

from __future__ import annotations

import io
import struct
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np
from PIL import JpegImagePlugin
from PIL.Image import Image

from ddrm_core.formats.encoded import Encoded, Stored, losses, says_nothing
from ddrm_core.metadata.model import Density, Metadata
from ddrm_core.metadata.segments import (
    ADOBE,
    APP0,
    APP14,
    COM,
    JFIF,
    metadata_from_segments,
    segments_of,
)

LONGEST = 65_500  # of a side; libjpeg's JPEG_MAX_DIMENSION
START = b"\xff\xd8"
_SOS, _APPLICATION = 0xDA, range(0xE0, 0xF0)
_FRAMES = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}  # T.81, table B.1
_DECODED = (0xC0, 0xC1, 0xC2)  # baseline, extended and progressive, Huffman-coded
_ALONE = frozenset({0x01, *range(0xD0, 0xD9)})  # markers without a length
# Encoders write ten; each can make a decoder visit the whole picture.
_MOST_SCANS = 200
_INKS = 4


def encode_jpeg(picture: Image, metadata: Metadata, *, quality: int) -> Encoded:
    """8 bits a channel, without chroma subsampling; ink as Photoshop stores it, 255 for none.

    Args:
        picture: Grey, RGB or ink.
        metadata: Goes in as segments.
        quality: On libjpeg's scale, 1 to 100.
    """
    buffer = io.BytesIO()
    picture.save(buffer, "JPEG", quality=quality, subsampling=0)
    return with_metadata(buffer.getvalue(), metadata)


def with_metadata(data: bytes, metadata: Metadata) -> Encoded:
    """A JPEG with these segments instead of its own; what names its colour space stays.

    Raises:
        ValueError, struct.error: `data` is no JPEG.
    """
    found = list(_segments(data))
    segments, words = segments_of(metadata)
    parts = [_segment(marker, payload) for marker, payload in segments]
    jfif = any(_is_jfif(segment) for segment in found)
    # Without one in `data` three components are RGB, and decoders take JFIF's word before Adobe's.
    if metadata.density is not None and (jfif or _components(found) == _INKS):
        parts.insert(0, _jfif(metadata.density))
    elif jfif and not metadata.exif:  # which needs none: EXIF 2.3, clause 4.5.5
        parts.insert(0, _jfif(Density(1, 1, 0)))
    elif not says_nothing(metadata.density):
        words = (*words, *losses("An RGB JPEG", Metadata(density=metadata.density)))
    coding = [s for s in found[:-1] if _is_coding(s) and not _is_jfif(s)]
    parts += [_segment(s.marker, s.payload) for s in coding]
    return Encoded(b"".join([START, *parts, memoryview(data)[found[-1].start :]]), words)


def jpeg_size(data: bytes) -> tuple[int, int]:
    """Width and height as the frame header claims.

    Raises:
        ValueError, struct.error: There is none, or of a coding that is not decoded here.
    """
    frame = _frame(_segments(data))
    if frame.marker not in _DECODED:
        raise ValueError("not decoded here")
    height, width = struct.unpack_from(">HH", frame.payload, 1)
    return width, height


def decode_jpeg(data: bytes) -> Stored:
    """Grey, RGB or CMYK pixels as libjpeg decodes them.

    Raises:
        ValueError, OSError, SyntaxError, struct.error: It is damaged.
    """
    if data.count(b"\xff\xda") > _MOST_SCANS:
        raise ValueError("too many scans")
    segments = list(_segments(data))
    metadata = metadata_from_segments([(s.marker, s.payload) for s in segments if _is_metadata(s)])
    # Without its metadata: Pillow would look into it, and warn of what it finds.
    coding = [_segment(s.marker, s.payload) for s in segments[:-1] if _is_coding(s)]
    stripped = b"".join([START, *coding, memoryview(data)[segments[-1].start :]])
    # Not through Image.open: it warns of large pictures, whose size has been checked already.
    with JpegImagePlugin.JpegImageFile(io.BytesIO(stripped)) as image:
        pixels = np.asarray(image)
    return Stored(pixels[:, :, None] if pixels.ndim == 2 else pixels, metadata)


@dataclass(frozen=True, slots=True)
class _Found:
    """A segment, and where its marker is; the last one is the first scan's header."""

    marker: int
    payload: bytes
    start: int


def _segments(data: bytes) -> Iterator[_Found]:
    """Up to the first scan. Raises ValueError or struct.error where there is none."""
    place = len(START)
    while True:
        marks, marker = struct.unpack_from("BB", data, place)
        if marks != 0xFF:
            raise ValueError("no marker")
        if marker == 0xFF or marker in _ALONE:
            place += 1 if marker == 0xFF else 2
            continue
        (length,) = struct.unpack_from(">H", data, place + 2)
        if length < 2 or place + 2 + length > len(data):
            raise ValueError("a segment past the end")
        yield _Found(marker, data[place + 4 : place + 2 + length], place)
        if marker == _SOS:
            return
        place += 2 + length


def _frame(segments: Iterable[_Found]) -> _Found:
    frame = next((s for s in segments if s.marker in _FRAMES), None)
    if frame is None:
        raise ValueError("no frame")
    return frame


def _components(segments: Iterable[_Found]) -> int:
    (count,) = struct.unpack_from("B", _frame(segments).payload, 5)
    return int(count)


def _is_jfif(segment: _Found) -> bool:
    return segment.marker == APP0 and segment.payload.startswith(JFIF)


def _is_metadata(segment: _Found) -> bool:
    return segment.marker == COM or segment.marker in _APPLICATION


def _is_coding(segment: _Found) -> bool:
    """Whether the decoder needs it; JFIF and Adobe name the colour space."""
    adobe = segment.marker == APP14 and segment.payload.startswith(ADOBE)
    return adobe or _is_jfif(segment) or not _is_metadata(segment)


def _segment(marker: int, payload: bytes) -> bytes:
    return struct.pack(">BBH", 0xFF, marker, len(payload) + 2) + payload


def _jfif(density: Density) -> bytes:
    """Version 1.1, no thumbnail."""
    body = struct.pack(">HBHHBB", 0x0101, density.unit, density.x, density.y, 0, 0)
    return _segment(APP0, JFIF + body)
