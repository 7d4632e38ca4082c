"""Levels and coefficients of a band, compared with numpy, scipy and `verify`."""

from __future__ import annotations

import io

import numpy as np
import pytest
import torch
from PIL import Image
from scipy.fft import dctn

from ddrm_core.cancel import CancelToken
from ddrm_core.errors import OperationCancelled
from ddrm_core.imaging.quantize_pixels import quantize_image
from ddrm_core.imaging.rectangle import Rectangle
from ddrm_core.jpeg.assumed_levels import assume_quality
from ddrm_core.jpeg.read import read_jpeg
from ddrm_core.verification.band_statistics import (
    CELLS_PER_BIN,
    compute_bin_edges,
    count_levels,
    measure_coefficient_histogram,
    read_coefficient,
)
from ddrm_core.verification.verify import verify_jpeg_pixels

SUBSAMPLINGS = {"4:4:4": 0, "4:2:2": 1, "4:2:0": 2}


def cell_edges(histogram):
    """Return the edges of all cells in gray levels, one more than cells."""
    cells = np.arange(histogram.first_cell, histogram.first_cell + len(histogram.counts) + 1)
    return (cells / CELLS_PER_BIN - 0.5) * histogram.bin_width


def smooth(height, width, channels, seed=5):
    rng = np.random.default_rng(seed)
    coarse = rng.integers(0, 256, (height // 4 + 1, width // 4 + 1, channels), np.uint8)
    return coarse.repeat(4, 0).repeat(4, 1)[:height, :width]


@pytest.fixture
def jpeg(tmp_path):
    def make(height=61, width=83, *, sampling="4:2:0", quality=40, grey=False):
        pixels = smooth(height, width, 1 if grey else 3)
        image = Image.fromarray(pixels[:, :, 0] if grey else pixels)
        path = tmp_path / f"{height}x{width}{sampling[-1]}{grey}.jpg"
        options = {} if grey else {"subsampling": SUBSAMPLINGS[sampling]}
        image.save(path, quality=quality, **options)
        planes = pixels.transpose(2, 0, 1).astype(np.float32)
        return read_jpeg(path), torch.from_numpy(planes)

    return make


def at(picture):
    return lambda place: picture[:, *place.slices_in(Rectangle(0, 0, *picture.shape[:0:-1]))]


def whole(image):
    return Rectangle(0, 0, *image.size)


@pytest.mark.parametrize("band", [0, 1, 8, 13, 63])
@pytest.mark.parametrize("component", [0, 2])
def test_levels_are_counted_as_numpy_counts_them(jpeg, component, band):
    image, _ = jpeg()
    found = count_levels(image, component, band)
    values, counts = np.unique(image.levels[component].reshape(-1, 64)[:, band], return_counts=True)
    assert (found.lowest_level, found.highest_level) == (values[0], values[-1])
    assert found.total_count == counts.sum()
    assert {
        v: found.count_of(v)
        for v in range(found.lowest_level - 2, found.highest_level + 3)
        if found.count_of(v)
    } == {int(v): int(c) for v, c in zip(values, counts, strict=True)}
    assert found.bin_width == image.quantization_tables[component][band]


def test_bins_meet_halfway_between_levels():
    assert compute_bin_edges(0, 7) == (-3.5, 3.5)
    assert compute_bin_edges(-3, 16) == (-56, -40)
    assert all(compute_bin_edges(k, 5)[1] == compute_bin_edges(k + 1, 5)[0] for k in range(-9, 9))


@pytest.mark.parametrize("size", [(61, 83), (8, 8), (1, 1), (33, 16)])
def test_a_grey_picture_against_scipy(jpeg, size):
    image, picture = jpeg(*size, grey=True)
    padded = np.pad(picture[0].numpy(), ((0, -size[0] % 8), (0, -size[1] % 8)), mode="edge")
    blocks = padded.reshape(padded.shape[0] // 8, 8, -1, 8).swapaxes(1, 2) - 128.0
    reference = dctn(blocks, axes=(2, 3), norm="ortho")
    for band in (0, 3, 17):
        v, u = divmod(band, 8)
        step = int(image.quantization_tables[0][band])
        spread = measure_coefficient_histogram(
            image, at(picture), whole(image), 0, band, CancelToken()
        )
        values = reference[:, :, v, u]
        assert spread.examined_blocks == spread.total_blocks == values.size
        assert spread.counts.sum() == values.size
        # Values at the edge of two cells may be counted in either.
        edges = cell_edges(spread)
        assert len(edges) == len(spread.counts) + 1
        for low, high, count in zip(edges, edges[1:], spread.counts, strict=False):
            least = ((values > low + 1e-3) & (values < high - 1e-3)).sum()
            most = ((values > low - 1e-3) & (values < high + 1e-3)).sum()
            assert least <= count <= most
        for row in (0, values.shape[0] - 1):
            place = (min(size[1] - 1, 9), min(8 * row, size[0] - 1))
            there = read_coefficient(image, place, 0, band, at(picture))
            assert (there.block_column, there.block_row) == (place[0] // 8, row)
            assert there.bin_width == step
            assert there.level == image.levels[0][row, place[0] // 8, v, u]
            assert there.coefficient == pytest.approx(values[row, place[0] // 8], abs=1e-3)


@pytest.mark.parametrize(
    ("sampling", "size"), [("4:4:4", (17, 40)), ("4:2:2", (16, 16)), ("4:2:0", (41, 27))]
)
def test_all_bands_together_are_what_verify_counts(jpeg, sampling, size):
    image, picture = jpeg(*size, sampling=sampling)
    picture = quantize_image(picture + 3 * torch.randn(picture.shape), bits=8)
    counted = verify_jpeg_pixels(image, picture).consistency
    for component, theirs in enumerate(counted.components):
        spreads = [
            measure_coefficient_histogram(
                image, at(picture), whole(image), component, band, CancelToken()
            )
            for band in range(64)
        ]
        assert sum(s.inside_count for s in spreads) == theirs.inside
        assert sum(s.examined_blocks for s in spreads) == theirs.coefficients


@pytest.mark.parametrize("component", [0, 1])
def test_every_place_belongs_to_the_block_that_covers_it(jpeg, component):
    image, picture = jpeg(40, 56)
    side = 8 if component == 0 else 16
    for place in [(0, 0), (7, 15), (8, 16), (55, 39), (31, 20)]:
        found = read_coefficient(image, place, component, 2, at(picture))
        assert (found.block_column, found.block_row) == (place[0] // side, place[1] // side)
        assert found.level == image.levels[component][found.block_row, found.block_column, 0, 2]
        low, high = found.bin_edges
        assert found.is_inside_bin == (low - 0.005 <= found.coefficient <= high + 0.005)


def test_a_shifted_grid_and_a_region(jpeg):
    image, picture = jpeg(61, 83)
    moved = assume_quality(image, 20, grid_left=3, grid_top=5)
    found = read_coefficient(moved, (4, 2), 0, 0, at(picture))
    assert (found.block_column, found.block_row) == (0, 0)
    found = read_coefficient(moved, (5, 3), 0, 0, at(picture))
    assert (found.block_column, found.block_row) == (1, 1)
    assert found.coefficient is not None
    # In a region, only complete blocks count.
    region = Rectangle(10, 10, 40, 40)
    cut = lambda place: picture[:, *place.slices_in(Rectangle(0, 0, 83, 61))]  # noqa: E731
    assert read_coefficient(image, (12, 12), 0, 0, cut, region).coefficient is None
    whole_one = read_coefficient(image, (20, 20), 0, 0, cut, region)
    assert whole_one == read_coefficient(image, (20, 20), 0, 0, at(picture))
    spread = measure_coefficient_histogram(image, cut, region, 0, 0, CancelToken())
    assert spread.examined_blocks == spread.total_blocks == 16  # blocks at 16 to 47


def test_without_a_result_there_is_the_level_alone(jpeg):
    image, _ = jpeg()
    found = read_coefficient(image, (82, 60), 0, 5)
    assert found.coefficient is None
    assert found.is_inside_bin is None
    assert found.level == image.levels[0][7, 10, 0, 5]


def test_cells_of_a_bin(jpeg):
    image, picture = jpeg(grey=True)
    spread = measure_coefficient_histogram(image, at(picture), whole(image), 0, 0, CancelToken())
    bins = range(
        spread.first_cell // CELLS_PER_BIN - 1,
        (spread.first_cell + len(spread.counts)) // CELLS_PER_BIN + 2,
    )
    assert sum(spread.counts_in_bin(level).sum() for level in bins) == spread.examined_blocks
    edges = cell_edges(spread)
    low, high = compute_bin_edges(bins[2], spread.bin_width)
    within = (edges[:-1] >= low - 1e-9) & (edges[1:] <= high + 1e-9)
    assert spread.counts_in_bin(bins[2]).sum() == spread.counts[within].sum()


def test_a_huge_picture_is_looked_at_here_and_there(jpeg):
    image, picture = jpeg(2100, 1000, grey=True)
    asked = []

    def noted(place):
        asked.append(place)
        return at(picture)(place)

    spread = measure_coefficient_histogram(
        image, noted, whole(image), 0, 0, CancelToken(), max_pixels=800_000
    )
    assert spread.total_blocks == image.levels[0][:, :, 0, 0].size
    assert 0.3 < spread.examined_blocks / spread.total_blocks < 0.6
    assert sum(place.pixel_count for place in asked) < 1_100_000
    assert asked[0].top == 0
    assert asked[-1].bottom > 1000  # from the entire image


def test_it_can_be_cancelled(jpeg):
    image, picture = jpeg(grey=True)
    token = CancelToken()
    token.cancel()
    with pytest.raises(OperationCancelled):
        measure_coefficient_histogram(image, at(picture), whole(image), 0, 0, token)


def test_a_damaged_files_unread_blocks_do_not_count(tmp_path):
    out = io.BytesIO()
    Image.fromarray(smooth(160, 160, 1)[:, :, 0]).save(out, "JPEG", quality=60)
    path = tmp_path / "cut.jpg"
    path.write_bytes(out.getvalue()[: len(out.getvalue()) // 2])
    image = read_jpeg(path, tolerate_damage=True)
    assert image.damage is not None
    read = int(image.damage.intact_mcus.sum())
    assert 0 < read < 400
    assert count_levels(image, 0, 0).total_count == read
    picture = torch.zeros(1, 160, 160)
    assert (
        measure_coefficient_histogram(
            image, at(picture), whole(image), 0, 0, CancelToken()
        ).examined_blocks
        == read
    )
    assert read_coefficient(image, (0, 0), 0, 0).is_intact
    assert not read_coefficient(image, (159, 159), 0, 0).is_intact
