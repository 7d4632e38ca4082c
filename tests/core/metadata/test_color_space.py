"""The color space that EXIF tells, as cameras write it and as others mean it."""

from __future__ import annotations

import struct

import piexif
import pytest

from ddrm_core.metadata.color_space import (
    ColorSpace,
    ExifColor,
    ToldBy,
    color_space,
    exif_color,
    profile_or_equivalent,
)
from ddrm_core.metadata.exif import bare_exif, color_exif, new_exif, orientation
from ddrm_core.metadata.icc import adobe_rgb
from ddrm_core.metadata.model import NO_METADATA, Metadata
from tests.support.metadata_blocks import ASCII, LONG, SHORT, camera_exif, packed, table
from tests.support.metadata_samples import ICC


def block(number: int | None, index: bytes | None, order: str = "<") -> bytes:
    """An EXIF block of a color space and an interoperability index, by hand in either order."""
    values = [] if number is None else [(0xA001, SHORT, packed(order, "H", number))]
    values += [] if index is None else [(0xA005, LONG, packed(order, "L", 200))]
    start = (b"II*\0" if order == "<" else b"MM\0*") + packed(order, "L", 8)
    data = start + table(order, 8, [(0x8769, LONG, packed(order, "L", 100))])
    data = data.ljust(100, b"\0") + table(order, 100, values)
    return data.ljust(200, b"\0") + table(order, 200, [(1, ASCII, index or b"")])


@pytest.mark.parametrize("order", ["<", ">"])
@pytest.mark.parametrize(
    ("number", "index", "told"),
    [
        (0xFFFF, b"R03\0", ExifColor.ADOBE_RGB),
        (None, b"R03\0", ExifColor.ADOBE_RGB),
        (2, None, ExifColor.ADOBE_RGB),
        (2, b"R98\0", ExifColor.ADOBE_RGB),
        (1, b"R98\0", ExifColor.SRGB),
        (1, b"R03\0", ExifColor.SRGB),
        (1, None, ExifColor.SRGB),
        (0xFFFF, b"R98\0", ExifColor.UNCALIBRATED),
        (0xFFFF, None, ExifColor.UNCALIBRATED),
        (0xFFFF, b"R0", ExifColor.UNCALIBRATED),
        (None, b"R98\0", ExifColor.UNTOLD),
        (None, None, ExifColor.UNTOLD),
    ],
)
def test_what_a_block_tells(order, number, index, told):
    assert exif_color(block(number, index, order)) is told


def test_what_no_block_tells():
    assert exif_color(None) is exif_color(b"") is exif_color(b"II*\0junk") is ExifColor.UNTOLD
    assert exif_color(camera_exif()) is ExifColor.UNTOLD
    endless = bytearray(block(0xFFFF, b"R03\0"))
    struct.pack_into("<L", endless, 200 + 2 + 4, 0xFFFFFFFF)  # a count that no block has
    assert exif_color(bytes(endless)) is ExifColor.UNCALIBRATED


@pytest.mark.parametrize("value", range(1, 9))
def test_a_new_block_tells_it_to_others(value):
    exif = new_exif(value, "DDRM Restore", adobe_rgb=True)
    loaded = piexif.load(exif)
    assert loaded["Exif"][0xA001] == 0xFFFF
    assert loaded["Interop"][1] == b"R03"
    assert exif_color(exif) is ExifColor.ADOBE_RGB
    bare = bare_exif(exif)
    assert (orientation(bare), exif_color(bare)) == (value, ExifColor.ADOBE_RGB)
    assert 0x131 not in piexif.load(bare)["0th"]
    assert orientation(color_exif(exif)) == 1


def test_a_bare_block_says_no_more_than_it_must():
    assert bare_exif(None) is bare_exif(new_exif(1, "x")) is None
    assert bare_exif(block(0xFFFF, b"R98\0")) is color_exif(camera_exif()) is None


def test_the_color_space_of_a_file():
    adobe = Metadata(exif=block(0xFFFF, b"R03\0"))
    assert color_space(NO_METADATA) == ColorSpace("not stated", ToldBy.NOTHING)
    assert color_space(adobe) == ColorSpace("Adobe RGB", ToldBy.EXIF)
    assert color_space(Metadata(exif=block(1, None))) == ColorSpace("sRGB", ToldBy.EXIF)
    named = Metadata(icc_profile=ICC, exif=adobe.exif)
    assert color_space(named) == ColorSpace("sRGB built-in", ToldBy.PROFILE)
    nameless = Metadata(icc_profile=b"junk")
    assert color_space(nameless).name == "a profile without a name"
    assert profile_or_equivalent(adobe) == adobe_rgb()
    assert profile_or_equivalent(named) == ICC
    assert profile_or_equivalent(NO_METADATA) is None
