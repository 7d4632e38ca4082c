"""Cost estimates: work counted exactly as in runs; time on a clock that advances with work."""

from __future__ import annotations

import time
from dataclasses import replace

import pytest
import torch
from PIL import Image

import ddrm_core.performance.cost_estimate as forecast
from ddrm_core.cancel import CancelToken
from ddrm_core.device.execution_limits import PixelLimits
from ddrm_core.errors import OperationCancelled
from ddrm_core.imaging.rectangle import Rectangle
from ddrm_core.jpeg.operator import create_jpeg_operator
from ddrm_core.jpeg.read import read_jpeg
from ddrm_core.performance.cost_estimate import (
    MEAN_ONLY_OUTPUT,
    compute_workload,
    create_placeholder_image,
    create_timing_run,
    estimate_memory,
    measure_throughput,
)
from ddrm_core.prior.architectures.drunet import DrunetConfig
from ddrm_core.prior.architectures.ffdnet import FfdnetConfig
from ddrm_core.prior.architectures.operation_count import count_macs
from ddrm_core.prior.bundled import BUNDLED_PRIOR_PATH
from ddrm_core.prior.checkpoint import load_prior
from ddrm_core.prior.denoiser import Prior
from ddrm_core.restoration.executor import OutputSelection
from ddrm_core.restoration.restore import restore
from ddrm_core.restoration.run import create_jpeg_run
from ddrm_core.sampler.settings import PRESETS, Preset, SamplerSettings
from tests.support.drunet_networks import seeded_prior
from tests.support.ffdnet_networks import create_ffdnet, create_ffdnet_prior
from tests.support.pictures import photograph

SETTINGS = {
    "turned": SamplerSettings(steps=2, samples=3),
    "straight": SamplerSettings(steps=3, samples=5, turned_views=False, antithetic=False),
    "one": SamplerSettings(steps=1, samples=1),
    "paper": replace(PRESETS[Preset.PAPER], steps=2, samples=2),
}


@pytest.fixture(scope="module")
def prior():
    return load_prior(BUNDLED_PRIOR_PATH, torch.device("cpu"))


@pytest.fixture
def picture(tmp_path):
    def make(height=75, width=91, mode="RGB"):
        pixels = photograph(height, width)
        path = tmp_path / f"{height}x{width}{mode}.jpg"
        Image.fromarray(pixels).convert(mode).save(path, quality=50)
        return read_jpeg(path)

    return make


@pytest.fixture
def limits(monkeypatch):
    """Return pixel limits so low that small images are cut into tiles and batches."""
    monkeypatch.setattr("ddrm_core.restoration.run.TILE_MARGIN_PX", 16)
    return PixelLimits(sampled_pixels=15_000, network_tile_pixels=9_000, batch_pixels=30_000)


@pytest.fixture
def seen(monkeypatch):
    """Replace the prior by a fake; return a list of the number of pixels in each of its calls."""
    shown = []

    def denoise(self, x, sigma, poll, view=0):  # noqa: ARG001
        shown.append(x.shape[0] * x.shape[2] * x.shape[3])
        return x.clamp(-1, 1)

    monkeypatch.setattr(Prior, "denoise", denoise)
    return shown


def drain(run, wanted=MEAN_ONLY_OUTPUT):
    for _ in restore(run, CancelToken(), wanted):
        pass


@pytest.mark.parametrize("settings", SETTINGS.values(), ids=SETTINGS.keys())
@pytest.mark.parametrize(("mode", "size"), [("RGB", (131, 190)), ("CMYK", (83, 131))])
def test_the_work_is_what_the_run_does(prior, picture, seen, limits, settings, mode, size):
    run = create_jpeg_run(picture(*size, mode), prior, settings, seed=0, limits=limits)
    work = compute_workload(run)
    drain(run)
    assert work.tile_count > 1
    assert work.evaluations == settings.evaluation_count
    assert work.network_pixels == sum(seen)


@pytest.mark.parametrize("size", [(1, 1), (8, 200), (75, 91)])
def test_the_work_of_small_and_narrow_pictures(prior, picture, seen, size):
    run = create_jpeg_run(picture(*size), prior, SETTINGS["straight"], seed=0)
    drain(run)
    assert compute_workload(run).network_pixels == sum(seen)


def test_the_work_of_a_region(prior, picture, seen, limits):
    image = picture(131, 190)
    region = Rectangle(21, 40, 50, 33)
    run = create_jpeg_run(image, prior, SETTINGS["turned"], seed=0, region=region, limits=limits)
    drain(run)
    assert compute_workload(run).network_pixels == sum(seen)
    assert (
        compute_workload(run).network_pixels
        < compute_workload(replace(run, region=None)).network_pixels
    )


def drunet_prior():
    return seeded_prior(DrunetConfig((4, 6, 8), 1))


def ffdnet_prior():
    return create_ffdnet_prior(create_ffdnet(config=FfdnetConfig(channels=96, convolutions=12)))


@pytest.mark.parametrize("make", [drunet_prior, ffdnet_prior])
def test_the_work_grows_as_the_operations_of_a_network_with_borders(make, picture):
    """A pace of a small image would be too slow for a large one if the borders were not counted."""
    bordered, pixels, macs = make(), [], []
    for height, width in ((48, 64), (192, 240)):
        run = create_jpeg_run(picture(height, width), bordered, SETTINGS["one"], seed=0)
        pixels.append(compute_workload(run).network_pixels)
        macs.append(count_macs(bordered.network, height, width))
    assert pixels[1] / pixels[0] == pytest.approx(macs[1] / macs[0], rel=0.03)


def test_a_pace_is_the_seconds_of_a_step_by_its_pixels(prior, picture, monkeypatch):
    clock = [0.0]

    def denoise(self, x, sigma, poll, view=0):  # noqa: ARG001
        # The first call is slow, as if libraries were loaded.
        first = clock[0] == 0
        clock[0] += 100 if first else 2e-6 * x.shape[0] * x.shape[2] * x.shape[3]
        return x

    monkeypatch.setattr(Prior, "denoise", denoise)
    monkeypatch.setattr(time, "perf_counter", lambda: clock[0])
    run = create_jpeg_run(picture(131, 190), prior, SETTINGS["turned"], seed=0)
    pace = measure_throughput(run, CancelToken())
    assert pace.seconds_per_pixel == pytest.approx(2e-6)
    assert compute_workload(run).estimate_seconds(pace) == pytest.approx(
        2e-6 * compute_workload(run).network_pixels
    )


def test_only_the_middle_of_a_large_picture_is_timed(prior, picture):
    run = create_jpeg_run(picture(800, 1000), prior, SETTINGS["paper"], seed=0)
    short = create_timing_run(run)
    assert short.region == Rectangle(308, 208, 384, 384)
    assert short.settings.correction == run.settings.correction
    assert compute_workload(short).network_pixels < compute_workload(run).network_pixels
    inside = replace(run, region=Rectangle(600, 500, 40, 30))
    assert create_timing_run(inside).region == inside.region


def test_timing_can_be_cancelled(prior, picture):
    token = CancelToken()
    token.cancel()
    with pytest.raises(OperationCancelled):
        measure_throughput(create_jpeg_run(picture(), prior, SETTINGS["one"], seed=0), token)


def test_memory_grows_with_what_is_kept_and_with_the_picture(prior, tmp_path):
    def needed(size, settings=SETTINGS["turned"], wanted=MEAN_ONLY_OUTPUT):
        run = create_jpeg_run(create_placeholder_image(tmp_path, size, 3), prior, settings, seed=0)
        return estimate_memory(run, wanted).needed_bytes

    assert needed((500, 400)) < needed((1000, 800)) < needed((4000, 3000))
    pixels = 4 * 3 * 1000 * 800
    plain = needed((1000, 800))
    # Once while sampling, and once as pixels.
    assert needed((1000, 800), wanted=OutputSelection(includes_spread=True)) - plain == 2 * pixels
    assert (
        needed((1000, 800), wanted=OutputSelection(includes_spread=False, sample_count=2)) - plain
        == 4 * pixels
    )
    # Tiles have one size for all large images: only the result grows.
    large, larger = needed((20000, 10000)), needed((20000, 20000))
    assert larger - large == pytest.approx(4 * 3 * 20000 * 10000, rel=0.05)


def test_another_device_than_the_cpu_holds_parts_and_not_the_result(prior, tmp_path):
    """The memory that a run needs on a device other than the CPU does not grow with the result.

    Such a device holds single tiles only; the result is in main memory.
    """
    elsewhere = prior.to_device(torch.device("meta"))
    large, larger = (
        estimate_memory(
            create_jpeg_run(
                create_placeholder_image(tmp_path, size, 3), elsewhere, SETTINGS["turned"], seed=0
            )
        )
        for size in ((20_000, 10_000), (20_000, 20_000))
    )
    result_growth = 4 * 3 * 20_000 * 10_000
    assert abs(larger.needed_bytes - large.needed_bytes) < 0.05 * result_growth
    assert (large.free_bytes, large.is_sufficient) == (None, True)


def test_what_is_free_decides_whether_it_suffices(prior, picture, monkeypatch):
    run = create_jpeg_run(picture(), prior, SETTINGS["one"], seed=0)
    needed = estimate_memory(run).needed_bytes
    for free, suffices in ((needed, True), (needed - 1, False), (None, True)):
        monkeypatch.setattr(forecast, "find_free_bytes", lambda _, free=free: free)
        assert estimate_memory(run).is_sufficient is suffices


@pytest.mark.parametrize(("mode", "channels"), [("L", 1), ("RGB", 3), ("CMYK", 4)])
def test_a_stand_in_has_the_geometry_of_an_encoded_picture(picture, tmp_path, mode, channels):
    image, empty = picture(75, 91, mode), create_placeholder_image(tmp_path, (91, 75), channels)
    assert empty.channels == image.channels
    assert [k.shape for k in empty.levels] == [k.shape for k in image.levels]
    assert create_jpeg_operator(empty).mcu_size == create_jpeg_operator(image).mcu_size


def test_a_stand_in_of_a_huge_picture_takes_no_memory(tmp_path):
    empty = create_placeholder_image(tmp_path, (60_000, 60_000), 3)
    assert all(k.strides[:2] == (0, 0) for k in empty.levels)
