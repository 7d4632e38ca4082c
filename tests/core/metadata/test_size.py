"""EXIF and XMP state the size of the result."""

from __future__ import annotations

import piexif
import pytest

from ddrm_core.export.run_record import run_record_to_properties
from ddrm_core.metadata.exif import set_image_size
from ddrm_core.metadata.model import Metadata
from ddrm_core.metadata.policy import prepare_for_output
from ddrm_core.metadata.xmp import (
    ORIENTATION_PROPERTY,
    SIZE_PROPERTIES,
    read_run_record_properties,
    remove_run_record,
    set_property_values,
)
from tests.support.metadata_blocks import LONG, RECORD, SHORT, packed, packet, table
from tests.support.pictures import jpeg_bytes, photograph

SMALL = jpeg_bytes(photograph(12, 16), quality=50)
NOTE = b"MAKER\0" + bytes(range(256))


def sized(width: int, height: int) -> bytes:
    """Return an EXIF block that states an image size in both directories.

    The directory of the thumbnail states the size of the thumbnail.
    """
    block = {
        "0th": {0x100: width, 0x101: height, 0x10F: b"Maker"},
        "Exif": {0xA002: width, 0xA003: height, 0x927C: NOTE},
        "1st": {0x100: 16, 0x101: 12, 0x103: 6},
        "thumbnail": SMALL,
    }
    return piexif.dump(block).removeprefix(b"Exif\0\0")


@pytest.mark.parametrize(("width", "height"), [(37, 31), (4032, 3024), (65_500, 1), (70_000, 9)])
def test_exif_says_the_size_and_nothing_else_changes(width, height):
    source = sized(4032, 3024)
    block = set_image_size(source, width, height)
    loaded, before = piexif.load(block), piexif.load(source)
    assert (loaded["0th"][0x100], loaded["0th"][0x101]) == (width, height)
    assert (loaded["Exif"][0xA002], loaded["Exif"][0xA003]) == (width, height)
    assert loaded["1st"] == before["1st"]
    assert (loaded["thumbnail"], loaded["Exif"][0x927C]) == (before["thumbnail"], NOTE)
    assert len(block) == len(source)
    assert set_image_size(block, 4032, 3024) == source
    assert sum(a != b for a, b in zip(source, block, strict=True)) <= 16


@pytest.mark.parametrize("order", ["<", ">"])
def test_short_numbers_stay_short_where_they_can(order):
    values = [(0xA002, SHORT, packed(order, "H", 4032)), (0xA003, SHORT, packed(order, "H", 9))]
    start = (b"II*\0" if order == "<" else b"MM\0*") + packed(order, "L", 8)
    source = start + table(order, 8, [(0x8769, LONG, packed(order, "L", 40))])
    source = source.ljust(40, b"\0") + table(order, 40, values)
    for width in (37, 65_535, 70_000):
        block = set_image_size(source, width, 9)
        assert piexif.load(block)["Exif"] == {0xA002: width, 0xA003: 9}
        kind = SHORT if width <= 65_535 else LONG
        assert block[44:46] == packed(order, "H", kind)
        assert block[54:] == source[54:]


@pytest.mark.parametrize("exif", [b"", b"junk", b"II*\0\xff\xff\xff\xff", b"MM\0*\0\0\0\x08\0\0"])
def test_a_block_without_a_size_stays(exif):
    assert set_image_size(exif, 3, 4) == exif


XMP_SIZES = (
    'xmlns:tiff="http://ns.adobe.com/tiff/1.0/" exif:PixelXDimension="4032"\n'
    " exif:PixelYDimension='3024' tiff:Orientation=\"6\">"
    "<tiff:ImageWidth> 4032 </tiff:ImageWidth><tiff:ImageLength>3024</tiff:ImageLength>"
    "<drone:PixelXDimension>4032</drone:PixelXDimension></rdf:Description>"
)


def test_xmp_says_it_in_attributes_and_elements():
    source = packet(XMP_SIZES)
    values = dict(zip(SIZE_PROPERTIES, ("37", "31", "37", "31"), strict=True)) | {
        ORIENTATION_PROPERTY: "1"
    }
    changed = set_property_values(source, values)
    for old, new in (
        (b'exif:PixelXDimension="4032"', b'exif:PixelXDimension="37"'),
        (b"exif:PixelYDimension='3024'", b"exif:PixelYDimension='31'"),
        (b"<tiff:ImageWidth> 4032 <", b"<tiff:ImageWidth>37<"),
        (b"<tiff:ImageLength>3024<", b"<tiff:ImageLength>31<"),
        (b'tiff:Orientation="6"', b'tiff:Orientation="1"'),
    ):
        assert source.count(old) == 1
        source = source.replace(old, new)
    assert changed == source


@pytest.mark.parametrize("content", [b"", b"<not xmp", b"\xff\xfe<\0", packet()])
def test_other_packets_stay(content):
    assert (
        set_property_values(content, dict.fromkeys((*SIZE_PROPERTIES, ORIENTATION_PROPERTY), "7"))
        == content
    )


@pytest.mark.parametrize("baked", [False, True])
def test_a_result_says_its_own_size(baked):
    source = Metadata(exif=sized(4032, 3024), xmp=packet(XMP_SIZES))
    result, lines = prepare_for_output(
        source,
        is_orientation_baked=baked,
        thumbnail=None,
        software="",
        record_properties=run_record_to_properties(RECORD),
        new_size=(31, 37),
    )
    assert lines == ()
    loaded = piexif.load(result.exif)
    assert (loaded["Exif"][0xA002], loaded["Exif"][0xA003]) == (31, 37)
    plain = remove_run_record(result.xmp)
    assert b'exif:PixelXDimension="31"' in plain
    assert b"<tiff:ImageLength>37<" in plain
    assert (b'tiff:Orientation="1"' in plain) == baked
    assert read_run_record_properties(result.xmp) is not None
