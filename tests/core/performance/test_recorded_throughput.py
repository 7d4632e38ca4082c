"""Times from a recorded throughput, compared with the workload of real runs."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch

from ddrm_core.performance.cost_estimate import compute_workload, create_placeholder_image
from ddrm_core.performance.recorded_throughput import RecordedThroughput, count_network_pixels
from ddrm_core.prior.bundled import BUNDLED_PRIOR_PATH
from ddrm_core.prior.checkpoint import load_prior
from ddrm_core.prior.denoiser import Prior
from ddrm_core.restoration.run import create_jpeg_run
from ddrm_core.sampler.settings import PRESETS, Preset


@pytest.fixture(scope="module")
def prior() -> Prior:
    return load_prior(BUNDLED_PRIOR_PATH, torch.device("cpu"), precision=torch.float32)


@pytest.mark.parametrize(
    ("size", "channels", "tolerance"),
    [((37, 31), 1, 0), ((97, 70), 3, 0), ((640, 480), 4, 0), ((5000, 4000), 3, 1 / 6)],
)
def test_the_pixels_are_those_of_the_workload(prior, size, channels, tolerance):
    settings = PRESETS[Preset.BALANCED]
    image = create_placeholder_image(Path("a.jpg"), size, channels)
    workload = compute_workload(create_jpeg_run(image, prior, settings, seed=0))
    counted = count_network_pixels(size, channels, settings.evaluation_count, prior.network.border)
    assert counted == pytest.approx(workload.network_pixels, rel=tolerance, abs=0)


def test_time_is_proportional_to_the_pixels():
    throughput = RecordedThroughput(1e-3, 10)
    assert throughput.estimate_seconds((80, 30), 3, 4) == pytest.approx(100 * 50 * 4 * 1e-3)
    assert throughput.estimate_seconds((80, 30), 4, 4) == pytest.approx(100 * 50 * 8 * 1e-3)
