"""One band's levels and coefficients, against numpy, scipy and what `verify` counts."""

from __future__ import annotations

import io

import numpy as np
import pytest
import torch
from PIL import Image
from scipy.fft import dctn

from ddrm_core.cancel import CancelToken
from ddrm_core.errors import Cancelled
from ddrm_core.imaging.quantize_pixels import rounded_picture
from ddrm_core.imaging.rectangle import Rectangle
from ddrm_core.jpeg.assumed_levels import assume_quality
from ddrm_core.jpeg.read import read_jpeg
from ddrm_core.verification.band_statistics import (
    CELLS,
    bin_of,
    coefficient_at,
    count_levels,
    spread_in_band,
)
from ddrm_core.verification.verify import verify_picture

SUBSAMPLINGS = {"4:4:4": 0, "4:2:2": 1, "4:2:0": 2}


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
    return lambda place: picture[:, *place.seen_from(Rectangle(0, 0, *picture.shape[:0:-1]))]


def whole(image):
    return Rectangle(0, 0, *image.size)


@pytest.mark.parametrize("band", [0, 1, 8, 13, 63])
@pytest.mark.parametrize("component", [0, 2])
def test_levels_are_counted_as_numpy_counts_them(jpeg, component, band):
    image, _ = jpeg()
    found = count_levels(image, component, band)
    values, counts = np.unique(image.levels[component].reshape(-1, 64)[:, band], return_counts=True)
    assert (found.first, found.last) == (values[0], values[-1])
    assert found.total == counts.sum()
    assert {
        v: found.count(v) for v in range(found.first - 2, found.last + 3) if found.count(v)
    } == {int(v): int(c) for v, c in zip(values, counts, strict=True)}
    assert found.step == image.quantization_tables[component][band]


def test_bins_meet_halfway_between_levels():
    assert bin_of(0, 7) == (-3.5, 3.5)
    assert bin_of(-3, 16) == (-56, -40)
    assert all(bin_of(k, 5)[1] == bin_of(k + 1, 5)[0] for k in range(-9, 9))


@pytest.mark.parametrize("size", [(61, 83), (8, 8), (1, 1), (33, 16)])
def test_a_grey_picture_against_scipy(jpeg, size):
    image, picture = jpeg(*size, grey=True)
    padded = np.pad(picture[0].numpy(), ((0, -size[0] % 8), (0, -size[1] % 8)), mode="edge")
    blocks = padded.reshape(padded.shape[0] // 8, 8, -1, 8).swapaxes(1, 2) - 128.0
    reference = dctn(blocks, axes=(2, 3), norm="ortho")
    for band in (0, 3, 17):
        v, u = divmod(band, 8)
        step = int(image.quantization_tables[0][band])
        spread = spread_in_band(image, at(picture), whole(image), 0, band, CancelToken())
        values = reference[:, :, v, u]
        assert spread.blocks == spread.of == values.size
        assert spread.counts.sum() == values.size
        # Values at the border of two cells may be rounded to either.
        edges = spread.edges()
        assert len(edges) == len(spread.counts) + 1
        for low, high, count in zip(edges, edges[1:], spread.counts, strict=False):
            least = ((values > low + 1e-3) & (values < high - 1e-3)).sum()
            most = ((values > low - 1e-3) & (values < high + 1e-3)).sum()
            assert least <= count <= most
        for row in (0, values.shape[0] - 1):
            place = (min(size[1] - 1, 9), min(8 * row, size[0] - 1))
            there = coefficient_at(image, place, 0, band, at(picture))
            assert (there.column, there.row) == (place[0] // 8, row)
            assert there.step == step
            assert there.level == image.levels[0][row, place[0] // 8, v, u]
            assert there.coefficient == pytest.approx(values[row, place[0] // 8], abs=1e-3)


@pytest.mark.parametrize(
    ("sampling", "size"), [("4:4:4", (17, 40)), ("4:2:2", (16, 16)), ("4:2:0", (41, 27))]
)
def test_all_bands_together_are_what_verify_counts(jpeg, sampling, size):
    image, picture = jpeg(*size, sampling=sampling)
    picture = rounded_picture(picture + 3 * torch.randn(picture.shape), bits=8)
    counted = verify_picture(image, picture).consistency
    for component, theirs in enumerate(counted.components):
        spreads = [
            spread_in_band(image, at(picture), whole(image), component, band, CancelToken())
            for band in range(64)
        ]
        assert sum(s.inside for s in spreads) == theirs.inside
        assert sum(s.blocks for s in spreads) == theirs.coefficients


@pytest.mark.parametrize("component", [0, 1])
def test_every_place_belongs_to_the_block_that_covers_it(jpeg, component):
    image, picture = jpeg(40, 56)
    side = 8 if component == 0 else 16
    for place in [(0, 0), (7, 15), (8, 16), (55, 39), (31, 20)]:
        found = coefficient_at(image, place, component, 2, at(picture))
        assert (found.column, found.row) == (place[0] // side, place[1] // side)
        assert found.level == image.levels[component][found.row, found.column, 0, 2]
        low, high = found.bin
        assert found.inside == (low - 0.005 <= found.coefficient <= high + 0.005)


def test_a_shifted_grid_and_a_region(jpeg):
    image, picture = jpeg(61, 83)
    moved = assume_quality(image, 20, grid_left=3, grid_top=5)
    found = coefficient_at(moved, (4, 2), 0, 0, at(picture))
    assert (found.column, found.row) == (0, 0)
    found = coefficient_at(moved, (5, 3), 0, 0, at(picture))
    assert (found.column, found.row) == (1, 1)
    assert found.coefficient is not None
    # Of a region, only what lies wholly in it.
    region = Rectangle(10, 10, 40, 40)
    cut = lambda place: picture[:, *place.seen_from(Rectangle(0, 0, 83, 61))]  # noqa: E731
    assert coefficient_at(image, (12, 12), 0, 0, cut, region).coefficient is None
    whole_one = coefficient_at(image, (20, 20), 0, 0, cut, region)
    assert whole_one == coefficient_at(image, (20, 20), 0, 0, at(picture))
    spread = spread_in_band(image, cut, region, 0, 0, CancelToken())
    assert spread.blocks == spread.of == 16  # rows and columns 16 to 47


def test_without_a_result_there_is_the_level_alone(jpeg):
    image, _ = jpeg()
    found = coefficient_at(image, (82, 60), 0, 5)
    assert found.coefficient is None
    assert found.inside is None
    assert found.level == image.levels[0][7, 10, 0, 5]


def test_cells_of_a_bin(jpeg):
    image, picture = jpeg(grey=True)
    spread = spread_in_band(image, at(picture), whole(image), 0, 0, CancelToken())
    bins = range(spread.first // CELLS - 1, (spread.first + len(spread.counts)) // CELLS + 2)
    assert sum(spread.in_bin(level).sum() for level in bins) == spread.blocks
    edges = spread.edges()
    low, high = bin_of(bins[2], spread.step)
    within = (edges[:-1] >= low - 1e-9) & (edges[1:] <= high + 1e-9)
    assert spread.in_bin(bins[2]).sum() == spread.counts[within].sum()


def test_a_huge_picture_is_looked_at_here_and_there(jpeg):
    image, picture = jpeg(2100, 1000, grey=True)
    asked = []

    def noted(place):
        asked.append(place)
        return at(picture)(place)

    spread = spread_in_band(image, noted, whole(image), 0, 0, CancelToken(), most_pixels=800_000)
    assert spread.of == image.levels[0][:, :, 0, 0].size
    assert 0.3 < spread.blocks / spread.of < 0.6
    assert sum(place.pixels for place in asked) < 1_100_000
    assert asked[0].top == 0
    assert asked[-1].bottom > 1000  # from all over the picture


def test_it_can_be_cancelled(jpeg):
    image, picture = jpeg(grey=True)
    token = CancelToken()
    token.cancel()
    with pytest.raises(Cancelled):
        spread_in_band(image, at(picture), whole(image), 0, 0, token)


def test_a_damaged_files_unread_blocks_do_not_count(tmp_path):
    out = io.BytesIO()
    Image.fromarray(smooth(160, 160, 1)[:, :, 0]).save(out, "JPEG", quality=60)
    path = tmp_path / "cut.jpg"
    path.write_bytes(out.getvalue()[: len(out.getvalue()) // 2])
    image = read_jpeg(path, tolerate_damage=True)
    assert image.damage is not None
    read = int(image.damage.intact_mcus.sum())
    assert 0 < read < 400
    assert count_levels(image, 0, 0).total == read
    picture = torch.zeros(1, 160, 160)
    assert spread_in_band(image, at(picture), whole(image), 0, 0, CancelToken()).blocks == read
    assert coefficient_at(image, (0, 0), 0, 0).readable
    assert not coefficient_at(image, (159, 159), 0, 0).readable
