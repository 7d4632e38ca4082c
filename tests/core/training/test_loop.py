"""Training: loss, noise levels, averages, and exact continuation of a stored state."""

from __future__ import annotations

import json
from dataclasses import replace
from itertools import islice, repeat
from math import log
from pathlib import Path

import numpy as np
import pytest
import torch
from safetensors import safe_open
from safetensors.torch import save_file
from scipy import stats

from ddrm_core.errors import InvalidPrior, InvalidSetting, UnreadableFile, UnwritableOutput
from ddrm_core.prior.denoiser import Prior, PriorInfo
from ddrm_core.sampler.schedule import sigma_at
from ddrm_core.training.checkpoint import load_state, save_state
from ddrm_core.training.ema import compute_update_share, update_average
from ddrm_core.training.loop import TrainingStep, train
from ddrm_core.training.loss import preconditioned_loss
from ddrm_core.training.metrics_log import compute_mean_loss
from ddrm_core.training.noise_levels import SIGMA_RANGE, draw_sigmas
from ddrm_core.training.settings import (
    BUNDLED_CONFIG,
    LearningRateDecay,
    TrainingSettings,
    compute_learning_rate,
)
from ddrm_core.training.state import create_random_network, create_training_state
from tests.support.small_training import SETTINGS, TINY, tensors_of, tiny_state

CPU = torch.device("cpu")


def batches_from(state, *, side=16):
    """Yield batches of random patches, which depend only on the number of their first patch."""
    place = state.patch_count
    while True:
        rng = np.random.default_rng(place)
        yield rng.integers(0, 256, (SETTINGS.batch, side, side, 3), np.uint8)
        place += SETTINGS.batch


def advance(state, iterations, *, precision=torch.float32):
    steps = train(state, batches_from(state), SETTINGS, precision=precision)
    return list(islice(steps, iterations))


def learnt_network():
    state = tiny_state()
    with torch.no_grad():
        for weight in state.network.parameters():
            weight.add_(0.05 * torch.randn(weight.shape, generator=torch.manual_seed(1)))
    return state.network


class TestNoiseLevels:
    def test_they_are_where_the_sampler_asks(self):
        def share_below(sigma):
            steps = np.interp(np.log(sigma), [log(sigma_at(t)) for t in range(301)], range(301))
            starts = np.exp(np.linspace(log(40), log(300), 401)[1::2])  # centers of 200 intervals
            sampler = np.minimum(1, np.asarray(steps)[..., None] / starts).mean(-1)
            low, high = np.log(SIGMA_RANGE)
            return 0.75 * sampler + 0.25 * (np.log(sigma) - low) / (high - low)

        drawn = draw_sigmas(np.random.default_rng(5), 40_000)
        above = drawn[drawn > sigma_at(0)]  # no timestep has a lower level
        base = float(share_below(np.array(sigma_at(0))))
        result = stats.kstest(above, lambda s: (share_below(s) - base) / (1 - base))
        assert result.pvalue > 0.01
        assert SIGMA_RANGE[0] <= drawn.min() < 0.009
        assert 1.2 < drawn.max() <= SIGMA_RANGE[1]


class TestLoss:
    @pytest.mark.parametrize("precision", [torch.float32, torch.bfloat16])
    def test_it_is_the_error_of_the_prior_that_the_weights_will_be(self, rng, precision):
        network = learnt_network()
        clean, noise = torch.rand(2, 2, 3, 16, 24, generator=rng) * 2 - 1
        sigma = torch.tensor([0.05, 0.9])
        noisy = clean + sigma[:, None, None, None] * noise
        loss = preconditioned_loss(network, noisy, clean, sigma, precision=precision)
        network.requires_grad_(False).to_precision(precision)
        info = PriorInfo("", Path(), "", "", "", SIGMA_RANGE, 8, torch.empty(0), torch.empty(0))
        prior = Prior(info, CPU, precision, network)
        squares = []
        for x0, z, s in zip(clean, noise, sigma.tolist(), strict=True):
            error = prior.denoise((x0 + s * z)[None], s, lambda: None)[0] - x0
            squares.append((error.square() * (s**2 + 0.25) / (s * 0.5) ** 2).mean())
        torch.testing.assert_close(loss.detach(), torch.stack(squares).mean(), rtol=2e-5, atol=0)

    def test_an_untrained_network_has_about_one_at_every_level(self, rng):
        # The preconditioning assumes a standard deviation of 0.5.
        clean = torch.randn(4, 3, 64, 64, generator=rng) / 2
        noise = torch.randn(4, 3, 64, 64, generator=rng)
        for sigma in (0.008, 0.2, 1.25):
            loss = preconditioned_loss(
                create_random_network(TINY, seed=0),
                clean + sigma * noise,
                clean,
                torch.full((4,), sigma),
                precision=torch.float32,
            )
            assert float(loss.detach()) == pytest.approx(1, abs=0.03)

    def test_gradients_reach_every_weight_in_float32(self, rng):
        network = learnt_network()
        clean, noise = torch.randn(2, 2, 3, 16, 16, generator=rng)
        sigma = torch.tensor([0.1, 0.4])
        noisy = clean + sigma[:, None, None, None] * noise
        preconditioned_loss(network, noisy, clean, sigma, precision=torch.bfloat16).backward()
        for name, weight in network.named_parameters():
            assert weight.grad is not None, name
            assert weight.grad.dtype == torch.float32
            assert weight.grad.abs().sum() > 0, name


class TestAverages:
    def test_they_are_the_weighted_sums_they_are_called(self, rng):
        weights = torch.randn(50, 7, generator=rng, dtype=torch.float64)
        average = [weights[0].clone()]
        expected = weights[0].clone()
        for iteration, weight in enumerate(weights, 1):
            update_average(average, [weight], decay=0.8, iteration=iteration)
            kept = min(0.8, iteration / (iteration + 9))
            expected = kept * expected + (1 - kept) * weight
        torch.testing.assert_close(average[0], expected)

    def test_the_share_of_new_falls_to_what_was_asked_for(self):
        shares = [compute_update_share(0.999, i) for i in (1, 10, 100, 10**6)]
        assert shares == sorted(shares, reverse=True)
        assert shares[0] == pytest.approx(0.9)
        assert shares[-1] == pytest.approx(0.001)


class TestLearningRate:
    @pytest.mark.parametrize(
        ("iteration", "decay", "share"),
        [
            (0, None, 0.01),
            (49, None, 0.5),
            (99, None, 1),
            (10**6, None, 1),
            (499, LearningRateDecay(500, 100), 1),
            (500, LearningRateDecay(500, 100), 1),
            (550, LearningRateDecay(500, 100), 0.5),
            (600, LearningRateDecay(500, 100), 0),
            (700, LearningRateDecay(500, 100), 0),
            (49, LearningRateDecay(0, 98), 0.25),
        ],
    )
    def test_it_rises_stays_and_falls(self, iteration, decay, share):
        settings = TrainingSettings(rate=1e-3, warm_up=100)
        assert compute_learning_rate(settings, decay, iteration) == pytest.approx(1e-3 * share)

    @pytest.mark.parametrize(
        "wrong",
        [
            {"batch": 0},
            {"patch": 8},
            {"rate": 0.0},
            {"rate": float("nan")},
            {"averages": ()},
            {"averages": (0.9, 0.9)},
            {"averages": (1.0,)},
            {"seed": -1},
        ],
    )
    def test_settings_out_of_range(self, wrong):
        with pytest.raises(InvalidSetting):
            TrainingSettings(**wrong)


class TestLoop:
    def test_it_learns(self):
        state = tiny_state()
        clean = np.full((SETTINGS.batch, 16, 16, 3), 200, np.uint8)
        settings = replace(SETTINGS, rate=5e-3)
        steps = train(state, repeat(clean), settings, precision=torch.float32)
        losses = [float(step.loss) for step in islice(steps, 120)]
        assert np.mean(losses[-20:]) < 0.6 * np.mean(losses[:20])

    def test_steps_say_where_they_are(self):
        state = tiny_state()
        first, second = advance(state, 2)
        assert (first.iteration, second.iteration, state.iteration) == (1, 2, 2)
        assert state.patch_count == 2 * SETTINGS.batch
        assert first.learning_rate == compute_learning_rate(SETTINGS, None, 0)
        assert first.wait_seconds >= 0
        assert not first.loss.requires_grad

    def test_every_iteration_has_noise_of_its_own(self):
        state = tiny_state()
        clean = np.full((SETTINGS.batch, 16, 16, 3), 200, np.uint8)
        still = replace(SETTINGS, rate=1e-9)
        steps = train(state, repeat(clean), still, precision=torch.float32)
        assert len({float(step.loss) for step in islice(steps, 12)}) == 12

    def test_averages_follow_the_weights(self):
        state = tiny_state()
        network = state.network
        expected = [w.detach().clone() for w in network.parameters()]
        for iteration in range(1, 4):
            advance(state, 1)
            share = compute_update_share(0.9, iteration)
            for mean, weight in zip(expected, network.parameters(), strict=True):
                mean.lerp_(weight.detach(), share)
        for found, mean in zip(state.averages[0.9], expected, strict=True):
            torch.testing.assert_close(found, mean)

    def test_it_ends_with_the_fall_of_the_rate(self):
        state = tiny_state()
        advance(state, 2)
        state.rate_decay = LearningRateDecay(2, 3)
        rates = [step.learning_rate for step in advance(state, 100)]
        full = compute_learning_rate(SETTINGS, None, 2)
        assert len(rates) == 3
        assert rates[0] == full
        assert rates[-1] < rates[0]

    def test_a_loss_that_is_no_number_is_refused(self):
        step = TrainingStep(3, torch.tensor(float("nan")), 1e-3, 3, 0.1)
        with pytest.raises(InvalidSetting):
            compute_mean_loss([step], SETTINGS)


class TestNetwork:
    @pytest.mark.parametrize("shape", [TINY, BUNDLED_CONFIG])
    def test_a_run_knows_the_shape_of_its_network(self, shape):
        network = create_random_network(shape, seed=0)
        state = create_training_state(network, TrainingSettings(), torch.device("cpu"))
        assert state.config == shape

    def test_seeds(self):
        one, again, other = (
            create_random_network(TINY, seed=s).head.weight.detach() for s in (1, 1, 2)
        )
        assert torch.equal(one, again)
        assert not torch.equal(one, other)


class TestContinuing:
    """A training run that was saved and loaded gives the same bits as one without a break."""

    @pytest.mark.parametrize("precision", [torch.float32, torch.bfloat16])
    def test_straight_on_and_in_two_parts(self, tmp_path, precision):
        straight = tiny_state()
        straight.rate_decay = LearningRateDecay(4, 20)
        losses = [float(s.loss) for s in advance(straight, 9, precision=precision)]
        first = tiny_state()
        first.rate_decay = LearningRateDecay(4, 20)
        parted = [float(s.loss) for s in advance(first, 5, precision=precision)]
        save_state(tmp_path / "s.safetensors", first, SETTINGS)
        again, settings = load_state(tmp_path / "s.safetensors", CPU)
        parted += [float(s.loss) for s in advance(again, 4, precision=precision)]
        assert parted == losses
        assert (again.iteration, again.patch_count) == (straight.iteration, straight.patch_count)
        assert (settings, again.rate_decay, again.config) == (SETTINGS, straight.rate_decay, TINY)
        expected, found = tensors_of(straight), tensors_of(again)
        assert found.keys() == expected.keys()
        for name, tensor in expected.items():
            assert torch.equal(found[name], tensor), name

    def test_a_run_that_has_not_begun(self, tmp_path):
        save_state(tmp_path / "s.safetensors", tiny_state(), SETTINGS)
        state, _ = load_state(tmp_path / "s.safetensors", CPU)
        straight = tiny_state()
        assert [float(s.loss) for s in advance(state, 3)] == [
            float(s.loss) for s in advance(straight, 3)
        ]

    def test_what_cannot_be_written_leaves_the_old_state(self, tmp_path):
        with pytest.raises(UnwritableOutput):
            save_state(tmp_path / "absent" / "s.safetensors", tiny_state(), SETTINGS)
        assert list(tmp_path.iterdir()) == []


class TestRefusals:
    @pytest.fixture
    def kept(self, tmp_path):
        state = tiny_state()
        advance(state, 1)
        save_state(path := tmp_path / "s.safetensors", state, SETTINGS)
        return path

    def rewrite(self, path, *, header=None, tensors=None):
        with safe_open(str(path), "pt") as file:
            old = file.metadata()
            kept = {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118
        save_file((tensors or (lambda t: t))(kept), path, old | (header or {}))

    def refused(self, path):
        with pytest.raises(InvalidPrior) as error:
            load_state(path, CPU)
        assert error.value.path == path

    def test_missing_and_foreign_files(self, tmp_path, kept):
        with pytest.raises(UnreadableFile):
            load_state(tmp_path / "absent", CPU)
        whole = kept.read_bytes()
        for data in (b"", b"text", whole[:100], whole[:-1]):
            kept.write_bytes(data)
            self.refused(kept)

    @pytest.mark.parametrize(
        "header",
        [
            {"format": "ddrm-restore prior 1"},
            {"settings": "{}"},
            {"settings": json.dumps({"batch": 1})},
            {"settings": "null"},
            {"shape": json.dumps({"channels": [8, 12], "blocks": 1, "middle": 1, "embedding": 8})},
            {"shape": json.dumps({"channels": [10**9], "blocks": 1, "middle": 1, "embedding": 8})},
            {"shape": "7"},
            {"decay": json.dumps({"begin": 0, "length": 0})},
            {"iteration": "many"},
            {"iteration": "0"},
            {"patches": "-"},
            {"seconds": ""},
        ],
        ids=str,
    )
    def test_a_wrong_header(self, kept, header):
        self.rewrite(kept, header=header)
        self.refused(kept)

    def test_wrong_tensors(self, kept):
        whole = kept.read_bytes()
        for change in (
            lambda t: {k: v for k, v in t.items() if k != "exp_avg.head.bias"},
            lambda t: t | {"more": torch.zeros(1)},
            lambda t: t | {"network.head.bias": torch.zeros(9)},
        ):
            kept.write_bytes(whole)
            self.rewrite(kept, tensors=change)
            self.refused(kept)
