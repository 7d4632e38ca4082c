"""The DDRM loop: the authors' trajectories, closed forms for a Gaussian, and ownership."""

from __future__ import annotations

import itertools
from math import sqrt

import pytest
import torch
from safetensors import safe_open
from safetensors.torch import load_file

from ddrm_core.jpeg.ddrm_paper_operator import create_ddrm_paper_operator
from ddrm_core.sampler.corrections.paper import PaperCorrection
from ddrm_core.sampler.ddrm import sample
from ddrm_core.sampler.protocols import Denoiser
from ddrm_core.sampler.schedule import sigma_at, uniform_timesteps
from tests.support.paths import GOLDEN


def analytic(x: torch.Tensor, sigma: float) -> torch.Tensor:
    """Return the estimate of the denoiser with which the golden runs were recorded.

    It predicts the noise eps = sqrt(1 - abar) x_t.
    """
    return x / (1 + sigma**2)


def keep(estimate: torch.Tensor, sigma: float) -> torch.Tensor:  # noqa: ARG001  # a Correction
    return estimate


@pytest.mark.parametrize("name", ["paper_qf10", "qf30_eta08_etab1"])
def test_it_walks_the_authors_trajectory(name):
    path = GOLDEN / f"ddrm_trajectory_{name}.safetensors"
    golden = load_file(path)
    with safe_open(str(path), "pt") as file:
        header = file.metadata()
    times = uniform_timesteps(int(header["init_timestep"]), int(header["timesteps"]))
    assert sorted(times) == golden["timesteps"].tolist()
    correct = PaperCorrection(
        create_ddrm_paper_operator(int(header["qf"])), golden["y0"], float(header["eta_b"])
    )
    denoise = Recorded(analytic)
    steps = list(
        sample(
            denoise,
            correct,
            golden["y0"],
            sigmas=[sigma_at(t) for t in times],
            eta=float(header["eta"]),
            add_noise=lambda draw, x, scale: x.add_(golden["noise"][draw], alpha=scale),
        )
    )
    assert len(steps) == len(times)
    for step, x, expected in zip(steps, denoise.seen, golden["x_t"], strict=False):
        x_t = x / sqrt(1 + step.sigma**2)  # x is x_t / sqrt(abar)
        torch.testing.assert_close(x_t, expected, atol=1e-3, rtol=0)
    torch.testing.assert_close(steps[-1].estimates, golden["x_t"][-1], atol=1e-3, rtol=0)


class Recorded:
    """A wrapper of a denoiser that records the noisy images in all calls."""

    def __init__(self, denoise) -> None:
        self.denoise, self.seen = denoise, []

    def __call__(self, x: torch.Tensor, sigma: float) -> torch.Tensor:
        self.seen.append(x.clone())
        return self.denoise(x, sigma)


class Gaussian:
    """The exact denoiser for pixels that are normally distributed with standard deviation s."""

    def __init__(self, s: float) -> None:
        self.s, self.calls = s, 0

    def __call__(self, x: torch.Tensor, sigma: float) -> torch.Tensor:
        self.calls += 1
        return x * (self.s**2 / (self.s**2 + sigma**2))


def normal(rng: torch.Generator, *shape: int):
    return lambda _, x, scale: x.add_(torch.randn(shape, generator=rng), alpha=scale)


def fixed(noise: torch.Tensor):
    return lambda _, x, scale: x.add_(noise, alpha=scale)


def geometric(first: float, last: float, count: int) -> list[float]:
    return [first * (last / first) ** (i / (count - 1)) for i in range(count)]


@pytest.mark.parametrize("eta", [1.0, 0.5, 0.0])
def test_variance_of_gaussian_samples_is_the_closed_form(eta, rng):
    s, sigmas = 0.5, geometric(2.0, 0.1, 8)
    variance = sigmas[0] ** 2
    for sigma, following in itertools.pairwise(sigmas):
        gain = s**2 / (s**2 + sigma**2)
        kept = gain + (1 - eta) * following / sigma * (1 - gain)
        variance = kept**2 * variance + (eta * following) ** 2
    variance *= (s**2 / (s**2 + sigmas[-1] ** 2)) ** 2
    start = torch.zeros(4, 3, 60, 100)
    *_, last = sample(
        Gaussian(s), keep, start, sigmas=sigmas, eta=eta, add_noise=normal(rng, *start.shape)
    )
    assert float(last.estimates.var()) == pytest.approx(variance, rel=0.03)
    assert float(last.estimates.mean()) == pytest.approx(0, abs=0.01)


def test_many_small_steps_without_new_noise_carry_noise_to_the_prior(rng):
    """Sampling in many steps without new noise gives samples with the prior's distribution."""
    start = torch.zeros(4, 3, 60, 100)
    *_, last = sample(
        Gaussian(0.5),
        keep,
        start,
        sigmas=geometric(20.0, 0.005, 300),
        eta=0.0,
        add_noise=normal(rng, *start.shape),
    )
    assert float(last.estimates.std()) == pytest.approx(0.5, rel=0.03)


def test_with_eta_0_only_the_start_is_random(rng):
    start = torch.zeros(1, 3, 5, 7)
    first = torch.randn(start.shape, generator=rng)
    ends = []
    for later in (torch.ones(start.shape), torch.full(start.shape, -50.0)):
        *_, last = sample(
            Gaussian(0.5),
            keep,
            start,
            sigmas=[1.0, 0.5, 0.1],
            eta=0.0,
            add_noise=lambda draw, x, scale, later=later: x.add_(
                first if draw == 0 else later, alpha=scale
            ),
        )
        ends.append(last.estimates)
    assert torch.equal(*ends)


def test_temperature_weakens_new_noise_only(rng):
    start = torch.randn(1, 3, 4, 4, generator=rng)
    noise = torch.randn(start.shape, generator=rng)
    denoise = Recorded(lambda x, _: torch.zeros_like(x))
    steps = sample(
        denoise, keep, start, sigmas=[2.0, 1.0], eta=1.0, add_noise=fixed(noise), temperature=0.7
    )
    assert [s.sigma for s in steps] == [2.0, 1.0]  # noise levels that the prior gets
    torch.testing.assert_close(denoise.seen[0], start + 1.4 * noise)
    torch.testing.assert_close(denoise.seen[1], 0.7 * noise)


def test_only_the_prior_sees_its_own_noise_levels(rng):
    """Noise, correction and steps depend on the sampler's levels, the prior on those passed."""
    start = torch.randn(1, 3, 4, 4, generator=rng)
    passed, corrected, scales = [], [], []

    def denoise(x: torch.Tensor, sigma: float) -> torch.Tensor:
        passed.append(sigma)
        return torch.zeros_like(x)

    def correct(estimate: torch.Tensor, sigma: float) -> torch.Tensor:
        corrected.append(sigma)
        return estimate

    sigmas, prior_sigmas = [4.0, 2.0, 1.0], [4.0, 1.5, 0.75]
    steps = sample(
        denoise,
        correct,
        start,
        sigmas=sigmas,
        eta=0.5,
        add_noise=lambda _, __, scale: scales.append(scale),
        prior_sigmas=prior_sigmas,
    )
    assert [step.sigma for step in steps] == corrected == sigmas
    assert passed == prior_sigmas
    assert scales == [4.0, 1.0, 0.5]


def test_there_is_a_level_for_the_prior_in_each_step():
    start = torch.zeros(1, 3, 4, 4)
    steps = sample(
        Gaussian(0.5),
        keep,
        start,
        sigmas=[2.0, 1.0],
        eta=1.0,
        add_noise=fixed(start),
        prior_sigmas=[2.0],
    )
    with pytest.raises(ValueError, match="shorter"):
        list(steps)


def test_momentum_moves_an_estimate_on_by_a_share_of_its_last_change(rng):
    start = torch.randn(1, 3, 4, 4, generator=rng)
    ends = [torch.full_like(start, v) for v in (1.0, 3.0, 4.0)]
    answers = iter(ends)
    denoise = Recorded(lambda _, __: next(answers).clone())
    quiet = fixed(torch.zeros_like(start))
    steps = sample(
        denoise, keep, start, sigmas=[3.0, 2.0, 1.0], eta=1.0, add_noise=quiet, momentum=0.5
    )
    for step, end in zip(steps, ends, strict=True):
        assert torch.equal(step.estimates, end)  # yielded tensors are not extrapolated
    torch.testing.assert_close(denoise.seen[1], ends[0] + 0.5 * (ends[0] - start))
    torch.testing.assert_close(denoise.seen[2], ends[1] + 0.5 * (ends[1] - ends[0]))


def test_one_evaluation_per_step_and_none_ahead():
    denoise = Gaussian(0.5)
    assert isinstance(denoise, Denoiser)
    steps = sample(
        denoise,
        keep,
        torch.zeros(1, 3, 4, 4),
        sigmas=[3.0, 2.0, 1.0],
        eta=1.0,
        add_noise=fixed(torch.ones(1, 3, 4, 4)),
    )
    assert denoise.calls == 0
    for index, step in enumerate(steps):
        assert denoise.calls == index + 1
        assert (step.index, step.step_count, step.sigma) == (index, 3, 3.0 - index)
        assert torch.is_grad_enabled()  # the generator's no_grad does not leak
    assert denoise.calls == 3


@pytest.mark.parametrize("eta", [1.0, 0.3])
def test_what_was_yielded_is_never_written_again(eta, rng):
    start = torch.randn(2, 3, 4, 4, generator=rng)
    untouched = start.clone()
    held = []
    for step in sample(
        Gaussian(0.5),
        keep,
        start,
        sigmas=geometric(2.0, 0.1, 6),
        eta=eta,
        add_noise=normal(rng, *start.shape),
    ):
        held.append((step, step.estimates.clone()))
    for step, estimate in held:
        assert torch.equal(step.estimates, estimate)
    assert torch.equal(start, untouched)


def test_the_correction_sees_the_estimate_and_the_sigma(rng):
    seen = []

    def correct(estimate: torch.Tensor, sigma: float) -> torch.Tensor:
        seen.append(sigma)
        return torch.full_like(estimate, 0.25)

    start = torch.zeros(1, 3, 4, 4)
    noise = torch.randn(start.shape, generator=rng)
    denoise = Recorded(Gaussian(1.0))
    steps = list(
        sample(denoise, correct, start, sigmas=[2.0, 1.0], eta=1.0, add_noise=fixed(noise))
    )
    assert seen == [2.0, 1.0]
    torch.testing.assert_close(denoise.seen[1], 0.25 + noise)
    assert torch.equal(steps[1].estimates, torch.full_like(start, 0.25))
