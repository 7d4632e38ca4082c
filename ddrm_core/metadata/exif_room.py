"""EXIF blocks kept within the room that a JPEG has for one: EXIF 2.32 clause 4.7.2."""

from __future__ import annotations

import struct

from ddrm_core.metadata.exif import (
    MOST_BYTES,
    bare_exif,
    loaded,
    packed,
    with_software,
    with_thumbnail,
)

_POINTERS = (0x8769, 0x8825, 0xA005)
_MAKER_NOTE = 0x927C  # makers count places in it from the block's start, so it cannot move
_VERSION = 0x9000
_TABLES = 200  # bytes: header, counts of four directories, and pointers to them
_ROW = 12
# The most important entries first: the look of the picture, its dates, its camera. Then places,
# then all others.
_LOOK = {("0th", 0x112), ("Exif", 0xA001), ("Interop", 1)}
_DATES = {
    *(("0th", 0x132), ("Exif", 0x9003), ("Exif", 0x9004)),
    *(("Exif", tag) for tag in (0x9010, 0x9011, 0x9012, 0x9290, 0x9291, 0x9292)),
}
_CAMERA = {("0th", 0x10F), ("0th", 0x110), ("Exif", 0xA433), ("Exif", 0xA434)}


def with_program_and_thumbnail(
    exif: bytes, software: str, thumbnail: bytes | None
) -> tuple[bytes, tuple[str, ...]]:
    """Return the block with the program's name and another thumbnail, as far as there is room.

    A block that fits a JPEG does so afterwards, and one that is larger does not grow. The thumbnail
    of the source goes in any case.

    Args:
        exif: The block.
        software: The program's name; none is written where it is empty.
        thumbnail: A JPEG, see `with_thumbnail`.

    Returns:
        The block, and a sentence for each part that it has no room for, or that is damaged.
    """
    room = max(MOST_BYTES, len(exif))
    full = "The EXIF block has no room for a thumbnail of the result."
    without_name = "The EXIF block has no room for the program's name."
    plans = [(thumbnail, software, ()), (None, software, (full,))]
    plans += [(thumbnail, "", (without_name,)), (None, "", (full, without_name))]
    for small, name, words in plans:
        block, damaged = _edited(exif, name, small)
        if len(block) <= room:
            return block, (*damaged, *words)
    return exif, (full, without_name)


def _edited(exif: bytes, software: str, thumbnail: bytes | None) -> tuple[bytes, tuple[str, ...]]:
    words: list[str] = []
    block = with_thumbnail(exif, thumbnail)
    if block is None:
        words.append("The EXIF block is damaged: its thumbnail still shows the source.")
        block = exif
    named = with_software(block, software) if software else block
    if named is None:
        words.append("The EXIF block is damaged: it names no program.")
    return named or block, tuple(words)


def fitting_exif(exif: bytes, room: int = MOST_BYTES) -> bytes | None:
    """Return the block, or its most important entries where it is larger than `room` bytes.

    Orientation and color space come first, then dates, camera and place, then the others from the
    smallest on. The maker's note and the thumbnail are left out.

    Returns:
        None where nothing of the block can be read that the picture would look different without.
    """
    if len(exif) <= room:
        return exif
    without = with_thumbnail(exif, None)
    if without is not None and len(without) <= room:
        return without
    found = loaded(exif)
    if found is None:
        return bare_exif(exif)
    values = [
        (_rank(name, tag), _cost(value), name, tag, value)
        for name, directory in found.items()
        for tag, value in directory.items()
        if tag not in _POINTERS and (name, tag) != ("Exif", _MAKER_NOTE)
    ]
    kept: dict[str, dict[int, object]] = {"0th": {}, "Exif": {}, "GPS": {}, "Interop": {}}
    used = _TABLES
    for _, cost, name, tag, value in sorted(values, key=lambda found: found[:2]):
        # piexif finds Interop's place only from another directory.
        alone: dict[str, dict[int, object]] = {"Exif": {_VERSION: b"0232"}, name: {tag: value}}
        if used + cost <= room and _packed(alone) is not None:
            kept[name][tag] = value
            used += cost
    return _packed(kept) or bare_exif(exif)


def _rank(name: str, tag: int) -> int:
    if (name, tag) in _LOOK:
        return 0
    if (name, tag) in _DATES:
        return 1
    if (name, tag) in _CAMERA:
        return 2
    return 3 if name == "GPS" else 4


def _cost(value: object) -> int:
    """Return the most bytes that an entry can take with its value."""
    match value:
        case bytes():
            return _ROW + len(value) + 2
        case tuple():
            return _ROW + 8 * len(value)
        case _:
            return _ROW


def _packed(directories: dict[str, dict[int, object]]) -> bytes | None:
    """Return a block of these values, None where piexif finds one of another type than its tag."""
    try:
        return packed(directories)
    except (LookupError, TypeError, ValueError, AttributeError, struct.error):
        return None
