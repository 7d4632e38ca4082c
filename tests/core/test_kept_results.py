"""Results that are made later than their run, or put away."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import torch
from core_pictures import jpeg_of
from core_priors import write_prior
from PIL import Image

from ddrm_core.cancel import CancelToken
from ddrm_core.delivery import DeliverySettings, deliver
from ddrm_core.errors import InvalidSetting
from ddrm_core.image import rounded
from ddrm_core.prior.checkpoint import load_prior
from ddrm_core.rectangle import Rectangle
from ddrm_core.repeat import read_record
from ddrm_core.restore import keep_estimate, keep_mean, restore
from ddrm_core.run import make_run
from ddrm_core.sampler.settings import SamplerSettings
from ddrm_core.sampling import Wanted

SETTINGS = SamplerSettings(steps=3, samples=3)


@pytest.fixture(scope="module")
def tiny(tmp_path_factory):
    path = tmp_path_factory.mktemp("prior") / "tiny.safetensors"
    return load_prior(write_prior(path), torch.device("cpu"), precision=torch.float32)


def drained(run, wanted):
    """The means of all steps, and the result."""
    steps, means = restore(run, CancelToken(), wanted), []
    while True:
        try:
            step = next(steps)
        except StopIteration as stop:
            return means, stop.value
        means.append((step, step.mean()))


@pytest.mark.parametrize("region", [None, Rectangle(5, 3, 20, 17)])
def test_a_mean_kept_since_makes_what_stopping_there_would_have_made(tmp_path, tiny, region):
    run = make_run(jpeg_of(tmp_path, 31, 37), tiny, SETTINGS, seed=0, region=region)
    means, _ = drained(run, Wanted())
    assert len(means) > 2
    for step, mean in means:
        now = keep_mean(run, mean, evaluations=step.done, seconds=1.5, fallbacks=step.fallbacks)
        alone = replace(step, assembly=replace(step.assembly, picture=None, found=[]))
        then = keep_estimate(run, alone, seconds=1.5)
        assert torch.equal(now.picture, then.picture)
        assert (now.complete, now.evaluations) == (False, step.done)
        assert now.consistency == then.consistency
        assert now.consistency.inside == 1


def test_every_sample_can_be_the_sharp_end_and_the_record_says_which(tmp_path, tiny):
    run = make_run(jpeg_of(tmp_path, 31, 37), tiny, SETTINGS, seed=0)
    _, result = drained(run, Wanted(samples=3))
    for number, sample in enumerate(result.samples, 1):
        assert torch.equal(result.at(1.0, number), sample)
        half = torch.lerp(result.picture, sample, 0.5)
        assert torch.equal(result.at(0.5, number), half)
    with pytest.raises(InvalidSetting):
        result.at(0.5, 4)
    delivery = DeliverySettings(sharpness=1.0, sample=3)
    path = tmp_path / "third.png"
    path.write_bytes(deliver(result, path, delivery).data)
    with Image.open(path) as saved:
        assert np.array_equal(np.asarray(saved), rounded(result.samples[2]))
    record = read_record(path)
    assert (record.sample, record.sharpness, record.complete) == (3, 1.0, True)


def test_the_record_of_an_estimate_says_that_it_is_one(tmp_path, tiny):
    run = make_run(jpeg_of(tmp_path, 31, 37), tiny, SETTINGS, seed=0)
    step = next(restore(run, CancelToken()))
    kept = keep_mean(run, step.mean(), evaluations=step.done, seconds=1.0)
    path = tmp_path / "estimate.png"
    path.write_bytes(deliver(kept, path, DeliverySettings()).data)
    assert not read_record(path).complete


def test_a_described_prior_has_no_weights_and_the_same_description(tiny):
    described = tiny.described()
    assert (described.info, described.device) == (tiny.info, tiny.device)
    assert described.precision == tiny.precision
    assert described.tiling == tiny.tiling
    assert described.knows_positions == tiny.knows_positions
    assert {p.device.type for p in described.network.parameters()} == {"meta"}
    assert {p.device.type for p in tiny.network.parameters()} == {"cpu"}
