"""The status of a batch while it runs: rate, time left, failures by kind, and when it is shown."""

from __future__ import annotations

import io
import json
import re
from collections import Counter
from contextlib import closing
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.console import Console

from app.cli.batch.file_counter import FileCounter
from app.cli.batch.outcome_counts import format_failure_counts
from app.cli.batch.progress import BatchBar, BatchProgress
from app.cli.batch.status import BatchStatus, RestorationRate
from ddrm_core.batch.outcome import FileOutcome, FileState
from ddrm_core.batch.output_paths import OutputNaming, PlannedFile
from ddrm_core.batch.runner import FileRestoreProgress
from ddrm_core.batch.stores.reasons import InvalidObjectKey
from ddrm_core.batch.streaming.reasons import SharedTarget
from ddrm_core.batch.streaming.streamed_plan import StreamedPlan
from ddrm_core.batch.workers.reasons import WorkerCrashed
from ddrm_core.errors import DamagedJpeg, NotAJpeg, TooManyPixels, UnreadableFile
from ddrm_core.jpeg.reasons import CorruptionReason
from tests.support.paths import ROOT
from tests.support.polling import until


class ScriptedBatch:
    """A batch whose files end at given times.

    Attributes:
        status: Status of the batch.
        seconds: Time since the start in seconds.
    """

    def __init__(self, file_count: int | None) -> None:
        self.seconds = 0.0
        self._number = 0
        self.status = BatchStatus(lambda: self.seconds)
        self.status.start(file_count)

    def start_file(self, fraction: float = 0.0) -> PlannedFile:
        self._number += 1
        file = PlannedFile(Path("in", f"{self._number}.jpg"), Path("out", f"{self._number}.png"))
        self.status.add_event(FileRestoreProgress(self._number, file, None, fraction))
        return file

    def end_file(
        self,
        seconds: float,
        state: FileState = FileState.DONE,
        *,
        file: PlannedFile | None = None,
        error: Exception | None = None,
        copied_from: Path | None = None,
    ) -> None:
        """End a file, by default a new one, `seconds` after the last event."""
        file = file or self.start_file()
        self.seconds += seconds
        outcome = FileOutcome(file, file.target, state, error, copied_from=copied_from)
        self.status.add_event(outcome)


@given(st.lists(st.tuples(st.integers(0, 5), st.floats(0.5, 900))), st.floats(0.001, 10))
def test_skipped_files_change_neither_rate_nor_time_per_file(files, skip_seconds):
    """Each file to restore comes after some files that were done before."""
    plain, mixed = ScriptedBatch(10_000), ScriptedBatch(10_000)
    for skipped_count, seconds in files:
        for _ in range(skipped_count):
            mixed.end_file(skip_seconds, FileState.SKIPPED)
        plain.end_file(seconds)
        mixed.end_file(seconds)
    assert mixed.status.restored_per_hour == pytest.approx(plain.status.restored_per_hour)
    assert mixed.status.total_per_hour == pytest.approx(plain.status.total_per_hour)
    skipped_count = sum(count for count, _ in files)
    if files:
        left = 10_000 - len(files)
        share = (left - skipped_count) / left
        assert mixed.status.seconds_left == pytest.approx(plain.status.seconds_left * share)


def test_the_rate_is_that_of_the_last_minutes():
    """Ten files a minute, and then six, whatever the start was."""
    batch = ScriptedBatch(1000)
    for _ in range(200):
        batch.end_file(6)
    assert batch.status.restored_per_hour == pytest.approx(600)
    for _ in range(40):
        batch.end_file(10)
    assert batch.status.restored_per_hour == pytest.approx(360)
    assert batch.status.seconds_left == pytest.approx(760 * 10)
    assert batch.status.total_per_hour == pytest.approx(3600 * 240 / 1600)


def test_a_window_has_ten_files_however_long_they_take():
    rate = RestorationRate()
    for seconds in (1, *[3600] * 10):
        rate.add_file(seconds, is_restored=True)
    assert rate.restored_per_hour == pytest.approx(1)


def test_files_without_a_run_take_part_in_the_time_left_only():
    """Three of four files are no images, or copies of a result: they take no time."""
    batch = ScriptedBatch(80)
    for _ in range(10):
        batch.end_file(0, FileState.FAILED, error=NotAJpeg(Path("in", "a.jpg"), "PNG"))
        batch.end_file(0, copied_from=Path("out", "1.png"))
        batch.end_file(0, FileState.OTHER)
        batch.end_file(20)
    assert batch.status.restored_per_hour == pytest.approx(180)
    assert batch.status.seconds_left == pytest.approx(10 * 20)


@pytest.mark.parametrize("fraction", [0.0, 0.5], ids=["cluster", "processes"])
def test_the_time_of_other_workers_is_not_that_of_skipped_files(fraction):
    """One worker skips files while the other one restores a file in 100 s."""
    batch = ScriptedBatch(None)
    restored = batch.start_file(fraction)
    for _ in range(10):
        batch.end_file(9, FileState.SKIPPED)
    batch.end_file(10, file=restored)
    assert batch.status.restored_per_hour == pytest.approx(36)
    assert batch.status.seconds_left is None


def test_two_workers_that_skip_files_have_no_rate():
    """The time until the first restored file, with files that were done before, is left out."""
    batch = ScriptedBatch(None)
    for _ in range(100):
        first, second = batch.start_file(), batch.start_file()
        batch.end_file(0.5, FileState.SKIPPED, file=first)
        batch.end_file(0.5, FileState.SKIPPED, file=second)
    batch.end_file(10)
    assert batch.status.restored_per_hour == pytest.approx(360, rel=0.2)


def test_a_part_of_a_file_counts_for_the_time_left():
    batch = ScriptedBatch(3)
    batch.end_file(100)
    batch.start_file(0.25)
    assert batch.status.seconds_left == pytest.approx(175)


def test_the_status_is_one_line():
    batch = ScriptedBatch(10_000)
    assert batch.status.format_line() == "0 of 10,000"
    for _ in range(1201):
        batch.end_file(4, FileState.DONE)
    source = Path("in", "a.jpg")
    batch.end_file(4, FileState.FAILED, error=DamagedJpeg(source, CorruptionReason.NOTHING))
    batch.end_file(4, FileState.FAILED, error=DamagedJpeg(source, CorruptionReason.NOTHING))
    batch.status.add_failure(
        UnreadableFile(Path("in", "closed"), "permission denied"), is_file=False
    )
    batch.end_file(0, FileState.SKIPPED)
    assert batch.status.format_line() == (
        "1,204 of 10,000: 876 per hour, 1 done before, 3 failed (2 damaged, 1 not readable),"
        " 9 h 45 min left"
    )
    batch.status.add_failure(NotAJpeg(source, "PNG"), is_file=True)
    batch.status.add_failure(TooManyPixels(source, 9, 9, 1), is_file=True)
    batch.status.file_count = None
    assert batch.status.format_line() == (
        "1,206 files: 876 per hour, 1 done before, 5 failed (2 damaged, 1 not readable, 1 no images"
        " that can be restored, 1 for other reasons)"
    )


@pytest.mark.parametrize(
    "error_class", [NotAJpeg, UnreadableFile, SharedTarget, InvalidObjectKey, WorkerCrashed]
)
def test_errors_of_plans_and_workers_are_counted_by_kind(error_class):
    text = format_failure_counts(Counter({error_class.__name__: 2, "ZeroDivisionError": 1}))
    found = re.fullmatch(r"3 failed \(2 (.+), 1 other errors\)", text)
    assert found is not None
    assert len(found[1].split()) > 1


def test_the_status_is_shown_every_minute_or_every_thousand_files():
    batch = ScriptedBatch(None)
    turns = []
    for number in range(1, 3001):
        batch.end_file(0.0001 if number < 2500 else 30, FileState.SKIPPED)
        if batch.status.begin_interval_if_due():
            turns.append(number)
    assert turns[:4] == [1000, 2000, 2501, 2503]


def test_new_files_of_a_watched_folder_have_a_rate_at_once():
    batch = ScriptedBatch(10)
    for _ in range(10):
        batch.end_file(6)
    batch.seconds += 10_000
    batch.status.start(5)
    assert batch.status.format_line() == "0 of 5: 600 per hour, 30 s left"


def test_the_bar_has_the_status_below_it():
    batch, screen = ScriptedBatch(4), io.StringIO()
    with BatchBar(console=Console(file=screen, force_terminal=True, width=60)) as bar:
        progress = BatchProgress(bar, Path("in"), batch.status)
        progress.start()
        batch.end_file(90)
        file = batch.start_file(0.5)
        progress.show_event(FileRestoreProgress(2, file, None, 0.5))
        progress.print_status()
        bar.refresh()
    assert "2/4 2.jpg 50%" in screen.getvalue()
    assert "40 per hour, 3 min 40 s left" in screen.getvalue()
    assert "1 of 4" not in screen.getvalue()


def test_the_files_of_a_plan_are_counted_beside_the_batch(tmp_path):
    (tmp_path / "in").mkdir()
    for number in range(7):
        (tmp_path / "in" / f"{number}.jpg").touch()
    with closing(
        FileCounter(StreamedPlan(tmp_path / "in", tmp_path / "out", OutputNaming()))
    ) as counter:
        until(lambda: counter.count == 7)
    missing = FileCounter(StreamedPlan(tmp_path / "no", tmp_path / "out", OutputNaming()))
    missing.close()
    assert counter.count == 7


def test_a_batch_prints_its_status_as_line_and_as_event(run, tmp_path, monkeypatch):
    """All files of the part fail without a run; no line is printed with --quiet."""
    monkeypatch.setattr("app.cli.batch.status.STATUS_INTERVAL_FILES", 2)
    (tmp_path / "in").mkdir()
    for number in range(4):
        (tmp_path / "in" / f"{number}.jpg").write_text("no image")
    arguments = ("batch", tmp_path / "in", "-o", tmp_path / "out", "--prior", "compact")
    counts = "(2 no images that can be restored)"
    lines = run(*arguments).stderr.splitlines()
    assert [line.partition(" of 4: ")[0] for line in lines if " of 4: " in line] == ["2", "4"]
    assert any(f"2 failed {counts}" in line for line in lines)
    ended = run(*arguments, "--shard", "1/1", "--json-lines", "--quiet")
    assert " failed (" not in ended.stderr
    events = [json.loads(line) for line in ended.stdout.splitlines()]
    printed = [event for event in events if event["event"] == "status"]
    page = (ROOT / "docs" / "user" / "json_lines.md").read_text("utf-8")
    (documented,) = re.findall(r'```json\n(\{.*"event": "status".*)\n```', page)
    assert [list(event) for event in printed] == [list(json.loads(documented))] * 2
    assert [(event["finished"], event["failures"]) for event in printed] == [
        (2, {"NotAJpeg": 2}),
        (4, {"NotAJpeg": 4}),
    ]
    assert {event["files"] for event in printed} <= {None, 4}
    assert {event["per_hour"] for event in printed} == {None}
