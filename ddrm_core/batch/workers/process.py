"""A worker process: its main function, and its handle in the process of the batch."""

from __future__ import annotations

import os
import queue
import signal
import threading
from contextlib import suppress
from multiprocessing import get_context
from multiprocessing.connection import Connection
from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING

from ddrm_core.batch.file_tracker import ContentInProgress
from ddrm_core.batch.output_paths import PlannedFile
from ddrm_core.batch.workers.file_distributor import FileAssignment
from ddrm_core.batch.workers.messages import (
    ContentQuery,
    FileDeferred,
    FileFinished,
    FileProgressed,
    PendingQuery,
    ResultQuery,
    WorkerFailed,
    WorkerMessage,
    WorkerQuery,
    WorkerReady,
    pack_error,
)
from ddrm_core.cancel import CancelToken
from ddrm_core.errors import OperationCancelled, UnwritableOutput
from ddrm_core.step_iterator import StepIterator

if TYPE_CHECKING:
    from ddrm_core.batch.workers.session import WorkerSession, WorkerSetup

_PROGRESS_INTERVAL_S = 0.1
# A run stops within a fraction of a second, and a result is written in a few seconds.
_STOP_TIMEOUT_S = 15.0

Answer = bool | PlannedFile | None


class WorkerProcess:
    """A worker process as seen from the process of the batch.

    Attributes:
        current: File that the worker restores, None for an idle worker.
        is_ready: Whether the worker has loaded its prior.
        messages: Connection from which messages of the worker are received.
        end_sentinel: Object that `multiprocessing.connection.wait` reports when the process ends.
    """

    def __init__(self, setup: WorkerSetup, device_name: str, thread_count: int) -> None:
        """Start the process.

        Args:
            setup: Facts of the batch.
            device_name: See `WorkerSession`.
            thread_count: See `WorkerSession`.
        """
        context = get_context("spawn")  # a fork would copy the locks of other threads
        requests, self._requests = context.Pipe(duplex=False)
        self.messages, messages = context.Pipe(duplex=False)
        self._process = context.Process(
            target=run_worker,
            args=(requests, messages, setup, device_name, thread_count),
            daemon=True,
        )
        self._process.start()
        # Without copies in this process, the end of the worker is the end of its pipes.
        requests.close()
        messages.close()
        self.current: FileAssignment | None = None
        self.is_ready = False
        self.end_sentinel = self._process.sentinel

    @property
    def is_idle(self) -> bool:
        """Whether the worker can restore a file now."""
        return self.is_ready and self.current is None

    def restore(self, assignment: FileAssignment) -> None:
        """Let an idle worker restore a file."""
        self.current = assignment
        self.answer(assignment.file)

    def answer(self, answer: Answer) -> None:
        """Send the answer to a question; a worker that has ended gets none."""
        try:
            self._requests.send(answer)
        except OSError:
            return  # `end_sentinel` reports the end

    def request_stop(self) -> None:
        """Let the worker cancel its file and end, or end it at once if it is still starting."""
        self._requests.close()
        if not self.is_ready:
            self._process.kill()

    def join(self, timeout_seconds: float = _STOP_TIMEOUT_S) -> int:
        """Wait until the process has ended and return its `exitcode`.

        A process that has not ended after `timeout_seconds` is killed.
        """
        self._process.join(timeout_seconds)
        if self._process.exitcode is None:
            self._process.kill()
            self._process.join()
        self.messages.close()
        self._requests.close()
        exit_code = self._process.exitcode
        self._process.close()
        return -signal.SIGTERM if exit_code is None else exit_code


def run_worker(
    requests: Connection,
    messages: Connection,
    setup: WorkerSetup,
    device_name: str,
    thread_count: int,
) -> None:
    """Restore the files that arrive in `requests` until the connection is closed.

    Main function of a worker process.

    Args:
        requests: Connection from which planned files and answers to questions are received.
        messages: Connection to which `WorkerMessage`s are sent.
        setup: Facts of the batch.
        device_name: See `WorkerSession`.
        thread_count: See `WorkerSession`.
    """
    # Ctrl+C is for the process of the batch, which then closes the connection.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    from ddrm_core.batch.workers.session import WorkerSession  # loads torch

    link = _BatchLink(requests, messages)
    try:
        session = WorkerSession(setup, device_name, thread_count)
    # Every error at the start ends the batch with its own message.
    except Exception as error:  # noqa: BLE001
        link.send(WorkerFailed(pack_error(error)))
        return
    link.send(WorkerReady.pack(session.fallback_error))
    try:
        while True:
            _restore_and_report(link.receive_file(), session, link)
    except OperationCancelled:
        # Without the lines that are left, a later batch reads a few files again.
        with suppress(UnwritableOutput):
            session.close()


def _restore_and_report(file: PlannedFile, session: WorkerSession, link: _BatchLink) -> None:
    steps = StepIterator(session.restore(file, link, link.token, link.claim_content))
    last_report = monotonic()
    try:
        for step in steps:
            if monotonic() - last_report >= _PROGRESS_INTERVAL_S:
                last_report = monotonic()
                link.send(FileProgressed(step.evaluations_done / step.total_evaluations))
    except ContentInProgress:
        link.send(FileDeferred())
        return
    link.send(FileFinished.pack(steps.result))


class _BatchLink:
    """The connections of a worker to the process of the batch, which knows its other files.

    This class implements `OtherBatchFiles`.

    Attributes:
        token: Cancel token that is cancelled when the connection ends.
    """

    def __init__(self, requests: Connection, messages: Connection) -> None:
        self.token = CancelToken()
        self._messages = messages
        # None stands for the end of the connection.
        self._received: queue.SimpleQueue[tuple[Answer] | None] = queue.SimpleQueue()
        threading.Thread(target=self._receive_all, args=(requests,), daemon=True).start()

    def receive_file(self) -> PlannedFile:
        """Return the next file to restore. Raise OperationCancelled at the connection's end."""
        file = self._receive()
        assert isinstance(file, PlannedFile)
        return file

    def send(self, message: WorkerMessage) -> None:
        """Send a message. Raise OperationCancelled if the connection has ended."""
        try:
            self._messages.send(message)
        except OSError as error:
            raise OperationCancelled from error

    def has_result(self, path: Path) -> bool:
        return bool(self._ask(ResultQuery(path)))

    def find_pending(self, path: Path) -> PlannedFile | None:
        file = self._ask(PendingQuery(path))
        return file if isinstance(file, PlannedFile) else None

    def claim_content(self, sha256: str) -> None:
        """Raise ContentInProgress if another worker is restoring a file of this content."""
        if not self._ask(ContentQuery(sha256)):
            raise ContentInProgress

    def _ask(self, question: WorkerQuery) -> Answer:
        self.send(question)
        return self._receive()

    def _receive(self) -> Answer:
        received = self._received.get()
        if received is None:
            self._received.put(None)
            raise OperationCancelled
        return received[0]

    def _receive_all(self, requests: Connection) -> None:
        """Receive files and answers until the connection ends, then end the process."""
        try:
            while True:
                self._received.put((requests.recv(),))
        except (EOFError, OSError):
            self.token.cancel()
            self._received.put(None)
        _end_process_later(_STOP_TIMEOUT_S)


def _end_process_later(seconds: float) -> None:
    """End this process after some time, in case that its main thread does not stop."""
    timer = threading.Timer(seconds, os._exit, [1])
    timer.daemon = True
    timer.start()
