"""EXIF blocks at the beginning of TIFF files.

Sources: EXIF 2.3, clause 4.6; TIFF 6.0, page 8.

An EXIF block is a TIFF file itself, and makers' notes in the block contain offsets from its header.
Therefore a file written here begins with the block, apart from the pointer to the first directory.
A new directory at the end takes over the entries that do not concern the image, so that every
offset stays valid. A private entry records the block's length and pointer, from which the block is
restored byte for byte.
"""

from __future__ import annotations

import io
import struct
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass

from ddrm_core.formats.tiff.ifd import (
    TiffTag,
    append_entry_value,
    append_integers,
    append_tiff_directory,
    set_first_directory,
)
from ddrm_core.metadata.tiff_reader import (
    HEADER_BYTES,
    LONG,
    ByteOrder,
    TiffDirectory,
    TiffEntry,
    TiffReader,
    open_tiff,
)

EMBEDDED_EXIF_TAG = 65_000  # the first tag that TIFF 6.0 lets everyone use
# Tags about the image's coding, thumbnails, layers and raw data, from TIFF 6.0, appendix A, and
# from other vendors; and tags of blocks that `Metadata` holds separately.
_NON_EXIF_TAGS = frozenset(
    {
        *range(254, 267),
        *(273, *range(277, 282), 284, *range(288, 294), 297, 301, 317),
        *range(320, 348),
        *range(400, 560),
        *(32997, 32998, 33421, 33422, 37724, 50706, EMBEDDED_EXIF_TAG),
        *(TiffTag.XMP, 33723, TiffTag.PHOTOSHOP, TiffTag.ICC_PROFILE),
    }
)
_RESOLUTION_TAGS = (TiffTag.X_RESOLUTION, TiffTag.Y_RESOLUTION, TiffTag.RESOLUTION_UNIT)
_POINTER_TAGS = (TiffTag.EXIF_IFD, TiffTag.GPS_IFD, TiffTag.INTEROPERABILITY_IFD)
# An EXIF block fills at most one JPEG segment; files that claim far more are hostile.
_MAX_EXIF_BYTES = 16 << 20


@dataclass(frozen=True, slots=True, eq=False)
class TiffDraft:
    """The first bytes and the first entries of a TIFF file that is being written.

    Attributes:
        buffer: EXIF block, or a header alone; further data is appended.
        byte_order: Byte order of numbers.
        entries: Entries for the file's first directory by tag. A private entry tells this program
            where the EXIF block is.
    """

    buffer: io.BytesIO
    byte_order: ByteOrder
    entries: dict[int, TiffEntry]


@dataclass(frozen=True, slots=True)
class ExtractedExif:
    """EXIF data of a TIFF file.

    Attributes:
        data: EXIF block; None if the file has no EXIF data or a damaged block.
        entries: Entries of the block's first directory if this program wrote the file; else empty.
        is_own_file: Whether this program wrote the file.
    """

    data: bytes | None
    entries: dict[int, TiffEntry]
    is_own_file: bool


def create_tiff_draft(exif: bytes | None) -> TiffDraft:
    """Create a TIFF draft that begins with an EXIF block, or with a bare header for None.

    Raises:
        ValueError, struct.error: If the EXIF block is damaged.
    """
    if not exif:
        buffer = io.BytesIO(b"II*\0" + bytes(4))
        return TiffDraft(
            buffer,
            "<",
            {EMBEDDED_EXIF_TAG: append_integers(buffer, "<", EMBEDDED_EXIF_TAG, LONG, (0, 0))},
        )
    exif_reader = open_tiff(exif)
    kept_entries = dict(_iterate_exif_entries(exif_reader, exif_reader.read_first_directory()))
    for pointer in (kept_entries[tag] for tag in _POINTER_TAGS if tag in kept_entries):
        exif_reader.read_directory(exif_reader.unpack_offset(pointer.value_or_offset))
    buffer = io.BytesIO(exif)
    layout = (len(exif), *exif_reader.unpack_at("I", 4))
    entry = append_integers(buffer, exif_reader.byte_order, EMBEDDED_EXIF_TAG, LONG, layout)
    return TiffDraft(buffer, exif_reader.byte_order, {**kept_entries, EMBEDDED_EXIF_TAG: entry})


def extract_exif(file: TiffReader, directory: TiffDirectory) -> ExtractedExif:
    """Return the EXIF data of a TIFF file.

    If this program wrote the file, the EXIF block is byte for byte that which was given to
    `create_tiff_draft`. For a file of another program, a block is rebuilt from `directory`. A
    maker's note then moves, so that offsets inside the note become invalid.
    """
    try:
        own_exif = _extract_own_exif(file, directory)
    except (ValueError, struct.error):
        own_exif = None  # another program has moved data
    if own_exif is not None:
        return own_exif
    try:
        return ExtractedExif(_rebuild_exif(file, directory), {}, is_own_file=False)
    except (ValueError, struct.error):
        return ExtractedExif(None, {}, is_own_file=False)


def _extract_own_exif(file: TiffReader, directory: TiffDirectory) -> ExtractedExif | None:
    entry = directory.entries.get(EMBEDDED_EXIF_TAG)
    if entry is None:
        return None
    length, first_offset = file.read_integers(entry)
    if length == 0:
        return ExtractedExif(None, {}, is_own_file=True)
    pointer = struct.pack(file.byte_order + "I", first_offset)
    exif_reader = open_tiff(file.data[:4] + pointer + file.data[HEADER_BYTES:length])
    entries = exif_reader.read_first_directory().entries
    expected_entries = {
        tag: kept_entry
        for tag, kept_entry in _iterate_exif_entries(
            exif_reader, exif_reader.read_first_directory()
        )
        if tag not in _RESOLUTION_TAGS
    }
    if length != len(exif_reader.data) or not expected_entries.items() <= directory.entries.items():
        return None
    return ExtractedExif(exif_reader.data, entries, is_own_file=True)


def _rebuild_exif(file: TiffReader, directory: TiffDirectory) -> bytes | None:
    buffer = io.BytesIO(file.data[:HEADER_BYTES])
    offset = _copy_exif_directory(file, directory, buffer, _POINTER_TAGS)
    set_first_directory(buffer, file.byte_order, offset)
    block = buffer.getvalue()
    return block if open_tiff(block).read_first_directory().entries else None


def _iterate_exif_entries(
    reader: TiffReader, directory: TiffDirectory
) -> Iterator[tuple[int, TiffEntry]]:
    """Yield tag and entry of a directory's entries, except those that describe the coded image.

    Raise the errors of `TiffReader.read_value`.
    """
    for tag, entry in directory.entries.items():
        if tag not in _NON_EXIF_TAGS:
            reader.read_value(entry)
            yield tag, entry


def _copy_exif_directory(
    file: TiffReader, directory: TiffDirectory, out: io.BytesIO, pointer_tags: tuple[int, ...]
) -> int:
    """Copy a directory's EXIF entries and its subdirectories to `out`; return the copy's offset.

    A damaged entry, such as a pointer past the end, is left out, because the other entries are
    valid without it. Inside a subdirectory, a pointer with the tag that led to the subdirectory is
    not followed, so that cycles end.
    """
    entries = []
    for tag, entry in directory.entries.items():
        if out.tell() > _MAX_EXIF_BYTES:
            raise ValueError("too much")
        if tag in _NON_EXIF_TAGS:
            continue
        with suppress(ValueError, struct.error):
            if tag in pointer_tags:
                inner_pointer_tags = tuple(p for p in pointer_tags if p != tag)
                offset = _copy_exif_directory(
                    file,
                    file.read_directory(file.unpack_offset(entry.value_or_offset)),
                    out,
                    inner_pointer_tags,
                )
                entries.append(append_integers(out, file.byte_order, tag, LONG, (offset,)))
            elif len(value := file.read_value(entry)) < _MAX_EXIF_BYTES:
                entries.append(
                    append_entry_value(out, file.byte_order, tag, entry.field_type, value)
                )
    return append_tiff_directory(out, file.byte_order, entries)
