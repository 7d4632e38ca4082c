"""EXIF blocks with pointers to their own directories, edited without harm and without loops."""

from __future__ import annotations

import struct

import pytest
from PIL import Image

from ddrm_core.metadata.exif import (
    read_orientation,
    remove_gps,
    replace_thumbnail,
    set_orientation,
    set_software,
)
from tests.support.metadata_blocks import THUMBNAIL, camera_exif

MAIN, SUCCESSOR_POINTER = 8, 94  # offsets of the main directory and of the pointer behind it
MAKER, MODEL, ORIENTATION, SOFTWARE, EXIF, GPS = 0x10F, 0x110, 0x112, 0x131, 0x8769, 0x8825
EDITS = {
    "orientation": lambda exif: set_orientation(exif, 1),
    "software": lambda exif: set_software(exif, "DDRM Restore"),
    "short software": lambda exif: set_software(exif, "me"),
    "thumbnail": lambda exif: replace_thumbnail(exif, THUMBNAIL[::-1]),
    "no thumbnail": lambda exif: replace_thumbnail(exif, None),
    "no gps": remove_gps,
}


def pointing(tag: int, offset: int) -> bytes:
    """Return a camera's block in which the value of a tag is at another offset."""
    exif = bytearray(camera_exif())
    entry = next(
        place
        for place in range(MAIN + 2, SUCCESSOR_POINTER, 12)
        if exif[place] + 256 * exif[place + 1] == tag
    )
    struct.pack_into("<I", exif, entry + 8, offset)
    return bytes(exif)


def succeeding(offset: int) -> bytes:
    """Return a camera's block whose second directory is at another offset."""
    exif = bytearray(camera_exif())
    struct.pack_into("<I", exif, SUCCESSOR_POINTER, offset)
    return bytes(exif)


HOSTILE = {
    "main directory behind itself": succeeding(MAIN),
    "second directory inside the main one": succeeding(MAIN + 2),
    "EXIF directory is the main one": pointing(EXIF, MAIN),
    "GPS directory is the main one": pointing(GPS, MAIN),
    "GPS directory inside the main one": pointing(GPS, MAIN + 2),
    "GPS directory is the EXIF directory": pointing(GPS, 512),
    "software is the main directory": pointing(SOFTWARE, MAIN),
    "maker is the main directory": pointing(MAKER, MAIN),
}


@pytest.mark.parametrize("edit", EDITS)
@pytest.mark.parametrize("name", HOSTILE)
def test_an_edit_changes_nothing_else_in_the_main_directory(name, edit):
    """Pillow finds the same tags as before; only the edited one has another value."""
    edited = EDITS[edit](HOSTILE[name])
    if edited is None:  # refused, which is always allowed except for the orientation
        assert edit != "orientation"
        return
    before, after = Image.Exif(), Image.Exif()
    before.load(b"Exif\0\0" + HOSTILE[name])
    after.load(b"Exif\0\0" + edited)
    assert after[MODEL] == before[MODEL]
    wanted = 1 if edit == "orientation" else 6
    assert (after[ORIENTATION], read_orientation(edited)) == (wanted, wanted)
    assert set(before) - {GPS} <= set(after)


@pytest.mark.parametrize("name", [n for n in HOSTILE if n.startswith("GPS")])
def test_coordinates_in_a_directory_with_another_meaning_are_not_said_to_be_removed(name):
    assert remove_gps(HOSTILE[name]) is None
