"""The times at which a batch is saved, tested without threads."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QObject, Signal

from app.jobs.batch.batch_file import BatchFileStore
from app.jobs.worker import JobOutcome
from app.viewmodels.batch.autosave import BatchAutosave
from app.viewmodels.batch.batch_state import BatchState
from ddrm_core.errors import UnwritableOutput


class Runner(QObject):
    """A test double of a job runner, whose jobs end when a test calls `end`."""

    progressed = Signal(int, object)
    ended = Signal(int, object)

    def __init__(self) -> None:
        super().__init__()
        self.started = 0

    def start(self, _job) -> int:
        self.started += 1
        return self.started

    def end(self, error: Exception | None = None) -> None:
        self.ended.emit(self.started, JobOutcome(None, error))


@pytest.fixture
def runner():
    return Runner()


@pytest.fixture
def refusal(tmp_path):
    return UnwritableOutput(tmp_path, "No space left on device")


@pytest.fixture
def parent():
    return QObject()


@pytest.fixture
def autosave(runner, tmp_path, parent):
    return BatchAutosave(runner, BatchFileStore(tmp_path / "queue.jsonl"), parent)


def test_changes_during_a_write_are_written_after_it(autosave, runner):
    autosave.update(BatchState(recursive=False))
    autosave.update(BatchState(include_all_formats=True))
    assert runner.started == 1
    runner.end()
    assert runner.started == 2
    runner.end()
    assert runner.started == 2


def test_changes_during_a_write_that_fails_are_tried_once_more(autosave, runner, refusal):
    failures = []
    autosave.write_failed.connect(failures.append)
    autosave.update(BatchState(recursive=False))
    autosave.update(BatchState(include_all_formats=True))
    runner.end(refusal)
    assert runner.started == 2
    runner.end(refusal)
    assert runner.started == 2  # no third write without a further change
    assert failures == [refusal]


def test_a_list_that_could_not_be_written_is_written_with_the_next_change(
    autosave, runner, refusal
):
    autosave.update(BatchState(recursive=False))
    runner.end(refusal)
    assert runner.started == 1
    autosave.update(BatchState(recursive=False, include_all_formats=True))
    assert runner.started == 2
