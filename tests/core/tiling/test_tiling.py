"""Tiles cover an image exactly once, and their estimates are those of the whole image."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch.nn import functional

from ddrm_core.errors import OperationCancelled
from ddrm_core.imaging.rectangle import Rectangle, rectangle_from_edges
from ddrm_core.prior.architectures.compact import CompactConfig
from ddrm_core.prior.bundled import BUNDLED_PRIOR_PATH
from ddrm_core.prior.checkpoint import load_prior
from ddrm_core.sampler.protocols import Denoiser
from ddrm_core.tiling.denoiser import TiledDenoiser, TilingRules
from ddrm_core.tiling.plan import plan_fixed_size_tiles, plan_tiles
from tests.support.small_priors import write_prior

CPU = torch.device("cpu")
sides = st.integers(1, 90)


def nothing() -> None:
    """Do nothing; a `poll` function that never cancels."""


class TestRectangles:
    RECTANGLE = Rectangle(5, 7, 11, 13)

    def test_corners(self):
        r = self.RECTANGLE
        assert (r.right, r.bottom, r.pixel_count) == (16, 20, 143)
        assert rectangle_from_edges(r.left, r.top, r.right, r.bottom) == r
        assert r.expanded(2) == Rectangle(3, 5, 15, 17)
        assert r.translated(-5, 1) == Rectangle(0, 8, 11, 13)

    def test_within_is_what_both_have(self):
        assert self.RECTANGLE.intersection(Rectangle(0, 0, 10, 10)) == Rectangle(5, 7, 5, 3)
        assert self.RECTANGLE.intersection(Rectangle(16, 0, 9, 9)).pixel_count == 0

    def test_outward_is_the_smallest_aligned_around(self):
        assert self.RECTANGLE.aligned_outward(8, 16) == Rectangle(0, 0, 16, 32)
        assert Rectangle(8, 16, 8, 16).aligned_outward(8, 16) == Rectangle(8, 16, 8, 16)

    def test_slices_cut_it_out(self):
        outer = Rectangle(3, 2, 30, 40)
        y, x = np.mgrid[2:42, 3:33]
        rows, columns = self.RECTANGLE.slices_in(outer)
        assert (y[rows, columns].min(), y[rows, columns].max()) == (7, 19)
        assert (x[rows, columns].min(), x[rows, columns].max()) == (5, 15)


class TestPlans:
    @settings(deadline=None, max_examples=60)
    @given(
        sides, sides, st.integers(0, 40), st.integers(0, 40), st.integers(200, 6000),
        st.integers(0, 24), st.sampled_from([(1, 1), (8, 8), (16, 8), (32, 16)]),
    )  # fmt: skip
    def test_cores_cover_the_area_once_and_margins_are_there(
        self, width, height, left, top, pixels, margin, unit
    ):
        area = Rectangle(left, top, width, height)
        around = Rectangle(0, 0, left + width + 17, top + height + 5)
        tiles = plan_tiles(
            area, available_area=around, max_pixels=pixels, margin=margin, alignment=unit
        )
        counts = np.zeros((around.height, around.width), int)
        for tile in tiles:
            counts[tile.core.slices_in(around)] += 1
            wanted = tile.core.expanded(margin).intersection(around)
            assert tile.outer.intersection(around) == tile.outer
            assert wanted.intersection(tile.outer) == wanted
            for begin, multiple in ((tile.outer.left, unit[0]), (tile.outer.top, unit[1])):
                assert begin % multiple == 0
            for end, multiple, last in (
                (tile.outer.right, unit[0], around.right),
                (tile.outer.bottom, unit[1], around.bottom),
            ):
                assert end % multiple == 0 or end == last
        assert (counts[area.slices_in(around)] == 1).all()
        assert counts.sum() == area.pixel_count

    @settings(deadline=None)
    @given(st.integers(200, 2000), st.integers(200, 2000))
    def test_pieces_are_near_equal_and_not_too_large(self, width, height):
        area = Rectangle(0, 0, width, height)
        tiles = plan_tiles(
            area, available_area=area, max_pixels=40_000, margin=16, alignment=(8, 8)
        )
        # Edges are moved to multiples of the alignment.
        assert all(t.outer.pixel_count <= 40_000 * 1.2 for t in tiles)
        for sizes in ({t.core.width for t in tiles}, {t.core.height for t in tiles}):
            assert max(sizes) - min(sizes) <= 16

    @pytest.mark.parametrize(
        ("size", "pixels", "expected"),
        [
            ((4000, 3000), 12_600_000, [(4000, 3000)]),
            ((12000, 9000), 12_600_000, [(3000, 3000)]),
            ((100_000, 16), 100_000, [(5880, 16), (5888, 16)]),
        ],
    )
    def test_known_pictures(self, size, pixels, expected):
        area = Rectangle(0, 0, *size)
        tiles = plan_tiles(
            area, available_area=area, max_pixels=pixels, margin=48, alignment=(8, 8)
        )
        assert list(dict.fromkeys((t.core.width, t.core.height) for t in tiles)) == expected


@settings(deadline=None)
@given(
    width=st.integers(1, 900),
    height=st.integers(1, 900),
    units=st.sampled_from([(1, 256, 32), (32, 256, 32), (8, 64, 24)]),
)
def test_windows_of_one_size_cover_an_area(width, height, units):
    unit, side, margin = units
    area = Rectangle(0, 0, width, height)
    tiles = plan_fixed_size_tiles(area, tile_side=side, margin=margin, alignment=(unit, unit))
    assert sum(tile.core.pixel_count for tile in tiles) == area.pixel_count
    for tile in tiles:
        assert tile.outer.intersection(area) == tile.outer
        assert tile.core.intersection(tile.outer) == tile.core
        assert tile.outer.left % unit == tile.outer.top % unit == 0
        for across, whole in ((tile.outer.width, width), (tile.outer.height, height)):
            assert min(whole, side) - unit < across <= side
        # A core is at least a margin away from its tile's edges.
        assert tile.outer.left == 0 or tile.core.left - tile.outer.left >= margin
        assert tile.outer.right == width or tile.outer.right - tile.core.right >= margin
    assert len(tiles) < (1 + width / (side - 2 * margin)) * (1 + height / (side - 2 * margin))


class Local:
    """A denoiser that depends on pixels up to three away, with zeros around the image."""

    def __call__(self, x: torch.Tensor, sigma: float) -> torch.Tensor:
        kernel = torch.ones(3, 1, 7, 7) * sigma
        return functional.conv2d(x, kernel, padding=3, groups=3)


class Attentive:
    """A denoiser in which every pixel depends on its whole tile."""

    def __call__(self, x: torch.Tensor, sigma: float) -> torch.Tensor:
        return x + sigma * x.mean((2, 3), keepdim=True)


class TestWindows:
    def test_it_is_a_denoiser(self):
        assert isinstance(TiledDenoiser(Local(), TilingRules(3, 1), 400, nothing), Denoiser)

    @pytest.mark.parametrize("size", [(37, 31), (8, 100), (64, 64), (5, 3)])
    def test_a_local_denoiser_cannot_tell_the_difference(self, size, rng):
        x = torch.randn(2, 3, *size, generator=rng)
        tiled = TiledDenoiser(Local(), TilingRules(3, 1), 2 * 17 * 17, nothing)
        torch.testing.assert_close(tiled(x, 0.3), Local()(x, 0.3), atol=1e-5, rtol=0)

    def test_too_narrow_a_halo_is_seen(self, rng):
        x = torch.randn(1, 3, 37, 31, generator=rng)
        tiled = TiledDenoiser(Local(), TilingRules(2, 1), 17 * 17, nothing)
        assert (tiled(x, 0.3) - Local()(x, 0.3)).abs().max() > 0.1

    @pytest.mark.parametrize("size", [(37, 31), (64, 200), (160, 40)])
    def test_a_blend_of_windows_of_a_constant_is_the_constant(self, size):
        x = torch.full((1, 3, *size), 0.7)
        tiled = TiledDenoiser(Attentive(), TilingRules(8, 8, is_blended=True), 1600, nothing)
        torch.testing.assert_close(tiled(x, 0.5), torch.full_like(x, 0.7 * 1.5))

    def test_blended_windows_have_no_border(self):
        """Blending removes the jumps at the borders of tiles whose estimates differ in mean."""
        x = torch.zeros(1, 3, 32, 400)
        x[..., 200:] = 1.0
        jumps = []
        for blended in (False, True):
            tiled = TiledDenoiser(
                Attentive(), TilingRules(16, 8, is_blended=blended), 32 * 96, nothing
            )
            estimate = tiled(x, 1.0) - x
            jumps.append(float(estimate.diff(dim=3).abs().max()))
        assert jumps[1] < jumps[0] / 5

    def test_windows_of_a_denoisers_own_size(self, rng):
        sizes = set()

        def attentive(x, sigma):
            sizes.add(tuple(x.shape[2:]))
            return Attentive()(x, sigma)

        x = torch.rand(2, 3, 100, 83, generator=rng)
        tiled = TiledDenoiser(
            attentive, TilingRules(8, 4, is_blended=True, fixed_side=32), 1 << 20, nothing
        )
        assert tiled(x, 0.5).shape == x.shape
        assert sizes <= {(32, 32), (32, 31)}

    def test_memory_is_bounded_and_stopping_is_between_windows(self):
        seen = []

        def denoise(x: torch.Tensor, sigma: float) -> torch.Tensor:  # noqa: ARG001
            seen.append(x.shape[0] * x.shape[2] * x.shape[3])
            return x

        def poll() -> None:
            if len(seen) == 3:
                raise OperationCancelled

        with pytest.raises(OperationCancelled):
            TiledDenoiser(denoise, TilingRules(8, 8), 5000, poll)(torch.zeros(2, 3, 300, 300), 0.1)
        assert len(seen) == 3
        assert max(seen) <= 5000


def compute_receptive_field(config: CompactConfig) -> int:
    """Return the distance in pixels at which an input pixel still affects the estimate."""
    reach = 2 * 2  # 3x3 convolutions of head and tail, on pixels twice as large
    for level in range(len(config.channels) - 1):
        reach += 2 * config.blocks * 2 * (2 << level)  # encoder and decoder, two each
    reach += config.middle * 2 * config.size_multiple
    return reach + config.size_multiple  # strided convolutions see their entire cell


class TestThePrior:
    def test_nothing_outside_the_receptive_field_matters(self, tmp_path, rng):
        prior = load_prior(write_prior(tmp_path / "tiny.safetensors"), CPU)
        reach = compute_receptive_field(prior.network.config)
        assert reach < 60
        x = torch.randn(1, 3, 160, 160, generator=rng)
        changed = x.clone()
        changed[:, :, 80, 80] += 5
        moved = (prior.denoise(x, 0.3, nothing) - prior.denoise(changed, 0.3, nothing)).abs()
        rows, columns = moved.amax((0, 1)).nonzero().T
        spans = [int(i) for i in (rows.min(), rows.max(), columns.min(), columns.max())]
        assert all(abs(i - 80) <= reach for i in spans)
        assert max(abs(i - 80) for i in spans) > reach / 2  # the bound is not far too large

    @pytest.mark.parametrize("size", [(200, 331), (333, 190)])
    def test_windows_with_its_receptive_field_are_exact(self, tmp_path, size, rng):
        prior = load_prior(write_prior(tmp_path / "tiny.safetensors"), CPU)
        x = torch.randn(1, 3, *size, generator=rng)
        tiling = TilingRules(compute_receptive_field(prior.network.config), 8)
        tiled = TiledDenoiser(lambda p, s: prior.denoise(p, s, nothing), tiling, 150**2, nothing)
        torch.testing.assert_close(tiled(x, 0.3), prior.denoise(x, 0.3, nothing), atol=1e-4, rtol=0)

    def test_the_bundled_priors_halo_changes_little(self, rng):
        prior = load_prior(BUNDLED_PRIOR_PATH, CPU, precision=torch.float32)
        assert prior.tiling.halo < compute_receptive_field(prior.network.config)
        smooth = functional.interpolate(torch.randn(1, 3, 9, 9, generator=rng), size=(264, 264))
        x = smooth * 0.4 + 0.2 * torch.randn(1, 3, 264, 264, generator=rng)
        whole = prior.denoise(x, 0.2, nothing)
        tiled = TiledDenoiser(
            lambda p, s: prior.denoise(p, s, nothing), prior.tiling, 200**2, nothing
        )
        difference = (tiled(x, 0.2) - whole).abs() * 127.5
        assert float(difference.mean()) < 0.05
        assert float(difference.max()) < 1.0


def test_every_pair_of_neighbours_overlaps():
    """Every tile, with its margin, overlaps the cores of all tiles that touch its core."""
    area = Rectangle(0, 0, 500, 300)
    tiles = plan_tiles(area, available_area=area, max_pixels=150**2, margin=32, alignment=(8, 8))
    for one, other in itertools.combinations(tiles, 2):
        touching = one.core.expanded(1).intersection(other.core).pixel_count > 1
        if touching:
            assert one.outer.intersection(other.core).pixel_count > 0
