"""Arithmetic-coded files: their levels, and the intact part of a damaged file."""

from __future__ import annotations

import io
from collections.abc import Callable
from functools import cache
from pathlib import Path

import jpeglib
import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from ddrm_core.errors import DamagedJpeg
from ddrm_core.jpeg.damage.arithmetic import with_ones
from ddrm_core.jpeg.image import DctLevels, JpegImage
from ddrm_core.jpeg.libjpeg.client import DecodedLevels, read_levels, write_levels
from ddrm_core.jpeg.read import read_jpeg
from ddrm_core.jpeg.stream_layout import JpegFrame, parse_stream_layout
from tests.support.irregular_jpegs import (
    arithmetic,
    arithmetic_progressive,
    arithmetic_with_restarts,
)
from tests.support.jpeg_variants import (
    plain,
)
from tests.support.odd_files import TEXT, random_bytes
from tests.support.pictures import KINDS, jpeg_bytes, photograph, pixels_of, write_jpeg

SIZE = 85, 117
# Three of them have long runs of decisions without surprises, whose code is next to nothing.
FLAT = {
    "black": np.zeros((*SIZE, 3), np.uint8),
    "gray": np.full(SIZE, 128, np.uint8),
    "a drawing on white": np.pad(
        photograph(24, 24), ((0, 400), (0, 400), (0, 0)), mode="constant", constant_values=255
    ),
}
SOURCES: dict[str, Callable[[], bytes]] = {
    "gray": lambda: arithmetic(jpeg_bytes(photograph(*SIZE, grey=True))),
    "4:2:0": lambda: arithmetic(jpeg_bytes(photograph(*SIZE))),
    "4:4:4": lambda: arithmetic(jpeg_bytes(photograph(*SIZE), subsampling=0, quality=50)),
    "restart markers": lambda: arithmetic_with_restarts(11, 117),
    "progressive": lambda: arithmetic_progressive(*SIZE),
    "progressive gray": lambda: arithmetic_progressive(*SIZE, grey=True),
}
FILLS: dict[str, Callable[[int], bytes]] = {
    "nothing": lambda _: b"",
    "an end marker": lambda _: b"\xff\xd9",
    "zeros": bytes,
    "text": lambda count: (TEXT * (count // len(TEXT) + 1))[:count],
    "random bytes": random_bytes,
    "random bytes and an end marker": lambda count: random_bytes(count) + b"\xff\xd9",
}
source = cache(lambda name: SOURCES[name]())


def equal_mcus(
    frame: JpegFrame, found: tuple[DctLevels, ...], original: tuple[DctLevels, ...]
) -> NDArray[np.bool_]:
    equal = np.ones(frame.mcu_grid_shape, bool)
    for one, other, (across, down) in zip(found, original, frame.sampling_factors, strict=True):
        differs = np.argwhere((one != other).any((2, 3)))
        for row, column in differs.tolist():
            equal[row // down, column // across] = False
    return equal


def read_damaged(path: Path, data: bytes) -> JpegImage | None:
    """Return the image that is read with `tolerate_damage`; None if nothing can be read."""
    path.write_bytes(data)
    try:
        return read_jpeg(path, tolerate_damage=True)
    except DamagedJpeg:
        return None


@pytest.mark.parametrize("kind", KINDS)
def test_levels_and_pixels_are_those_of_the_huffman_coded_file(tmp_path, kind):
    usual = write_jpeg(tmp_path / "a.jpg", pixels_of(kind, 31, 37), sampling=kind).read_bytes()
    path = tmp_path / "b.jpg"
    path.write_bytes(arithmetic(usual))
    image, expected = read_jpeg(path), read_levels(usual)
    assert image.header.coding == "arithmetic coding"
    assert image.damage is None
    assert all(map(np.array_equal, image.levels, expected.levels))
    assert all(map(np.array_equal, image.quantization_tables, expected.quantization_tables))
    written = write_levels(path.read_bytes(), image.levels)
    with (
        Image.open(path) as one,
        Image.open(io.BytesIO(usual)) as two,
        Image.open(io.BytesIO(written)) as three,
    ):
        assert np.array_equal(np.asarray(one), np.asarray(two))
        assert np.array_equal(np.asarray(two), np.asarray(three))


def test_progressive_files(tmp_path):
    path = tmp_path / "a.jpg"
    for grey in (False, True):
        path.write_bytes(arithmetic_progressive(grey=grey))
        image = read_jpeg(path)
        assert image.header.coding == "progressive, arithmetic coding"
        assert image.damage is None
        with Image.open(path) as shown:
            written = write_levels(path.read_bytes(), image.levels)
            assert np.array_equal(np.asarray(Image.open(io.BytesIO(written))), np.asarray(shown))


def test_conditioning_values_of_the_file_are_used(tmp_path):
    """A DAC segment (T.81 B.2.4.3) with other values than the default changes the levels.

    The oracle is libjpeg's reading of the whole file.
    """
    data, path = source("4:2:0"), tmp_path / "a.jpg"
    usual = b"\xff\xcc\0\x0a\0\x10\x10\5\1\x10\x11\5"
    assert usual in data
    other = data.replace(usual, usual[:5] + b"\x31" + usual[6:])
    path.write_bytes(other)
    with jpeglib.version("turbo210"):
        image = jpeglib.read_dct(str(path))
        expected = image.Y, image.Cb, image.Cr
    levels = read_levels(other).levels
    assert all(map(np.array_equal, levels, expected))
    assert not np.array_equal(levels[0], read_levels(data).levels[0])


@pytest.mark.parametrize("name", FLAT)
def test_flat_images_are_intact_although_their_code_is_short(tmp_path, name):
    """An encoder omits zeros at the end of the code, and a flat image has hardly any other."""
    path, usual = tmp_path / "a.jpg", jpeg_bytes(FLAT[name])
    path.write_bytes(arithmetic(usual))
    image = read_jpeg(path)
    assert all(map(np.array_equal, image.levels, read_levels(usual).levels))


@pytest.mark.parametrize("name", SOURCES)
def test_an_irregular_ending_is_no_damage(tmp_path, name):
    path, data = tmp_path / "a.jpg", source(name)
    expected, zeros = read_levels(data).levels, bytes(900)
    behind = (b"", zeros, TEXT * 20, plain())
    without_marker = (data[:-2], data[:-2] + zeros, data[:-2] + plain())
    for odd in (*(data + rest for rest in behind), *without_marker, data[:-2] + zeros + data[-2:]):
        path.write_bytes(odd)
        assert all(map(np.array_equal, read_jpeg(path).levels, expected))


def test_levels_of_the_smallest_and_the_largest_continuation_are_those_of_the_file():
    """Blocks before the first block that zeros or ones after a cut change are the original's."""
    data = source("gray")
    (scan,) = parse_stream_layout(data).scans
    original, counts = read_levels(data).levels[0].reshape(-1, 64), []
    positions = range(scan.data_start + 3, scan.data_end)
    # After a zero, removal of the last byte would change no level.
    for cut in (n for n in positions if n % 15 == 0 or data[n - 1] == 0):
        cut_data = data[:cut].rstrip(b"\xff")
        with_zeros, ones = (
            read_levels(d + b"\xff\xd9").levels[0].reshape(-1, 64)
            for d in (cut_data, with_ones(cut_data))
        )
        changed = np.flatnonzero((with_zeros != ones).any(1))
        count = int(changed[0]) if len(changed) else len(original)
        assert np.array_equal(with_zeros[:count], original[:count])
        wrong = np.flatnonzero((with_zeros != original).any(1))
        assert not len(wrong) or count >= wrong[0] - 2  # the rule gives up hardly anything
        counts.append(count)
    assert counts == sorted(counts)
    assert counts[0] < 5
    assert counts[-1] > len(original) - 3


@pytest.mark.parametrize("name", SOURCES)
@pytest.mark.parametrize("fill", FILLS)
def test_what_counts_as_intact_has_the_originals_levels(tmp_path, name, fill):
    """Every cut is noticed, and no MCU counts as intact that the data does not determine.

    Random bytes in the last scan of a progressive file are often not noticed, because each of
    their bits is as likely as those of the scan.
    """
    data, path = source(name), tmp_path / "a.jpg"
    frame, original = parse_stream_layout(data).frame, read_levels(data).levels
    last_scan = parse_stream_layout(data).scans[-1]
    is_cut = fill in ("nothing", "an end marker")
    shares = []
    for part in (0.2, 0.5, 0.8):
        cut = last_scan.data_start + int(part * (last_scan.data_end - last_scan.data_start))
        image = read_damaged(path, data[:cut].rstrip(b"\xff") + FILLS[fill](len(data) - cut))
        if image is None:
            shares.append(0.0)
            continue
        if image.damage is None:
            assert "random" in fill
            assert "progressive" in name
            continue
        intact = image.damage.intact_mcus
        wrong = intact & ~equal_mcus(frame, image.levels, original)
        assert not wrong.any(), part
        shares.append(float(intact.mean()))
    if is_cut and "progressive" not in name:
        assert shares[0] < shares[1] < shares[2]
        assert shares[2] > 0.5


def test_a_small_file_that_claims_a_large_image_is_refused_at_once(tmp_path, monkeypatch):
    """A damaged image with next to no data is decoded twice at most, a very large one never."""
    data, path = arithmetic(jpeg_bytes(photograph(16, 16, grey=True))), tmp_path / "a.jpg"
    frame, sizes = data.index(b"\xff\xc9"), list[int]()

    def counting(one: bytes) -> DecodedLevels:
        sizes.append(len(one))
        return read_levels(one)

    monkeypatch.setattr("ddrm_core.jpeg.read.read_levels", counting)
    for side, max_count in ((2000, 2), (13_000, 0)):
        sizes.clear()
        path.write_bytes(data[: frame + 5] + side.to_bytes(2) * 2 + data[frame + 9 :])
        with pytest.raises(DamagedJpeg, match="next to nothing of the picture"):
            read_jpeg(path, tolerate_damage=True)
        assert len(sizes) <= max_count


def test_a_large_blank_page_is_complete(tmp_path):
    path, usual = tmp_path / "a.jpg", jpeg_bytes(np.full((2000, 1400), 255, np.uint8))
    path.write_bytes(arithmetic(usual))
    assert path.stat().st_size < 1000
    assert np.array_equal(read_jpeg(path).levels[0], read_levels(usual).levels[0])
