"""Metadata in a JPEG's segments, compared with Pillow."""

from __future__ import annotations

import io
import struct

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from ddrm_core.metadata.model import NO_METADATA, Metadata, PixelDensity, UnknownSegment
from ddrm_core.metadata.segments import metadata_from_segments, segments_from_metadata
from ddrm_core.metadata.xmp import read_run_record_properties, set_run_record
from tests.support.metadata_blocks import camera_exif, packet
from tests.support.pictures import jpeg_bytes, photograph

LARGEST = 65_533
JFIF = (0xE0, b"JFIF\0\1\2\1\1\x2c\1\x2c\0\0")
content = st.binary(max_size=200)
large = st.integers(1, 200_000).map(lambda n: bytes(range(251)) * (n // 251) + b"z" * (n % 251))
blocks = st.fixed_dictionaries(
    {
        "icc_profile": st.none() | large,
        "exif": st.none() | content,
        "xmp": st.none() | content,
        "xmp_extensions": st.lists(content, max_size=3).map(tuple),
        "iptc": st.none() | large,
        "comments": st.lists(content, max_size=3).map(tuple),
    }
)
others = st.lists(st.tuples(st.sampled_from([0xE3, 0xEB, 0xEC]), content), max_size=3)


def with_segments(segments: list[tuple[int, bytes]]) -> bytes:
    """Return a small JPEG with these segments, (marker, content), directly after its start."""
    jpeg = jpeg_bytes(photograph(31, 37))
    parts = [b"\xff" + struct.pack(">BH", marker, len(p) + 2) + p for marker, p in segments]
    return jpeg[:2] + b"".join(parts) + jpeg[2:]


@settings(max_examples=100, deadline=None)
@given(blocks, others)
def test_what_is_written_is_read_back(named, pairs):
    # Made at import: beartype draws random numbers, which strategies must not do.
    metadata = Metadata(**named, others=tuple(UnknownSegment(*pair) for pair in pairs))
    segments, lines = segments_from_metadata(metadata)
    assert lines == ()
    assert all(len(payload) <= LARGEST for _, payload in segments)
    assert metadata_from_segments(segments) == metadata


@settings(max_examples=200, deadline=None)
@given(
    st.lists(
        st.tuples(
            st.sampled_from([0xE0, 0xE1, 0xE2, 0xED, 0xEE, 0xFE]),
            st.sampled_from(
                [b"", b"JFIF\0", b"Exif\0\0", b"ICC_PROFILE\0", b"Photoshop 3.0\0", b"MPF\0"]
            ),
            st.binary(max_size=12),
        ),
        max_size=8,
    )
)
def test_any_segments_are_read_and_what_was_read_is_stable(triples):
    metadata = metadata_from_segments([(m, prefix + rest) for m, prefix, rest in triples])
    segments, lines = segments_from_metadata(metadata)
    assert lines == ()
    again = metadata_from_segments([*segments, JFIF])
    assert again == Metadata(
        **{name: getattr(metadata, name) for name in Metadata.__slots__ if name != "density"},
        density=PixelDensity(300, 300, 1),
    )


def test_pillow_finds_each_block():
    profile = bytes(range(256)) * 700  # three parts
    metadata = Metadata(
        icc_profile=profile,
        exif=camera_exif(),
        xmp=packet(),
        iptc=b"8BIM\x04\x04\0\0\0\0\0\x0a" + b"\x1c\2\x78\0\5Hello",
        comments=(b"first", b"second"),
        others=(UnknownSegment(0xEC, b"Ducky\0\1"),),
    )
    with Image.open(io.BytesIO(with_segments(segments_from_metadata(metadata)[0]))) as image:
        assert image.info["icc_profile"] == profile
        assert image.info["exif"] == b"Exif\0\0" + metadata.exif
        assert image.info["xmp"] == metadata.xmp
        assert image.info["photoshop"][0x404] == b"\x1c\2\x78\0\5Hello"
        assert [payload for name, payload in image.applist if name == "COM"] == [
            b"first",
            b"second",
        ]
        image.load()


@pytest.mark.parametrize(
    ("metadata", "word"),
    [
        (Metadata(exif=bytes(LARGEST - 5)), "EXIF"),
        (Metadata(xmp=bytes(LARGEST)), "XMP"),
        (Metadata(xmp_extensions=(b"small", bytes(LARGEST))), "extended XMP"),
        (Metadata(icc_profile=bytes(255 * 65_519 + 1)), "profile"),
        (Metadata(comments=(bytes(LARGEST + 1),)), "comment"),
        (Metadata(others=(UnknownSegment(0xE5, bytes(LARGEST + 1)),)), "segment"),
    ],
)
def test_what_does_not_fit_is_said(metadata, word):
    segments, lines = segments_from_metadata(metadata)
    assert segments == []
    (line,) = lines
    assert word in line
    assert line.endswith(".")


def test_the_largest_that_fit_do():
    metadata = Metadata(exif=bytes(LARGEST - 6), comments=(bytes(LARGEST),))
    segments, lines = segments_from_metadata(metadata)
    assert (len(segments), lines) == (2, ())
    assert metadata_from_segments(segments) == metadata
    assert segments_from_metadata(NO_METADATA) == ([], ())


def test_a_full_packet_is_kept_without_the_record():
    source = packet().replace(b" " * 100, b" " * 64_700)
    full = set_run_record(source, {"prior": "compact", "device": "cpu" * 100})
    assert len(source) < LARGEST - 29 < len(full)
    assert read_run_record_properties(full) is not None
    segments, lines = segments_from_metadata(Metadata(xmp=full))
    assert metadata_from_segments(segments).xmp == source
    assert "no room" in lines[0]


def test_of_a_profiles_parts_alike_the_first_counts():
    parts = [(0xE2, b"ICC_PROFILE\0" + part) for part in (b"\2\2b", b"\1\2a", b"\1\2x")]
    assert metadata_from_segments(parts).icc_profile == b"ab"
    assert metadata_from_segments(parts[1:]).icc_profile is None
