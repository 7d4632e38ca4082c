"""Tiles and regions have the pixels that the whole image has there."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import numpy as np
import pytest
import torch

from app.config.resources import EXAMPLE_IMAGE_PATH
from ddrm_core.cancel import CancelToken
from ddrm_core.device.execution_limits import ExecutionLimits, MemoryFallback, PixelLimits
from ddrm_core.errors import InvalidSetting, OutOfMemory
from ddrm_core.imaging.quantize_pixels import EIGHT_BITS, FLOAT_BITS
from ddrm_core.imaging.rectangle import Rectangle
from ddrm_core.jpeg.assumed_levels import assume_quality
from ddrm_core.jpeg.image import Damage, JpegImage
from ddrm_core.jpeg.read import read_jpeg
from ddrm_core.jpeg.reasons import CorruptionReason
from ddrm_core.metadata.model import NO_METADATA
from ddrm_core.prior.denoiser import Prior
from ddrm_core.problems.bit_depth.image import quantized_image_from_pixels
from ddrm_core.problems.jpeg import create_jpeg_problem
from ddrm_core.restoration.executor import OutputSelection
from ddrm_core.restoration.restore import (
    Restoration,
    restoration_from_step,
    restore,
)
from ddrm_core.restoration.run import Run, create_bit_depth_run, create_jpeg_run, plan_run_tiles
from ddrm_core.sampler.settings import PRESETS, Preset, SamplerSettings
from tests.support.drunet_networks import seeded_prior
from tests.support.pictures import KINDS, crop_without_decoding, jpeg_of, photograph, write_jpeg
from tests.support.verification import verify_as_saved

CPU = torch.device("cpu")
SMALL = SamplerSettings(steps=2, samples=2)
ALL = OutputSelection(sample_count=2)


def drain(run: Run, wanted: OutputSelection = ALL):
    steps = restore(run, CancelToken(), wanted)
    return list(steps), steps.result


@pytest.fixture(scope="module")
def whole_of(tmp_path_factory, tiny):
    """Return a cached function that restores a JPEG of one kind without cutting it into tiles.

    The function returns the JPEG and its restoration.
    """
    folder = tmp_path_factory.mktemp("whole")

    @cache
    def make(kind: str) -> tuple[JpegImage, Restoration]:
        image = jpeg_of(folder, 263, 211, quality=20, sampling=kind)
        return image, drain(create_jpeg_run(image, tiny, SMALL, seed=3))[1]

    return make


def in_parts(run: Run, pixels: int) -> Run:
    """Return a copy of a run whose sampled tiles have at most `pixels` pixels."""
    return replace(run, limits=PixelLimits(sampled_pixels=pixels))


class TestProblems:
    """A tile of a problem has the same levels and coefficients as this part of the whole image."""

    @pytest.mark.parametrize("kind", KINDS)
    def test_levels_and_operator_are_those_of_the_place(self, tmp_path, kind, rng):
        problem = create_jpeg_problem(jpeg_of(tmp_path, 90, 171, quality=30, sampling=kind), CPU)
        whole = problem.create_tile(problem.canvas)
        across, down = problem.tile_alignment
        x = torch.randn(1, problem.channels, 90, 171, generator=rng) * 0.3
        for area in (
            Rectangle(across, down, 2 * across, down),
            Rectangle(across, down, 171 - across, 90 - down),
        ):
            part = problem.create_tile(area)
            place = area.slices_in(problem.canvas)
            found = part.operator.coefficients(x[:, :, *place])
            expected = whole.operator.coefficients(x)
            for plane, ours, theirs, mine, all_ in zip(
                whole.operator.planes, found, expected, part.levels, whole.levels, strict=True
            ):
                rows = slice(
                    plane.block_row_at(area.top), plane.block_row_at(area.top) + mine.shape[2]
                )
                first = area.left // (8 * plane.column_axis.factor)
                columns = slice(first, first + mine.shape[3])
                assert torch.equal(mine, all_[:, :, rows, columns])
                torch.testing.assert_close(ours, theirs[:, :, rows, columns], atol=1e-4, rtol=0)

    def test_what_is_hidden_past_the_edge_is_found_at_the_edge_alone(self, tmp_path):
        path = write_jpeg(tmp_path / "a.jpg", photograph(48, 64), quality=80)
        image = read_jpeg(path)
        assert create_jpeg_problem(image, CPU).canvas == Rectangle(0, 0, 64, 48)
        image = read_jpeg(crop_without_decoding(path, 42, 53))
        assert create_jpeg_problem(image, CPU).canvas.pixel_count > image.width * image.height


class TestParts:
    @pytest.mark.parametrize("kind", ["grey", "4:4:4", "4:2:0", "4:1:0", "YCCK"])
    def test_a_picture_in_parts_is_the_whole_picture(self, whole_of, kind):
        run = (whole := whole_of(kind)[1]).run
        assert len(plan_run_tiles(run)) == 1
        run = in_parts(run, 190 * 190 * run.problem.channels // 3)
        assert len(plan_run_tiles(run)) > 2
        steps, parts = drain(run)
        total = len(plan_run_tiles(run)) * SMALL.evaluation_count
        assert [s.evaluations_done for s in steps] == list(range(2, total + 1, 2))
        assert {s.total_evaluations for s in steps} == {total}
        for ours, theirs in (
            (parts.image, whole.image),
            (parts.spread, whole.spread),
            (parts.samples[1], whole.samples[1]),
        ):
            difference = (ours - theirs).abs()
            assert float(difference.mean()) < 0.02
            assert float(difference.max()) < 1.0
        counts = [[c.coefficients for c in r.consistency.components] for r in (parts, whole)]
        assert counts[0] == counts[1]
        assert parts.consistency.inside_fraction == whole.consistency.inside_fraction == 1
        assert (parts.evaluation_count, parts.complete) == (SMALL.evaluation_count, True)

    def test_parts_cover_hidden_edges_shifted_grids_and_damage(self, tmp_path, tiny):
        image = assume_quality(jpeg_of(tmp_path, 230, 250), 20, grid_left=3, grid_top=5)
        path = write_jpeg(tmp_path / "a.jpg", photograph(256, 256), quality=50)
        hidden = read_jpeg(crop_without_decoding(path, 245, 250))
        damage = Damage(CorruptionReason.NOTHING, np.arange(15)[:, None] * np.ones(16, int) < 9)
        for picture in (image, hidden, replace(jpeg_of(tmp_path, 230, 250), damage=damage)):
            run = create_jpeg_run(picture, tiny, SMALL, seed=3)
            whole = drain(run)[1]
            parts = drain(in_parts(run, 190 * 190))[1]
            assert float((parts.image - whole.image).abs().max()) < 1.0
            found, expected = parts.consistency, whole.consistency
            assert found.components == expected.components
            assert verify_as_saved(parts, bits=FLOAT_BITS).consistency.components == (
                verify_as_saved(whole, bits=FLOAT_BITS).consistency.components
            )

    def test_a_stopped_run_keeps_its_parts_and_decodes_the_rest(self, tmp_path, tiny):
        limits = PixelLimits(sampled_pixels=190 * 190)
        image = jpeg_of(tmp_path, 263, 211, quality=20)
        run = create_jpeg_run(image, tiny, SMALL, seed=3, limits=limits)
        steps = restore(run, CancelToken())
        step = next(
            s for s in steps if len(s.mosaic.tile_consistencies) == 1 and s.step_number == 2
        )
        first, second = plan_run_tiles(run)[0].core, plan_run_tiles(run)[1].core
        assert step.tile_region == second
        kept = restoration_from_step(run, step, seconds=2.0)
        steps.close()
        assert (kept.complete, kept.image.shape) == (False, (3, 263, 211))
        assert kept.evaluation_count == round(step.evaluations_done / len(plan_run_tiles(run)))
        whole = Rectangle(0, 0, 211, 263)
        part = run.problem.create_tile(run.problem.canvas)
        decoded = part.to_pixels(part.decoded_image, whole)
        difference = (kept.image - decoded).abs().amax(0)
        for core in (first, second):
            assert difference[core.slices_in(whole)].mean() > 0.1
        rest = torch.ones(263, 211, dtype=torch.bool)
        for core in (first, second):
            rest[core.slices_in(whole)] = False
        # At an edge without a margin, a decoder's chroma filter sees the end of the tile one pixel
        # early.
        assert float(difference[rest].median()) == 0

    @pytest.mark.parametrize("correction", ["bins", "paper"])
    def test_pixels_without_lower_bits_in_parts(self, tiny, correction):
        picture = torch.from_numpy(photograph(211, 230).astype(np.float32)).permute(2, 0, 1)
        image = quantized_image_from_pixels(
            picture, path=EXAMPLE_IMAGE_PATH, metadata=NO_METADATA, bits=3
        )
        settings = replace(SMALL, correction=correction)
        run = create_bit_depth_run(image, tiny, settings, seed=2)
        whole = drain(run)[1]
        limits = PixelLimits(sampled_pixels=180 * 180)
        run = create_bit_depth_run(image, tiny, settings, seed=2, limits=limits)
        parts = drain(run)[1]
        assert len(plan_run_tiles(run)) > 1
        difference = (parts.image - whole.image).abs()
        assert float(difference.mean()) < 0.02
        if correction == "bins":  # `paper` turns a rounding difference into that of a bin
            assert float(difference.max()) < 1.0
            assert parts.consistency.components == whole.consistency.components


class TestRegions:
    @pytest.mark.parametrize("region", [(40, 50, 60, 33), (0, 0, 33, 263), (150, 200, 61, 63)])
    @pytest.mark.parametrize("kind", ["grey", "4:2:0", "4:1:1", "CMYK"])
    def test_a_region_is_that_region_of_the_whole(self, whole_of, tiny, region, kind):
        image, whole = whole_of(kind)
        place = Rectangle(*region)
        run = create_jpeg_run(image, tiny, SMALL, seed=3, region=place)
        alone = drain(run)[1]
        there = place.slices_in(Rectangle(0, 0, 211, 263))
        assert alone.image.shape[1:] == (place.height, place.width)
        for ours, theirs in ((alone.image, whole.image), (alone.spread, whole.spread)):
            difference = (ours - theirs[:, *there]).abs()
            assert float(difference.mean()) < 0.12
            assert float(difference.max()) < 2.0
        counted = sum(c.coefficients for c in alone.consistency.components)
        assert 0 < counted < sum(k.size for k in image.levels)
        assert alone.consistency.inside_fraction == 1
        proof = verify_as_saved(alone, bits=FLOAT_BITS)
        assert proof.consistency.components == alone.consistency.components
        left, top = proof.map_origin
        assert place.left <= left < place.right
        assert place.top <= top < place.bottom

    def test_with_the_bundled_prior_on_a_photograph(self, bundled):
        image, place = read_jpeg(EXAMPLE_IMAGE_PATH), Rectangle(203, 101, 50, 40)
        fast = PRESETS[Preset.FAST]
        around = Rectangle(163, 61, 130, 120)  # instead of the whole image, for speed
        whole = drain(create_jpeg_run(image, bundled, fast, seed=5, region=around))[1]
        alone = drain(create_jpeg_run(image, bundled, fast, seed=5, region=place))[1]
        difference = (alone.image - whole.image[:, *place.slices_in(around)]).abs()
        assert float(difference.mean()) < 0.12
        assert float(difference.max()) < 2.0

    def test_a_prior_that_sees_far_gets_a_margin_that_wide(self, tmp_path):
        image = jpeg_of(tmp_path, 300, 320)
        run = create_jpeg_run(
            image, seeded_prior(), SMALL, seed=0, region=Rectangle(144, 128, 32, 48)
        )
        (tile,) = plan_run_tiles(run)
        halo = run.prior.tiling.halo
        assert tile.outer.intersection(tile.core.expanded(halo)) == tile.core.expanded(halo)

    def test_a_region_smaller_than_a_block_has_nothing_to_count(self, tmp_path, tiny):
        image = jpeg_of(tmp_path, 40, 40)
        alone = drain(create_jpeg_run(image, tiny, SMALL, seed=3, region=Rectangle(3, 3, 2, 5)))[1]
        assert alone.image.shape == (3, 5, 2)
        assert sum(c.coefficients for c in alone.consistency.components) == 0
        assert alone.consistency.inside_fraction == 1
        assert verify_as_saved(alone, bits=EIGHT_BITS).distance_map.numel() == 0

    @pytest.mark.parametrize(
        "region", [(0, 0, 0, 5), (0, 0, 41, 5), (-1, 0, 5, 5), (0, 39, 5, 2), (5, 5, -2, 3)]
    )
    def test_regions_outside_the_picture_are_refused(self, tmp_path, tiny, region):
        with pytest.raises(InvalidSetting) as error:
            create_jpeg_run(
                jpeg_of(tmp_path, 40, 40), tiny, SMALL, seed=3, region=Rectangle(*region)
            )
        assert error.value.name == "region"


class TestMemory:
    def test_smaller_windows_then_fewer_samples(self, tmp_path, tiny, monkeypatch):
        """If evaluating more than 140,000 pixels runs out of memory, network tiles get smaller."""
        sizes = []

        def denoise(self: Prior, x, sigma, poll, view=0):
            sizes.append(x.shape[0] * x.shape[2] * x.shape[3])
            if sizes[-1] > 140_000:
                raise RuntimeError("[enforce fail] DefaultCPUAllocator: can't allocate memory")
            return whole_denoise(self, x, sigma, poll, view)

        image = jpeg_of(tmp_path, 512, 521, quality=20)
        run = create_jpeg_run(image, tiny, SMALL, seed=3)
        free = drain(run)[1]
        whole_denoise = Prior.denoise
        monkeypatch.setattr(Prior, "denoise", denoise)
        steps, limited = drain(run)
        assert limited.fallbacks == (MemoryFallback.SMALLER_TILES,)
        assert steps[-1].fallbacks == limited.fallbacks
        assert max(sizes[1:]) <= 140_000
        assert float((limited.image - free.image).abs().max()) < 1.0

    def test_what_does_not_fit_on_a_device_goes_on_on_the_cpu(self, tmp_path, tiny, monkeypatch):
        """A run that does not fit into a device's memory continues on the CPU.

        `cpu:0` stands for the CPU here.
        """
        calls = []

        def denoise(self: Prior, x, sigma, poll, view=0):
            calls.append(self)
            if len(calls) in (3, 4):
                raise OutOfMemory("cpu", x.shape[3], x.shape[2])
            return whole_denoise(self, x, sigma, poll, view)

        def less(
            self: ExecutionLimits,
            *,
            image_pixels: int,  # noqa: ARG001
            tried_samples: int,  # noqa: ARG001
        ) -> ExecutionLimits:
            device = torch.device("cpu", 0)
            return ExecutionLimits(device, self.max_network_tile_pixels, 1, (MemoryFallback.CPU,))

        run = create_jpeg_run(jpeg_of(tmp_path, 31, 37, quality=20), tiny, SMALL, seed=3)
        free = drain(run)[1]
        whole_denoise = Prior.denoise
        monkeypatch.setattr(Prior, "denoise", denoise)
        monkeypatch.setattr(ExecutionLimits, "reduce", less)
        moved = drain(run)[1]
        assert moved.fallbacks == (MemoryFallback.CPU,)
        assert calls[0] is tiny
        assert calls[-1].device == torch.device("cpu", 0)
        assert moved.consistency.inside_fraction == 1
        assert float((moved.image - free.image).abs().mean()) < 0.5


def flat_gradient() -> np.ndarray:
    y, x = np.mgrid[:144, :240]
    return np.stack([40 + x / 2, 60 + y / 2, 200 - x / 4 - y / 4], -1).astype(np.uint8)


def checkerboard() -> np.ndarray:
    y, x = np.mgrid[:144, :240]
    return np.repeat((64 + 128 * ((x // 20 + y // 20) % 2))[..., None], 3, 2).astype(np.uint8)


@pytest.mark.parametrize("pixels", [flat_gradient(), checkerboard()], ids=["flat", "checkers"])
def test_no_seam_where_parts_and_windows_meet(tmp_path, bundled, pixels):
    """An image that is restored in tiles has no seams at their borders.

    Differences across the borders are those of the same image restored as a whole.
    """
    image = read_jpeg(write_jpeg(tmp_path / "a.jpg", pixels, quality=10))
    run = create_jpeg_run(image, bundled, SamplerSettings(steps=2, samples=1), seed=1)
    whole = drain(run, OutputSelection())[1].image
    run = replace(run, limits=PixelLimits(sampled_pixels=144 * 192, network_tile_pixels=128 * 128))
    cores = [tile.core for tile in plan_run_tiles(run)]
    borders = sorted({c.left for c in cores} - {0})
    assert borders
    parts = drain(run, OutputSelection())[1].image
    for border in borders:
        jumps = [(p[:, :, border] - p[:, :, border - 1]).abs() for p in (parts, whole)]
        assert float((jumps[0] - jumps[1]).abs().max()) < 0.5
    assert float((parts - whole).abs().max()) < 1.0
