"""An unfinished training of 0.1.0 continues."""

from __future__ import annotations

import json
import shutil
import signal
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

import numpy as np
import pytest
import torch

from ddrm_core.prior.architectures.compact import CompactConfig
from ddrm_core.training.__main__ import EXIT_DONE, main
from ddrm_core.training.checkpoint import load_state
from ddrm_core.training.loop import train
from ddrm_core.training.settings import LearningRateDecay, TrainingSettings
from tests.support.small_training import write_photographs
from tests.support.stored_by_0_1_0 import STORED

CPU = torch.device("cpu")


@pytest.fixture
def own_signals() -> Iterator[None]:
    """Restore the handlers of SIGTERM and SIGINT, which a session replaces, after a test."""
    kept = {number: signal.getsignal(number) for number in (signal.SIGTERM, signal.SIGINT)}
    yield
    for number, handler in kept.items():
        signal.signal(number, handler)


class TestTraining:
    SETTINGS = TrainingSettings(
        batch=3,
        patch=16,
        rate=0.03125,
        warm_up=2,
        weight_decay=0.125,
        clip=0.5,
        averages=(0.5, 0.75),
        seed=7,
    )

    def test_a_state_comes_back_and_goes_on_as_it_would_have(self):
        state, settings = load_state(STORED / "training" / "state.safetensors", CPU)
        assert settings == self.SETTINGS
        assert state.config == CompactConfig(channels=(2, 2), blocks=1, middle=1, embedding=2)
        assert (state.iteration, state.patch_count) == (5, 15)
        assert state.rate_decay == LearningRateDecay(begin=2, length=40)
        assert state.training_seconds == pytest.approx(0.31087629800094874)
        assert state.averages.keys() == {0.5, 0.75}
        ramp = np.arange(3 * 16 * 16 * 3) * 37 % 256
        patches = ramp.astype(np.uint8).reshape(3, 16, 16, 3)
        batches = iter([patches] * 3)
        steps = [*islice(train(state, batches, settings, precision=torch.float32), 3)]
        assert [step.iteration for step in steps] == [6, 7, 8]
        assert [step.learning_rate for step in steps] == [0.02890625, 0.028125, 0.02734375]
        # The second and third loss depend on the optimizer's moments.
        losses = [1.0885577201843262, 1.0800213813781738, 1.1105982065200806]
        assert [float(step.loss) for step in steps] == pytest.approx(losses, abs=1e-4)
        assert (state.iteration, state.patch_count) == (8, 24)

    @pytest.mark.usefixtures("own_signals")
    def test_the_command_continues_the_run_and_its_log(self, tmp_path):
        out = Path(shutil.copytree(STORED / "training", tmp_path / "run"))
        photographs = write_photographs(tmp_path / "photographs")
        before = (out / "log.jsonl").read_bytes()
        command = [str(photographs), "--out", str(out), "--device", "cpu", "--iterations", "6"]
        assert main(command) == EXIT_DONE
        state, settings = load_state(out / "state.safetensors", CPU)
        assert (state.iteration, state.patch_count) == (6, 18)
        assert (settings, state.rate_decay) == (
            self.SETTINGS,
            LearningRateDecay(begin=2, length=40),
        )
        assert state.training_seconds > 0.31087629800094874
        log = (out / "log.jsonl").read_bytes()
        assert log.startswith(before)
        stored, added = (
            [json.loads(line) for line in part.splitlines()]
            for part in (before, log[len(before) :])
        )
        assert [row["kind"] for row in stored] == ["train", "validation"]
        for old, new in zip(stored, added, strict=True):
            assert old.keys() <= new.keys()
            assert new["iteration"] == 6
