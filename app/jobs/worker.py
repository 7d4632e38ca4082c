"""A worker thread that runs jobs one after another."""

from __future__ import annotations

import logging
import threading
import traceback
from collections.abc import Callable, Generator
from dataclasses import dataclass
from typing import TypeVar

from PySide6.QtCore import QObject, QThread, Signal, Slot

from ddrm_core.cancel import CancelToken
from ddrm_core.errors import CoreError, OperationCancelled
from ddrm_core.step_iterator import StepIterator

Job = Callable[[CancelToken], Generator[object, None, object]]
"""Generator function that yields progress, polls the token and returns its result.

A job must not refer to a QObject, because the worker thread drops the last reference to the job.
"""

ResultT = TypeVar("ResultT")
SuccessT = TypeVar("SuccessT")
FailureT = TypeVar("FailureT")

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, eq=False)
class JobOutcome:
    """The outcome of a job. Each job that is not discarded has exactly one outcome.

    Attributes:
        result: Return value of the job; None if the job failed or was cancelled.
        error: None on success, OperationCancelled after a cancellation, else the exception that
            the job raised.
    """

    result: object
    error: Exception | None

    def convert(
        self,
        result_type: type[ResultT],
        on_result: Callable[[ResultT], SuccessT],
        on_error: Callable[[Exception], FailureT],
    ) -> SuccessT | FailureT:
        """Convert the outcome with `on_result` if the job succeeded, or else with `on_error`.

        Args:
            result_type: Expected type of the result.
            on_result: Function that is called with the result.
            on_error: Function that is called with the error.

        Raises:
            TypeError: If the result is not an instance of `result_type`.
        """
        if self.error is not None:
            return on_error(self.error)
        if not isinstance(self.result, result_type):
            raise TypeError(f"not a {result_type.__name__}: {self.result!r}")
        return on_result(self.result)


def job_from_function(function: Callable[[], object]) -> Job:
    """Return a job that calls `function` and returns its value, without reporting progress."""

    def job(_token: CancelToken) -> Generator[object, None, object]:
        yield from ()
        return function()

    return job


class _Worker(QObject):
    """The part of `JobRunner` that lives on the worker thread and runs the jobs.

    Attributes:
        idle_event: Event that is set when every job requested before `mark_idle` has ended.

    Signals:
        progressed: A job yielded progress. arg1: job id. arg2: the progress.
        ended: A job ended. arg1: job id. arg2: JobOutcome.
    """

    progressed = Signal(int, object)
    ended = Signal(int, object)

    def __init__(self) -> None:
        super().__init__()
        self.idle_event = threading.Event()

    @Slot(int, object, object)
    def run(self, job_id: int, job: Job, token: CancelToken) -> None:
        try:
            token.raise_if_cancelled()
            outcome = JobOutcome(self._run_generator(job_id, job, token), None)
        # The thread boundary: torch reports out-of-memory as a RuntimeError.
        except Exception as error:  # noqa: BLE001
            if not isinstance(error, CoreError | OperationCancelled):
                _log.error("unexpected failure", exc_info=error)
            # The frames would hold the job's tensors for as long as the window shows the error.
            traceback.clear_frames(error.__traceback__)
            outcome = JobOutcome(None, _drop_first_traceback_frame(error))
        self.ended.emit(job_id, outcome)

    @Slot()
    def mark_idle(self) -> None:
        """Set `idle_event`; the runner queues this call behind the last job."""
        self.idle_event.set()

    def _run_generator(self, job_id: int, job: Job, token: CancelToken) -> object:
        steps = StepIterator(job(token))
        for progress in steps:
            self.progressed.emit(job_id, progress)
            token.raise_if_cancelled()
        return steps.result


def _drop_first_traceback_frame(error: Exception) -> Exception:
    """Return `error` without the first frame of its traceback.

    The frame refers to the worker and to the error, and would keep both alive.
    """
    trace = error.__traceback__
    return error.with_traceback(None if trace is None else trace.tb_next)


class JobRunner(QObject):
    """A runner that executes jobs one after another on a worker thread of its own.

    The runner lives on the GUI thread and emits its signals there.

    No event is posted to the worker thread once the thread may be ending: Qt deletes the event
    dispatcher of an ending thread, and would still wake the dispatcher up for an event that is
    posted at the same moment.

    Signals:
        progressed: A job yielded progress. arg1: job id. arg2: the progress.
        ended: A job ended. arg1: job id. arg2: JobOutcome.
    """

    progressed = Signal(int, object)
    ended = Signal(int, object)
    _job_requested = Signal(int, object, object)
    _finish_requested = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._last_job_id = 0
        self._cancel_tokens: dict[int, CancelToken] = {}
        self._must_finish_ids: set[int] = set()
        self._is_stopped = False
        self._thread = QThread(self)
        self._worker = _Worker()
        self._worker.moveToThread(self._thread)
        self._job_requested.connect(self._worker.run)
        self._finish_requested.connect(self._worker.mark_idle)
        self._worker.progressed.connect(self._on_progressed)
        self._worker.ended.connect(self._on_ended)
        self._thread.start()

    def start(self, job: Job, *, must_finish: bool = False) -> int:
        """Queue `job` behind the jobs that were started earlier, and return its job id.

        A job that is started after `stop` never runs.

        Args:
            job: The job.
            must_finish: Whether the job runs to its end even if `stop` is called before.
        """
        self._last_job_id += 1
        if self._is_stopped:
            return self._last_job_id
        token = self._cancel_tokens[self._last_job_id] = CancelToken()
        if must_finish:
            self._must_finish_ids.add(self._last_job_id)
        self._job_requested.emit(self._last_job_id, job, token)
        return self._last_job_id

    def cancel(self, job_id: int) -> None:
        """Ask a job to stop, upon which `ended` is emitted; do nothing if the job has ended."""
        if job_id in self._cancel_tokens:
            self._cancel_tokens[job_id].cancel()

    def discard(self, job_id: int) -> None:
        """Ask a job to stop and emit no more signals about it; do nothing if the job has ended."""
        if job_id in self._cancel_tokens:
            self._cancel_tokens.pop(job_id).cancel()

    @property
    def must_finish(self) -> bool:
        """Whether a job that was started with `must_finish` has not ended yet."""
        return bool(self._must_finish_ids)

    def stop(self) -> None:
        """Cancel all jobs except those that must finish, and suppress all further signals.

        `shutdown` waits for the jobs that must finish and ends the thread.
        """
        if self._is_stopped:
            return
        self._is_stopped = True
        for job_id, token in self._cancel_tokens.items():
            if job_id not in self._must_finish_ids:
                token.cancel()
        self._cancel_tokens.clear()
        self._finish_requested.emit()

    def shutdown(self) -> None:
        """Call `stop`, wait for the jobs that must finish, and end the worker thread."""
        self.stop()
        self._worker.idle_event.wait()
        self._thread.quit()
        self._thread.wait()

    @Slot(int, object)
    def _on_progressed(self, job_id: int, progress: object) -> None:
        if job_id in self._cancel_tokens:  # queued events of a discarded job still arrive
            self.progressed.emit(job_id, progress)

    @Slot(int, object)
    def _on_ended(self, job_id: int, outcome: JobOutcome) -> None:
        self._must_finish_ids.discard(job_id)
        if self._cancel_tokens.pop(job_id, None) is not None:
            self.ended.emit(job_id, outcome)
