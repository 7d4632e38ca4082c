"""Limits of threads and priority, and the pause on battery."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator

import pytest
import torch

from app.cli.battery_pause import BatteryPause, PauseChange
from app.cli.options.compute import ComputeLimitOptions, ComputeOptions
from tests.support.paths import ROOT

# Another process, because a lowered priority cannot be raised again.
PRIORITY_PROGRAM = """
import os, subprocess, sys, threading
from app.cli.options.compute import ComputeLimitOptions

print(os.getpriority(os.PRIO_PROCESS, 0))
threads = [threading.Thread(target=threading.Event().wait, daemon=True) for _ in range(2)]
for thread in threads:
    thread.start()
ComputeLimitOptions(nice=True).apply()
print(os.getpriority(os.PRIO_PROCESS, 0))
print(*{os.getpriority(os.PRIO_PROCESS, thread.native_id) for thread in threads})
child = "import os; print(os.getpriority(os.PRIO_PROCESS, 0))"
print(subprocess.run([sys.executable, "-c", child], capture_output=True, text=True).stdout)
print("torch" in sys.modules)
"""


@pytest.fixture
def three_threads() -> Iterator[None]:
    """Let torch use three threads unless the test limits them."""
    before = torch.get_num_threads()
    torch.set_num_threads(3)
    yield
    torch.set_num_threads(before)


@pytest.mark.usefixtures("three_threads")
@pytest.mark.parametrize(("limit", "expected"), [(None, 3), (64, 3), (2, 2), (1, 1)])
def test_at_most_as_many_threads_as_allowed(limit, expected):
    ComputeLimitOptions(threads=limit).apply()
    assert torch.get_num_threads() == expected


@pytest.mark.usefixtures("three_threads")
def test_a_run_applies_the_limits(run, photo, tmp_path):
    quick = ("--prior", "compact", "--steps", 1, "--samples", 1)
    ended = run("restore", photo, "-o", tmp_path / "a.png", "--threads", 2, *quick)
    assert (ended.exit_code, torch.get_num_threads()) == (0, 2), ended.stderr


@pytest.mark.parametrize("count", [0, -1, 1025, "many"])
def test_other_numbers_of_threads_are_wrong_usage(run, photo, count):
    assert run("restore", photo, "--threads", count).exit_code == 2
    assert [path.name for path in photo.parent.iterdir()] == [photo.name]


@pytest.mark.skipif(sys.platform != "linux", reason="threads have priorities on Linux only")
def test_the_whole_process_and_its_children_get_a_low_priority():
    done = subprocess.run(
        [sys.executable, "-c", PRIORITY_PROGRAM],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stderr == ""
    normal, main_thread, other_threads, child, has_torch = done.stdout.split()
    assert main_thread == other_threads == child == str(max(int(normal), 10))
    assert has_torch == "False"


def test_without_the_option_nothing_waits():
    assert ComputeOptions().create_pause() is None
    assert ComputeOptions(pause_on_battery=True).create_pause() is not None


def create_pause(answers: list[bool], log: list[object], check_interval: float) -> BatteryPause:
    """Return a pause whose power source gives `answers`, and which only logs what it would do."""
    return BatteryPause(
        is_on_battery=lambda: answers.pop(0),
        report=log.append,
        sleep=log.append,
        check_interval=check_interval,
    )


def test_the_pause_lasts_until_the_computer_is_plugged_in():
    log: list[object] = []
    answers = [False, True, True, True, False, False]
    pause = create_pause(answers, log, check_interval=0)
    pause.wait()
    assert log == []
    pause.wait()
    assert log == [PauseChange.PAUSED, 0, 0, 0, PauseChange.RESUMED]
    pause.wait()
    assert len(log) == 5
    assert answers == []


def test_the_power_source_is_not_asked_after_every_step():
    answers = [False, True]
    pause = create_pause(answers, [], check_interval=3600)
    for _ in range(5):
        pause.wait()
    assert answers == [True]


def test_a_run_pauses_between_its_steps(run, photo, tmp_path, monkeypatch):
    """Story: the notebook is unplugged during a run, and plugged in a while later."""
    answers = iter([True, False])
    monkeypatch.setattr("app.desktop.power_source.is_on_battery", lambda: next(answers, False))
    monkeypatch.setattr("app.cli.options.compute.CHECK_INTERVAL_S", 0)
    output = tmp_path / "a.png"
    quick = ("--prior", "compact", "--steps", 2, "--samples", 1)
    ended = run("restore", photo, "-o", output, "--pause-on-battery", *quick)
    assert ended.exit_code == 0, ended.stderr
    assert output.exists()
    notes = [line for line in ended.stderr.splitlines() if line.startswith("Note: ")]
    assert ["paused" in line for line in notes] == [True, False]
    assert "plugged in" in notes[1]
