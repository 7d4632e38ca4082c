"""Restoration of a batch by several worker processes on this machine."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from multiprocessing.connection import wait

from ddrm_core.batch.file_tracker import BatchTracker
from ddrm_core.batch.outcome import FileOutcome
from ddrm_core.batch.output_paths import PlannedFile
from ddrm_core.batch.runner import FileRestoreProgress
from ddrm_core.batch.workers.file_distributor import (
    FileAssignment,
    FileDistributor,
    describe_lost_file,
)
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
    unpack_error,
)
from ddrm_core.batch.workers.places import WorkerPlace
from ddrm_core.batch.workers.process import Answer, WorkerProcess
from ddrm_core.batch.workers.reasons import WorkersUnavailable, describe_exit
from ddrm_core.batch.workers.session import WorkerSetup
from ddrm_core.cancel import CancelToken
from ddrm_core.prior.denoiser import Prior, PriorInfo

_WAIT_SECONDS = 0.2  # between two checks of the cancel token
MAX_FAILED_STARTS = 3
"""Number of workers in succession that may end before they are ready until the batch fails."""

BatchEvent = FileRestoreProgress | FileOutcome
"""An event of the restoration of files by several workers."""


class WorkerPool:
    """A pool of worker processes, which start with the first files and last until `close`.

    A worker that ends is replaced. The file that it restored is tried again by another worker, at
    most `MAX_TRIES` times in all.
    """

    def __init__(
        self,
        setup: WorkerSetup,
        prior_info: PriorInfo,
        places: Sequence[WorkerPlace],
        warn: Callable[[Exception], None],
    ) -> None:
        """Create a pool without starting a process.

        Args:
            setup: Facts of the batch.
            prior_info: Description of the prior.
            places: Places of the workers, one for each.
            warn: Function that is called if a worker has loaded the prior on the CPU instead of
                the device of `auto`, once for the pool.
        """
        self._setup, self._prior_info, self._warn = setup, prior_info, warn
        self._places = tuple(places)
        self._workers: dict[int, WorkerProcess] = {}  # by index of the place
        self._failed_start_count = 0
        self._has_warned = False

    @property
    def prior_info(self) -> PriorInfo:
        """Description of the prior of the batch."""
        return self._prior_info

    @property
    def local_prior(self) -> Prior | None:
        """None, since only the workers load the prior."""
        return None

    def restore(
        self, files: Iterable[PlannedFile], token: CancelToken, tracker: BatchTracker
    ) -> Iterator[BatchEvent]:
        """Restore files as `restore_files` does; outcomes come in the order of completion.

        If the iteration does not come to its end, all workers are ended.

        Args:
            files: Files to restore.
            token: Cancel token, checked several times a second.
            tracker: Files of the same batch; `files` are added if they are a collection.

        Raises:
            OperationCancelled: If `token` is cancelled; nothing is written for unfinished files.
            WorkersUnavailable: If workers end before they are ready.
            CoreError: If the workers cannot load the prior.
        """
        worker_count = len(self._places)
        if isinstance(files, Collection):
            tracker.add(files)
            worker_count = min(worker_count, len(files))
        if worker_count == 0:
            return
        distributor, is_finished = FileDistributor(files), False
        try:
            while True:
                yield from self._start_files(distributor, worker_count)
                if distributor.is_empty and not any(
                    worker.current for worker in self._workers.values()
                ):
                    break
                for event in self._wait_for_events(distributor, tracker):
                    yield event
                    if isinstance(event, FileOutcome) and event.should_stop_batch:
                        return
                token.raise_if_cancelled()
            is_finished = True
        finally:
            if not is_finished:
                self.close()

    def close(self) -> None:
        """End all workers; the files they restore remain without a result."""
        workers, self._workers = tuple(self._workers.values()), {}
        for worker in workers:
            worker.request_stop()
        for worker in workers:
            worker.join()

    def _start_files(
        self, distributor: FileDistributor, worker_count: int
    ) -> Iterator[FileRestoreProgress]:
        """Start missing workers, and let idle ones restore the next files."""
        for index, place in enumerate(self._places[:worker_count]):
            if index not in self._workers:
                self._workers[index] = WorkerProcess(
                    self._setup, place.device_name, place.thread_count
                )
        for worker in self._workers.values():
            if worker.is_idle and (assignment := distributor.take()) is not None:
                worker.restore(assignment)
                yield FileRestoreProgress(assignment.number, assignment.file, None)

    def _wait_for_events(
        self, distributor: FileDistributor, tracker: BatchTracker
    ) -> Iterator[BatchEvent]:
        """Wait a moment for messages of the workers, and yield what they mean for the batch."""
        workers = dict(self._workers)
        sources = {worker.messages: index for index, worker in workers.items()}
        ended = {worker.end_sentinel: index for index, worker in workers.items()}
        found = wait([*sources, *ended], _WAIT_SECONDS)
        for index in sorted({sources[each] for each in found if each in sources}):
            yield from self._receive_messages(workers[index], distributor, tracker)
        # The last messages of an ended worker were received first.
        for index in sorted({ended[each] for each in found if each in ended}):
            yield from self._receive_messages(workers[index], distributor, tracker)
            yield from self._replace_worker(index, distributor, tracker)

    def _receive_messages(
        self, worker: WorkerProcess, distributor: FileDistributor, tracker: BatchTracker
    ) -> Iterator[BatchEvent]:
        """Receive all messages of a worker that have arrived."""
        try:
            while worker.messages.poll():
                message: WorkerMessage = worker.messages.recv()
                yield from self._handle_message(message, worker, distributor, tracker)
        except (EOFError, OSError):
            return  # `end_sentinel` reports the end

    def _handle_message(
        self,
        message: WorkerMessage,
        worker: WorkerProcess,
        distributor: FileDistributor,
        tracker: BatchTracker,
    ) -> Iterator[BatchEvent]:
        match message:
            case WorkerReady(fallback_error):
                worker.is_ready, self._failed_start_count = True, 0
                if fallback_error is not None and not self._has_warned:
                    self._has_warned = True
                    self._warn(unpack_error(fallback_error))
                return
            case WorkerFailed(error):
                raise unpack_error(error)
        assignment = worker.current
        assert assignment is not None
        match message:
            case FileProgressed(fraction):
                yield FileRestoreProgress(assignment.number, assignment.file, None, fraction)
            case FileDeferred():
                worker.current = None
                distributor.defer(assignment)
            case FileFinished():
                worker.current = None
                yield _finish_file(assignment, message.unpack(), distributor, tracker)
            case _:
                worker.answer(_answer_question(message, assignment, distributor, tracker))

    def _replace_worker(
        self, index: int, distributor: FileDistributor, tracker: BatchTracker
    ) -> Iterator[FileOutcome]:
        """Forget a worker that has ended; its place is filled again when files are left.

        Yield the outcome of its file if the file has failed.
        """
        worker = self._workers.pop(index)
        end = describe_exit(worker.join())
        if not worker.is_ready:
            self._failed_start_count += 1
            if self._failed_start_count >= MAX_FAILED_STARTS:
                raise WorkersUnavailable(end)
        if worker.current is not None and not distributor.lose(worker.current):
            outcome = describe_lost_file(worker.current, end)
            yield _finish_file(worker.current, outcome, distributor, tracker)


def _answer_question(
    question: WorkerQuery,
    assignment: FileAssignment,
    distributor: FileDistributor,
    tracker: BatchTracker,
) -> Answer:
    tracker.resume_file(assignment.file)
    match question:
        case ContentQuery(sha256):
            return distributor.start_content(assignment, sha256)
        case ResultQuery(path):
            return tracker.has_result(path)
        case PendingQuery(path):
            return tracker.find_pending(path)


def _finish_file(
    assignment: FileAssignment,
    outcome: FileOutcome,
    distributor: FileDistributor,
    tracker: BatchTracker,
) -> FileOutcome:
    """Record the outcome of a file and return it."""
    distributor.finish(assignment)
    tracker.start_file(assignment.file)  # the file is no longer pending
    if outcome.state.has_target:
        tracker.finish_file(assignment.file, outcome.target)
    return outcome
