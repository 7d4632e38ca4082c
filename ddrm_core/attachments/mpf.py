"""The index of the Multi-Picture Format. Source: CIPA DC-007-2009, clause 5."""

from __future__ import annotations

import struct
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from ddrm_core.attachments.model import MAX_ATTACHMENTS, ByteRange
from ddrm_core.metadata.segments import MPF_PREFIX
from ddrm_core.metadata.tiff_reader import (
    HEADER_BYTES,
    LONG,
    TiffDirectory,
    TiffEntry,
    TiffReader,
    open_tiff,
)

_PREVIEW_TYPES = frozenset({0x010001, 0x010002})  # large thumbnails, classes 1 and 2
_COUNT_TAG, _ENTRIES_TAG, _IDENTIFIERS_TAG = 0xB001, 0xB002, 0xB003
_UNDEFINED = 7
_ENTRY_BYTES, _IDENTIFIER_BYTES = 16, 33
_FORMAT_MASK, _TYPE_MASK = 0x0700_0000, 0x00FF_FFFF  # in the attribute; format 0 is JPEG


@dataclass(frozen=True, slots=True)
class MpfEntry:
    """An image that an index lists (clause 5.2.3.3).

    Attributes:
        range: Bytes of the image in the file; the size of the file's own image is as stated.
        is_jpeg: Whether the image is stated to be a JPEG.
        is_preview: Whether the image is a smaller copy of the file's own image.
    """

    range: ByteRange
    is_jpeg: bool
    is_preview: bool


@dataclass(frozen=True, slots=True)
class _MpfIndex:
    reader: TiffReader
    count_entry: TiffEntry
    list_entry: TiffEntry
    directory: TiffDirectory
    image_count: int

    @property
    def list_range(self) -> ByteRange:
        """Bytes of the list of images, counted from the MP header."""
        offset = self.reader.unpack_offset(self.list_entry.value_or_offset)
        return ByteRange(offset, self.image_count * _ENTRY_BYTES)

    @property
    def directory_range(self) -> ByteRange:
        """Bytes of the index without the values of its entries, counted from the MP header."""
        start = self.directory.offset
        return ByteRange(start, self.directory.next_pointer_offset - start)


def parse_mpf_entries(payload: bytes, header_offset: int) -> tuple[MpfEntry, ...]:
    """Return the images that an MPF segment lists, the file's own first; none if it is invalid.

    An index is invalid if it is incomplete, lists more than `MAX_ATTACHMENTS` further images, or
    its first image is not the file's own.

    Args:
        payload: Segment without marker and length.
        header_offset: Offset in the file of the MP header, from which offsets count. The header
            follows the segment's prefix.
    """
    try:
        index = _open_index(payload)
        rows = [_unpack_row(index, number) for number in range(index.image_count)]
    except (KeyError, ValueError, struct.error):
        return ()
    if rows[0][2] != 0:
        return ()
    return tuple(
        MpfEntry(
            ByteRange(header_offset + offset if number else 0, size),
            is_jpeg=attribute & _FORMAT_MASK == 0,
            is_preview=attribute & _TYPE_MASK in _PREVIEW_TYPES,
        )
        for number, (attribute, size, offset, *_) in enumerate(rows)
    )


def rewrite_mpf_payload(
    payload: bytes,
    header_offset: int,
    image_bytes: int,
    new_ranges: Mapping[int, ByteRange],
) -> bytes:
    """Return an MPF segment whose index lists the images of a new file.

    All bytes except the list of images keep their values and offsets.

    Args:
        payload: Segment for which `parse_mpf_entries` finds entries, without marker and length.
        header_offset: Offset of the MP header in the new file.
        image_bytes: Size of the new file's own image.
        new_ranges: Bytes in the new file of the further images that stay, by the number of their
            entry, from 1. Entries of other images are removed.
    """
    index = _open_index(payload)
    kept_numbers = [0, *sorted(new_ranges)]
    new_numbers = {old + 1: new + 1 for new, old in enumerate(kept_numbers)}
    rows = []
    for number in kept_numbers:
        attribute, _, _, *dependents = _unpack_row(index, number)
        offset, size = 0, image_bytes
        if number:
            offset, size = new_ranges[number].offset - header_offset, new_ranges[number].length
        rows.append((attribute, size, offset, *(new_numbers.get(d, 0) for d in dependents)))
    header = bytearray(index.reader.data)
    order = index.reader.byte_order
    list_bytes = b"".join(struct.pack(order + "IIIHH", *row) for row in rows)
    place = index.list_range
    header[place.offset : place.end] = list_bytes.ljust(place.length, b"\0")
    struct.pack_into(order + "I", header, index.count_entry.offset + 8, len(rows))
    struct.pack_into(order + "I", header, index.list_entry.offset + 4, len(list_bytes))
    _keep_identifiers(header, index, kept_numbers)
    return MPF_PREFIX + bytes(header)


def _open_index(payload: bytes) -> _MpfIndex:
    """Open the index of an MPF segment.

    Raises:
        KeyError, ValueError, struct.error: If the index is invalid.
    """
    reader = open_tiff(payload.removeprefix(MPF_PREFIX))
    directory = reader.read_first_directory()
    count_entry, list_entry = directory.entries[_COUNT_TAG], directory.entries[_ENTRIES_TAG]
    (image_count,) = reader.read_integers(count_entry)
    if (
        (count_entry.field_type, list_entry.field_type) != (LONG, _UNDEFINED)
        or not 2 <= image_count <= 1 + MAX_ATTACHMENTS
        or list_entry.count != image_count * _ENTRY_BYTES
    ):
        raise ValueError("an invalid index")
    reader.read_value(list_entry)
    index = _MpfIndex(reader, count_entry, list_entry, directory, image_count)
    is_in_header = index.list_range.offset < HEADER_BYTES
    if is_in_header or index.list_range.overlaps(index.directory_range):
        raise ValueError("a list inside its directory")
    return index


def _unpack_row(index: _MpfIndex, number: int) -> tuple[int, ...]:
    """Return attribute, size, offset and dependent images of an entry."""
    return index.reader.unpack_at("IIIHH", index.list_range.offset + number * _ENTRY_BYTES)


def _keep_identifiers(header: bytearray, index: _MpfIndex, kept_numbers: Sequence[int]) -> None:
    """Remove the identifiers of removed images from the list of identifiers, if there is one.

    A list that overlaps the directory or the list of images stays as it is.
    """
    entry = index.directory.entries.get(_IDENTIFIERS_TAG)
    if (
        entry is None
        or len(kept_numbers) == index.image_count
        or entry.count != index.image_count * _IDENTIFIER_BYTES
    ):
        return
    try:
        identifiers = index.reader.read_value(entry)
    except ValueError:
        return
    place = ByteRange(index.reader.unpack_offset(entry.value_or_offset), len(identifiers))
    if place.overlaps(index.list_range) or place.overlaps(index.directory_range):
        return
    kept = b"".join(
        identifiers[n * _IDENTIFIER_BYTES : (n + 1) * _IDENTIFIER_BYTES] for n in kept_numbers
    )
    header[place.offset : place.end] = kept.ljust(place.length, b"\0")
    struct.pack_into(index.reader.byte_order + "I", header, entry.offset + 4, len(kept))
