"""Removal of previews from EXIF blocks besides the thumbnail of the second directory."""

from __future__ import annotations

import re

from ddrm_core.metadata.editable_tiff import EditableTiff, open_editable_tiff
from ddrm_core.metadata.exif import replace_thumbnail
from ddrm_core.metadata.tiff_reader import MAX_INLINE_BYTES, TiffDirectory, TiffEntry

_POINTER_TAGS = (0x8769, 0x8825, 0xA005)
_MAX_DIRECTORIES = 8
_MAX_REMOVALS = 8  # limits the cost of hostile blocks
# Start of a JPEG without its first byte, which some cameras change in a maker's note.
_JPEG_PATTERN = re.compile(rb"\xd8\xff[\xc0-\xfe]")


def remove_exif_previews(exif: bytes) -> bytes | None:
    """Return an EXIF block without entries that contain a JPEG, such as a maker's note.

    The bytes of these entries are erased; all others keep their offsets. The thumbnail of the
    second directory stays, see `replace_thumbnail`.

    Returns:
        The block; None if it is damaged, or if a JPEG remains besides the thumbnail.
    """
    for _ in range(_MAX_REMOVALS):
        block = open_editable_tiff(exif)
        if block is None:
            return None
        found = _find_preview(block)
        if found is None:
            break
        directory, entry = found
        block.remove_entries(directory, entry.tag)
        ranges = block.clip_ranges([block.value_range(entry)])
        if not block.erase_ranges(ranges, protected_directories=_read_directories(block)):
            return None
        exif = bytes(block.data)
    without_thumbnail = replace_thumbnail(exif, None)
    if without_thumbnail is None or _JPEG_PATTERN.search(without_thumbnail):
        return None
    return exif


def _find_preview(block: EditableTiff) -> tuple[TiffDirectory, TiffEntry] | None:
    """Return the first entry that contains a JPEG, and its directory."""
    for directory in _read_directories(block):
        for entry in directory.all_entries:
            start, end = block.value_range(entry)
            if end - start > MAX_INLINE_BYTES and _JPEG_PATTERN.search(block.data, start, end):
                return directory, entry
    return None


def _read_directories(block: EditableTiff) -> list[TiffDirectory]:
    """Return the first directory and the directories to which its entries lead."""
    first = block.find_directory(block.first_directory.offset)
    found = {} if first is None else {first.offset: first}
    for tag in _POINTER_TAGS:
        entries = [entry for directory in found.values() for entry in directory.find_entries(tag)]
        for entry in entries[:_MAX_DIRECTORIES]:
            if directory := block.find_sub_directory(entry):
                found.setdefault(directory.offset, directory)
    return list(found.values())
