"""The expected time and memory that a terminal shows before a run or batch starts."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest
import torch

from app.cli.batch import cost_estimate as batch_cost_estimate
from app.cli.batch.cost_estimate import BatchCostEstimator
from app.cli.run import cost_estimate
from app.config.throughput_store import ThroughputKey, find_size_class, open_throughput_store
from ddrm_core.batch.manifest.manifest import Manifest
from ddrm_core.batch.output_paths import PlannedFile
from ddrm_core.batch.settings import BatchSettings
from ddrm_core.performance.recorded_throughput import RecordedThroughput
from ddrm_core.sampler.settings import PRESETS, Preset

QUICK = ("--prior", "compact", "--steps", 1, "--samples", 1)


MODULES = (cost_estimate, batch_cost_estimate)


@pytest.fixture(autouse=True)
def nothing_recorded(monkeypatch) -> None:
    """Let no run be long enough to be recorded, however slow the machine is."""
    for module in MODULES:
        monkeypatch.setattr(module, "MIN_RECORDED_SECONDS", 1e9)


@pytest.fixture
def terminal(monkeypatch) -> None:
    """Let the commands believe that somebody reads standard error."""
    for module in MODULES:
        monkeypatch.setattr(module, "is_estimate_wanted", lambda: True)


def record_speed(seconds_per_pixel: float) -> None:
    key = ThroughputKey("compact", "cpu", torch.get_num_threads(), "bins", find_size_class(97 * 70))
    open_throughput_store().record(key, RecordedThroughput(seconds_per_pixel, 0))


def estimates_in(text: str) -> list[str]:
    return re.findall(r"^Note: (.*: about .*)\.$", text, re.MULTILINE)


@pytest.mark.usefixtures("terminal")
def test_the_time_of_a_run_follows_from_the_recorded_speed(run, photo, tmp_path):
    record_speed(60 / (97 * 70))
    ended = run("restore", photo, "-o", tmp_path / "a.png", *QUICK)
    (line,) = estimates_in(ended.stderr)
    assert line.startswith(f"{photo.name}: about 1 min and ")
    assert line.endswith("B of memory on cpu")


@pytest.mark.usefixtures("terminal")
def test_a_short_run_is_not_delayed_by_a_measurement(run, photo, tmp_path):
    (line,) = estimates_in(run("restore", photo, "-o", tmp_path / "a.png", *QUICK).stderr)
    assert re.fullmatch(rf"{photo.name}: about \d+ MB of memory on cpu", line)


@pytest.mark.usefixtures("terminal")
def test_a_batch_counts_what_is_left_to_do(run, photo, tmp_path):
    album = tmp_path / "album"
    for name in ("1.jpg", "2.jpg", "3.jpg"):
        album.mkdir(exist_ok=True)
        shutil.copy(photo, album / name)
        with (album / name).open("ab") as file:
            file.write(name.encode())
    record_speed(60 / (97 * 70))
    arguments = ("batch", album, "-o", tmp_path / "out", *QUICK)
    assert estimates_in(run(*arguments).stderr)[0].startswith("3 files: about 3 min and ")
    (tmp_path / "out" / "2_restored.png").unlink()
    assert estimates_in(run(*arguments).stderr)[0].startswith("1 file: about 1 min and ")
    assert estimates_in(run(*arguments).stderr) == []


@pytest.mark.usefixtures("terminal")
def test_a_batch_counts_what_its_selection_restores(run, photo, original, tmp_path):
    for number in range(3):
        original.save(photo.with_name(f"{number}.jpg"), quality=92)
    record_speed(60 / (97 * 70))
    arguments = ("batch", photo.parent, "-o", tmp_path / "out", *QUICK, "--below-quality", 80)
    assert estimates_in(run(*arguments).stderr)[0].startswith("1 file: about 1 min and ")


@pytest.mark.usefixtures("terminal")
def test_workers_take_the_recorded_time_of_the_cpu(photo, tmp_path, capsys):
    settings = BatchSettings(PRESETS[Preset.DRAFT])
    estimator = BatchCostEstimator(settings, Manifest(tmp_path / "out"))
    files = [PlannedFile(photo, tmp_path / "out" / f"{number}.png") for number in range(3)]
    estimator.print_recorded_estimate(files, "compact", "cpu")
    assert capsys.readouterr().err == ""
    record_speed(30 / (97 * 70))
    estimator.print_recorded_estimate(files, "compact", "cpu")
    assert capsys.readouterr().err == "Note: 3 files: about 3 min on cpu.\n"


def test_nothing_is_estimated_without_a_terminal(run, photo, tmp_path):
    assert estimates_in(run("restore", photo, "-o", tmp_path / "a.png", *QUICK).stderr) == []


def test_runs_record_their_speed(run, photo, tmp_path, monkeypatch, state_folder):
    key = ThroughputKey("compact", "cpu", torch.get_num_threads(), "bins", find_size_class(97 * 70))
    commands = [
        ("restore", photo, "-o", tmp_path / "out.png", "--overwrite", *QUICK),
        ("batch", photo.parent, "-o", tmp_path / "out", *QUICK),
    ]
    assert run(*commands[0]).exit_code == 0
    assert list(Path(state_folder).iterdir()) == []  # too short
    for module in MODULES:
        monkeypatch.setattr(module, "MIN_RECORDED_SECONDS", 0.0)
    for command in commands:
        assert run(*command).exit_code == 0
        recorded = open_throughput_store().find(key)
        assert recorded is not None
        assert 0 < recorded.seconds_per_pixel < 1
        open_throughput_store().path.unlink()
