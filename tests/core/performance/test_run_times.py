"""Times of runs on many images are those of single runs."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
import torch

from ddrm_core.performance.cost_estimate import (
    Throughput,
    compute_workload,
    create_placeholder_image,
)
from ddrm_core.performance.run_times import RunTimeEstimator
from ddrm_core.prior.bundled import BUNDLED_PRIOR_PATH
from ddrm_core.prior.checkpoint import load_prior
from ddrm_core.restoration.run import create_jpeg_run
from ddrm_core.sampler.settings import PRESETS, Preset

THROUGHPUT = Throughput(1e-6)


@pytest.fixture(scope="module")
def prior():
    return load_prior(BUNDLED_PRIOR_PATH, torch.device("cpu"))


@pytest.mark.parametrize("size", [(37, 31), (301, 203), (4001, 2999)])
@pytest.mark.parametrize("channels", [1, 3, 4])
def test_the_time_is_that_of_the_run(prior, size, channels):
    settings = PRESETS[Preset.BALANCED]
    image = create_placeholder_image(Path("a.jpg"), size, channels)
    run = create_jpeg_run(image, prior, settings, seed=0)
    expected = compute_workload(run).estimate_seconds(THROUGHPUT)
    estimator = RunTimeEstimator(prior, settings, THROUGHPUT)
    assert estimator.estimate_seconds(size, channels) == pytest.approx(expected, rel=0.06)


def test_the_time_grows_with_steps_and_the_throughput(prior):
    settings = PRESETS[Preset.FAST]
    seconds = RunTimeEstimator(prior, settings, THROUGHPUT).estimate_seconds((320, 240), 3)
    more_steps = replace(settings, steps=2 * settings.steps)
    slower = Throughput(3 * THROUGHPUT.seconds_per_pixel)
    twice = RunTimeEstimator(prior, more_steps, slower)
    for _ in range(2):  # the second time is stored
        assert twice.estimate_seconds((320, 240), 3) == pytest.approx(6 * seconds)
