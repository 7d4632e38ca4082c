"""Levels and tables read from files, compared with libjpeg's own decoder."""

from __future__ import annotations

from pathlib import Path

import jpeglib
import numpy as np
import pytest
import torch
from numpy.typing import NDArray
from PIL import Image
from scipy.fft import dctn

from ddrm_core.errors import CoreError, DamagedJpeg, NotAJpeg, TooManyPixels, UnsupportedJpeg
from ddrm_core.jpeg.operator import create_jpeg_operator, levels_to_tensors
from ddrm_core.jpeg.read import read_jpeg
from tests.support.pictures import (
    SAMPLINGS,
    as_pixels,
    jpeg_bytes,
    photograph,
    write_jpeg,
)

SIZES = [(48, 64), (31, 37), (38, 34), (17, 3), (2, 5), (1, 1)]


def patched(data: bytes, marker: int, offset: int, value: int) -> bytes:
    """Return a JPEG in which one byte is set to `value`.

    `offset` counts from the first marker of this kind.
    """
    place = data.index(bytes([0xFF, marker])) + offset
    return data[:place] + bytes([value]) + data[place + 1 :]


def frame_byte(data: bytes, offset: int, value: int) -> bytes:
    return patched(data, 0xC0, offset, value)


@pytest.mark.parametrize("progressive", [False, True])
@pytest.mark.parametrize("sampling", SAMPLINGS)
def test_decoding_the_levels_shows_what_libjpeg_shows(tmp_path, sampling, progressive):
    for height, width in SIZES:
        for quality in (5, 30, 75, 95):
            pixels = photograph(height, width, grey=sampling == "grey")
            path = write_jpeg(
                tmp_path / "a.jpg",
                pixels,
                quality=quality,
                sampling=sampling,
                progressive=progressive,
            )
            image = read_jpeg(path)
            levels = levels_to_tensors(image, torch.device("cpu"))
            ours = as_pixels(create_jpeg_operator(image).decode(levels)).clip(0, 255).round()
            with Image.open(path) as shown:
                error = np.abs(ours - np.asarray(shown.convert("RGB"), float))
            case = (height, width, quality)
            if height > 8:  # the few pixels of a small image may all be rounded the other way
                assert error.mean() < 0.5, case
            assert error.max() <= 3, case
            assert image.size == (width, height)
            assert image.quality.factor == quality
            assert image.quality.is_exact


def test_levels_are_the_transform_of_what_libjpeg_decodes(tmp_path):
    pixels = photograph(48, 64) // 2 + 60  # away from black and white, so that no pixel is clipped
    path = write_jpeg(tmp_path / "a.jpg", pixels, quality=50, sampling="4:4:4")
    image = read_jpeg(path)
    with Image.open(path) as shown:
        shown.draft("YCbCr", shown.size)
        assert shown.mode == "YCbCr"
        planes = np.asarray(shown, float)
    for component, (levels, table) in enumerate(
        zip(image.levels, image.quantization_tables, strict=True)
    ):
        blocks = (planes[:, :, component] - 128).reshape(6, 8, 8, 8).transpose(0, 2, 1, 3)
        expected = dctn(blocks, axes=(2, 3), norm="ortho") / table.reshape(8, 8)
        assert np.array_equal(levels, expected.round())


def test_baseline_and_progressive_hold_the_same_levels(tmp_path):
    pixels = photograph(31, 37)
    plain = read_jpeg(write_jpeg(tmp_path / "a.jpg", pixels))
    progressive = read_jpeg(write_jpeg(tmp_path / "b.jpg", pixels, progressive=True))
    assert all(map(np.array_equal, plain.levels, progressive.levels))
    assert all(map(np.array_equal, plain.quantization_tables, progressive.quantization_tables))


def test_blocks_cover_the_true_size_without_mcu_padding(tmp_path):
    image = read_jpeg(write_jpeg(tmp_path / "a.jpg", photograph(31, 37), sampling="4:2:0"))
    assert [k.shape for k in image.levels] == [(4, 5, 8, 8), (2, 3, 8, 8), (2, 3, 8, 8)]
    assert all(k.dtype == np.int16 for k in image.levels)


def test_each_component_gets_the_table_it_names(tmp_path):
    """Each component of a JPEG gets the quantization table to which the file refers.

    Pillow writes only two different tables for three components.
    """
    tables = [[s + 10 * n for s in range(2, 66)] for n in range(3)]
    path = tmp_path / "a.jpg"
    path.write_bytes(jpeg_bytes(photograph(16, 16), qtables=tables, subsampling=0))
    image = read_jpeg(path)
    with Image.open(path) as shown:
        written = shown.quantization
    numbers = [c.table_number for c in image.header.components]
    assert [t.tolist() for t in image.quantization_tables] == [written[n] for n in numbers]
    assert not image.quality.is_exact


def test_restart_markers_change_no_level(tmp_path):
    pixels = photograph(40, 40)
    path = tmp_path / "a.jpg"
    path.write_bytes(jpeg_bytes(pixels, restart_marker_blocks=1))
    plain = read_jpeg(write_jpeg(tmp_path / "b.jpg", pixels))
    assert all(map(np.array_equal, read_jpeg(path).levels, plain.levels))


def test_grey_file_with_sampling_factors_of_two(tmp_path):
    """Sampling factors of a gray JPEG are ignored.

    A single component is not interleaved (T.81 A.2.2), so that its factors have no meaning.
    """
    data = jpeg_bytes(photograph(31, 37, grey=True))
    path, odd = tmp_path / "a.jpg", tmp_path / "b.jpg"
    path.write_bytes(data)
    odd.write_bytes(frame_byte(data, 11, 0x22))
    plain, doubled = read_jpeg(path), read_jpeg(odd)
    assert np.array_equal(plain.levels[0], doubled.levels[0])
    cpu = torch.device("cpu")
    shown = [create_jpeg_operator(i).decode(levels_to_tensors(i, cpu)) for i in (plain, doubled)]
    assert torch.equal(*shown)


def test_unicode_names(tmp_path):
    path = write_jpeg(tmp_path / "Größe 猫.jpg", photograph(8, 8))
    assert read_jpeg(path).size == (8, 8)


def test_a_small_file_that_claims_a_huge_picture_is_refused(tmp_path):
    data = bytearray(jpeg_bytes(photograph(31, 37)))
    frame = data.index(b"\xff\xc0")
    data[frame + 5 : frame + 9] = (65_500).to_bytes(2, "big") * 2
    path = tmp_path / "bomb.jpg"
    path.write_bytes(data)
    with pytest.raises(TooManyPixels) as error:
        read_jpeg(path)
    assert (error.value.width, error.value.height) == (65_500, 65_500)


def test_a_file_cut_off_in_its_data_is_damaged(tmp_path):
    data = jpeg_bytes(photograph(31, 37))
    path = tmp_path / "a.jpg"
    scan = data.index(b"\xff\xda")
    for length in range(scan + 20, len(data), 17):
        path.write_bytes(data[:length])
        with pytest.raises(DamagedJpeg) as error:
            read_jpeg(path)
        assert error.value.path == path
        assert error.value.damage


def test_a_file_cut_off_but_ended_properly_is_damaged(tmp_path, capfd):
    """A JPEG with half of the image and an end marker, as from repair tools, counts as damaged."""
    data = jpeg_bytes(photograph(64, 64))
    path = tmp_path / "a.jpg"
    path.write_bytes(data[: len(data) // 2 + 300].rstrip(b"\xff") + b"\xff\xd9")
    with pytest.raises(DamagedJpeg):
        read_jpeg(path)
    assert capfd.readouterr().err == ""


def test_more_blocks_in_an_mcu_than_allowed_are_damage(tmp_path):
    """A JPEG with twelve blocks in an MCU counts as damaged; T.81 B.2.3 allows ten."""
    data = jpeg_bytes(photograph(31, 37))
    for offset in (11, 14, 17):
        data = frame_byte(data, offset, 0x22)
    path = tmp_path / "a.jpg"
    path.write_bytes(data)
    for tolerate in (False, True):
        with pytest.raises(DamagedJpeg, match="does not decode"):
            read_jpeg(path, tolerate_damage=tolerate)


@pytest.mark.parametrize("progressive", [False, True])
def test_corrupt_data_is_damaged_or_decodes_in_silence(tmp_path, capfd, progressive):
    rng = np.random.default_rng(2)
    original = jpeg_bytes(photograph(31, 37), progressive=progressive)
    scan = original.index(b"\xff\xda")
    path = tmp_path / "a.jpg"
    damaged = 0
    for _ in range(100):
        data = np.frombuffer(original, np.uint8).copy()
        data[rng.integers(scan + 2, len(data), 3)] = rng.integers(0, 256, 3)
        path.write_bytes(data.tobytes())
        try:
            levels = read_jpeg(path).levels
        except (DamagedJpeg, UnsupportedJpeg):
            damaged += 1
        else:
            assert [k.shape for k in levels] == [(4, 5, 8, 8), (2, 3, 8, 8), (2, 3, 8, 8)]
    assert damaged > 10
    captured = capfd.readouterr()
    assert (captured.out, captured.err) == ("", "")


def test_any_mutation_raises_core_errors_only(tmp_path, capfd):
    rng = np.random.default_rng(3)
    original = jpeg_bytes(photograph(16, 16), quality=40)
    path = tmp_path / "a.jpg"
    for _ in range(200):
        data = np.frombuffer(original, np.uint8).copy()
        data[rng.integers(2, len(data))] = rng.integers(0, 256)
        path.write_bytes(data.tobytes())
        try:
            image = read_jpeg(path)
        except CoreError:
            continue
        if image.header.width * image.header.height < 10_000:
            operator = create_jpeg_operator(image)
            operator.decode(levels_to_tensors(image, torch.device("cpu")))
    assert capfd.readouterr().err == ""


def unsupported(tmp_path: Path, data: bytes) -> str:
    path = tmp_path / "a.jpg"
    path.write_bytes(data)
    with pytest.raises(UnsupportedJpeg) as error:
        read_jpeg(path)
    assert error.value.path == path
    return str(error.value.feature)


def test_ratios_that_are_not_whole_are_unsupported(tmp_path):
    data = frame_byte(frame_byte(jpeg_bytes(photograph(16, 16)), 11, 0x31), 14, 0x21)
    assert unsupported(tmp_path, data) == "chroma sampling 3x1 2x1 1x1 (not whole ratios)"


def test_two_components_are_unsupported(tmp_path):
    data = jpeg_bytes(photograph(16, 16))
    frame = data.index(b"\xff\xc0")
    shorter = data[:frame] + b"\xff\xc0\0\x0e" + data[frame + 4 : frame + 9] + b"\2"
    shorter += data[frame + 10 : frame + 16] + data[frame + 19 :]
    assert unsupported(tmp_path, shorter) == "2 components color"


def test_sides_that_libjpeg_does_not_read_are_unsupported(tmp_path):
    data = frame_byte(frame_byte(jpeg_bytes(photograph(16, 16)), 7, 255), 8, 255)
    assert unsupported(tmp_path, data) == "a side of more than 65,500 pixels"


def test_tables_that_change_between_scans_are_unsupported(tmp_path):
    """A JPEG that redefines a component's quantization table between two of its scans is refused.

    T.81 allows this, but the levels of the component then have no common table.
    """
    data = jpeg_bytes(photograph(16, 16), progressive=True)
    place = data.index(b"\xff\xdb")
    length = int.from_bytes(data[place + 2 : place + 4])
    table = data[place : place + 2 + length]
    second = data.index(b"\xff\xda", data.index(b"\xff\xda") + 2)
    path = tmp_path / "same.jpg"
    path.write_bytes(data[:second] + table + data[second:])
    assert read_jpeg(path).damage is None
    other = table[:10] + bytes([table[10] + 1]) + table[11:]
    feature = unsupported(tmp_path, data[:second] + other + data[second:])
    assert feature == "quantization tables that change between scans"


def levels_of(plane: NDArray[np.uint8], table: NDArray[np.uint16]) -> NDArray[np.float64]:
    """Return the levels of a plane of pixels, computed by scipy's DCT.

    Sides are multiples of 8; the levels are (block rows, block columns, 8, 8).
    """
    rows, columns = plane.shape[0] // 8, plane.shape[1] // 8
    blocks = (plane - 128.0).reshape(rows, 8, columns, 8).transpose(0, 2, 1, 3)
    return (dctn(blocks, axes=(2, 3), norm="ortho") / table.reshape(8, 8)).round()


@pytest.mark.parametrize("mode", ["RGB", "CMYK"])
def test_rgb_and_cmyk_are_read_as_they_are(tmp_path, mode):
    pixels = photograph(48, 64) // 2 + 60
    if mode == "CMYK":
        pixels = np.dstack([pixels, photograph(48, 64, grey=True, seed=1) // 2 + 60])
    path = tmp_path / "a.jpg"
    options = {"keep_rgb": True} if mode == "RGB" else {}
    Image.fromarray(pixels, mode).save(path, quality=50, subsampling=0, **options)
    image = read_jpeg(path)
    assert image.color_model_name == mode
    with Image.open(path) as shown:
        planes = np.asarray(shown)
    if mode == "CMYK":  # Pillow returns ink; Adobe's files store 255 minus ink
        planes = 255 - planes
    for number, (levels, table) in enumerate(
        zip(image.levels, image.quantization_tables, strict=True)
    ):
        assert np.array_equal(levels, levels_of(planes[:, :, number], table))


@pytest.mark.parametrize("sampling", ["4:1:1", "4:1:0", "4:4:0"])
def test_other_samplings(tmp_path, sampling):
    pixels = photograph(48, 64) // 2 + 60
    path = tmp_path / "a.jpg"
    with jpeglib.version("turbo210"):
        written = jpeglib.from_spatial(pixels)
        written.samp_factor = sampling
        written.write_spatial(str(path), qt=50)
    image = read_jpeg(path)
    assert image.header.chroma_sampling in (sampling, "4x2 1x1 1x1")
    across = max(c.horizontal_factor for c in image.components)
    down = max(c.vertical_factor for c in image.components)
    assert [k.shape[:2] for k in image.levels[1:]] == [(6 // down, 8 // across)] * 2
    with Image.open(path) as shown:
        shown.draft("L", shown.size)
        luma = np.asarray(shown)
    assert np.array_equal(image.levels[0], levels_of(luma, image.quantization_tables[0]))


def test_the_limit_on_pixels_can_be_raised(tmp_path):
    path = write_jpeg(tmp_path / "a.jpg", photograph(31, 37))
    with pytest.raises(TooManyPixels) as error:
        read_jpeg(path, max_pixels=1146)
    assert error.value.max_pixels == 1146
    assert read_jpeg(path, max_pixels=1147).size == (37, 31)


@pytest.mark.parametrize(
    ("code", "feature"),
    [
        (0xC3, "lossless coding"),
        (0xC5, "hierarchical coding"),
        (0xCB, "lossless coding"),
        (0xCD, "hierarchical coding"),
    ],
)
def test_other_codings_are_unsupported(tmp_path, code, feature):
    assert unsupported(tmp_path, frame_byte(jpeg_bytes(photograph(16, 16)), 1, code)) == feature


def test_twelve_bits_are_unsupported(tmp_path):
    data = frame_byte(jpeg_bytes(photograph(16, 16)), 4, 12)
    assert unsupported(tmp_path, data) == "12-bit samples"


def test_a_png_called_jpg_is_no_jpeg(tmp_path):
    path = tmp_path / "a.jpg"
    Image.fromarray(photograph(8, 8)).save(path, "PNG")
    with pytest.raises(NotAJpeg):
        read_jpeg(path)
