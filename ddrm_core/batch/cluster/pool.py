"""Restoration of a batch by workers on the machines of a cluster."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

from ddrm_core.batch.cluster.cluster_worker import ClusterSetup
from ddrm_core.batch.cluster.places import ClusterPlace
from ddrm_core.batch.cluster.ray_cluster import Call, RayCluster, RemoteWorker, WorkerLost
from ddrm_core.batch.cluster.reasons import NoWorkerStarted
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
    FileFinished,
    WorkerFailed,
    WorkerReady,
    unpack_error,
)
from ddrm_core.batch.workers.pool import MAX_FAILED_STARTS, BatchEvent
from ddrm_core.batch.workers.reasons import WorkerEnd, WorkersUnavailable
from ddrm_core.cancel import CancelToken
from ddrm_core.messages import Message
from ddrm_core.prior.denoiser import Prior, PriorInfo

_WAIT_SECONDS = 0.2  # between two checks of the cancel token
_STOP_TIMEOUT_S = 15.0
# Number of checks during the minute after which the user learns that no worker has started.
_MAX_IDLE_CHECKS = 300


@dataclass(slots=True, eq=False)
class _PlacedWorker:
    """A worker and its present call.

    Attributes:
        worker: The worker.
        call: Call that has not returned, None for an idle worker.
        assignment: File that the worker restores, None without any.
        is_ready: Whether the worker has loaded its prior.
    """

    worker: RemoteWorker
    call: Call | None
    assignment: FileAssignment | None = None
    is_ready: bool = False


class ClusterPool:
    """A pool of workers in a cluster, which start with the first files and last until `close`.

    A worker that ends is replaced. The file that it restored is tried again by another worker, at
    most `MAX_TRIES` times in all.
    """

    def __init__(
        self,
        cluster: RayCluster,
        setup: ClusterSetup,
        prior_info: PriorInfo,
        places: Sequence[ClusterPlace],
        warn: Callable[[Exception], None],
        warn_waiting: Callable[[NoWorkerStarted], None],
    ) -> None:
        """Create a pool without starting a worker.

        Args:
            cluster: Cluster, which the pool closes.
            setup: Facts of the batch.
            prior_info: Description of the prior.
            places: Places of the workers, one for each.
            warn: Function that is called if a worker has loaded the prior on the CPU instead of the
                device of `auto`.
            warn_waiting: Function that is called if the cluster has started no worker for a minute,
                for example because other programs use its machines. The pool goes on waiting.
        """
        self._cluster, self._setup, self._prior_info = cluster, setup, prior_info
        self._places, self._warn, self._warn_waiting = tuple(places), warn, warn_waiting
        self._idle_check_count = 0  # in succession
        self._workers: dict[int, _PlacedWorker] = {}  # by index of the place
        self._failed_start_count = 0

    @property
    def prior_info(self) -> PriorInfo:
        """Description of the prior of the batch."""
        return self._prior_info

    @property
    def local_prior(self) -> Prior | None:
        """None, since only the workers load the prior."""
        return None

    def restore(
        self,
        files: Iterable[PlannedFile],
        token: CancelToken,
        tracker: BatchTracker,  # noqa: ARG002
    ) -> Iterator[BatchEvent]:
        """Restore files of the plan; outcomes come in the order of completion.

        Args:
            files: Files to restore; each is requested when a worker is free.
            token: Cancel token, checked several times a second.
            tracker: Not used, since each worker has its own tracker from the plan.

        Raises:
            OperationCancelled: If `token` is cancelled; nothing is written for unfinished files.
            WorkersUnavailable: If workers end before they are ready.
            CoreError: If a worker has another version of the program or another prior.
        """
        distributor = FileDistributor(files)
        while True:
            yield from self._start_files(distributor)
            if distributor.is_empty and not any(w.assignment for w in self._workers.values()):
                return
            for event in self._wait_for_events(distributor):
                yield event
                if isinstance(event, FileOutcome) and event.should_stop_batch:
                    return
            token.raise_if_cancelled()

    def close(self) -> None:
        """End all workers and leave the cluster; unfinished files remain without a result."""
        workers, self._workers = tuple(self._workers.values()), {}
        try:
            self._stop_workers([each for each in workers if each.is_ready])
        finally:
            for each in workers:
                self._cluster.kill(each.worker)
            self._cluster.close()

    def _stop_workers(self, workers: Sequence[_PlacedWorker]) -> None:
        """Stop ready workers, and let those that have stopped write what is left."""
        busy_calls = [each.call for each in workers if each.call is not None]
        returned_calls: list[Call] = []
        if busy_calls:
            stops = [each.worker.stop() for each in workers]
            returned_calls = self._cluster.wait_for_all([*stops, *busy_calls], _STOP_TIMEOUT_S)
        # A manifest is used by one thread at a time, also that of a worker that hangs.
        closes = [
            each.worker.close()
            for each in workers
            if each.call is None or each.call in returned_calls
        ]
        if closes:
            self._cluster.wait_for_all(closes, _STOP_TIMEOUT_S)

    def _start_files(self, distributor: FileDistributor) -> Iterator[FileRestoreProgress]:
        """Create missing workers, and let idle ones restore the next files."""
        for index, place in enumerate(self._places):
            if index not in self._workers:
                worker = self._cluster.create_worker(
                    self._setup, place.device_name, place.thread_count, place.gpu_count
                )
                self._workers[index] = _PlacedWorker(worker, worker.start())
        for placed in self._workers.values():
            if placed.call is None and (assignment := distributor.take()) is not None:
                placed.assignment = assignment
                placed.call = placed.worker.restore(assignment.file, None)
                yield FileRestoreProgress(assignment.number, assignment.file, None)

    def _wait_for_events(self, distributor: FileDistributor) -> Iterator[BatchEvent]:
        """Wait a moment for calls that return, and yield what they mean for the batch."""
        indices = {
            placed.call: index for index, placed in self._workers.items() if placed.call is not None
        }
        found_calls = self._cluster.wait(list(indices), _WAIT_SECONDS)
        self._count_idle_checks(is_idle=not found_calls)
        for call in found_calls:
            index = indices[call]
            placed = self._workers[index]
            placed.call = None
            try:
                result = self._cluster.get_result(call)
            except WorkerLost as error:
                del self._workers[index]
                yield from self._handle_loss(placed, error, distributor)
                continue
            match result:
                case WorkerReady(fallback_error):
                    placed.is_ready, self._failed_start_count = True, 0
                    if fallback_error is not None:
                        self._warn(unpack_error(fallback_error))
                case WorkerFailed(start_error):
                    raise unpack_error(start_error)
                case ContentQuery(sha256):
                    _answer_question(placed, sha256, distributor)
                case FileFinished():
                    assert placed.assignment is not None
                    distributor.finish(placed.assignment)
                    placed.assignment = None
                    yield result.unpack()

    def _count_idle_checks(self, *, is_idle: bool) -> None:
        """Warn if many checks in succession have found no ready worker and no event."""
        if not is_idle or any(placed.is_ready for placed in self._workers.values()):
            self._idle_check_count = 0
            return
        self._idle_check_count += 1
        if self._idle_check_count == _MAX_IDLE_CHECKS:
            place = self._places[0]
            self._warn_waiting(NoWorkerStarted(place.thread_count, place.gpu_count))

    def _handle_loss(
        self, placed: _PlacedWorker, error: WorkerLost, distributor: FileDistributor
    ) -> Iterator[FileOutcome]:
        """Give the file of a lost worker back, or yield its outcome if it was tried often enough.

        Raise WorkersUnavailable if several workers were lost at their start.
        """
        end = Message(WorkerEnd.CLUSTER, {"reason": str(error)})
        if not placed.is_ready:
            self._failed_start_count += 1
            if self._failed_start_count >= MAX_FAILED_STARTS:
                raise WorkersUnavailable(end)
        assignment = placed.assignment
        if assignment is not None and not distributor.lose(assignment):
            yield describe_lost_file(assignment, end)


def _answer_question(placed: _PlacedWorker, sha256: str, distributor: FileDistributor) -> None:
    """Let a worker restore its file, or put the file back until no file of its content runs."""
    assignment = placed.assignment
    assert assignment is not None
    distributor.finish(assignment)  # the file may have had another content a moment ago
    if distributor.start_content(assignment, sha256):
        placed.call = placed.worker.restore(assignment.file, sha256)
    else:
        placed.assignment = None
        distributor.defer(assignment)
