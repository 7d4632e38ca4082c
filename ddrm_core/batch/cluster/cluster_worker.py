"""A worker on a machine of a cluster."""

from __future__ import annotations

import os
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path

from ddrm_core.batch.cluster.reasons import VersionDiffers
from ddrm_core.batch.file_tracker import ContentInProgress
from ddrm_core.batch.manifest.driver import find_host_name
from ddrm_core.batch.output_paths import PlannedFile
from ddrm_core.batch.streaming.streamed_plan import StreamedFileTracker, StreamedPlan
from ddrm_core.batch.workers.messages import (
    ContentQuery,
    FileFinished,
    WorkerFailed,
    WorkerReady,
    pack_error,
)
from ddrm_core.batch.workers.session import WorkerSession, WorkerSetup
from ddrm_core.cancel import CancelToken
from ddrm_core.errors import OperationCancelled, UnwritableOutput
from ddrm_core.os_errors import reading
from ddrm_core.prior.bundled import BUNDLED_PRIOR_PATH
from ddrm_core.program import __version__
from ddrm_core.step_iterator import StepIterator


@dataclass(frozen=True, slots=True)
class ClusterSetup:
    """The facts of a batch that all workers of a cluster share.

    Attributes:
        workers: Facts that do not depend on the cluster.
        plan: Plan of the files.
        working_folder: Folder to which relative paths refer, on every machine. It is not used if
            all files are in object stores.
        version: Version of the driver's program.
    """

    workers: WorkerSetup
    plan: StreamedPlan
    working_folder: Path
    version: str


class ClusterWorker:
    """A worker on a machine of a cluster, which Ray creates and calls.

    One thread calls `start` and `restore`, another one `stop`.
    """

    def __init__(self, setup: ClusterSetup, device_name: str, thread_count: int) -> None:
        """Create a worker that has loaded nothing yet.

        Args:
            setup: Facts of the batch.
            device_name: See `WorkerSession`.
            thread_count: See `WorkerSession`.
        """
        self._setup, self._device_name, self._thread_count = setup, device_name, thread_count
        self._token = CancelToken()
        self._session: WorkerSession | None = None
        self._tracker = StreamedFileTracker(setup.plan)

    def start(self) -> WorkerReady | WorkerFailed:
        """Load the prior; return an error if it is not that of the driver, or the version is not.

        The bundled prior is that of this machine. The folder of imported priors has the path that
        it has on the machine of the driver.
        """
        setup = self._setup
        try:
            if setup.version != __version__:
                raise VersionDiffers(find_host_name(), __version__, setup.version)
            # A cluster that has its files in object stores may share no folder.
            if not setup.workers.stores.has_all_files:
                with reading(setup.working_folder):
                    os.chdir(setup.working_folder)
            prior = setup.workers.prior
            library = replace(prior.library, bundled_path=BUNDLED_PRIOR_PATH)
            driver = setup.workers.driver
            workers = replace(
                setup.workers,
                prior=replace(prior, library=library),
                driver=driver and replace(driver, host_name=find_host_name()),
            )
            self._session = WorkerSession(workers, self._device_name, self._thread_count)
        # Every error at the start ends the batch with its own message.
        except Exception as error:  # noqa: BLE001
            return WorkerFailed(pack_error(error))
        return WorkerReady.pack(self._session.fallback_error)

    def restore(self, file: PlannedFile, content: str | None) -> FileFinished | ContentQuery | None:
        """Restore a file and return its outcome, None after `stop`.

        Args:
            file: File to restore.
            content: SHA-256 of the content that the driver lets the worker restore, None for no
                content. If the file has another content, nothing is restored, and the question
                whether the worker may restore that content is returned.
        """
        assert self._session is not None
        found_content: str | None = None

        def claim_content(sha256: str) -> None:
            nonlocal found_content
            if sha256 != content:
                found_content = sha256
                raise ContentInProgress

        self._tracker.start_file(file)
        steps = StepIterator(self._session.restore(file, self._tracker, self._token, claim_content))
        try:
            outcome = steps.drain()
        except ContentInProgress:
            assert found_content is not None
            return ContentQuery(found_content)
        except OperationCancelled:
            return None
        return FileFinished.pack(outcome)

    def stop(self) -> None:
        """Let `restore` end without a result, from another thread."""
        self._token.cancel()

    def close(self) -> None:
        """Write what is left for the manifest; without it, a later batch reads files again."""
        assert self._session is not None
        with suppress(UnwritableOutput):
            self._session.close()
