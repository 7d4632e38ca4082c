"""TIFF files, written. Sources: TIFF 6.0; Adobe's Photoshop TIFF notes (2002) for deflate."""

from __future__ import annotations

import struct
from dataclasses import replace

import imagecodecs
import numpy as np

from ddrm_core.formats.encoded import Encoded, losses
from ddrm_core.formats.tiff.embedded_exif import Beginning, begin_tiff
from ddrm_core.formats.tiff.ifd import (
    ASCII,
    BYTE,
    LONG,
    RATIONAL,
    SHORT,
    UNDEFINED,
    Order,
    Tag,
    align,
    append_directory,
    append_numbers,
    append_value,
    begin_with,
)
from ddrm_core.imaging.array_types import Pixels
from ddrm_core.metadata.exif import bare_exif
from ddrm_core.metadata.model import Metadata

_PHOTOMETRIC = {1: 1, 3: 2, 4: 5}  # by channels: black is zero, RGB, separated (CMYK)
_UNCOMPRESSED, _DEFLATE = 1, 8
_HORIZONTAL = 2  # predictor: each value minus the one to its left
_FLOAT = 3  # sample format
_STRIP_BYTES = 1 << 20
_LEVEL = 6


def encode_tiff(pixels: Pixels, metadata: Metadata) -> Encoded:
    """Grey, RGB or CMYK with 8 or 16 bits a channel, deflated, or with floats as they are."""
    left_out = Metadata(xmp_extensions=metadata.xmp_extensions, others=metadata.others)
    try:
        begun = begin_tiff(metadata.exif)
    except (ValueError, struct.error):
        begun = begin_tiff(bare_exif(metadata.exif))
        left_out = replace(left_out, exif=metadata.exif)
    tags = begun.entries
    if metadata.comments:
        held = Tag.DESCRIPTION not in tags and _is_text(metadata.comments[0])
        left_out = replace(left_out, comments=metadata.comments[int(held) :])
        if held:
            _append(begun, Tag.DESCRIPTION, ASCII, metadata.comments[0] + b"\0")
    _append_picture(begun, pixels)
    _append_metadata(begun, metadata)
    place = append_directory(begun.data, begun.order, tags.values())
    begin_with(begun.data, begun.order, place)
    words = losses(
        "TIFF",
        left_out,
        exif="damaged EXIF",
        comments="comments besides one description in ASCII",
    )
    return Encoded(begun.data.getvalue(), tuple(words))


def _is_text(comment: bytes) -> bool:
    return comment.isascii() and b"\0" not in comment


def _append(begun: Beginning, tag: int, kind: int, value: bytes) -> None:
    begun.entries[tag] = append_value(begun.data, begun.order, tag, kind, value)


def _append_metadata(begun: Beginning, metadata: Metadata) -> None:
    blocks = (
        (Tag.XMP, BYTE, metadata.xmp),
        (Tag.PHOTOSHOP, BYTE, metadata.iptc),
        (Tag.ICC_PROFILE, UNDEFINED, metadata.icc_profile),
    )
    for tag, kind, block in blocks:
        if block:
            _append(begun, tag, kind, block)
    if metadata.density is not None:
        for tag, value in (
            (Tag.X_RESOLUTION, metadata.density.x),
            (Tag.Y_RESOLUTION, metadata.density.y),
        ):
            _append(begun, tag, RATIONAL, struct.pack(begun.order + "II", value, 1))
        unit = struct.pack(begun.order + "H", metadata.density.unit + 1)
        _append(begun, Tag.RESOLUTION_UNIT, SHORT, unit)


def _append_picture(begun: Beginning, pixels: Pixels) -> None:
    height, width, channels = pixels.shape
    floats = pixels.dtype == np.float32
    rows = max(1, _STRIP_BYTES // pixels[0].nbytes)
    places, sizes = [], []
    for top in range(0, height, rows):
        strip = _strip(pixels[top : top + rows], begun.order)
        places.append(align(begun.data))
        sizes.append(begun.data.write(strip))
    numbers: dict[Tag, tuple[int, list[int]]] = {
        Tag.WIDTH: (LONG, [width]),
        Tag.HEIGHT: (LONG, [height]),
        Tag.BITS: (SHORT, [pixels.dtype.itemsize * 8] * channels),
        Tag.COMPRESSION: (SHORT, [_UNCOMPRESSED if floats else _DEFLATE]),
        Tag.PHOTOMETRIC: (SHORT, [_PHOTOMETRIC[channels]]),
        Tag.STRIP_PLACES: (LONG, places),
        Tag.SAMPLES: (SHORT, [channels]),
        Tag.STRIP_ROWS: (LONG, [rows]),
        Tag.STRIP_SIZES: (LONG, sizes),
        Tag.PLANAR: (SHORT, [1]),
    }
    if floats:
        numbers[Tag.SAMPLE_FORMAT] = SHORT, [_FLOAT] * channels
    else:
        numbers[Tag.PREDICTOR] = SHORT, [_HORIZONTAL]
    for tag, (kind, values) in numbers.items():
        begun.entries[tag] = append_numbers(begun.data, begun.order, tag, kind, values)


def _strip(rows: Pixels, order: Order) -> bytes:
    if rows.dtype == np.float32:
        return rows.astype(rows.dtype.newbyteorder(order)).tobytes()
    differences = rows.copy()
    differences[:, 1:] -= rows[:, :-1]  # modulo the type's range
    stored = differences.astype(rows.dtype.newbyteorder(order)).tobytes()
    return bytes(imagecodecs.deflate_encode(stored, _LEVEL))
