"""Blocks near a JPEG segment's size limit: no block is dropped because a part does not fit."""

from __future__ import annotations

import hashlib
import io
import re
import struct

import numpy as np
import piexif
import pytest
import torch
from PIL import Image

from ddrm_core.export.run_record import parse_run_record, run_record_to_properties
from ddrm_core.formats.load import load_image
from ddrm_core.formats.save import encode_image
from ddrm_core.metadata.exif import MAX_EXIF_BYTES, create_exif, read_orientation
from ddrm_core.metadata.exif_size_limit import limit_exif_size, set_software_and_thumbnail
from ddrm_core.metadata.model import Metadata, MetadataPolicy
from ddrm_core.metadata.policy import filter_metadata, prepare_for_output
from ddrm_core.metadata.segments import metadata_from_segments, segments_from_metadata
from ddrm_core.metadata.xmp import read_run_record_properties
from tests.support.metadata_blocks import LATITUDE, RDF, RECORD, packet
from tests.support.pictures import jpeg_bytes, photograph

OLD = jpeg_bytes(photograph(80, 120), quality=80)
NEW = jpeg_bytes(photograph(120, 160, seed=3), quality=95)
FORMATS = ["a.jpg", "a.png", "a.webp", "a.tiff"]
DATE, MAKER, PROGRAM = b"2020:02:03 04:05:06", b"A maker of cameras", "DDRM Restore 1.2"
# Sizes around each limit from which a part does not fit: thumbnail, name, everything.
SIZES = [
    *range(40_000, 65_000, 3_571),
    *range(65_527 - len(NEW) - 300, 65_527 - len(NEW) + 300, 151),
    *range(65_527 + len(OLD) - len(NEW) - 300, 65_527 + len(OLD) - len(NEW) + 300, 151),
    *range(65_100, 65_528, 107),
    *range(65_520, 65_528),
]


def camera_block(size: int, *, thumbnail: bytes | None = OLD, behind: int = 0) -> bytes:
    """Return an EXIF block of a given size, most of it a maker's note.

    Args:
        size: Size of the block in bytes.
        thumbnail: Thumbnail near the end of the block.
        behind: Number of zero bytes at the end of the block.
    """

    def dumped(note: bytes) -> bytes:
        parts: dict[str, object] = {
            "0th": {0x10F: MAKER, 0x110: b"One", 0x112: 6, 0x132: DATE},
            "Exif": {0x9003: DATE, 0x927C: note, 0xA001: 0xFFFF},
            "GPS": {1: b"N", 2: LATITUDE},
            "Interop": {1: b"R03"},
        }
        if thumbnail is not None:
            parts |= {"1st": {0x103: 6}, "thumbnail": thumbnail}
        return piexif.dump(parts).removeprefix(b"Exif\0\0")

    note = b"MAKER\0" + bytes(range(256)) * 300
    block = dumped(note[: 8 + size - behind - len(dumped(note[:8]))])
    return block + bytes(behind)


def note_in(block: bytes) -> tuple[int, bytes]:
    """Return offset and content of the maker's note in an EXIF block."""
    note = piexif.load(block)["Exif"][0x927C]
    return block.index(note), note


def result_of(exif: bytes, name: str, tmp_path, policy=MetadataPolicy.ALL):
    """Write a result whose source has the given EXIF block; return its path and all warnings."""
    metadata, _ = filter_metadata(Metadata(exif=exif), policy)
    changed, lines = prepare_for_output(
        metadata,
        is_orientation_baked=False,
        thumbnail=NEW,
        software=PROGRAM,
        record_properties=run_record_to_properties(RECORD),
        new_size=(37, 31),
    )
    path = tmp_path / name
    picture = torch.full((3, 31, 37), 99.0)
    encoded = encode_image(picture, path, bits=8, metadata=changed)
    path.write_bytes(encoded.data)
    return path, tuple(map(str, (*lines, *encoded.warnings)))


@pytest.mark.parametrize("name", FORMATS)
@pytest.mark.parametrize("behind", [0, 64])
def test_date_camera_place_and_orientation_remain_at_every_size(tmp_path, name, behind):
    for size in SIZES:
        source = camera_block(size, behind=behind)
        assert len(source) == size
        assert OLD[60:] in source
        path, lines = result_of(source, name, tmp_path)
        block = load_image(path).metadata.exif
        loaded = piexif.load(block)
        assert len(block) <= MAX_EXIF_BYTES
        assert (loaded["0th"][0x112], loaded["0th"][0x10F]) == (6, MAKER)
        assert loaded["Exif"][0x9003] == DATE
        assert loaded["GPS"][2] == LATITUDE
        assert loaded["Interop"][1] == b"R03"
        assert note_in(block) == note_in(source)
        assert loaded["thumbnail"] in (NEW, None)
        assert OLD[60:] not in block
        # Each part is in the file or in a warning.
        thumbnail = any("thumbnail" in line for line in lines)
        program = any("program's name" in line for line in lines)
        assert (loaded["thumbnail"] is None, 0x131 not in loaded["0th"]) == (thumbnail, program)
        with Image.open(path) as image:
            assert image.getexif()[0x112] == 6


def test_small_blocks_get_both_and_full_ones_neither():
    small, words = set_software_and_thumbnail(camera_block(40_000), PROGRAM, NEW)
    assert words == ()
    assert piexif.load(small)["thumbnail"] == NEW
    full = camera_block(MAX_EXIF_BYTES, thumbnail=None)
    assert set_software_and_thumbnail(full, PROGRAM, NEW) == (
        full,
        ("The EXIF block has no room for the program's name.",),
    )


def test_a_thumbnail_that_fits_the_room_of_the_old_one_stays():
    small = jpeg_bytes(photograph(16, 16), quality=20)
    block, words = set_software_and_thumbnail(camera_block(MAX_EXIF_BYTES), PROGRAM, small)
    assert words == ()
    assert piexif.load(block)["thumbnail"] == small
    block, words = set_software_and_thumbnail(camera_block(MAX_EXIF_BYTES, behind=99), "", small)
    assert (len(block), words) == (MAX_EXIF_BYTES, ())


@pytest.mark.parametrize("name", FORMATS)
def test_a_larger_block_of_another_format_keeps_what_counts(tmp_path, name):
    """An EXIF block that is too large for a JPEG segment (65,533 bytes) keeps its main entries.

    Such a block can come from a PNG, TIFF or WebP.
    """
    source = camera_block(70_000)
    path, lines = result_of(source, name, tmp_path)
    block = load_image(path).metadata.exif
    loaded = piexif.load(block)
    assert loaded["0th"][0x112] == 6
    assert (loaded["0th"][0x10F], loaded["Exif"][0x9003]) == (MAKER, DATE)
    assert (loaded["GPS"][2], loaded["Interop"][1]) == (LATITUDE, b"R03")
    if name == "a.jpg":
        assert 0x927C not in loaded["Exif"]
        assert any("largest entries" in line for line in lines)
    else:
        assert note_in(block) == note_in(source)
    path, _ = result_of(source, name, tmp_path, MetadataPolicy.NO_GPS)
    without = piexif.load(load_image(path).metadata.exif)
    assert (without["GPS"], without["0th"][0x112]) == ({}, 6)
    path, lines = result_of(source, name, tmp_path, MetadataPolicy.NONE)
    bare = load_image(path).metadata.exif
    assert (read_orientation(bare), piexif.load(bare)["Interop"][1], lines) == (6, b"R03", ())


class TestTheLastResort:
    def test_the_smallest_entries_come_first_after_the_important_ones(self):
        block = piexif.dump(
            {
                "0th": {0x112: 8, 0x10E: b"a description " * 4_000, 0x13B: b"An artist"},
                "Exif": {0x9003: DATE, 0x9286: b"ASCII\0\0\0" + b"c" * 30_000, 0x829A: (1, 60)},
                "GPS": {1: b"N", 2: LATITUDE},
            }
        ).removeprefix(b"Exif\0\0")
        for room in (60_000, 40_000, 2_000):
            fitting = limit_exif_size(block, room)
            assert len(fitting) <= room
            loaded = piexif.load(fitting)
            assert (loaded["0th"][0x112], loaded["Exif"][0x9003]) == (8, DATE)
            assert (loaded["GPS"][2], loaded["0th"][0x13B]) == (LATITUDE, b"An artist")
            assert loaded["Exif"][0x829A] == (1, 60)
            assert (0x9286 in loaded["Exif"]) == (room > 30_000)
            assert 0x10E not in loaded["0th"]
        assert read_orientation(limit_exif_size(block, 300)) == 8
        assert limit_exif_size(block, len(block)) is block

    def test_without_its_thumbnail_it_is_otherwise_untouched(self):
        block = camera_block(MAX_EXIF_BYTES + 500)
        fitting = limit_exif_size(block)
        assert note_in(fitting) == note_in(block)
        assert piexif.load(fitting)["thumbnail"] is None

    def test_a_damaged_one_keeps_at_least_the_orientation(self):
        turned = bytearray(create_exif(6, "x" * 300))
        (row,) = [m.start() for m in re.finditer(b"\x01\x31\0\2", turned)]
        turned[row + 4 : row + 8] = b"\xff\xff\xff\xff"
        block = bytes(turned) + bytes(70_000)
        segments, lines = segments_from_metadata(Metadata(exif=block))
        assert read_orientation(metadata_from_segments(segments).exif) == 6
        assert "largest entries" in lines[0]


@pytest.mark.parametrize("exif", [create_exif(6, "", is_adobe_rgb=True)])
def test_a_damaged_block_in_a_tiff_does_not_lay_the_picture_on_its_side(tmp_path, exif):
    pointer = exif.index(b"\x87\x69") + 8
    damaged = exif[:pointer] + b"\xff\xff\xff\x00" + exif[pointer + 4 :]
    path, lines = result_of(damaged, "a.tiff", tmp_path)
    assert "TIFF holds no damaged EXIF." in lines
    with Image.open(path) as image:
        assert image.getexif()[0x112] == 6


class TestXmp:
    def merged(self, segments) -> tuple[bytes, bytes]:
        """Return the XMP packet in JPEG segments, and its extension joined as in XMP part 3."""
        found = metadata_from_segments(segments)
        (guid,) = re.findall(rb'HasExtendedXMP="([0-9A-F]{32})"', found.xmp)
        content = bytearray()
        for part in sorted(found.xmp_extensions, key=lambda part: part[36:40]):
            assert part[:32] == guid
            length, offset = struct.unpack_from(">II", part, 32)
            assert offset == len(content)
            content += part[40:]
        assert length == len(content)
        assert hashlib.md5(content).hexdigest().upper().encode() == guid
        return found.xmp, bytes(content)

    @pytest.mark.parametrize("count", [3_500, 9_000, 30_000])
    def test_a_packet_that_no_segment_holds_is_extended(self, count):
        items = "".join(f"<rdf:li>keyword {n}</rdf:li>" for n in range(count))
        bag = f'><x:words xmlns:x="urn:x" xmlns:rdf="{RDF}"><rdf:Bag>{items}</rdf:Bag></x:words>'
        source = packet(bag + "</rdf:Description>")
        assert len(source) > 65_504
        metadata = Metadata(xmp=source)
        changed, _ = prepare_for_output(
            metadata,
            is_orientation_baked=False,
            thumbnail=None,
            software="",
            record_properties=run_record_to_properties(RECORD),
        )
        segments, lines = segments_from_metadata(changed)
        assert lines == ()
        main, extension = self.merged(segments)
        assert f"keyword {count - 1}<".encode() in extension
        assert extension.strip() in source
        # Larger packets are not edited, and have no run record.
        if len(source) < 2**18:
            assert parse_run_record(read_run_record_properties(main)) == RECORD

    def test_padding_goes_before_properties(self):
        source = packet().replace(b" " * 100, b" " * 66_000)
        segments, lines = segments_from_metadata(Metadata(xmp=source))
        found = metadata_from_segments(segments)
        assert (found.xmp_extensions, lines) == ((), ())
        assert b"T\xc3\xb6\xc3\xb6l &amp; more" in found.xmp


def test_a_profile_and_resources_of_many_segments_are_whole(tmp_path):
    bits = np.random.default_rng(5)
    profile, resources = bits.bytes(1_000_003), b"8BIM\x04\x04\0\0" + bits.bytes(200_001)
    metadata = Metadata(icc_profile=profile, iptc=resources)
    segments, lines = segments_from_metadata(metadata)
    assert (metadata_from_segments(segments), lines) == (metadata, ())
    path = tmp_path / "a.jpg"
    path.write_bytes(encode_image(torch.zeros(3, 31, 37), path, bits=8, metadata=metadata).data)
    with Image.open(io.BytesIO(path.read_bytes())) as image:
        assert image.info["icc_profile"] == profile
