from __future__ import annotations

import threading

import pytest
import torch
from PySide6.QtCore import QObject, QThread, Signal, Slot

from app.jobs.worker import JobOutcome, job_from_function
from ddrm_core.errors import OperationCancelled, OutOfMemory


def endless(_token):
    number = 0
    while True:
        yield number
        number += 1


def counting(_token):
    yield from range(3)
    return "three"


class Recorder:
    """A recorder of the signals of a job runner, and of the threads on which they arrive."""

    def __init__(self, runner):
        self.reports, self.outcomes, self.threads = [], [], set()
        self._runner = runner
        runner.progressed.connect(self._on_progressed)
        runner.ended.connect(self._on_ended)

    def _on_progressed(self, run_id, progress):
        self.threads.add(QThread.currentThread())
        self.reports.append((run_id, progress))

    def _on_ended(self, run_id, outcome):
        self.threads.add(QThread.currentThread())
        self.outcomes.append((run_id, outcome))


@pytest.fixture
def recorder(runner):
    return Recorder(runner)


def test_an_outcome_becomes_what_is_made_of_its_result_or_of_its_error():
    error = OutOfMemory("cpu", 9, 9)
    ends = [JobOutcome("three", None), JobOutcome(None, error)]
    assert [end.convert(str, str.upper, repr) for end in ends] == ["THREE", repr(error)]


def test_a_result_of_another_type_is_a_bug():
    with pytest.raises(TypeError, match="'three'"):
        JobOutcome("three", None).convert(int, abs, repr)


def test_a_run_reports_in_order_and_ends_once_with_its_result(qtbot, runner, recorder):
    with qtbot.waitSignal(runner.ended, timeout=5000):
        run_id = runner.start(counting)
    assert recorder.reports == [(run_id, 0), (run_id, 1), (run_id, 2)]
    [(ended_id, outcome)] = recorder.outcomes
    assert (ended_id, outcome.result, outcome.error) == (run_id, "three", None)


def test_the_job_runs_elsewhere_and_all_signals_arrive_here(qtbot, runner, recorder):
    workers = []
    with qtbot.waitSignal(runner.ended, timeout=5000) as ended:
        runner.start(job_from_function(lambda: workers.append(threading.get_ident())))
    assert ended.args[1].error is None
    with qtbot.waitSignal(runner.ended, timeout=5000):
        runner.start(counting)
    assert workers != [threading.get_ident()]
    assert recorder.threads == {QThread.currentThread()}


def test_cancelling_ends_an_endless_run_with_cancelled(qtbot, runner, recorder):
    with qtbot.waitSignal(runner.progressed, timeout=5000):
        run_id = runner.start(endless)
    with qtbot.waitSignal(runner.ended, timeout=5000) as ended:
        runner.cancel(run_id)
    assert isinstance(ended.args[1].error, OperationCancelled)
    assert len(recorder.outcomes) == 1


@pytest.mark.parametrize(
    "error",
    [
        RuntimeError("shapes differ"),
        torch.OutOfMemoryError("CUDA out of memory"),
        OutOfMemory("cuda:0", 6000, 4000),
        MemoryError(),
    ],
)
def test_a_failing_run_ends_once_with_its_error(qtbot, runner, recorder, error):
    def failing(_token):
        yield 1
        raise error

    with qtbot.waitSignal(runner.ended, timeout=5000) as ended:
        runner.start(failing)
    assert ended.args[1].error is error
    assert ended.args[1].result is None
    with qtbot.waitSignal(runner.ended, timeout=5000) as ended:
        runner.start(counting)
    assert ended.args[1].result == "three"
    assert len(recorder.outcomes) == 2


def test_an_error_no_longer_holds_what_the_job_had_in_memory(qtbot, runner):
    class Large:
        pass

    def failing(_token):
        large = Large()
        yield large.__class__
        raise ValueError

    with qtbot.waitSignal(runner.ended, timeout=5000) as ended:
        runner.start(failing)
    frames = []
    traceback = ended.args[1].error.__traceback__
    while traceback is not None:
        frames.append(traceback.tb_frame.f_locals)
        traceback = traceback.tb_next
    assert not any("large" in names for names in frames)


def test_a_withdrawn_run_is_silent_and_the_next_one_is_heard(qtbot, runner, recorder):
    with qtbot.waitSignal(runner.progressed, timeout=5000):
        first = runner.start(endless)
    runner.discard(first)
    recorder.reports.clear()
    with qtbot.waitSignal(runner.ended, timeout=5000):
        second = runner.start(counting)
    assert {run_id for run_id, _ in recorder.reports} == {second}
    assert [run_id for run_id, _ in recorder.outcomes] == [second]


def test_runs_wait_for_each_other_and_each_ends_once(qtbot, runner, recorder):
    ids = [runner.start(counting) for _ in range(4)]
    qtbot.waitUntil(lambda: len(recorder.outcomes) == 4, timeout=5000)
    assert [run_id for run_id, _ in recorder.outcomes] == ids
    assert [run_id for run_id, _ in recorder.reports] == [i for i in ids for _ in range(3)]


def test_a_run_cancelled_before_its_turn_does_not_begin(qtbot, runner):
    begun = []
    first = runner.start(endless)
    second = runner.start(job_from_function(lambda: begun.append(1)))
    runner.cancel(second)
    runner.discard(first)
    with qtbot.waitSignal(runner.ended, timeout=5000) as ended:
        pass
    assert ended.args[0] == second
    assert isinstance(ended.args[1].error, OperationCancelled)
    assert not begun


def test_what_lasts_is_done_before_the_end_and_nothing_else_is(qtbot, runner):
    done = []
    with qtbot.waitSignal(runner.progressed, timeout=5000):
        runner.start(endless)
    runner.start(job_from_function(lambda: done.append("looked up")))
    runner.start(job_from_function(lambda: done.append("saved")), must_finish=True)
    runner.shutdown()
    assert done == ["saved"]


def test_cancelling_what_is_over_does_nothing(qtbot, runner, recorder):
    with qtbot.waitSignal(runner.ended, timeout=5000):
        run_id = runner.start(counting)
    runner.cancel(run_id)
    runner.discard(run_id)
    runner.cancel(0)
    assert len(recorder.outcomes) == 1


def test_shutdown_ends_an_endless_run(qtbot, runner, recorder):
    with qtbot.waitSignal(runner.progressed, timeout=5000):
        runner.start(endless)
    runner.shutdown()
    assert recorder.outcomes == []


class Probe(QObject):
    """An object on the worker thread that answers as long as the thread processes events."""

    asked = Signal()

    def __init__(self, runner):
        super().__init__()
        self.thread_ = runner.findChild(QThread)
        self._answered = threading.Event()
        self.moveToThread(self.thread_)
        self.asked.connect(self._answer)

    @Slot()
    def _answer(self):
        self._answered.set()

    def answers(self):
        """Return whether the thread processes a newly posted event within five seconds.

        All events that were posted earlier have then been processed, too.
        """
        self._answered.clear()
        self.asked.emit()
        return self._answered.wait(5)


def test_nothing_is_posted_to_a_thread_that_may_be_ending(runner):
    """Qt deletes the event dispatcher of an ending thread.

    An event that is posted at the same time would wake the deleted dispatcher.
    """
    probe, begun = Probe(runner), []
    runner.stop()
    runner.stop()
    assert runner.start(job_from_function(lambda: begun.append("late")), must_finish=True) == 1
    assert probe.answers()
    assert begun == []
    runner.shutdown()
    runner.shutdown()
    assert runner.start(job_from_function(lambda: begun.append("after"))) == 2
    assert begun == []
    assert probe.thread_.isFinished()


def test_the_thread_ends_only_when_it_is_told_by_this_one(runner):
    probe = Probe(runner)
    runner.stop()
    assert all(probe.answers() for _ in range(5))  # other threads can still post events
    runner.shutdown()
    assert probe.thread_.isFinished()


def test_an_error_does_not_hold_the_worker_that_met_it(qtbot, runner):
    def failing(_token):
        yield 1
        raise ValueError

    with qtbot.waitSignal(runner.ended, timeout=5000) as ended:
        runner.start(failing)
    trace = ended.args[1].error.__traceback__
    while trace is not None:
        assert trace.tb_frame.f_code.co_name != "run"
        trace = trace.tb_next
