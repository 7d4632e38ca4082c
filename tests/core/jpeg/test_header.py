"""Markers are read as libjpeg wrote them, and no broken file raises an unexpected error."""

from __future__ import annotations

import struct
from contextlib import suppress
from pathlib import Path

import numpy as np
import piexif
import pytest
from PIL import Image, ImageCms

from ddrm_core.errors import CoreError, DamagedJpeg, NotAJpeg, UnreadableFile
from ddrm_core.jpeg.header import ZIGZAG, parse_header, read_header
from tests.support.pictures import (
    FACTORS,
    PILLOW_SAMPLING,
    SAMPLINGS,
    jpeg_bytes,
    photograph,
    write_jpeg,
)

PATH = Path("picture.jpg")


def find_marker(data: bytes, code: int) -> int:
    """Return the offset of the first marker 0xFF `code` in a JPEG's header."""
    position = 2
    while data[position + 1] != code:
        position += 2 + int.from_bytes(data[position + 2 : position + 4])
    return position


def segment(code: int, payload: bytes) -> bytes:
    return struct.pack(">BBH", 0xFF, code, len(payload) + 2) + payload


@pytest.mark.parametrize("progressive", [False, True])
@pytest.mark.parametrize("sampling", SAMPLINGS)
def test_frame_header_is_what_libjpeg_wrote(tmp_path, sampling, progressive):
    pixels = photograph(31, 37, grey=sampling == "grey")
    path = write_jpeg(tmp_path / "a.jpg", pixels, sampling=sampling, progressive=progressive)
    header = read_header(path)
    assert (header.width, header.height, header.precision) == (37, 31, 8)
    assert header.coding == ("progressive" if progressive else "baseline")
    assert header.chroma_sampling == sampling
    assert header.color_model_name == ("grey" if sampling == "grey" else "YCbCr")
    assert [(c.horizontal_factor, c.vertical_factor) for c in header.components] == [
        FACTORS[sampling],
        *[(1, 1)] * (len(header.components) - 1),
    ]
    assert header.is_complete
    assert header.color_markers.has_jfif
    assert header.file_size == path.stat().st_size
    assert header.restart_interval == 0
    with Image.open(path) as image:
        assert {n: t.tolist() for n, t in header.quantization_tables.items()} == image.quantization


def test_metadata_segments_are_listed_in_file_order():
    exif = piexif.dump({"0th": {piexif.ImageIFD.Make: b"maker"}})
    icc = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    data = jpeg_bytes(
        photograph(16, 16), exif=exif, icc_profile=icc, comment=b"hello", xmp=b"<x:xmpmeta/>"
    )
    header = parse_header(data, PATH)
    sizes = {s.name: s.size for s in header.segments}
    assert set(sizes) == {"JFIF", "EXIF", "XMP", "ICC", "comment"}
    assert next(s.name for s in header.segments) == "JFIF"
    assert sizes["comment"] == len(b"hello")
    assert sizes["EXIF"] == len(exif)
    assert sizes["ICC"] == len(b"ICC_PROFILE\0") + 2 + len(icc)


@pytest.mark.parametrize(
    ("code", "payload", "name"),
    [
        (0xE1, b"http://ns.adobe.com/xmp/extension/\0abc", "XMP extension"),
        (0xE2, b"MPF\0abc", "MPF"),
        (0xED, b"Photoshop 3.0\0abc", "IPTC"),
        (0xE7, b"something", "APP7"),
        (0xE1, b"unknown", "APP1"),
    ],
)
def test_rarer_segments_have_names(code, payload, name):
    data = jpeg_bytes(photograph(8, 8))
    header = parse_header(data[:2] + segment(code, payload) + data[2:], PATH)
    assert (header.segments[0].name, header.segments[0].size) == (name, len(payload))


def test_restart_interval_in_mcus():
    data = jpeg_bytes(photograph(40, 40), restart_marker_blocks=2, subsampling=2)
    header = parse_header(data, PATH)
    assert header.restart_interval == 2
    assert header.is_complete


def test_what_follows_the_end_marker_is_not_read():
    data = jpeg_bytes(photograph(16, 16))
    thumbnail = jpeg_bytes(photograph(8, 8, seed=1))
    header = parse_header(data + thumbnail + b"\xff\xc0 trailing", PATH)
    assert (header.width, header.height, header.is_complete) == (16, 16, True)


def test_fill_bytes_and_garbage_between_segments_are_skipped():
    data = jpeg_bytes(photograph(16, 16))
    header = parse_header(data[:2] + b"\0garbage\xff\xff" + data[2:], PATH)
    assert (header.width, header.is_complete) == (16, True)


def test_sixteen_bit_quantiser_tables():
    data = jpeg_bytes(photograph(8, 8, grey=True), quality=50)
    start = find_marker(data, 0xDB)
    end = start + 2 + int.from_bytes(data[start + 2 : start + 4])
    steps = np.arange(300, 364)
    wide = segment(0xDB, b"\x10" + steps.astype(">u2").tobytes())
    table = parse_header(data[:start] + wide + data[end:], PATH).quantization_tables[0]
    assert table.dtype == np.uint16
    assert np.array_equal(table[ZIGZAG], steps)


def test_zigzag_visits_antidiagonals_alternately():
    row, column = np.divmod(ZIGZAG, 8)
    assert sorted(ZIGZAG) == list(range(64))
    assert (np.diff(row + column) >= 0).all()
    for diagonal in range(1, 15):
        rows = row[row + column == diagonal]
        assert (np.diff(rows) == (1 if diagonal % 2 else -1)).all()


@pytest.mark.parametrize(
    ("data", "found"),
    [
        (b"", "an empty file"),
        (b"once upon a time", "not a picture"),
        (b"\xff", "not a picture"),
        (b"\x89PNG\r\n\x1a\n0000", "PNG"),
        (b"GIF89a", "GIF"),
        (b"BM0000", "BMP"),
        (b"II*\0" + bytes(8), "TIFF"),
        (b"MM\0*" + bytes(8), "TIFF"),
        (b"RIFF0000WEBPVP8 ", "WebP"),
        (b"\0\0\0\x1cftypavif", "AVIF"),
        (b"\0\0\0\x0cjP  \r\n", "JPEG 2000"),
        (b"\xff\x0a\0", "JPEG XL"),
        (b"%PDF-1.7", "PDF"),
    ],
)
def test_other_files_are_named(tmp_path, data, found):
    path = tmp_path / "called.jpg"
    path.write_bytes(data)
    with pytest.raises(NotAJpeg) as error:
        read_header(path)
    assert (error.value.path, error.value.found_kind) == (path, found)


def test_real_png_and_webp_are_named(tmp_path):
    for kind in ("PNG", "WebP", "GIF", "BMP", "TIFF"):
        path = tmp_path / f"{kind}.jpg"
        Image.fromarray(photograph(8, 8)).save(path, kind)
        with pytest.raises(NotAJpeg) as error:
            read_header(path)
        assert error.value.found_kind == kind


def test_missing_file_and_folder_are_unreadable(tmp_path):
    for path in (tmp_path / "absent.jpg", tmp_path):
        with pytest.raises(UnreadableFile) as error:
            read_header(path)
        assert error.value.reason


@pytest.mark.parametrize("progressive", [False, True])
def test_cut_at_every_byte_is_refused_or_marked_incomplete(progressive):
    data = jpeg_bytes(photograph(16, 16), quality=50, progressive=progressive, comment=b"hello")
    scan = find_marker(data, 0xDA)
    for length in range(scan + 2):
        with pytest.raises(NotAJpeg if length < 2 else DamagedJpeg):
            parse_header(data[:length], PATH)
    for length in range(scan + 2, len(data)):
        with suppress(DamagedJpeg):
            assert not parse_header(data[:length], PATH).is_complete


def test_a_picture_without_a_frame_holds_none():
    with pytest.raises(DamagedJpeg):
        parse_header(b"\xff\xd8\xff\xd9", PATH)


def test_random_mutations_raise_core_errors_only():
    rng = np.random.default_rng(5)
    original = jpeg_bytes(photograph(16, 16), quality=30, progressive=True)
    refused = 0
    for _ in range(800):
        data = np.frombuffer(original, np.uint8).copy()
        # Most mutations hit the header, which holds the markers.
        places = rng.integers(2, [60, 700, len(data)], 3).clip(0, len(data) - 1)
        data[places] = rng.integers(0, 256, 3)
        try:
            parse_header(data.tobytes(), PATH)
        except CoreError:
            refused += 1
    assert refused > 100


def test_two_frames_and_zero_steps_are_contradictions():
    data = jpeg_bytes(photograph(8, 8, grey=True), quality=50)
    frame = find_marker(data, 0xC0)
    end = frame + 2 + int.from_bytes(data[frame + 2 : frame + 4])
    table = find_marker(data, 0xDB)
    twice = data[:end] + data[frame:end] + data[end:]
    zero = data[: table + 10] + b"\0" + data[table + 11 :]
    factor = data[: frame + 11] + b"\x51" + data[frame + 12 :]
    for broken in (twice, zero, factor):
        with pytest.raises(DamagedJpeg):
            parse_header(broken, PATH)


@pytest.mark.parametrize(
    ("transform", "count", "colour"),
    [(0, 3, "RGB"), (1, 3, "YCbCr"), (2, 4, "YCCK"), (0, 4, "CMYK")],
)
def test_adobe_transform_decides_the_colour(transform, count, colour):
    frame = struct.pack(">BHHB", 8, 8, 8, count)
    frame += b"".join(bytes([i + 1, 0x11, 0]) for i in range(count))
    adobe = b"Adobe" + bytes([0, 100, 0, 0, 0, 0, transform])
    data = b"\xff\xd8" + segment(0xEE, adobe) + segment(0xDB, b"\0" + bytes(range(1, 65)))
    header = parse_header(data + segment(0xC0, frame) + b"\xff\xd9", PATH)
    assert header.color_model_name == colour
    assert header.color_markers.adobe_transform == transform


def test_components_named_rgb_without_jfif_are_rgb():
    frame = struct.pack(">BHHB", 8, 8, 8, 3) + b"R\x11\0G\x11\0B\x11\0"
    tables = segment(0xDB, b"\0" + bytes(range(1, 65)))
    jfif = segment(0xE0, b"JFIF\0\1\1\0\0\1\0\1\0\0")
    body = tables + segment(0xC0, frame) + b"\xff\xd9"
    assert parse_header(b"\xff\xd8" + body, PATH).color_model_name == "RGB"
    assert parse_header(b"\xff\xd8" + jfif + body, PATH).color_model_name == "YCbCr"


def test_sampling_without_a_name_lists_the_factors():
    assert set(PILLOW_SAMPLING) < set(FACTORS)
    frame = struct.pack(">BHHB", 8, 8, 8, 3) + b"\1\x31\0\2\x11\0\3\x11\0"
    data = b"\xff\xd8" + segment(0xDB, b"\0" + bytes(range(1, 65))) + segment(0xC0, frame)
    assert parse_header(data + b"\xff\xd9", PATH).chroma_sampling == "3x1 1x1 1x1"


@pytest.mark.parametrize("filler", [b"\xff\xfe\0\2", b"\xff", b"garbage"])
def test_long_headers_take_time_in_proportion(filler):
    """Parsing time is proportional to the header's length; quadratic time would take minutes."""
    data = jpeg_bytes(photograph(8, 8))
    header = parse_header(data[:2] + filler * 100_000 + data[2:], Path("a.jpg"))
    assert (header.width, header.is_complete) == (8, True)


def test_what_follows_the_picture_is_counted():
    data = jpeg_bytes(photograph(8, 8))
    assert parse_header(data, Path("a.jpg")).trailing_size == 0
    assert parse_header(data + data, Path("a.jpg")).trailing_size == len(data)
