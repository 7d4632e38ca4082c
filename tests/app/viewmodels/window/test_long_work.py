"""Runs and batches that the user may leave alone."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Signal

from app.jobs.document.open import open_document
from app.viewmodels.batch.batch_counts import BatchCounts
from app.viewmodels.batch.batch_events import BatchFinished
from app.viewmodels.batch.batch_state import BatchPhase, BatchState
from app.viewmodels.document.document import DocumentOpened, document_of_state
from app.viewmodels.run.run import NoRun, ResultReady, RunFailed, RunInProgress
from app.viewmodels.state_view_model import StateViewModel
from app.viewmodels.window.long_work import LongWorkViewModel
from ddrm_core.errors import OutOfMemory
from tests.support.results import result


class Subject(StateViewModel[object]):
    """A test double of a view model, whose state a test sets."""

    event_occurred = Signal(object)

    def become(self, state) -> None:
        self._set_state(state)

    @property
    def document(self):
        return document_of_state(self.state)


class Clock:
    """A clock that a test sets."""

    def __init__(self) -> None:
        self.seconds = 0.0

    def __call__(self) -> float:
        return self.seconds


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def run():
    return Subject(NoRun())


@pytest.fixture
def batch():
    return Subject(BatchState())


@pytest.fixture
def ends():
    return []


@pytest.fixture
def long_work(qapp, photo, clock, run, batch, ends):  # noqa: ARG001
    model = LongWorkViewModel(
        Subject(DocumentOpened(open_document(photo))), run, batch, clock=clock
    )
    model.work_ended.connect(ends.append)
    return model


def test_a_long_run_names_its_file_and_its_time(long_work, clock, run, ends, photo):
    run.become(RunInProgress(6))
    assert long_work.state.is_active
    clock.seconds = 130.0
    run.become(ResultReady(result()))
    assert not long_work.state.is_active
    (end,) = ends
    assert end.is_long
    assert end.message.title == "The picture is restored"
    assert end.message.advice == f"{photo.name}, finished after 2 min 10 s"


def test_a_long_run_that_fails_says_why(long_work, clock, run, ends):
    run.become(RunInProgress(6))
    clock.seconds = 61.0
    run.become(RunFailed(OutOfMemory("cpu", 4000, 3000)))
    assert not long_work.state.is_active
    assert ends[0].message.title == "The picture could not be restored"
    assert "4,000" in ends[0].message.advice or "4000" in ends[0].message.advice


@pytest.mark.parametrize("end", [ResultReady, NoRun])
def test_a_short_run_and_a_stopped_one_end_silently(long_work, clock, run, ends, end):
    run.become(RunInProgress(6))
    clock.seconds = 59.0 if end is ResultReady else 600.0
    run.become(ResultReady(result()) if end is ResultReady else NoRun())
    assert not long_work.state.is_active
    assert ends == []


def test_a_batch_is_reported_when_all_files_are_finished(long_work, clock, batch, ends):
    batch.become(BatchState(phase=BatchPhase.RUNNING))
    assert long_work.state.is_active
    clock.seconds = 10.0
    batch.event_occurred.emit(BatchFinished(BatchCounts(total=3, done=3)))
    batch.become(BatchState())
    assert not long_work.state.is_active
    assert [(end.is_long, end.message.title) for end in ends] == [
        (False, "The folder is finished: 3 restored")
    ]
