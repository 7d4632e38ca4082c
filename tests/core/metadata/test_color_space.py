"""The color space that EXIF states, as cameras write it and as other readers see it."""

from __future__ import annotations

import struct

import piexif
import pytest

from ddrm_core.metadata.color_space import (
    ColorSpace,
    ColorSpaceSource,
    ExifColorSpace,
    find_color_space,
    read_exif_color_space,
    resolve_color_profile,
)
from ddrm_core.metadata.exif import (
    create_exif,
    extract_adobe_rgb_exif,
    extract_appearance_exif,
    read_orientation,
)
from ddrm_core.metadata.icc import create_adobe_rgb_profile
from ddrm_core.metadata.model import NO_METADATA, Metadata
from tests.support.metadata_blocks import ASCII, LONG, SHORT, camera_exif, packed, table
from tests.support.metadata_samples import ICC


def block(number: int | None, index: bytes | None, order: str = "<") -> bytes:
    """Return an EXIF block with a color space and an interoperability index.

    None leaves one of them out. `order` is "<" for little-endian or ">" for big-endian.
    """
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
        (0xFFFF, b"R03\0", ExifColorSpace.ADOBE_RGB),
        (None, b"R03\0", ExifColorSpace.ADOBE_RGB),
        (2, None, ExifColorSpace.ADOBE_RGB),
        (2, b"R98\0", ExifColorSpace.ADOBE_RGB),
        (1, b"R98\0", ExifColorSpace.SRGB),
        (1, b"R03\0", ExifColorSpace.SRGB),
        (1, None, ExifColorSpace.SRGB),
        (0xFFFF, b"R98\0", ExifColorSpace.UNCALIBRATED),
        (0xFFFF, None, ExifColorSpace.UNCALIBRATED),
        (0xFFFF, b"R0", ExifColorSpace.UNCALIBRATED),
        (None, b"R98\0", ExifColorSpace.NOT_STATED),
        (None, None, ExifColorSpace.NOT_STATED),
    ],
)
def test_what_a_block_tells(order, number, index, told):
    assert read_exif_color_space(block(number, index, order)) is told


def test_what_no_block_tells():
    assert (
        read_exif_color_space(None)
        is read_exif_color_space(b"")
        is read_exif_color_space(b"II*\0junk")
        is ExifColorSpace.NOT_STATED
    )
    assert read_exif_color_space(camera_exif()) is ExifColorSpace.NOT_STATED
    endless = bytearray(block(0xFFFF, b"R03\0"))
    struct.pack_into("<L", endless, 200 + 2 + 4, 0xFFFFFFFF)  # a larger count than any block has
    assert read_exif_color_space(bytes(endless)) is ExifColorSpace.UNCALIBRATED


@pytest.mark.parametrize("value", range(1, 9))
def test_a_new_block_tells_it_to_others(value):
    exif = create_exif(value, "DDRM Restore", is_adobe_rgb=True)
    loaded = piexif.load(exif)
    assert loaded["Exif"][0xA001] == 0xFFFF
    assert loaded["Interop"][1] == b"R03"
    assert read_exif_color_space(exif) is ExifColorSpace.ADOBE_RGB
    bare = extract_appearance_exif(exif)
    assert (read_orientation(bare), read_exif_color_space(bare)) == (
        value,
        ExifColorSpace.ADOBE_RGB,
    )
    assert 0x131 not in piexif.load(bare)["0th"]
    assert read_orientation(extract_adobe_rgb_exif(exif)) == 1


def test_a_bare_block_says_no_more_than_it_must():
    assert extract_appearance_exif(None) is extract_appearance_exif(create_exif(1, "x")) is None
    assert (
        extract_appearance_exif(block(0xFFFF, b"R98\0"))
        is extract_adobe_rgb_exif(camera_exif())
        is None
    )


def test_the_color_space_of_a_file():
    adobe = Metadata(exif=block(0xFFFF, b"R03\0"))
    assert find_color_space(NO_METADATA) == ColorSpace("not stated", ColorSpaceSource.NONE)
    assert find_color_space(adobe) == ColorSpace("Adobe RGB", ColorSpaceSource.EXIF)
    assert find_color_space(Metadata(exif=block(1, None))) == ColorSpace(
        "sRGB", ColorSpaceSource.EXIF
    )
    named = Metadata(icc_profile=ICC, exif=adobe.exif)
    assert find_color_space(named) == ColorSpace("sRGB built-in", ColorSpaceSource.PROFILE)
    nameless = Metadata(icc_profile=ICC.replace(b"desc", b"none", 1))
    assert find_color_space(nameless).name == "a profile without a name"
    unusable = Metadata(icc_profile=b"junk", exif=adobe.exif)
    assert find_color_space(unusable) == find_color_space(adobe)
    assert resolve_color_profile(unusable) == create_adobe_rgb_profile()
    assert resolve_color_profile(Metadata(icc_profile=ICC[:-1])) is None
    assert resolve_color_profile(adobe) == create_adobe_rgb_profile()
    assert resolve_color_profile(named) == ICC
    assert resolve_color_profile(NO_METADATA) is None
