"""EXIF blocks, compared with piexif and Pillow."""

from __future__ import annotations

import random
import struct

import piexif
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from ddrm_core.metadata.exif import (
    create_exif,
    read_orientation,
    remove_gps,
    replace_thumbnail,
    set_orientation,
    set_software,
    summarize_exif,
)
from tests.support.metadata_blocks import (
    LATITUDE,
    THUMBNAIL,
    UNITS,
    camera_exif,
    maker_note,
    packed,
)
from tests.support.pictures import jpeg_bytes, photograph

ORDERS = ("<", ">")
SMALL, LARGE = (jpeg_bytes(photograph(h, w), quality=q) for h, w, q in ((9, 7, 10), (61, 80, 95)))
EDITS = {
    "orientation": lambda exif: set_orientation(exif, 1),
    "another orientation": lambda exif: set_orientation(exif, 8),
    "software": lambda exif: set_software(exif, "DDRM Restore 1.2"),
    "short software": lambda exif: set_software(exif, "me"),
    "small thumbnail": lambda exif: replace_thumbnail(exif, SMALL),
    "large thumbnail": lambda exif: replace_thumbnail(exif, LARGE),
    "no thumbnail": lambda exif: replace_thumbnail(exif, None),
    "no gps": remove_gps,
}


def pillow(exif: bytes) -> Image.Exif:
    found = Image.Exif()
    found.load(b"Exif\0\0" + exif)
    return found


@pytest.mark.parametrize("order", ORDERS)
def test_the_block_of_these_tests_is_one(order):
    exif = camera_exif(order)
    loaded = piexif.load(exif)
    assert loaded["0th"][0x112] == pillow(exif)[0x112] == 6
    assert loaded["Exif"][0x927C] == maker_note(order, 600)
    assert loaded["GPS"][2] == LATITUDE
    assert loaded["thumbnail"] == THUMBNAIL


@pytest.mark.parametrize("edit", EDITS.values(), ids=EDITS)
@pytest.mark.parametrize("order", ORDERS)
@pytest.mark.parametrize("full", [True, False])
def test_an_edit_leaves_the_makers_note_where_it_was(order, edit, full):
    given_ = camera_exif(order) if full else camera_exif(order, orientation=None, software=None)
    edited = edit(given_)
    note = maker_note(order, 600)
    assert edited[600 : 600 + len(note)] == note
    before, after = piexif.load(given_), piexif.load(edited)
    assert after["Exif"] == before["Exif"]
    assert after["0th"][0x110] == before["0th"][0x110]
    assert pillow(edited).get_ifd(0x8769) == pillow(given_).get_ifd(0x8769)


@pytest.mark.parametrize("order", ORDERS)
@pytest.mark.parametrize("stored", [None, *range(1, 9)])
@pytest.mark.parametrize("wanted", range(1, 9))
def test_an_orientation_written_is_the_one_read(order, stored, wanted):
    exif = camera_exif(order, orientation=stored)
    assert read_orientation(exif) == (stored or 1)
    edited = set_orientation(exif, wanted)
    assert read_orientation(edited) == wanted
    assert pillow(edited).get(0x112, 1) == piexif.load(edited)["0th"].get(0x112, 1) == wanted
    if stored is not None:  # at most two bytes differ
        assert len(edited) == len(exif)
        assert sum(a != b for a, b in zip(edited, exif, strict=True)) <= 2


@pytest.mark.parametrize("order", ORDERS)
def test_the_thumbnail_is_turned_with_the_picture(order):
    exif = bytearray(camera_exif(order))
    exif[1538:1550] = packed(order, "HHLHH", 0x112, 3, 1, 6, 0)  # instead of its compression
    assert piexif.load(set_orientation(bytes(exif), 1))["1st"][0x112] == 1


def test_what_is_appended_begins_at_an_even_offset():
    exif = camera_exif(orientation=None)
    for block in (exif, exif + b"\0"):
        edited = set_orientation(replace_thumbnail(block, LARGE[:-1]), 3)
        assert int.from_bytes(edited[4:8], "little") % 2 == 0
        assert piexif.load(edited)["1st"][0x201] % 2 == 0
        assert read_orientation(edited) == 3


@pytest.mark.parametrize("order", ORDERS)
@pytest.mark.parametrize("rest", [0, 2])
def test_a_block_that_ends_with_its_directory_gets_no_second_one(order, rest):
    header = (b"II*\0" if order == "<" else b"MM\0*") + struct.pack(order + "L", 8)
    row = struct.pack(order + "HHLHH", 0x112, 3, 1, 6, 0)
    exif = header + struct.pack(order + "H", 1) + row + bytes(rest)
    for edited in (set_software(exif, "DDRM Restore 1.2"), set_software(exif, "me")):
        found, following = values_in(edited, struct.unpack_from(order + "L", edited, 4)[0])
        assert following == 0
        assert set(found) == {0x112, 0x131}
        assert piexif.load(edited)["1st"] == {}


def test_only_the_orientations_there_are_count():
    assert [read_orientation(camera_exif(orientation=n)) for n in (0, 9, 6000)] == [1, 1, 1]


@pytest.mark.parametrize("order", ORDERS)
@pytest.mark.parametrize("stored", [None, b"X\0", b"Firmware 1.0\0"])
@pytest.mark.parametrize("text", ["me", "DDRM Restore 1.2", "Träger"])
def test_software_is_what_two_readers_find(order, stored, text):
    exif = camera_exif(order, software=stored)
    edited = set_software(exif, text)
    expected = text.replace("ä", "?")
    assert piexif.load(edited)["0th"][0x131] == expected.encode()
    assert pillow(edited)[0x131] == expected
    assert list(piexif.load(edited)["0th"]) == sorted(piexif.load(edited)["0th"])
    assert piexif.load(edited)["thumbnail"] == THUMBNAIL
    assert set_software(edited, text) == edited


@pytest.mark.parametrize("order", ORDERS)
@pytest.mark.parametrize("jpeg", [SMALL, THUMBNAIL[:-1], LARGE])
def test_a_thumbnail_is_replaced_and_nothing_of_the_old_one_left(order, jpeg):
    exif = camera_exif(order)
    edited = replace_thumbnail(exif, jpeg)
    assert piexif.load(edited)["thumbnail"] == jpeg
    assert THUMBNAIL[-60:] not in edited
    assert edited[:1500] == exif[:1500]
    assert len(edited) <= len(exif) + (len(jpeg) + 1 if len(jpeg) > len(THUMBNAIL) else 0)


@pytest.mark.parametrize("order", ORDERS)
def test_a_dropped_thumbnail_is_gone(order):
    exif = camera_exif(order)
    edited = replace_thumbnail(exif, None)
    loaded = piexif.load(edited)
    assert loaded["thumbnail"] is None
    assert loaded["1st"] == {}
    assert THUMBNAIL[20:60] not in edited
    assert loaded["0th"] == piexif.load(exif)["0th"]


@pytest.mark.parametrize("jpeg", [None, SMALL])
def test_no_thumbnail_is_made_where_there_was_none(jpeg):
    exif = camera_exif(thumbnail=None)
    assert replace_thumbnail(exif, jpeg) == exif


def test_an_uncompressed_thumbnail_becomes_a_jpeg():
    exif = bytearray(camera_exif())
    for row, tag in ((1, 0x111), (2, 0x117)):
        struct.pack_into("<H", exif, 1538 + 12 * row, tag)
    edited = replace_thumbnail(bytes(exif), SMALL)
    assert piexif.load(edited)["thumbnail"] == SMALL
    assert THUMBNAIL[20:60] not in edited


@pytest.mark.parametrize("order", ORDERS)
def test_without_gps_nothing_of_the_place_is_left(order):
    exif = camera_exif(order)
    edited = remove_gps(exif)
    loaded = piexif.load(edited)
    assert loaded["GPS"] == {}
    assert 0x8825 not in loaded["0th"]
    assert pillow(edited).get_ifd(0x8825) == {}
    assert packed(order, "LL", *LATITUDE[2]) not in edited
    assert edited[1024:1536] == bytes(512)
    assert packed(order, "HH", 0x8825, 4) not in edited
    assert loaded["1st"] == piexif.load(exif)["1st"]
    assert loaded["thumbnail"] == THUMBNAIL
    assert remove_gps(edited) == edited


def test_a_place_that_cannot_be_cleared_is_not_said_to_be():
    exif = bytearray(camera_exif())
    pointer = exif.index(struct.pack("<HHL", 0x8825, 4, 1)) + 8
    for place in (8, 512, 600, 570):  # a directory in use, a note, a value
        struct.pack_into("<L", exif, pointer, place)
        assert remove_gps(bytes(exif)) is None
    struct.pack_into("<L", exif, pointer, 0)
    # A directory that begins inside an entry of another one.
    below = bytearray(exif)
    kind_of_orientation = exif.index(struct.pack("<HHL", 0x112, 3, 1)) + 2
    struct.pack_into("<L", below, pointer - 12, kind_of_orientation)
    assert remove_gps(bytes(below)) is None
    assert piexif.load(remove_gps(bytes(exif)))["GPS"] == {}


@pytest.mark.parametrize("order", ORDERS)
def test_all_edits_together(order):
    exif = camera_exif(order, orientation=None, software=None)
    for edit in (*EDITS.values(), lambda e: set_orientation(e, 3)):
        exif = edit(exif)
    loaded = piexif.load(exif)
    note = maker_note(order, 600)
    assert exif[600 : 600 + len(note)] == note
    assert loaded["0th"][0x131] == b"me"
    assert loaded["0th"][0x112] == pillow(exif)[0x112] == 3
    assert (loaded["GPS"], loaded["1st"], loaded["thumbnail"]) == ({}, {}, None)


def test_a_new_block_is_read_by_others():
    exif = create_exif(5, "DDRM Restore 1.2")
    assert read_orientation(exif) == pillow(exif)[0x112] == 5
    assert pillow(exif)[0x131] == "DDRM Restore 1.2"
    assert dict(pillow(create_exif(3, ""))) == {0x112: 3}


def test_facts_are_those_of_the_block():
    assert summarize_exif(camera_exif(">")) == {
        "Make": "Maker of cameras",
        "Model": "Model 7",
        "DateTimeOriginal": "2019:06:30 12:34:56",
        "Software": "Firmware 1.0",
        "GPS": "yes",
    }
    assert summarize_exif(remove_gps(camera_exif(software=b"a\nb\0")))["Software"] == "a b"
    assert summarize_exif(create_exif(1, "")) == {"GPS": "no"}


BAD = {
    "empty": b"",
    "a path": b"/etc/passwd",
    "cut off in the header": b"II*\0\x08\0",
    "no directory": b"II*\0\x08\0\0\0",
    "directory outside": b"MM\0*\xff\xff\xff\xff\0\0",
    "directory in the header": b"II*\0\0\0\0\0" + bytes(20),
    "more entries than bytes": b"II*\0\x08\0\0\0\xff\xff" + bytes(200),
    "more entries than any camera writes": b"II*\0\x08\0\0\0\x88\x13" + bytes(12 * 5000 + 4),
}


@pytest.mark.parametrize("exif", BAD.values(), ids=BAD)
def test_a_damaged_block_is_neither_read_nor_edited(exif):
    assert read_orientation(exif) == 1
    assert summarize_exif(exif) is None
    assert [edit(exif) for edit in EDITS.values()] == [None] * len(EDITS)


def test_counts_that_would_fill_the_memory_are_not_believed():
    exif = bytearray(camera_exif())
    count = exif.index(struct.pack("<HH", 0x10F, 2)) + 4
    struct.pack_into("<L", exif, count, 0xFFFFFFFF)
    assert summarize_exif(bytes(exif)) is None
    many = b"".join(struct.pack("<HHLL", tag, 1, 50_000, 0) for tag in range(3900))
    assert (
        summarize_exif(b"II*\0\x08\0\0\0" + struct.pack("<H", 3900) + many + bytes(20_000)) is None
    )


def mutated(exif: bytes, rng: random.Random) -> bytes:
    block = bytearray(exif)
    for _ in range(rng.randint(1, 6)):
        at = rng.choice((rng.randrange(120), 512 + rng.randrange(30), rng.randrange(len(block))))
        match rng.randrange(3):
            case 0:
                block[at] ^= 1 << rng.randrange(8)
            case 1:
                block[at : at + 2] = rng.choice((b"\xff\xff", b"\0\0", rng.randbytes(2)))
            case _:
                place = rng.choice((0, 8, 10, 512, 600, 1024, 1536, len(block), 0xFFFFFFFF))
                block[at : at + 4] = struct.pack("<L", place)
    return bytes(block[: rng.randrange(len(block))] if rng.random() < 0.2 else block)


def test_mutated_blocks_are_edited_or_refused():
    rng = random.Random(20)
    edited = 0
    for _ in range(2000):
        exif = mutated(camera_exif(rng.choice(ORDERS)), rng)
        assert 1 <= read_orientation(exif) <= 8
        assert summarize_exif(exif) is None or "GPS" in summarize_exif(exif)
        for edit in rng.sample([*EDITS.values()], 3):
            result = edit(exif)
            assert result is None or len(result) <= len(exif) + 200 + len(LARGE)
            edited += result is not None
            exif = exif if result is None else result
    assert edited > 2000


@st.composite
def directories(draw: st.DrawFn, order: str) -> bytes:
    """Draw the bytes of an EXIF directory with up to 4 arbitrary entries, then arbitrary bytes."""
    tag = st.sampled_from([0x100, 0x112, 0x131, 0x201, 0x202, 0x8769, 0x8825])
    place = st.integers(0, 80) | st.integers(0, 2**32 - 1)
    row = st.tuples(tag, st.integers(0, 14), st.integers(0, 5), place)
    rows = draw(st.lists(row, max_size=4))
    table = b"".join(struct.pack(order + "HHLL", *values) for values in rows)
    following = struct.pack(order + "L", draw(place))
    return struct.pack(order + "H", len(rows)) + table + following + draw(st.binary(max_size=60))


def values_in(exif: bytes, at: int) -> tuple[dict[int, list[bytes]], int]:
    """Read the EXIF directory at an offset.

    Unreadable entries are included, although other readers stop at the first of them.

    Returns:
        The bytes of all values by tag, and the offset of the next directory, 0 without one.
    """
    order = "<" if exif[:2] == b"II" else ">"
    (count,) = struct.unpack_from(order + "H", exif, at)
    found: dict[int, list[bytes]] = {}
    for row in range(at + 2, at + 2 + 12 * count, 12):
        tag, kind, number, offset = struct.unpack_from(order + "HHLL", exif, row)
        size = number * UNITS.get(kind, 0)
        start = row + 8 if size <= 4 else offset
        found.setdefault(tag, []).append(exif[start : start + size])
    end = at + 2 + 12 * count
    following = struct.unpack_from(order + "L", exif, end)[0] if end + 4 <= len(exif) else 0
    return found, following


def check_edit(name: str, before: bytes, edited: bytes) -> None:
    """Assert that an edit of an EXIF block has changed every entry of its tag.

    If a tag has several entries, other readers use different ones.

    Args:
        name: Name of the edit.
        before: Block before the edit.
        edited: Block after the edit.
    """
    order = "<" if edited[:2] == b"II" else ">"
    first, following = values_in(edited, struct.unpack_from(order + "L", edited, 4)[0])
    match name:
        case "orientation":
            assert set(first.get(0x112, ())) <= {struct.pack(order + "H", 1)}
        case "another orientation":
            assert set(first[0x112]) == {struct.pack(order + "H", 8)}
        case "software":
            assert set(first[0x131]) == {b"DDRM Restore 1.2\0"}
        case "short software":
            assert set(first[0x131]) == {b"me\0"}
        case "no gps":
            assert 0x8825 not in first
        case "no thumbnail" if edited != before:
            assert following == 0
        case "small thumbnail" | "large thumbnail" if edited != before:
            second, _ = values_in(edited, following)
            jpeg = SMALL if name == "small thumbnail" else LARGE
            for start, size in zip(second[0x201], second[0x202], strict=True):
                begin = struct.unpack(order + "L", start)[0]
                assert size == struct.pack(order + "L", len(jpeg))
                assert edited[begin : begin + len(jpeg)] == jpeg


@settings(max_examples=200)
@given(st.data(), st.sampled_from(ORDERS))
def test_any_bytes_are_edited_or_refused(data, order):
    header = struct.pack(order + "2sHL", b"II" if order == "<" else b"MM", 42, 8)
    exif = header + data.draw(st.binary(max_size=300) | directories(order))
    rows = int.from_bytes(exif[8:10], "little" if order == "<" else "big")
    whole = len(exif) >= 10 + 12 * rows and len(exif) >= 10
    assert 1 <= read_orientation(exif) <= 8
    assert summarize_exif(exif) is None or (whole and "GPS" in summarize_exif(exif))
    for name, edit in EDITS.items():
        edited = edit(exif)
        if edited is not None:
            assert whole
            check_edit(name, exif, edited)
        # Bytes to erase may overlap a directory.
        elif whole:
            assert name in ("small thumbnail", "large thumbnail", "no thumbnail", "no gps")
