"""Reading and in-place editing of EXIF blocks. Source: EXIF 2.32 clause 4.6.

A block is never encoded anew: offsets inside a maker's note count from the block's start, so all
bytes that an edit does not concern keep their values and offsets. Editors return None if the block
is too damaged for a safe edit. Readers return the value that a missing entry would have.
"""

from __future__ import annotations

import struct
from collections.abc import Mapping

import piexif  # type: ignore[import-untyped]

from ddrm_core.metadata.color_space import ExifColorSpace, read_exif_color_space
from ddrm_core.metadata.editable_tiff import (
    ByteRange,
    EditableTiff,
    directories_overlap,
    open_editable_tiff,
)
from ddrm_core.metadata.tiff_reader import HEADER_BYTES, LONG, SHORT, TiffDirectory

ORIENTATIONS = range(1, 9)
MAX_EXIF_BYTES = 65_527
"""Largest size of an EXIF block in bytes.

EXIF 2.32 clause 4.7.2 stores the block in one JPEG segment, after six bytes.
"""
_ASCII = 2
_COMPRESSION_TAG, _ORIENTATION_TAG, _SOFTWARE_TAG = 0x103, 0x112, 0x131
_STRIP_OFFSETS_TAG, _STRIP_BYTE_COUNTS_TAG, _THUMBNAIL_OFFSET_TAG, _THUMBNAIL_LENGTH_TAG = (
    0x111,
    0x117,
    0x201,
    0x202,
)
_EXIF_IFD_TAG, _GPS_IFD_TAG, _INTEROPERABILITY_IFD_TAG = 0x8769, 0x8825, 0xA005
# Tags of the image's width and height, in the first and in the Exif directory.
_SIZE_TAGS = ((0x100, 0x101), (0xA002, 0xA003))
_JPEG_COMPRESSION = 6
_MAX_DIRECTORIES = 8
_MAX_TEXT_LENGTH = 200  # characters


def read_orientation(exif: bytes) -> int:
    """Return the orientation in an EXIF block, 1 to 8; 1 if the block states none."""
    block = open_editable_tiff(exif)
    entries = block.first_directory.find_entries(_ORIENTATION_TAG) if block else []
    if block is None or not entries or (entries[0].field_type, entries[0].count) != (SHORT, 1):
        return 1
    (value,) = block.find_integers(entries[0])
    return value if value in ORIENTATIONS else 1


def set_orientation(exif: bytes, orientation: int) -> bytes | None:
    """Return a copy of an EXIF block with `orientation`, 1 to 8, or None if it is damaged.

    The orientation of the thumbnail is replaced, too, if the block states one.
    """
    block = open_editable_tiff(exif)
    if block is None:
        return None
    if thumbnail_directory := block.find_second_directory():
        block.overwrite_entries(thumbnail_directory, _ORIENTATION_TAG, SHORT, [orientation])
    if block.first_directory.find_entries(_ORIENTATION_TAG):
        block.overwrite_entries(block.first_directory, _ORIENTATION_TAG, SHORT, [orientation])
    elif orientation != 1:
        block.add_entry(_ORIENTATION_TAG, SHORT, [orientation])
    return bytes(block.data)


def normalize_orientation(exif: bytes) -> bytes:
    """Return an EXIF block in which every orientation is the one that counts, 1 to 8.

    Readers differ in values outside 1 to 8, in types other than SHORT and in several entries.
    Without an orientation, or if the block is damaged, it is returned unchanged.
    """
    block, orientation = open_editable_tiff(exif), read_orientation(exif)
    if block is None:
        return exif
    thumbnail_directory = block.find_second_directory()
    for directory, valid_values in (
        (block.first_directory, [orientation]),
        (thumbnail_directory, ORIENTATIONS),
    ):
        entries = [] if directory is None else directory.find_entries(_ORIENTATION_TAG)
        if directory is not None and not all(
            (entry.field_type, entry.count) == (SHORT, 1)
            and block.find_integers(entry)[0] in valid_values
            for entry in entries
        ):
            block.overwrite_entries(directory, _ORIENTATION_TAG, SHORT, [orientation])
    return bytes(block.data)


def set_image_size(exif: bytes, width: int, height: int) -> bytes:
    """Return a copy of an EXIF block in which all entries for the image's size have a new value.

    The size is in pixels. Missing entries are not added, and the thumbnail's size stays. A damaged
    block is returned unchanged.
    """
    block = open_editable_tiff(exif)
    if block is None:
        return exif
    exif_directories = [
        block.find_sub_directory(entry)
        for entry in block.first_directory.find_entries(_EXIF_IFD_TAG)[:_MAX_DIRECTORIES]
    ]
    first_directory_tags, exif_directory_tags = _SIZE_TAGS
    for directory, size_tags in (
        (block.first_directory, first_directory_tags),
        *((exif_directory, exif_directory_tags) for exif_directory in exif_directories),
    ):
        for tag, value in zip(size_tags, (width, height), strict=True):
            entries = [] if directory is None else directory.find_entries(tag)
            if directory is not None and any(
                block.find_integers(entry) != [value] for entry in entries
            ):
                field_type = SHORT if entries[0].field_type == SHORT and value <= 0xFFFF else LONG
                block.overwrite_entries(directory, tag, field_type, [value])
    return bytes(block.data)


def set_software(exif: bytes, software: str) -> bytes | None:
    """Return a copy of an EXIF block with `software` as program name, or None if it is damaged.

    Characters of the name outside ASCII become "?".
    """
    block = open_editable_tiff(exif)
    if block is None:
        return None
    value = software.encode("ascii", "replace") + b"\0"
    entries = block.first_directory.find_entries(_SOFTWARE_TAG)
    value_ranges = [block.value_range(entry) for entry in entries]
    if not entries:
        block.add_entry(_SOFTWARE_TAG, _ASCII, value)
    elif any(block.data[start:end] != value for start, end in value_ranges):
        block.overwrite_entries(block.first_directory, _SOFTWARE_TAG, _ASCII, value)
    return bytes(block.data)


def replace_thumbnail(exif: bytes, jpeg: bytes | None) -> bytes | None:
    """Return a copy of an EXIF block with `jpeg` as its thumbnail, or without one if it is None.

    A block without a thumbnail is returned unchanged. The bytes of the old thumbnail are erased,
    because it may show content that is no longer in the image. Return None if the block is damaged.
    """
    block = open_editable_tiff(exif)
    if block is None:
        return None
    thumbnail_directory = block.find_second_directory()
    old_ranges = _find_thumbnail_ranges(block, thumbnail_directory)
    if thumbnail_directory is None or not old_ranges:
        return exif
    if not block.erase_ranges(
        old_ranges,
        protected_directories=_read_directories(
            block, _EXIF_IFD_TAG, _INTEROPERABILITY_IFD_TAG, _GPS_IFD_TAG
        ),
    ):
        return None
    start, end = old_ranges[0]
    is_at_end = len(old_ranges) == 1 and end == len(block.data)
    if jpeg is None:
        block.write_offset(block.first_directory.next_pointer_offset, 0)
        return bytes(block.data[:start] if is_at_end else block.data)
    # The old thumbnail ends the block, so a new one of any size can take its place.
    if is_at_end:
        block.data[start:] = jpeg
    elif len(old_ranges) == 1 and len(jpeg) <= end - start:
        block.data[start : start + len(jpeg)] = jpeg
    else:
        start = block.append(jpeg)
    if thumbnail_directory.find_entries(_THUMBNAIL_OFFSET_TAG) and thumbnail_directory.find_entries(
        _THUMBNAIL_LENGTH_TAG
    ):
        block.overwrite_entries(thumbnail_directory, _THUMBNAIL_OFFSET_TAG, LONG, [start])
        block.overwrite_entries(thumbnail_directory, _THUMBNAIL_LENGTH_TAG, LONG, [len(jpeg)])
    else:
        encoded_entries = [
            block.encode_entry(_COMPRESSION_TAG, SHORT, [_JPEG_COMPRESSION]),
            block.encode_entry(_THUMBNAIL_OFFSET_TAG, LONG, [start]),
            block.encode_entry(_THUMBNAIL_LENGTH_TAG, LONG, [len(jpeg)]),
        ]
        block.write_offset(
            block.first_directory.next_pointer_offset, block.append_directory(encoded_entries, 0)
        )
    return bytes(block.data)


def remove_gps(exif: bytes) -> bytes | None:
    """Return a copy of an EXIF block without GPS data, or None if the block is damaged.

    The pointers to the GPS directory are removed, and the directory's bytes are erased.
    """
    block = open_editable_tiff(exif)
    if block is None:
        return None
    kept_directories = _read_directories(block, _EXIF_IFD_TAG, _INTEROPERABILITY_IFD_TAG)
    pointers = [
        entry for directory in kept_directories for entry in directory.find_entries(_GPS_IFD_TAG)
    ]
    inside_pointers = [
        pointer
        for pointer in pointers
        if HEADER_BYTES <= block.unpack_offset(pointer.value_or_offset) < len(exif)
    ]
    if len(inside_pointers) > _MAX_DIRECTORIES or directories_overlap(kept_directories):
        return None
    gps_directories = [block.find_sub_directory(entry) for entry in inside_pointers]
    gps_ranges = [
        byte_range
        for directory in gps_directories
        if directory
        for byte_range in block.byte_ranges(directory)
    ]
    if None in gps_directories or not block.erase_ranges(
        gps_ranges, protected_directories=kept_directories
    ):
        return None
    for directory in kept_directories:
        block.remove_entries(directory, _GPS_IFD_TAG)
    return bytes(block.data)


def create_exif(orientation: int, software: str, *, is_adobe_rgb: bool = False) -> bytes:
    """Create an EXIF block with an orientation and a program name.

    Args:
        orientation: Orientation, 1 to 8.
        software: Program name, see `set_software`; if empty, no name is written.
        is_adobe_rgb: Whether the block states Adobe RGB, as in DCF 2.0.
    """
    first_directory: dict[int, int | bytes] = {piexif.ImageIFD.Orientation: orientation}
    if software:
        first_directory[piexif.ImageIFD.Software] = software.encode("ascii", "replace")
    directories: dict[str, dict[int, int | bytes]] = {"0th": first_directory}
    if is_adobe_rgb:
        directories["Exif"] = {piexif.ExifIFD.ColorSpace: 0xFFFF}
        directories["Interop"] = {piexif.InteropIFD.InteroperabilityIndex: b"R03"}
    return encode_exif(directories)


def encode_exif(directories: Mapping[str, Mapping[int, object]]) -> bytes:
    """Return an EXIF block with the given values.

    Values are given by piexif's name of their directory ("0th", "Exif", "GPS" or "Interop") and by
    tag.

    Raises:
        LookupError, TypeError, ValueError, AttributeError, struct.error: If the type of a value is
            not that of its tag.
    """
    encoded: bytes = piexif.dump(directories)
    # piexif omits the next-directory offset of the last directory, which some readers need: zero.
    return encoded.removeprefix(b"Exif\0\0") + bytes(4)


def extract_appearance_exif(exif: bytes | None) -> bytes | None:
    """Return an EXIF block with only the entries that change the appearance of the image.

    These entries are the orientation and a statement of Adobe RGB. Return None if the image is
    upright and `exif` does not state Adobe RGB.
    """
    orientation = 1 if exif is None else read_orientation(exif)
    is_adobe_rgb = read_exif_color_space(exif) is ExifColorSpace.ADOBE_RGB
    return (
        create_exif(orientation, "", is_adobe_rgb=is_adobe_rgb)
        if orientation != 1 or is_adobe_rgb
        else None
    )


def extract_adobe_rgb_exif(exif: bytes | None) -> bytes | None:
    """Return a new EXIF block that states only Adobe RGB if `exif` states Adobe RGB, else None."""
    is_adobe_rgb = read_exif_color_space(exif) is ExifColorSpace.ADOBE_RGB
    return create_exif(1, "", is_adobe_rgb=True) if is_adobe_rgb else None


def decode_exif(exif: bytes) -> dict[str, dict[int, object]] | None:
    """Return the values of an EXIF block by piexif's name of their directory and by tag.

    The names are "0th", "Exif", "GPS" and "Interop". Return None if the block is damaged.
    """
    block = open_editable_tiff(exif)
    if block is None or not _is_well_formed(block):  # piexif trusts every count and offset
        return None
    try:
        directories = piexif.load(exif)
    except (LookupError, TypeError, ValueError, struct.error):
        return None
    return {name: directories[name] for name in ("0th", "Exif", "GPS", "Interop")}


def summarize_exif(exif: bytes) -> dict[str, str] | None:
    """Return texts for the most important entries of an EXIF block by the entries' names.

    The names are "Make", "Model", "DateTimeOriginal" and "Software", as far as present, and "GPS",
    whose text is "yes" or "no". Return None if the block is damaged.
    """
    directories = decode_exif(exif)
    if directories is None:
        return None
    values = {
        "Make": directories["0th"].get(piexif.ImageIFD.Make),
        "Model": directories["0th"].get(piexif.ImageIFD.Model),
        "DateTimeOriginal": directories["Exif"].get(piexif.ExifIFD.DateTimeOriginal),
        "Software": directories["0th"].get(piexif.ImageIFD.Software),
    }
    texts = {
        name: _decode_printable_text(value)
        for name, value in values.items()
        if isinstance(value, bytes)
    }
    return {name: text for name, text in texts.items() if text} | {
        "GPS": "yes" if directories["GPS"] else "no"
    }


def _read_directories(block: EditableTiff, *pointer_tags: int) -> list[TiffDirectory]:
    """Return the first and the second directory, and the directories to which entries point.

    The pointing entries have one of `pointer_tags`. Each directory occurs once.
    """
    second = block.find_second_directory()
    found = {
        top_directory.offset: top_directory
        for top_directory in (block.first_directory, second)
        if top_directory
    }
    for tag in pointer_tags:
        entries = [entry for directory in found.values() for entry in directory.find_entries(tag)]
        for entry in entries[:_MAX_DIRECTORIES]:
            if sub_directory := block.find_sub_directory(entry):
                found.setdefault(sub_directory.offset, sub_directory)
    return list(found.values())


def _find_thumbnail_ranges(
    block: EditableTiff, thumbnail_directory: TiffDirectory | None
) -> list[ByteRange]:
    """Return the byte ranges of a thumbnail's data: one range for a JPEG, or one per strip."""
    if thumbnail_directory is None:
        return []
    ranges: list[ByteRange] = []
    for offsets_tag, sizes_tag in (
        (_THUMBNAIL_OFFSET_TAG, _THUMBNAIL_LENGTH_TAG),
        (_STRIP_OFFSETS_TAG, _STRIP_BYTE_COUNTS_TAG),
    ):
        offsets = [
            number
            for entry in thumbnail_directory.find_entries(offsets_tag)[:1]
            for number in block.find_integers(entry)
        ]
        byte_counts = [
            number
            for entry in thumbnail_directory.find_entries(sizes_tag)[:1]
            for number in block.find_integers(entry)
        ]
        ranges += [
            (start, start + number) for start, number in zip(offsets, byte_counts, strict=False)
        ]
    return block.clip_ranges(ranges)


def _is_well_formed(block: EditableTiff) -> bool:
    """Return whether all directories and values of an EXIF block are valid and in the block.

    Each pointer must lead to a complete directory of its own. The total size of all values is
    limited by the block's size, so that a small block cannot demand much work.
    """
    directories = _read_directories(block, _EXIF_IFD_TAG, _INTEROPERABILITY_IFD_TAG, _GPS_IFD_TAG)
    entries = [entry for directory in directories for entry in directory.all_entries]
    pointers = [
        e for e in entries if e.tag in (_EXIF_IFD_TAG, _INTEROPERABILITY_IFD_TAG, _GPS_IFD_TAG)
    ]
    has_second_directory = block.first_directory.next_offset != 0
    value_ranges = [block.value_range(entry) for entry in entries]
    return (
        len(directories) == 1 + has_second_directory + len(pointers)
        and all((e.field_type, e.count) == (LONG, 1) for e in pointers)
        and all(len(d.entries) == len(d.all_entries) for d in directories)
        and all(end <= len(block.data) for _, end in value_ranges)
        and sum(end - start for start, end in value_ranges) <= len(block.data)
    )


def _decode_printable_text(value: bytes) -> str:
    text = value.split(b"\0")[0].decode("utf-8", "replace")[:_MAX_TEXT_LENGTH]
    return "".join(c if c.isprintable() else " " for c in text).strip()
