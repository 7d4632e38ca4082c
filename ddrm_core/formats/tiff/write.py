"""Encoding of TIFF files.

Sources: TIFF 6.0; Adobe's Photoshop TIFF notes (2002) for deflate.
"""

from __future__ import annotations

import struct
from dataclasses import replace

import imagecodecs
import numpy as np

from ddrm_core.formats.common import EncodedFile, describe_losses
from ddrm_core.formats.notes import FormatNote
from ddrm_core.formats.tiff.embedded_exif import TiffDraft, create_tiff_draft
from ddrm_core.formats.tiff.ifd import (
    ASCII,
    RATIONAL,
    UNDEFINED,
    TiffTag,
    append_entry_value,
    append_integers,
    append_tiff_directory,
    pad_to_even_offset,
    set_first_directory,
)
from ddrm_core.imaging.array_types import PixelArray
from ddrm_core.metadata.exif import extract_appearance_exif
from ddrm_core.metadata.model import Metadata
from ddrm_core.metadata.tiff_reader import BYTE, LONG, SHORT, ByteOrder

_PHOTOMETRIC_BY_CHANNELS = {1: 1, 3: 2, 4: 5}  # by channels: BlackIsZero, RGB, separated (CMYK)
_UNCOMPRESSED, _DEFLATE = 1, 8
_HORIZONTAL_PREDICTOR = 2  # each value minus the one to its left
_FLOAT_SAMPLE_FORMAT = 3  # IEEE floats
_STRIP_BYTES = 1 << 20
_DEFLATE_LEVEL = 6


def encode_tiff(pixels: PixelArray, metadata: Metadata) -> EncodedFile:
    """Encode gray, RGB or CMYK pixels (h, w, c) and metadata as a TIFF file.

    Integers of 8 or 16 bits are compressed by deflate; floats are not compressed.
    """
    left_out = Metadata(xmp_extensions=metadata.xmp_extensions, others=metadata.others)
    try:
        draft = create_tiff_draft(metadata.exif)
    except (ValueError, struct.error):
        draft = create_tiff_draft(extract_appearance_exif(metadata.exif))
        left_out = replace(left_out, exif=metadata.exif)
    entries = draft.entries
    if metadata.comments:
        comment = metadata.comments[0].rstrip(b"\0")  # some programs end it by zeros
        keeps_description = TiffTag.DESCRIPTION not in entries and _is_ascii_text(comment)
        left_out = replace(left_out, comments=metadata.comments[int(keeps_description) :])
        if keeps_description:
            _append_entry(draft, TiffTag.DESCRIPTION, ASCII, comment + b"\0")
    _append_image(draft, pixels)
    _append_tiff_metadata(draft, metadata)
    directory_offset = append_tiff_directory(draft.buffer, draft.byte_order, entries.values())
    set_first_directory(draft.buffer, draft.byte_order, directory_offset)
    warnings = describe_losses("TIFF", left_out, comments=FormatNote.FURTHER_COMMENTS)
    return EncodedFile(draft.buffer.getvalue(), warnings)


def _is_ascii_text(comment: bytes) -> bool:
    return comment.isascii() and b"\0" not in comment


def _append_entry(draft: TiffDraft, tag: int, field_type: int, value: bytes) -> None:
    draft.entries[tag] = append_entry_value(draft.buffer, draft.byte_order, tag, field_type, value)


def _append_tiff_metadata(draft: TiffDraft, metadata: Metadata) -> None:
    blocks = (
        (TiffTag.XMP, BYTE, metadata.xmp),
        (TiffTag.PHOTOSHOP, BYTE, metadata.iptc),
        (TiffTag.ICC_PROFILE, UNDEFINED, metadata.icc_profile),
    )
    for tag, field_type, block in blocks:
        if block:
            _append_entry(draft, tag, field_type, block)
    if metadata.density is not None:
        for tag, value in (
            (TiffTag.X_RESOLUTION, metadata.density.x),
            (TiffTag.Y_RESOLUTION, metadata.density.y),
        ):
            _append_entry(draft, tag, RATIONAL, struct.pack(draft.byte_order + "II", value, 1))
        unit = struct.pack(draft.byte_order + "H", metadata.density.unit + 1)
        _append_entry(draft, TiffTag.RESOLUTION_UNIT, SHORT, unit)


def _append_image(draft: TiffDraft, pixels: PixelArray) -> None:
    height, width, channels = pixels.shape
    is_float = pixels.dtype == np.float32
    rows_per_strip = max(1, _STRIP_BYTES // pixels[0].nbytes)
    offsets, sizes = [], []
    for top in range(0, height, rows_per_strip):
        strip = _encode_strip(pixels[top : top + rows_per_strip], draft.byte_order)
        offsets.append(pad_to_even_offset(draft.buffer))
        sizes.append(draft.buffer.write(strip))
    fields: dict[TiffTag, tuple[int, list[int]]] = {
        TiffTag.WIDTH: (LONG, [width]),
        TiffTag.HEIGHT: (LONG, [height]),
        TiffTag.BITS_PER_SAMPLE: (SHORT, [pixels.dtype.itemsize * 8] * channels),
        TiffTag.COMPRESSION: (SHORT, [_UNCOMPRESSED if is_float else _DEFLATE]),
        TiffTag.PHOTOMETRIC: (SHORT, [_PHOTOMETRIC_BY_CHANNELS[channels]]),
        TiffTag.STRIP_OFFSETS: (LONG, offsets),
        TiffTag.SAMPLES_PER_PIXEL: (SHORT, [channels]),
        TiffTag.ROWS_PER_STRIP: (LONG, [rows_per_strip]),
        TiffTag.STRIP_BYTE_COUNTS: (LONG, sizes),
        TiffTag.PLANAR_CONFIGURATION: (SHORT, [1]),
    }
    if is_float:
        fields[TiffTag.SAMPLE_FORMAT] = SHORT, [_FLOAT_SAMPLE_FORMAT] * channels
    else:
        fields[TiffTag.PREDICTOR] = SHORT, [_HORIZONTAL_PREDICTOR]
    for tag, (field_type, values) in fields.items():
        draft.entries[tag] = append_integers(
            draft.buffer, draft.byte_order, tag, field_type, values
        )


def _encode_strip(rows: PixelArray, byte_order: ByteOrder) -> bytes:
    if rows.dtype == np.float32:
        return rows.astype(rows.dtype.newbyteorder(byte_order)).tobytes()
    differences = rows.copy()
    differences[:, 1:] -= rows[:, :-1]  # modulo 2**8 or 2**16
    stored = differences.astype(rows.dtype.newbyteorder(byte_order)).tobytes()
    return bytes(imagecodecs.deflate_encode(stored, _DEFLATE_LEVEL))
