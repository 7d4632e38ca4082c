"""Hostile files whose time or memory once grew with a power of their size.

Each of these tests took many minutes when the cost still grew so.
"""

from __future__ import annotations

import io
import struct

import imagecodecs
import numpy as np
import pytest
from PIL import Image, PngImagePlugin

from ddrm_core.formats.avif.container import parse_container
from ddrm_core.formats.iso_boxes import encode_box, encode_full_box
from ddrm_core.formats.jpegxl.bits import BitReader, BitWriter
from ddrm_core.formats.jpegxl.file import CONTAINER_SIGNATURE
from ddrm_core.formats.jpegxl.icc_stream import read_icc_profile, write_icc_profile
from ddrm_core.formats.load import load_image
from ddrm_core.formats.save import encode_image
from ddrm_core.metadata.model import NO_METADATA
from tests.support.metadata_blocks import packet
from tests.support.metadata_samples import IPTC, noise
from tests.support.pictures import photograph

RGB = Image.fromarray(photograph(9, 13))
CODESTREAM = bytes(imagecodecs.jpegxl_encode(np.asarray(RGB), lossless=True))


def png_with_text(text: str) -> bytes:
    buffer, chunks = io.BytesIO(), PngImagePlugin.PngInfo()
    chunks.add_text("Raw profile type iptc", text, zip=True)
    RGB.save(buffer, "PNG", pnginfo=chunks)
    return buffer.getvalue()


@pytest.mark.parametrize(
    "text", [" " * 20_000, " a" * 20_000, "iptc" + " " * 20_000 + "7" * 9_000, "\n" * 20_000 + "1"]
)
def test_a_raw_profile_that_is_none_is_left_out(tmp_path, text):
    path = tmp_path / "a.png"
    path.write_bytes(png_with_text(text))
    assert load_image(path).metadata.iptc is None
    path.write_bytes(png_with_text(f"\niptc\n{len(IPTC):8}\n{IPTC.hex()}\n"))
    assert load_image(path).metadata.iptc == IPTC


def test_only_the_first_compressed_box_of_a_kind_is_decompressed(tmp_path):
    """Five thousand boxes of a hundred bytes each would expand to 300 GB."""
    xmp, path = packet(), tmp_path / "a.jxl"
    first = bytes(imagecodecs.brotli_encode(xmp))
    bomb = bytes(imagecodecs.brotli_encode(bytes(60 << 20)))
    boxes = [encode_box(b"brob", b"xml ", content) for content in (first, *[bomb] * 5000)]
    path.write_bytes(
        b"".join([CONTAINER_SIGNATURE, *boxes, encode_box(b"jxlc", CODESTREAM)]),
    )
    loaded = load_image(path)
    assert loaded.metadata.xmp == xmp
    assert loaded.pixels.shape == (3, 9, 13)


def test_a_number_without_an_end_in_a_coded_profile_is_no_profile():
    """The first of the coded bytes are the profile's size, 7 bits in each."""
    writer = BitWriter()
    write_icc_profile(writer, b"p" * (8 << 20))
    size = BitReader(writer.to_bytes()).read_u64()
    writer.value |= (1 << 8 * size) - 1 << writer.position - 8 * size
    with pytest.raises(ValueError, match="too many bytes"):
        read_icc_profile(BitReader(writer.to_bytes()))


def with_locations(avif: bytes, *rows: bytes, behind: int = 0) -> bytes:
    """Return an AVIF with other locations of its items, and with zeros at its end.

    Offsets and sizes of extents have no bytes: each extent is the whole file.
    """
    start, meta = avif.index(b"iloc") - 4, avif.index(b"meta") - 4
    size, meta_size = (int.from_bytes(avif[place : place + 4]) for place in (start, meta))
    locations = encode_full_box(b"iloc", b"\0\0", struct.pack(">H", len(rows)), *rows)
    head = struct.pack(">I", meta_size - size + len(locations))
    old_rest = avif[start + size :] + bytes(behind)
    return avif[:meta] + head + avif[meta + 4 : start] + locations + old_rest


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        ([(1, 1000)], "larger than the file"),
        ([(9, 10_000), (1, 1)], "too many extents"),
        ([(9, 1000)] * 1000, "too many extents"),
    ],
)
def test_an_item_is_no_larger_than_its_file(rows, message, tmp_path):
    avif = encode_image(noise(3), tmp_path / "a.avif", bits=8, metadata=NO_METADATA).data
    assert parse_container(bytes(avif)).coded
    packed = [struct.pack(">HHH", number, 0, extents) for number, extents in rows]
    with pytest.raises(ValueError, match=message):
        parse_container(with_locations(bytes(avif), *packed, behind=50_000))
