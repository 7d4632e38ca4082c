"""A previous compression is found if and only if there was one."""

from __future__ import annotations

import io
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from ddrm_core.jpeg.image import JpegImage
from ddrm_core.jpeg.linear_maps.dct import dct_basis_images
from ddrm_core.jpeg.read import read_jpeg
from ddrm_core.jpeg.recompression import (
    PreviousCompression,
    detect_from_coefficients,
    detect_from_pixels,
)
from ddrm_core.jpeg.recompression.block_histograms import (
    DCT_MATRIX,
    compute_block_coefficients,
    crop_center,
    plane_from_coefficients,
)
from ddrm_core.jpeg.recompression.shifted_grid import compute_shifted_noise
from tests.support.paths import ROOT
from tests.support.pictures import FACTORS, PILLOW_SAMPLING, jpeg_bytes, photograph

BUDGIE = ROOT / "resources/samples/budgie_branch_original.png"


@pytest.fixture(scope="module")
def budgie() -> NDArray[np.uint8]:
    return np.asarray(Image.open(BUDGIE).convert("RGB"))


def compressed(
    pixels: NDArray[np.uint8], quality: int, sampling: str = "4:2:0"
) -> NDArray[np.uint8]:
    """Return the pixels that an ordinary decoder shows after a JPEG compression of `pixels`."""
    options = {} if sampling == "grey" else {"subsampling": PILLOW_SAMPLING[sampling]}
    data = jpeg_bytes(pixels, quality=quality, **options)
    return np.asarray(Image.open(io.BytesIO(data)))


def stored(folder: Path, pixels: NDArray[np.uint8], quality: int) -> JpegImage:
    path = folder / "a.jpg"
    path.write_bytes(jpeg_bytes(pixels, quality=quality))
    return read_jpeg(path)


def cut(pixels: NDArray[np.uint8], left: int, top: int) -> NDArray[np.uint8]:
    return np.ascontiguousarray(pixels[top:, left:])


def drawings() -> dict[str, NDArray[np.uint8]]:
    """Return uncompressed gray images whose coefficients are on lattices, by name.

    A detector may mistake the lattices for signs of a compression.
    """
    rng = np.random.default_rng(0)
    y, x = np.mgrid[:240, :320]
    grey = {
        "flat": np.full((240, 320), 100),
        "black": np.zeros((240, 320)),
        "stripes": x % 2 * 100 + 50,
        "checks": (x // 8 + y // 8) % 2 * 100 + 50,
        "gradient": 20 + 0.3 * x + 0.1 * y,
        "dither": np.where(rng.random((240, 320)) < x / 320, 200, 60),
        "tiles": np.tile(rng.integers(1, 254, (16, 16)), (15, 20)),
        "enlarged": np.kron(rng.integers(1, 254, (60, 80)), np.ones((4, 4))),
        "noise": rng.integers(0, 256, (240, 320)),
    }
    return {name: plane.astype(np.uint8) for name, plane in grey.items()}


@pytest.mark.parametrize("sampling", ["grey", "4:4:4", "4:2:2", "4:2:0"])
@pytest.mark.parametrize(("quality", "left", "top"), [(30, 3, 14), (75, 9, 0), (92, 8, 7)])
def test_a_screenshot_of_a_jpeg_tells_grid_quality_and_sampling(
    budgie, sampling, quality, left, top
):
    source = budgie[:, :, 1] if sampling == "grey" else budgie
    horizontal, vertical = FACTORS[sampling]
    found = detect_from_pixels(cut(compressed(source, quality, sampling), left, top))
    assert found is not None
    place = (left % (8 * horizontal), top % (8 * vertical))
    assert (found.quality, found.left, found.top, found.sampling) == (quality, *place, sampling)
    assert 0.9 <= found.confidence <= 1


def test_a_made_picture_is_enough_and_so_is_a_small_piece():
    pixels = compressed(photograph(150, 203), 60)
    for piece in (cut(pixels, 5, 2), cut(pixels, 16 + 5, 16 + 2)[:80, :100]):
        found = detect_from_pixels(piece)
        assert found is not None
        assert (found.quality, found.left, found.top) == (60, 5, 2)


def test_of_a_large_picture_the_middle_tells_the_grid_of_the_whole(budgie):
    rows, columns = 1500 // budgie.shape[0] + 1, 1700 // budgie.shape[1] + 1
    large = compressed(np.tile(budgie, (rows, columns, 1)), 80)
    found = detect_from_pixels(cut(large, 11, 6))
    assert found is not None
    assert (found.quality, found.left, found.top) == (80, 11, 6)


def test_pictures_never_compressed_show_nothing(budgie):
    assert detect_from_pixels(budgie) is None
    assert detect_from_pixels(photograph(120, 130)) is None
    assert detect_from_pixels(photograph(120, 130, grey=True)) is None


@pytest.mark.parametrize("name", drawings())
def test_drawings_are_not_taken_for_jpegs(tmp_path, name):
    plane = drawings()[name]
    assert detect_from_pixels(plane) is None
    assert detect_from_pixels(np.repeat(plane[:, :, None], 3, 2)) is None
    for quality in (50, 90):
        assert detect_from_coefficients(stored(tmp_path, plane, quality)) is None


@pytest.mark.parametrize(
    "shape", [(0, 0, 3), (0, 5), (1, 1, 3), (8, 8), (37, 31, 3), (1, 9000), (9000, 33, 3)]
)
def test_what_is_too_small_to_tell_is_nothing(shape):
    pixels = np.random.default_rng(1).integers(0, 256, shape).astype(np.uint8)
    assert detect_from_pixels(pixels) is None


@pytest.mark.parametrize(
    ("first", "second", "left", "top"),
    [
        (25, 60, 0, 0),
        (85, 95, 8, 16),
        (50, 56, 8, 0),
        (25, 60, 3, 6),
        (50, 80, 0, 5),
        (85, 95, 6, 1),
        (70, 92, 4, 4),
        (70, 92, 3, 5),
    ],
)
def test_a_jpeg_tells_a_harsher_compression_on_its_grid_or_another(
    tmp_path, budgie, first, second, left, top
):
    found = detect_from_coefficients(
        stored(tmp_path, cut(compressed(budgie, first), left, top), second)
    )
    assert found is not None
    assert (found.left, found.top, found.sampling) == (left % 8, top % 8, "4:2:0")
    assert abs(found.quality - first) <= 2


@pytest.mark.parametrize("quality", [20, 50, 90, 100])
def test_a_jpeg_compressed_once_shows_nothing(tmp_path, budgie, quality):
    assert detect_from_coefficients(stored(tmp_path, budgie, quality)) is None


def test_a_milder_or_equal_compression_before_does_not_count(tmp_path, budgie):
    for first in (60, 95):
        assert detect_from_coefficients(stored(tmp_path, compressed(budgie, first), 60)) is None


def test_small_and_grey_jpegs(tmp_path, budgie):
    assert detect_from_coefficients(stored(tmp_path, photograph(37, 31), 80)) is None
    assert detect_from_coefficients(stored(tmp_path, photograph(1, 1, grey=True), 80)) is None
    grey = compressed(budgie[:, :, 1], 40, "grey")
    found = detect_from_coefficients(stored(tmp_path, grey, 85))
    assert found == PreviousCompression(40, 0, 0, "grey", 0.98)


def test_coefficients_are_those_of_the_codec_and_invert():
    rng = np.random.default_rng(2)
    plane = rng.normal(0, 40, (24, 40)).astype(np.float32)
    found = compute_block_coefficients(plane)
    assert found.shape == (8, 8, 15)
    images = dct_basis_images().numpy().reshape(64, 8, 8)
    expected = np.einsum("kyx,yx->k", images, plane[8:16, 16:24]).reshape(8, 8)
    np.testing.assert_allclose(found[:, :, 5 + 2], expected, atol=1e-3)
    again = plane_from_coefficients(found.transpose(2, 0, 1).reshape(3, 5, 8, 8))
    np.testing.assert_allclose(again, plane, atol=1e-3)


def test_noise_on_a_moved_grid_is_what_a_simulation_gives():
    rng = np.random.default_rng(3)
    spread = rng.uniform(0.5, 9, 64)
    errors = rng.normal(0, 1, (60, 60, 64)) * spread
    plane = plane_from_coefficients(errors.reshape(60, 60, 8, 8).astype(np.float32))
    moved = compute_block_coefficients(plane[8 - 3 : -3, 8 - 6 : -6]).std(2).ravel()
    expected = np.sqrt(compute_shifted_noise(spread**2, 6, 3) ** 2)
    np.testing.assert_allclose(moved, expected, rtol=0.05)


def test_the_middle_of_a_picture_is_at_most_a_megapixel_and_whole_if_it_can_be():
    for shape in ((40, 50), (1024, 1024, 3), (3000, 2000), (20, 400_000), (300, 20_000)):
        pixels = np.zeros(shape, np.uint8)
        piece, left, top = crop_center(pixels)
        assert piece.shape[0] * piece.shape[1] <= 1 << 20
        assert piece.shape[:2] == shape[:2] or piece.shape[0] * piece.shape[1] > 0.9 * (1 << 20)
        assert left == (shape[1] - piece.shape[1]) // 2
        assert top == (shape[0] - piece.shape[0]) // 2


def test_the_basis_is_orthonormal():
    np.testing.assert_allclose(DCT_MATRIX @ DCT_MATRIX.T, np.eye(8), atol=1e-6)


@pytest.mark.parametrize("first", [5, 10, 18])
@pytest.mark.parametrize("second", [80, 96])
def test_a_very_harsh_compression_is_not_taken_for_one_whose_steps_divide_its_steps(
    tmp_path, budgie, first, second
):
    decoded = Image.open(io.BytesIO(jpeg_bytes(np.asarray(budgie), quality=first)))
    path = tmp_path / "a.jpg"
    decoded.crop((3, 5, *decoded.size)).save(path, quality=second)
    found = detect_from_coefficients(read_jpeg(path))
    assert found is not None
    assert (found.quality, found.left, found.top) == (first, 3, 5)
