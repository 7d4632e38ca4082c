"""EXIF blocks within the size limit of a JPEG segment: EXIF 2.32 clause 4.7.2."""

from __future__ import annotations

import struct

from ddrm_core.metadata.exif import (
    MAX_EXIF_BYTES,
    decode_exif,
    encode_exif,
    extract_appearance_exif,
    replace_thumbnail,
    set_software,
)
from ddrm_core.metadata.notes import MetadataNote

_POINTER_TAGS = (0x8769, 0x8825, 0xA005)
_MAKER_NOTE_TAG = 0x927C  # cannot move: its offsets count from the block's start
_EXIF_VERSION_TAG = 0x9000
_STRUCTURE_BYTES = 200  # bytes: header, entry counts of four directories, pointers to directories
_ENTRY_BYTES = 12
# Order of importance: appearance of the image, dates, camera, then places, then all other entries.
_APPEARANCE_TAGS = {("0th", 0x112), ("Exif", 0xA001), ("Interop", 1)}
_DATE_TAGS = {
    *(("0th", 0x132), ("Exif", 0x9003), ("Exif", 0x9004)),
    *(("Exif", tag) for tag in (0x9010, 0x9011, 0x9012, 0x9290, 0x9291, 0x9292)),
}
_CAMERA_TAGS = {("0th", 0x10F), ("0th", 0x110), ("Exif", 0xA433), ("Exif", 0xA434)}


def set_software_and_thumbnail(
    exif: bytes, software: str, thumbnail: bytes | None
) -> tuple[bytes, tuple[MetadataNote, ...]]:
    """Return a copy of an EXIF block with a program name and a new thumbnail, if they fit.

    A block that fits into a JPEG still fits afterwards; a larger block does not grow. The thumbnail
    of the source is removed in any case.

    Args:
        exif: EXIF block.
        software: The program's name; if empty, no name is written.
        thumbnail: JPEG of the new thumbnail, see `replace_thumbnail`; None for no thumbnail.

    Returns:
        The new block, and a note for each part that does not fit or that is damaged.
    """
    max_bytes = max(MAX_EXIF_BYTES, len(exif))
    no_thumbnail_warning = MetadataNote.EXIF_TOO_FULL_FOR_THUMBNAIL
    no_name_warning = MetadataNote.EXIF_TOO_FULL_FOR_SOFTWARE
    attempts = [(thumbnail, software, ()), (None, software, (no_thumbnail_warning,))]
    attempts += [
        (thumbnail, "", (no_name_warning,)),
        (None, "", (no_thumbnail_warning, no_name_warning)),
    ]
    for attempted_thumbnail, attempted_software, omission_warnings in attempts:
        block, damage_warnings = _apply_software_and_thumbnail(
            exif, attempted_software, attempted_thumbnail
        )
        if len(block) <= max_bytes:
            return block, (*damage_warnings, *omission_warnings)
    return exif, (no_thumbnail_warning, no_name_warning)


def _apply_software_and_thumbnail(
    exif: bytes, software: str, thumbnail: bytes | None
) -> tuple[bytes, tuple[MetadataNote, ...]]:
    warnings: list[MetadataNote] = []
    block = replace_thumbnail(exif, thumbnail)
    if block is None:
        warnings.append(MetadataNote.EXIF_DAMAGED_THUMBNAIL)
        block = exif
    block_with_software = set_software(block, software) if software else block
    if block_with_software is None:
        warnings.append(MetadataNote.EXIF_DAMAGED_SOFTWARE)
    return block_with_software or block, tuple(warnings)


def limit_exif_size(exif: bytes, max_bytes: int = MAX_EXIF_BYTES) -> bytes | None:
    """Return an EXIF block of at most `max_bytes` with the most important entries of `exif`.

    A block that fits is returned as it is. From a larger block the thumbnail is left out first,
    then the maker's note and the entries of least importance. Orientation and color space are the
    most important entries; dates, camera and place follow, then all other entries by increasing
    size.

    Returns:
        The EXIF block; None if the entries cannot be read and none is known to change the
        appearance of the image.
    """
    if len(exif) <= max_bytes:
        return exif
    without_thumbnail = replace_thumbnail(exif, None)
    if without_thumbnail is not None and len(without_thumbnail) <= max_bytes:
        return without_thumbnail
    directories = decode_exif(exif)
    if directories is None:
        return extract_appearance_exif(exif)
    values = [
        (_rank_importance(name, tag), _max_entry_bytes(value), name, tag, value)
        for name, directory in directories.items()
        for tag, value in directory.items()
        if tag not in _POINTER_TAGS and (name, tag) != ("Exif", _MAKER_NOTE_TAG)
    ]
    kept_directories: dict[str, dict[int, object]] = {
        "0th": {},
        "Exif": {},
        "GPS": {},
        "Interop": {},
    }
    used_bytes = _STRUCTURE_BYTES
    for _, entry_bytes, name, tag, value in sorted(values, key=lambda directories: directories[:2]):
        # piexif needs an entry of the Exif directory to write an Interop directory.
        single_entry: dict[str, dict[int, object]] = {
            "Exif": {_EXIF_VERSION_TAG: b"0232"},
            name: {tag: value},
        }
        if used_bytes + entry_bytes <= max_bytes and _encode_exif_or_none(single_entry) is not None:
            kept_directories[name][tag] = value
            used_bytes += entry_bytes
    return _encode_exif_or_none(kept_directories) or extract_appearance_exif(exif)


def _rank_importance(directory_name: str, tag: int) -> int:
    if (directory_name, tag) in _APPEARANCE_TAGS:
        return 0
    if (directory_name, tag) in _DATE_TAGS:
        return 1
    if (directory_name, tag) in _CAMERA_TAGS:
        return 2
    return 3 if directory_name == "GPS" else 4


def _max_entry_bytes(value: object) -> int:
    """Return the largest number of bytes that an entry with `value` can take in an EXIF block."""
    match value:
        case bytes():
            return _ENTRY_BYTES + len(value) + 2
        case tuple():
            return _ENTRY_BYTES + 8 * len(value)
        case _:
            return _ENTRY_BYTES


def _encode_exif_or_none(directories: dict[str, dict[int, object]]) -> bytes | None:
    """Return the EXIF block of `encode_exif`; None if a value has the wrong type for its tag."""
    try:
        return encode_exif(directories)
    except (LookupError, TypeError, ValueError, AttributeError, struct.error):
        return None
