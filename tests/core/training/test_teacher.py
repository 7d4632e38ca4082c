"""A teacher in training: its share of the targets, and the run that records it."""

from __future__ import annotations

import copy
import signal
from collections.abc import Iterator
from dataclasses import replace
from itertools import islice, repeat
from pathlib import Path

import numpy as np
import pytest
import torch
from safetensors import safe_open

from ddrm_core.errors import InvalidSetting
from ddrm_core.prior.bundled import BUNDLED_PRIOR_PATH
from ddrm_core.prior.denoiser import Prior, PriorInfo
from ddrm_core.prior.store.library import PriorLibrary
from ddrm_core.training.__main__ import EXIT_DONE, EXIT_FAILED, main
from ddrm_core.training.checkpoint import load_state
from ddrm_core.training.loop import train
from ddrm_core.training.noise_levels import SIGMA_RANGE
from ddrm_core.training.teacher import Teacher, TeacherSettings, load_teacher
from tests.support.drunet_networks import seeded_prior, write_drunet
from tests.support.small_priors import random_tensors, write_prior
from tests.support.small_training import SETTINGS, tensors_of, tiny_state, write_photographs

CPU = torch.device("cpu")
SMALL = ["--channels", "8,12", "--blocks", "1", "--middle", "1", "--patch", "16", "--batch", "2"]


@pytest.fixture
def own_signals() -> Iterator[None]:
    """Restore the handlers of SIGTERM and SIGINT, which a session replaces, after a test."""
    kept = {number: signal.getsignal(number) for number in (signal.SIGTERM, signal.SIGINT)}
    yield
    for number, handler in kept.items():
        signal.signal(number, handler)


def teacher_of(prior: Prior, share: float) -> Teacher:
    return Teacher(prior, TeacherSettings("a", prior.info.identity, share))


def noisy_patches() -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
    """Return clean patches, noisy patches and noise levels; the last one is above 0.39."""
    rng = torch.manual_seed(3)
    clean = torch.rand(3, 3, 16, 16, generator=rng) * 2 - 1
    sigma = torch.tensor([0.02, 0.3, 0.8])
    return clean, clean + sigma[:, None, None, None] * torch.randn(clean.shape), sigma


class TestTargets:
    def test_without_a_share_they_are_the_photographs(self):
        clean, noisy, sigma = noisy_patches()
        target = teacher_of(seeded_prior(), 0.0).mix_targets(clean, noisy, sigma)
        assert torch.equal(target, clean)

    def test_with_the_whole_share_they_are_the_teachers_estimates(self):
        clean, noisy, sigma = noisy_patches()
        prior = seeded_prior()
        target = teacher_of(prior, 1.0).mix_targets(clean, noisy, sigma)
        for i in (0, 1):
            estimate = prior.denoise(noisy[i : i + 1], float(sigma[i]), lambda: None)
            assert torch.equal(target[i : i + 1], estimate)

    def test_where_the_teacher_was_not_trained_they_are_the_photographs(self):
        clean, noisy, sigma = noisy_patches()
        target = teacher_of(seeded_prior(), 1.0).mix_targets(clean, noisy, sigma)
        assert torch.equal(target[2], clean[2])
        assert not torch.allclose(target[:2], clean[:2], atol=0.1)

    def test_they_are_a_weighted_mean(self):
        clean, noisy, sigma = noisy_patches()
        none, mixed, whole = (
            teacher_of(seeded_prior(), share).mix_targets(clean, noisy, sigma)
            for share in (0.0, 0.6, 1.0)
        )
        torch.testing.assert_close(mixed, 0.4 * none + 0.6 * whole)

    @pytest.mark.parametrize("share", [-0.1, 1.1, float("nan")])
    def test_a_share_out_of_range_is_refused(self, share):
        with pytest.raises(InvalidSetting):
            TeacherSettings("a", "", share)


class TestTraining:
    def test_a_share_of_nothing_is_no_teacher_bit_for_bit(self):
        patches = np.random.default_rng(0).integers(0, 256, (SETTINGS.batch, 16, 16, 3), np.uint8)
        alone, taught = tiny_state(), tiny_state()
        for state, teacher in ((alone, None), (taught, teacher_of(seeded_prior(), 0.0))):
            steps = train(
                state, repeat(patches), SETTINGS, precision=torch.float32, teacher=teacher
            )
            assert len(list(islice(steps, 3))) == 3
        for name, tensor in tensors_of(alone).items():
            assert torch.equal(tensor, tensors_of(taught)[name]), name

    def test_a_network_that_is_its_own_teacher_has_nothing_to_learn(self):
        state = tiny_state()
        with torch.no_grad():
            for weight in state.network.parameters():
                weight.add_(0.05 * torch.randn(weight.shape, generator=torch.manual_seed(1)))
        own = copy.deepcopy(state.network).requires_grad_(False)
        info = PriorInfo("", Path(), "", "", "", SIGMA_RANGE, 8, None, None)
        patches = np.random.default_rng(0).integers(0, 256, (SETTINGS.batch, 16, 16, 3), np.uint8)
        losses = []
        for teacher in (teacher_of(Prior(info, CPU, torch.float32, own), 1.0), None):
            still = replace(SETTINGS, rate=1e-9)
            steps = train(state, repeat(patches), still, precision=torch.float32, teacher=teacher)
            losses.append(float(next(steps).loss))
        assert losses[0] < 1e-8 < 0.1 < losses[1]


@pytest.mark.usefixtures("own_signals")
class TestCommand:
    def test_a_run_remembers_its_teacher_and_the_model_card_names_it(self, tmp_path, capsys):
        photographs = write_photographs(tmp_path / "photographs")
        prior = write_drunet(tmp_path / "big.safetensors")
        other = write_prior(tmp_path / "other.safetensors", tensors=random_tensors(seed=1))
        out = tmp_path / "run"
        command = [str(photographs), "--out", str(out), *SMALL, "--device", "cpu"]
        taught = [*command, "--teacher", str(prior)]
        assert main([*taught, "--iterations", "2"]) == EXIT_DONE
        expected = load_teacher(str(prior), CPU, share=0.6).settings
        for number in ("3", "4"):
            assert load_state(out / "state.safetensors", CPU)[1].teacher == expected
            assert main([*(taught if number == "3" else command), "--iterations", number]) == 0
        capsys.readouterr()
        for wrong in (
            ["--teacher", str(other)],
            ["--teacher-share", "0.5"],
            ["--teacher", str(tmp_path / "missing.safetensors")],
        ):
            assert main([*command, *wrong, "--iterations", "5"]) == EXIT_FAILED
            assert capsys.readouterr().err.count("\n") == 1
        assert load_state(out / "state.safetensors", CPU)[0].iteration == 4
        mine = tmp_path / "mine.safetensors"
        facts = ["--name", "mine", "--licence", "CC0", "--training-data", "none"]
        assert main(["export", str(photographs), str(mine), "--run", str(out), *facts]) == EXIT_DONE
        with safe_open(str(mine), "pt") as file:
            header = file.metadata()
        assert header["teacher"] == (
            f"big.safetensors, share 0.6 of the targets, SHA-256 {expected.identity}"
        )
        assert f"| Teacher | {header['teacher']} |" in mine.with_suffix(".md").read_text("utf-8")

    def test_a_run_without_a_teacher_gets_none_later(self, tmp_path, capsys):
        photographs = write_photographs(tmp_path / "photographs")
        prior = write_drunet(tmp_path / "big.safetensors")
        command = [str(photographs), "--out", str(tmp_path / "run"), *SMALL, "--device", "cpu"]
        assert main([*command, "--teacher-share", "0.5"]) == EXIT_FAILED
        assert "none without --teacher" in capsys.readouterr().err
        assert main([*command, "--iterations", "1"]) == EXIT_DONE
        assert main([*command, "--iterations", "2", "--teacher", str(prior)]) == EXIT_FAILED
        assert "that of the run" in capsys.readouterr().err


class TestLoading:
    def test_a_file_has_the_identity_of_the_prior_that_it_is_restored_with(self, tmp_path):
        file = write_drunet(tmp_path / "a.safetensors")
        teacher = load_teacher(str(file), CPU, share=0.25)
        info = PriorLibrary(BUNDLED_PRIOR_PATH, tmp_path).read_info(str(file))
        assert teacher.settings == TeacherSettings(str(file), info.identity, 0.25)
        assert teacher.prior.info.architecture == "drunet"

    @pytest.mark.usefixtures("packaged_priors")
    def test_the_prior_of_a_package_has_a_name(self):
        """Where the bundled prior stands in for it, the targets are the photographs."""
        teacher = load_teacher("ffdnet-color", CPU, share=1.0)
        assert teacher.prior.info.name == "ffdnet-color"
        clean, noisy, sigma = noisy_patches()
        target = teacher.mix_targets(clean, noisy, sigma)
        changed = [not torch.equal(a, b) for a, b in zip(target, clean, strict=True)]
        assert changed == [False, True, False]
