"""Writing of image file directories as bytes. Source: TIFF 6.0, section 2."""

from __future__ import annotations

import io
import struct
from collections.abc import Iterable, Sequence
from enum import IntEnum

from ddrm_core.metadata.tiff_reader import (
    FIELD_TYPE_BYTES,
    MAX_INLINE_BYTES,
    STRUCT_CODES,
    ByteOrder,
    TiffEntry,
)

ASCII, RATIONAL, UNDEFINED = 2, 5, 7


class TiffTag(IntEnum):
    """Tags of TIFF entries. Source: TIFF 6.0, appendix A, and registered private tags."""

    WIDTH = 256
    HEIGHT = 257
    BITS_PER_SAMPLE = 258
    COMPRESSION = 259
    PHOTOMETRIC = 262
    DESCRIPTION = 270
    STRIP_OFFSETS = 273
    SAMPLES_PER_PIXEL = 277
    ROWS_PER_STRIP = 278
    STRIP_BYTE_COUNTS = 279
    X_RESOLUTION = 282
    Y_RESOLUTION = 283
    PLANAR_CONFIGURATION = 284
    RESOLUTION_UNIT = 296
    PREDICTOR = 317
    COLOR_MAP = 320
    TILE_WIDTH = 322
    TILE_HEIGHT = 323
    TILE_OFFSETS = 324
    TILE_BYTE_COUNTS = 325
    INK_SET = 332
    SAMPLE_FORMAT = 339
    JPEG_TABLES = 347
    XMP = 700
    PHOTOSHOP = 34377
    EXIF_IFD = 34665
    ICC_PROFILE = 34675
    GPS_IFD = 34853
    INTEROPERABILITY_IFD = 40965


def append_entry_value(
    out: io.BytesIO, byte_order: ByteOrder, tag: int, field_type: int, value: bytes
) -> TiffEntry:
    """Return a TIFF entry with an encoded value, appended to `out` if longer than four bytes."""
    count = len(value) // FIELD_TYPE_BYTES[field_type]
    if len(value) <= MAX_INLINE_BYTES:
        return TiffEntry(tag, field_type, count, value.ljust(MAX_INLINE_BYTES, b"\0"))
    offset = pad_to_even_offset(out)
    out.write(value)
    return TiffEntry(tag, field_type, count, struct.pack(byte_order + "I", offset))


def append_integers(
    out: io.BytesIO, byte_order: ByteOrder, tag: int, field_type: int, integers: Sequence[int]
) -> TiffEntry:
    """Return a TIFF entry for integers of the type BYTE, SHORT or LONG.

    The encoded integers are appended to `out` if they take more than four bytes.
    """
    packed = struct.pack(f"{byte_order}{len(integers)}{STRUCT_CODES[field_type]}", *integers)
    return append_entry_value(out, byte_order, tag, field_type, packed)


def append_tiff_directory(
    out: io.BytesIO, byte_order: ByteOrder, entries: Iterable[TiffEntry]
) -> int:
    """Append a TIFF directory without a next directory to `out`; return its offset."""
    offset = pad_to_even_offset(out)
    sorted_entries = sorted(entries, key=lambda entry: entry.tag)
    out.write(struct.pack(byte_order + "H", len(sorted_entries)))
    for entry in sorted_entries:
        out.write(
            struct.pack(byte_order + "HHI", entry.tag, entry.field_type, entry.count)
            + entry.value_or_offset
        )
    out.write(bytes(4))
    return offset


def set_first_directory(out: io.BytesIO, byte_order: ByteOrder, offset: int) -> None:
    """Make the TIFF header at the start of `out` point to the first directory, at `offset`."""
    out.seek(4)
    out.write(struct.pack(byte_order + "I", offset))


def pad_to_even_offset(out: io.BytesIO) -> int:
    """Pad `out` to an even length and return that length.

    Offsets of values and directories are even: TIFF 6.0, page 13.
    """
    offset = out.seek(0, io.SEEK_END)
    out.write(bytes(offset % 2))
    return offset + offset % 2
