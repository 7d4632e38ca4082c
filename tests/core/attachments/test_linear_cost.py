"""The work of each parser of attachments grows no faster than its input.

Bytecodes of Python are counted, so that the tests depend on no clock. Searches that run in C are
given megabytes, for which a quadratic search would take hours.
"""

from __future__ import annotations

import struct
import sys

import pytest

from ddrm_core.attachments.edit_xmp import adapt_packet
from ddrm_core.attachments.embedded_data import EmbeddedDataKind, find_embedded_data
from ddrm_core.attachments.find import find_attachments
from ddrm_core.attachments.further_image import detect_kind_from_metadata, remove_coordinates
from ddrm_core.attachments.media import measure_boxes
from ddrm_core.attachments.model import ByteRange
from ddrm_core.attachments.mpf import parse_mpf_entries, rewrite_mpf_payload
from ddrm_core.attachments.pointers import (
    describes_gain_map,
    list_attachment_properties,
    mentions_attachments,
    remove_properties,
)
from ddrm_core.attachments.samsung import find_samsung_trailer
from ddrm_core.metadata.segments import APP2, GAIN_MAP_PREFIX
from tests.support.attachment_parts import (
    MPF_PREFIX,
    assemble,
    box,
    container_xmp,
    marked_jpeg,
    samsung_trailer,
)
from tests.support.attachment_readers import image_end
from tests.support.jpeg_variants import segment

GAIN_MAP_NAMESPACE = b"http://ns.adobe.com/hdr-gain-map/1.0/"


def count_bytecodes(parse, *arguments):
    """Return how many bytecodes of Python a call executes, and its result."""
    count = 0

    def trace(frame, event, _argument):
        nonlocal count
        frame.f_trace_opcodes = True
        count += event == "opcode"
        return trace

    previous = sys.gettrace()
    sys.settrace(trace)
    try:
        result = parse(*arguments)
    finally:
        sys.settrace(previous)
    return count, result


def mpf_of_many_tags(size):
    """Return an index of two images whose directory has many unknown tags before its own."""
    list_at = 8 + 2 + 12 * (size + 2) + 4
    fillers = b"".join(struct.pack(">HHII", 0xC000 + n % 100, 4, 1, n) for n in range(size))
    entries = struct.pack(">HHII", 0xB001, 4, 1, 2) + struct.pack(">HHII", 0xB002, 7, 32, list_at)
    index = struct.pack(">H", size + 2) + fillers + entries + bytes(4)
    rows = struct.pack(">IIIHH", 0x20030000, 5000, 0, 0, 0) + struct.pack(">IIIHH", 0, 9, 9, 0, 0)
    return MPF_PREFIX + b"MM\0*" + struct.pack(">I", 8) + index + rows


def items_xmp(size):
    return container_xmp([("Other", "image/jpeg", 100 + n) for n in range(size)])


def many_segments(size):
    fillers = [segment(0xED, b"%08d" % n) for n in range(size)]
    return marked_jpeg("picture", *fillers, segment(APP2, GAIN_MAP_PREFIX))


def gain_map_xmp(size):
    properties = b"".join(b' h:p%d="1" o:p%d="2"' % (n, n) for n in range(size))
    return (
        b'<x:xmpmeta xmlns:x="adobe:ns:meta/"><a xmlns:h="%b" xmlns:o="other"%b/></x:xmpmeta>'
        % (GAIN_MAP_NAMESPACE, properties)
    )


def embedded_content(size):
    uri = EmbeddedDataKind.IMAGE.value.encode()
    return b" ".join(b'xmlns:p%d="%b" p%d:Data="AAAA"' % (n, uri, n) for n in range(size))


def parse_file(data):
    return find_attachments(data, image_end(data))


def rewrite(payload):
    return rewrite_mpf_payload(payload, 700, 6000, {1: ByteRange(7000, 9)})


def adapt(packet):
    ranges = {n: ByteRange(100 * n, 50) for n in range(1, 1000)}
    return adapt_packet(
        packet, ranges, keeps_gain_map=True, micro_video_from_end=None, has_video=False
    )


# Parser, function that makes its input, and the size of the smaller input.
PARSERS = {
    "MPF index": (lambda p: parse_mpf_entries(p, 700), mpf_of_many_tags, 1000),
    "MPF index, rewritten": (rewrite, mpf_of_many_tags, 1000),
    "boxes": (
        lambda data: measure_boxes(data, ByteRange(0, len(data))),
        lambda size: box(b"ftyp", b"mp42") + box(b"free", b"") * size,
        400,
    ),
    "Samsung's trailer": (
        lambda data: find_samsung_trailer(data, 0),
        lambda size: samsung_trailer({f"part {n}": b"content" for n in range(size)}),
        32,
    ),
    "items of a container": (parse_file, lambda size: assemble([b"x"], xmp=items_xmp(size)), 100),
    "items, edited": (adapt, items_xmp, 100),
    "images behind each other": (
        parse_file,
        lambda size: assemble(
            [marked_jpeg(f"{n:04}", height=8, width=8) for n in range(size)],
            xmp=container_xmp(
                [
                    ("Other", "image/jpeg", len(marked_jpeg(f"{n:04}", height=8, width=8)))
                    for n in range(size)
                ]
            ),
        ),
        16,
    ),
    "segments": (
        parse_file,
        lambda size: assemble([b"x"], segments=[segment(0xED, b"")] * size),
        1000,
    ),
    "kind of an image": (lambda data: detect_kind_from_metadata(data, 0), many_segments, 300),
    "coordinates": (remove_coordinates, many_segments, 300),
    "properties listed": (list_attachment_properties, gain_map_xmp, 300),
    "properties removed": (
        lambda packet: remove_properties(packet, [describes_gain_map]),
        gain_map_xmp,
        300,
    ),
    "data inside of XMP": (find_embedded_data, embedded_content, 300),
}


@pytest.mark.parametrize("name", PARSERS)
def test_twice_the_input_takes_less_than_two_and_a_half_times_the_work(name):
    parse, make, size = PARSERS[name]
    smaller, larger = (count_bytecodes(parse, make(n)) for n in (size, 2 * size))
    assert smaller[0] > size  # the input is read, and not refused at its start
    assert larger[0] < 2.5 * smaller[0]
    assert larger[1] is not None


MEGABYTE = 1 << 20


@pytest.mark.parametrize(
    "content",
    [
        b"a",
        b" ",
        b"<",
        b"a:",
        b"xmlns:",
        b"xmlns:a=",
        b'xmlns:a="',
        b"a:Data=",
        b"a:Data ",
        b"<a:Data>",
        b'a:Data="A',
        b"<a:Data>A ",
    ],
)
def test_searches_in_megabytes_end(content):
    """Each search of a text that repeats the beginning of a match reads the text about once."""
    text = content * (MEGABYTE // len(content))
    assert find_embedded_data(text) == ()
    assert not mentions_attachments(text)
