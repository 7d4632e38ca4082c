"""The noise levels that are passed to the prior, and those that the sampler uses."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import numpy as np
import pytest
from torch import Tensor

from ddrm_core.cancel import CancelToken
from ddrm_core.prior.denoiser import Prior
from ddrm_core.restoration.restore import Restoration, restore
from ddrm_core.restoration.run import compute_prior_sigmas, compute_run_sigmas, create_jpeg_run
from ddrm_core.restoration.step import RunStep
from ddrm_core.sampler.settings import PRESETS, Preset, SamplerSettings
from tests.support.pictures import jpeg_of

SETTINGS = SamplerSettings(steps=5, samples=2)


@dataclass(frozen=True, slots=True, eq=False)
class RecordingPrior(Prior):
    """A prior that records its evaluations.

    Attributes:
        evaluations: Noise level and dihedral transform of each evaluation.
    """

    evaluations: list[tuple[float, int]] = field(default_factory=list)

    def denoise(self, x: Tensor, sigma: float, poll, transform: int = 0) -> Tensor:
        self.evaluations.append((sigma, transform))
        return Prior.denoise(self, x, sigma, poll, transform)


def recording(prior: Prior) -> RecordingPrior:
    return RecordingPrior(prior.info, prior.device, prior.precision, prior.network)


@pytest.fixture
def image(tmp_path):
    return jpeg_of(tmp_path, 24, 40, quality=10)


def run_with(image, prior: Prior, settings: SamplerSettings) -> tuple[list[RunStep], Restoration]:
    steps = restore(create_jpeg_run(image, prior, settings, seed=3), CancelToken())
    return list(steps), steps.result


@pytest.mark.parametrize("limit", [1.0, 2.0, 100.0])
def test_the_factor_reaches_the_prior_in_the_last_steps_only(image, tiny, limit):
    """The prior gets the factor times sigma up to the limit, else sigma; steps have sigma."""
    plain, told = recording(tiny), recording(tiny)
    steps, _ = run_with(image, plain, SETTINGS)
    sigmas = [step.sigma for step in steps if step.sample_numbers.start == 1]
    settings = replace(SETTINGS, sigma_factor=0.75, sigma_factor_below=limit)
    told_steps, _ = run_with(image, told, settings)
    assert [step.sigma for step in told_steps] == [step.sigma for step in steps]
    expected = {s: 0.75 * s if s <= limit * sigmas[-1] else s for s in sigmas}
    assert 1 <= sum(level != sigma for sigma, level in expected.items()) <= len(sigmas)
    # Steps and samples have the same dihedral transforms as without the factor.
    assert told.evaluations == [(expected[sigma], view) for sigma, view in plain.evaluations]


def test_results_are_the_same_bits_without_a_factor(image, tiny):
    _, plain = run_with(image, tiny, SETTINGS)
    _, limited = run_with(image, tiny, replace(SETTINGS, sigma_factor_below=100.0))
    _, textured = run_with(image, tiny, replace(SETTINGS, sigma_factor=0.8))
    assert np.array_equal(limited.image, plain.image)
    assert not np.array_equal(textured.image, plain.image)
    assert textured.consistency.inside_fraction == 1.0


@pytest.mark.parametrize("preset", Preset)
def test_no_preset_of_0_1_0_changes(image, tiny, preset):
    settings = replace(PRESETS[preset], sigma_factor=1.0)
    run = create_jpeg_run(image, tiny, settings, seed=0)
    assert compute_prior_sigmas(run) == compute_run_sigmas(run)


def test_the_prior_gets_no_level_below_its_training(tmp_path, tiny):
    lowest = tiny.info.sigma_range[0]
    settings = replace(SETTINGS, sigma_factor=0.5, sigma_factor_below=100.0)
    run = create_jpeg_run(jpeg_of(tmp_path, 8, 8, quality=98), tiny, settings, seed=0)
    sigmas = compute_run_sigmas(run)
    assert 0.5 * sigmas[-1] < lowest < 0.5 * sigmas[0]
    assert compute_prior_sigmas(run) == tuple(max(0.5 * sigma, lowest) for sigma in sigmas)
