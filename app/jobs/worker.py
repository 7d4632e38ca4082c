"""Runs jobs one after another on one thread."""

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
"""Work that yields its progress, polls the token and returns its result.

A job refers to no QObject: the last reference to it goes on the worker's thread.
"""

ResultT = TypeVar("ResultT")
SuccessT = TypeVar("SuccessT")
FailureT = TypeVar("FailureT")

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, eq=False)
class JobOutcome:
    """How a run ended. Exactly one is emitted per run that was not withdrawn.

    Attributes:
        result: What the job returned, None where it failed.
        error: None on success, Cancelled if it was stopped, else what went wrong.
    """

    result: object
    error: Exception | None

    def convert(
        self,
        result_type: type[ResultT],
        on_result: Callable[[ResultT], SuccessT],
        on_error: Callable[[Exception], FailureT],
    ) -> SuccessT | FailureT:
        """Return `on_result` of the result, or `on_error` of the error.

        Raises:
            TypeError: The result is not of `result_type`.
        """
        if self.error is not None:
            return on_error(self.error)
        if not isinstance(self.result, result_type):
            raise TypeError(f"not a {result_type.__name__}: {self.result!r}")
        return on_result(self.result)


def job_from_function(function: Callable[[], object]) -> Job:
    """A job that has no progress to report."""

    def job(_token: CancelToken) -> Generator[object, None, object]:
        yield from ()
        return function()

    return job


class _Worker(QObject):
    """Lives on the thread.

    Attributes:
        idle_event: Set once all that was asked for before the end is done.

    Signals:
        progressed: arg1: run id. arg2: what the job yielded.
        ended: arg1: run id. arg2: Outcome.
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
            # The frames hold the run's tensors for as long as the window shows the error.
            traceback.clear_frames(error.__traceback__)
            outcome = JobOutcome(None, _drop_first_traceback_frame(error))
        self.ended.emit(job_id, outcome)

    @Slot()
    def mark_idle(self) -> None:
        """Say that all that was asked for before is done; the thread waits to be ended."""
        self.idle_event.set()

    def _run_generator(self, job_id: int, job: Job, token: CancelToken) -> object:
        steps = StepIterator(job(token))
        for progress in steps:
            self.progressed.emit(job_id, progress)
            token.raise_if_cancelled()
        return steps.result


def _drop_first_traceback_frame(error: Exception) -> Exception:
    """Return `error` without its first frame, which refers to the worker and to the error."""
    trace = error.__traceback__
    return error.with_traceback(None if trace is None else trace.tb_next)


class JobRunner(QObject):
    """Owns the worker thread. Lives on the GUI thread; all its signals arrive there.

    Nothing is posted to the thread once it may be ending: Qt deletes an ending thread's dispatcher,
    and would still wake that up for an event which is posted at the same moment.

    Signals:
        progressed: A run reports. arg1: run id. arg2: what its job yielded.
        ended: A run is over. arg1: run id. arg2: Outcome.
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
        """Run `job` after those that were started before, or never after `stop`; gives its run id.

        Args:
            job: What to do.
            must_finish: Whether it is done even where `stop` comes before its turn, or in it.
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
        """Ask a run to stop; `ended` follows. Nothing where it is over."""
        if job_id in self._cancel_tokens:
            self._cancel_tokens[job_id].cancel()

    def discard(self, job_id: int) -> None:
        """Ask a run to stop and drop whatever it still sends. Nothing where it is over."""
        if job_id in self._cancel_tokens:
            self._cancel_tokens.pop(job_id).cancel()

    @property
    def must_finish(self) -> bool:
        """Whether a job is waiting or running that is done even where `stop` comes before."""
        return bool(self._must_finish_ids)

    def stop(self) -> None:
        """Ask every run to stop, once what lasts is done; `shutdown` waits, and ends the thread."""
        if self._is_stopped:
            return
        self._is_stopped = True
        for job_id, token in self._cancel_tokens.items():
            if job_id not in self._must_finish_ids:
                token.cancel()
        self._cancel_tokens.clear()
        self._finish_requested.emit()

    def shutdown(self) -> None:
        """Stop every run, wait for what lasts, and end the thread."""
        self.stop()
        self._worker.idle_event.wait()
        self._thread.quit()
        self._thread.wait()

    @Slot(int, object)
    def _on_progressed(self, job_id: int, progress: object) -> None:
        if job_id in self._cancel_tokens:  # queued events of a withdrawn run still arrive
            self.progressed.emit(job_id, progress)

    @Slot(int, object)
    def _on_ended(self, job_id: int, outcome: JobOutcome) -> None:
        self._must_finish_ids.discard(job_id)
        if self._cancel_tokens.pop(job_id, None) is not None:
            self.ended.emit(job_id, outcome)
