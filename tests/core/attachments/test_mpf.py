"""The Multi-Picture Format index: read, and rewritten for a new file."""

from __future__ import annotations

import struct

import pytest

from ddrm_core.attachments.model import ByteRange
from ddrm_core.attachments.mpf import parse_mpf_entries, rewrite_mpf_payload
from tests.support.attachment_parts import DISPARITY, MPF_PREFIX, PREVIEW, mpf_payload

HEADER_OFFSET = 700
ROWS = [
    (0x20030000, 5000, 0, 2, 3),
    (0x40000000 | DISPARITY, 800, 4300, 0, 0),
    (PREVIEW, 900, 5100, 0, 0),
]
RANGES = {1: ByteRange(5000, 800), 2: ByteRange(5800, 900)}


@pytest.mark.parametrize("order", ["<", ">"])
@pytest.mark.parametrize("identifiers", [False, True])
class TestRewriting:
    def test_the_same_places_give_the_same_bytes(self, order, identifiers):
        payload = mpf_payload(ROWS, order=order, identifiers=identifiers)
        entries = parse_mpf_entries(payload, HEADER_OFFSET)
        assert {n: entry.range for n, entry in enumerate(entries) if n} == RANGES
        assert [entry.is_preview for entry in entries] == [False, False, True]
        assert rewrite_mpf_payload(payload, HEADER_OFFSET, 5000, RANGES) == payload

    def test_places_sizes_and_numbers_of_dependent_images_follow_the_images_that_stay(
        self, order, identifiers
    ):
        payload = mpf_payload(ROWS, order=order, identifiers=identifiers)
        new_ranges = {2: ByteRange(7000, 901)}
        rewritten = rewrite_mpf_payload(payload, 1000, 6000, new_ranges)
        assert len(rewritten) == len(payload)
        first, second = parse_mpf_entries(rewritten, 1000)
        assert (first.range, second.range) == (ByteRange(0, 6000), ByteRange(7000, 901))
        assert second.is_preview
        list_at = rewritten.index(struct.pack(order + "I", 0x20030000))
        assert struct.unpack_from(order + "HH", rewritten, list_at + 12) == (0, 2)
        assert (b"%033d" % 1 in rewritten, b"%033d" % 2 in rewritten) == (False, identifiers)


def changed(payload: bytes, place: int, form: str, value: int) -> bytes:
    """Return an MPF segment with another number at an offset of its header."""
    data = bytearray(payload)
    struct.pack_into(form, data, len(MPF_PREFIX) + place, value)
    return bytes(data)


# Offsets of the entries for the number of images and for the list of images: 22 and 34.
@pytest.mark.parametrize(
    ("place", "form", "value"),
    [
        (4, ">I", 4),  # a directory inside the header
        (4, ">I", 60_000),
        (8, ">H", 0xFFFF),  # more entries than bytes
        (8, ">H", 2),  # the directory ends before the list of images
        (24, ">H", 3),  # the number of images is no LONG
        (30, ">I", 1),
        (30, ">I", 4),  # more images than rows
        (30, ">I", 0xFFFFFFFF),
        (30, ">I", 0x10000003),  # a list of 48 bytes in 32 bits
        (38, ">I", 32),  # fewer rows than images
        (42, ">I", 0),  # the list inside the header
        (42, ">I", 20),  # the list inside the directory
        (42, ">I", 60_000),
        (50 + 8, ">I", 1),  # the first image is not the file's own
    ],
)
def test_an_invalid_index_lists_nothing(place, form, value):
    payload = mpf_payload(ROWS)
    assert len(parse_mpf_entries(payload, HEADER_OFFSET)) == 3
    assert parse_mpf_entries(changed(payload, place, form, value), HEADER_OFFSET) == ()


def test_identifiers_that_overlap_the_list_of_images_stay_as_they_are():
    payload = mpf_payload(ROWS, identifiers=True)
    list_at = 8 + 2 + 12 * 4 + 4
    overlapping = changed(payload, 8 + 2 + 12 * 3 + 8, ">I", list_at + 1)
    rewritten = rewrite_mpf_payload(overlapping, 1000, 6000, {2: ByteRange(7000, 901)})
    first, second = parse_mpf_entries(rewritten, 1000)
    assert (first.range, second.range) == (ByteRange(0, 6000), ByteRange(7000, 901))
