"""Metadata that results take over under each policy."""

from __future__ import annotations

import piexif
import pytest

from ddrm_core.export.run_record import parse_run_record, run_record_to_properties
from ddrm_core.metadata.exif import create_exif, read_orientation, summarize_exif
from ddrm_core.metadata.model import (
    NO_METADATA,
    Metadata,
    MetadataPolicy,
    PixelDensity,
    UnknownSegment,
)
from ddrm_core.metadata.policy import filter_metadata, prepare_for_output
from ddrm_core.metadata.segments import metadata_from_segments, segments_from_metadata
from ddrm_core.metadata.xmp import mentions_gps, read_run_record_properties, remove_run_record
from tests.support.metadata_blocks import RECORD, THUMBNAIL, camera_exif, maker_note, packet
from tests.support.pictures import jpeg_bytes, photograph

GUID = b"0123456789ABCDEF" * 2
PLACED = packet('exif:GPSLatitude="48,8.2N"/>')
FULL = Metadata(
    icc_profile=b"profile",
    exif=camera_exif(),
    xmp=PLACED,
    xmp_extensions=(GUID + b"\0\0\0\x08\0\0\0\0depthmap",),
    iptc=b"8BIM\x04\x04\0\0\0\0\0\0",
    comments=(b"a comment",),
    density=PixelDensity(72, 72, 1),
)
RESULT = jpeg_bytes(photograph(20, 30), quality=50)


def changed(metadata: Metadata, **options: object) -> tuple[Metadata, tuple[str, ...]]:
    given = {
        "is_orientation_baked": False,
        "thumbnail": RESULT,
        "software": "DDRM Restore 1.2",
        "record_properties": run_record_to_properties(RECORD),
    }
    return prepare_for_output(metadata, **given | options)


def test_all_is_all():
    assert filter_metadata(FULL, MetadataPolicy.ALL) == (FULL, ())


def test_none_keeps_what_the_picture_needs():
    bare, lines = filter_metadata(FULL, MetadataPolicy.NONE)
    assert lines == ()
    assert piexif.load(bare.exif)["0th"].keys() <= {0x112}
    assert read_orientation(bare.exif) == 6
    assert bare == Metadata(icc_profile=b"profile", exif=bare.exif, density=FULL.density)
    upright = Metadata(exif=camera_exif(orientation=1))
    assert filter_metadata(upright, MetadataPolicy.NONE)[0] == NO_METADATA


def test_no_gps_takes_the_place_and_nothing_else():
    left, lines = filter_metadata(FULL, MetadataPolicy.NO_GPS)
    assert lines == ()
    assert piexif.load(left.exif)["GPS"] == {}
    assert left.xmp == packet("/>").replace(b" />", b"/>")
    assert left.exif[600:800] == FULL.exif[600:800]
    for name in ("icc_profile", "xmp_extensions", "iptc", "comments", "density"):
        assert getattr(left, name) == getattr(FULL, name)


HIDING = {
    "EXIF": Metadata(exif=b"II*\0\xff\xff\xff\xffGPS"),
    "XMP": Metadata(xmp=PLACED[:-200]),
    "extended XMP": Metadata(
        xmp_extensions=(
            GUID + b"\0\0\0\x08\0\0\0\x0aPSTimeStamp='1'",
            GUID + b"\0\0\0\x08\0\0\0\0<a exif:G",
        )
    ),
    "Photoshop": Metadata(iptc=b"8BIM\x04\x22\0\0\0\0\0\x08MM\0*GPS!"),
    "comment": Metadata(comments=(b"gps 48.1 11.5",)),
    "Segments": Metadata(others=(UnknownSegment(0xE5, b"anything"),)),
}


@pytest.mark.parametrize("word", HIDING)
def test_what_may_hide_a_place_goes_and_is_said(word):
    left, lines = filter_metadata(HIDING[word], MetadataPolicy.NO_GPS)
    assert left == NO_METADATA
    (line,) = lines
    assert word in line
    assert line.endswith(".")


def test_a_damaged_block_goes_but_the_picture_is_not_turned():
    exif = bytearray(camera_exif())
    pointer = exif.index(b"\x25\x88\4\0\1\0\0\0") + 8
    exif[pointer : pointer + 4] = (600).to_bytes(4, "little")  # GPS in the maker's note
    left, lines = filter_metadata(Metadata(exif=bytes(exif)), MetadataPolicy.NO_GPS)
    assert left.exif == create_exif(6, "")
    assert len(lines) == 1


@pytest.mark.parametrize("order", ["<", ">"])
@pytest.mark.parametrize("baked", [False, True])
def test_a_result_differs_from_its_source_only_where_it_must(order, baked):
    source = Metadata(exif=camera_exif(order), xmp=PLACED, comments=(b"hello",))
    result, lines = changed(source, is_orientation_baked=baked)
    assert lines == ()
    assert read_orientation(result.exif) == (1 if baked else 6)
    loaded, before = piexif.load(result.exif), piexif.load(source.exif)
    assert loaded["thumbnail"] == RESULT
    assert loaded["0th"][0x131] == b"DDRM Restore 1.2"
    assert (loaded["Exif"], loaded["GPS"]) == (before["Exif"], before["GPS"])
    note = maker_note(order, 600)
    assert result.exif[600 : 600 + len(note)] == note
    assert parse_run_record(read_run_record_properties(result.xmp)) == RECORD
    assert remove_run_record(result.xmp) == PLACED
    assert result.comments == source.comments
    assert metadata_from_segments(segments_from_metadata(result)[0]) == result
    assert changed(result, is_orientation_baked=baked)[0] == result


def test_a_file_without_metadata_gets_program_and_record():
    result, lines = changed(NO_METADATA)
    assert lines == ()
    assert summarize_exif(result.exif) == {"Software": "DDRM Restore 1.2", "GPS": "no"}
    assert parse_run_record(read_run_record_properties(result.xmp)) == RECORD
    assert prepare_for_output(
        NO_METADATA, is_orientation_baked=False, thumbnail=None, software="", record_properties={}
    ) == (NO_METADATA, ())


def test_a_thumbnail_that_shows_the_source_does_not_stay():
    result, lines = changed(FULL, thumbnail=None)
    assert lines == ()
    assert piexif.load(result.exif)["thumbnail"] is None
    assert THUMBNAIL[20:60] not in result.exif


def test_what_cannot_be_changed_is_said_and_stays():
    damaged = Metadata(exif=b"II*\0\xff\xff\xff\xff", xmp=b"<cut off")
    result, lines = changed(damaged, is_orientation_baked=True)
    assert result == damaged
    assert len(lines) == 3
    assert all(line.endswith(".") and "damaged" in line for line in lines)


def test_without_places_nothing_of_one_comes_back():
    result, _ = changed(filter_metadata(FULL, MetadataPolicy.NO_GPS)[0])
    assert not mentions_gps(result.xmp)
    assert piexif.load(result.exif)["GPS"] == {}
