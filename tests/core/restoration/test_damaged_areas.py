"""A damaged file is sampled only in tiles with readable pixels, and the result stays the same."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import torch

from ddrm_core.cancel import CancelToken
from ddrm_core.device.execution_limits import PixelLimits
from ddrm_core.imaging.rectangle import Rectangle
from ddrm_core.jpeg.damage.mask import find_intact_pixels
from ddrm_core.jpeg.image import Damage
from ddrm_core.jpeg.reasons import CorruptionReason
from ddrm_core.performance.cost_estimate import compute_workload, create_timing_run
from ddrm_core.prior.denoiser import Prior
from ddrm_core.problems.jpeg import JpegProblem
from ddrm_core.restoration.executor import OutputSelection
from ddrm_core.restoration.restore import restoration_from_step, restore
from ddrm_core.restoration.run import (
    TILE_MARGIN_PX,
    compute_sampled_area,
    create_jpeg_run,
    plan_run_tiles,
    plan_sampled_tiles,
)
from ddrm_core.sampler.settings import SamplerSettings
from tests.support.pictures import jpeg_of

SMALL = SamplerSettings(steps=2, samples=2)
ALL = OutputSelection(sample_count=2)
CASES = {  # rows and columns of intact MCUs of 16x16 pixels, in an image of 14x14
    "first rows": lambda row, column: row * 14 + column < 30,
    "one MCU": lambda row, column: (row == 2) & (column == 11),
    "two corners": lambda row, column: (row + column < 2) | (row + column > 23),
}


@pytest.fixture
def seen_pixels(monkeypatch):
    """Record how many pixels the prior evaluates in each call."""
    seen, denoise = [], Prior.denoise

    def recorded(prior, x, *arguments):
        seen.append(x.shape[2] * x.shape[3])
        return denoise(prior, x, *arguments)

    monkeypatch.setattr(Prior, "denoise", recorded)
    return seen


def damaged(folder, is_intact, sampling="4:2:0"):
    """Return a JPEG of 211x217 pixels of which only some MCUs of 16x16 pixels are intact."""
    image = jpeg_of(folder, 217, 211, quality=20, sampling=sampling)
    mask = np.fromfunction(is_intact, (14, 14))
    return replace(image, damage=Damage(CorruptionReason.NOTHING, mask))


def drain(run):
    steps = restore(run, CancelToken(), ALL)
    return list(steps), steps.result


def decoded(run):
    part = run.problem.create_tile(run.problem.canvas)
    return part.to_pixels(part.decoded_image, Rectangle(0, 0, *run.image.size))


@pytest.mark.parametrize("limit", [None, 176 * 176], ids=["whole", "parts"])
@pytest.mark.parametrize("case", CASES)
def test_the_result_is_that_of_a_run_that_samples_everything(
    tmp_path, tiny, monkeypatch, case, limit
):
    image = damaged(tmp_path, CASES[case])
    run = create_jpeg_run(image, tiny, SMALL, seed=3)
    if limit is not None:
        run = replace(run, limits=PixelLimits(sampled_pixels=limit))
    steps, found = drain(run)
    is_sampled_whole = case == "two corners" and limit is None
    assert (len(plan_sampled_tiles(run)) == len(plan_run_tiles(run))) is is_sampled_whole
    total = len(plan_sampled_tiles(run)) * SMALL.evaluation_count
    assert [s.evaluations_done for s in steps] == list(range(2, total + 1, 2))
    assert {s.total_evaluations for s in steps} == {total}
    readable = find_intact_pixels(image).expand(3, -1, -1)
    assert torch.equal(found.image[~readable], decoded(run).round().clamp(0, 255)[~readable])
    assert not found.spread[~readable].any()
    assert found.spread[readable].mean() > 0.1
    monkeypatch.setattr(JpegProblem, "find_readable_area", lambda _problem, area: area)
    everything = drain(run)[1]
    assert found.consistency.components == everything.consistency.components
    assert found.evaluation_count == everything.evaluation_count
    for ours, theirs in zip(
        (found.image, found.spread, *found.samples),
        (everything.image, everything.spread, *everything.samples),
        strict=True,
    ):
        assert torch.equal(ours[~readable], theirs[~readable])
        assert float((ours - theirs)[readable].abs().max()) < 1.0


def test_the_work_follows_the_readable_pixels(tmp_path, tiny, seen_pixels):
    """Around one readable MCU, the prior sees the margin of a tile and no more."""
    run = create_jpeg_run(damaged(tmp_path, CASES["one MCU"]), tiny, SMALL, seed=3)
    drain(run)
    side = 16 + 2 * TILE_MARGIN_PX
    assert max(seen_pixels) <= side * side < 217 * 211 / 3
    assert compute_workload(run).tile_count == len(plan_sampled_tiles(run)) == 1


def test_an_undamaged_file_has_the_tiles_of_a_plan_without_damage(tmp_path, tiny):
    image = jpeg_of(tmp_path, 217, 211, quality=20)
    run = create_jpeg_run(image, tiny, SMALL, seed=3)
    assert compute_sampled_area(run) == run.problem.canvas
    run = replace(run, limits=PixelLimits(sampled_pixels=176 * 176))
    assert plan_sampled_tiles(run) == plan_run_tiles(run)
    assert len(plan_run_tiles(run)) > 1


@pytest.mark.parametrize("case", CASES)
@pytest.mark.parametrize("region", [None, Rectangle(5, 7, 100, 90)])
def test_tiles_cover_each_pixel_once(tmp_path, tiny, case, region):
    run = create_jpeg_run(damaged(tmp_path, CASES[case]), tiny, SMALL, seed=3, region=region)
    area = run.output_region
    counts = torch.zeros(area.height, area.width)
    for tile in plan_run_tiles(run):
        counts[tile.core.slices_in(area)] += 1
    assert (counts == 1).all()


def test_a_region_without_readable_pixels_is_as_decoded(tmp_path, tiny, seen_pixels):
    """Such a region has steps and a result like any other, at the cost of one MCU."""
    region = Rectangle(3, 100, 190, 90)
    image = damaged(tmp_path, CASES["first rows"])
    run = create_jpeg_run(image, tiny, SMALL, seed=3, region=region)
    steps, found = drain(run)
    assert len(steps) == SMALL.steps
    place = region.slices_in(Rectangle(0, 0, *image.size))
    assert torch.equal(found.image, decoded(run)[:, *place].round().clamp(0, 255))
    assert sum(c.coefficients for c in found.consistency.components) == 0
    assert max(seen_pixels) <= (16 + 2 * TILE_MARGIN_PX) ** 2


def test_a_stopped_run_shows_the_decoded_image_where_nothing_is_readable(tmp_path, tiny):
    image = damaged(tmp_path, CASES["first rows"])
    run = create_jpeg_run(image, tiny, SMALL, seed=3)
    steps = restore(run, CancelToken(), ALL)
    kept = restoration_from_step(run, next(steps), seconds=1.0)
    steps.close()
    readable = find_intact_pixels(image).expand(3, -1, -1)
    assert torch.equal(kept.image[~readable], decoded(run).round().clamp(0, 255)[~readable])
    assert float((kept.image - decoded(run))[readable].abs().mean()) > 0.1
    assert kept.evaluation_count == 1 * SMALL.samples


def test_the_speed_is_measured_where_the_run_samples(tmp_path, tiny):
    """The cost estimate would otherwise time one MCU in the middle of an unreadable image."""
    image = damaged(tmp_path, CASES["first rows"])
    timed = create_timing_run(create_jpeg_run(image, tiny, SMALL, seed=3)).output_region
    assert timed.intersection(Rectangle(0, 0, 211, 3 * 16)) == timed
    assert timed.height == 3 * 16


def test_tiles_of_a_fixed_size_stay_as_large(tmp_path, tiny, monkeypatch):
    """A network that was trained on one size of tiles is not evaluated on smaller ones."""
    monkeypatch.setattr(Prior, "tiling", replace(tiny.tiling, fixed_side=128))
    image = damaged(tmp_path, CASES["one MCU"])
    run = create_jpeg_run(image, tiny, SMALL, seed=3)
    (tile,) = plan_sampled_tiles(run)
    assert min(tile.outer.width, tile.outer.height) >= 128
