"""View model of the prior catalog and of the current prior task."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path

from PySide6.QtCore import Slot

from app.i18n.error_messages import UserMessage, message_from_error
from app.jobs.priors.prior_catalog import PriorCatalog, PriorEntry, PriorListing
from app.jobs.priors.prior_tasks import (
    ImportingPrior,
    PriorDownloadProgress,
    PriorImported,
    PriorRemoved,
    PriorVerified,
    download_prior_job,
    import_prior_job,
    remove_prior_job,
    verify_prior_job,
)
from app.jobs.worker import Job, JobOutcome, JobRunner, job_from_function
from app.viewmodels.priors.priors_text import download_stopped_message, task_finished_message
from app.viewmodels.priors.transfer_rate import TransferRate
from app.viewmodels.state_view_model import StateViewModel
from ddrm_core.errors import OperationCancelled


@dataclass(frozen=True, slots=True)
class NoPriorTask:
    """State without a prior task."""


@dataclass(frozen=True, slots=True)
class DownloadingPrior:
    """State while a published prior is being downloaded.

    Attributes:
        name: Name of the prior.
        total_bytes: Size of the prior's file in bytes.
        done_bytes: Number of bytes downloaded, or checked while a partial download is being
            checked.
        is_checking_partial: Whether the partial download is being checked.
        transfer_rate: Transfer rate of the download.
        is_cancelling: Whether the download has been asked to stop.
    """

    name: str
    total_bytes: int
    done_bytes: int = 0
    is_checking_partial: bool = False
    transfer_rate: TransferRate = field(default_factory=TransferRate)
    is_cancelling: bool = False

    @property
    def seconds_left(self) -> float | None:
        """Time left in seconds at the current transfer rate, None if the rate is not known."""
        bytes_per_second = self.transfer_rate.bytes_per_second
        return (
            None
            if bytes_per_second is None
            else (self.total_bytes - self.done_bytes) / bytes_per_second
        )


@dataclass(frozen=True, slots=True)
class VerifyingPrior:
    """State while the prior `name` is being verified."""

    name: str


@dataclass(frozen=True, slots=True)
class RemovingPrior:
    """State while the prior `name` is being removed."""

    name: str


PriorTask = NoPriorTask | ImportingPrior | DownloadingPrior | VerifyingPrior | RemovingPrior


@dataclass(frozen=True, slots=True)
class PriorTaskNotice:
    """Outcome of the last prior task.

    Attributes:
        message: Message about the outcome.
        is_failure: Whether the task failed.
        imported_name: Name of the prior that was imported, None if none was imported.
    """

    message: UserMessage
    is_failure: bool = False
    imported_name: str | None = None


@dataclass(frozen=True, slots=True)
class PriorsState:
    """State of the priors page.

    Attributes:
        entries: All priors; empty before the first listing.
        folder: Folder of imported priors, None before the first listing.
        free_bytes: Free bytes on the folder's disk, None if not known.
        task: Prior task in progress.
        notice: Outcome of the last task, None without an outcome to show.
    """

    entries: tuple[PriorEntry, ...] = ()
    folder: Path | None = None
    free_bytes: int | None = None
    task: PriorTask = NoPriorTask()
    notice: PriorTaskNotice | None = None

    @property
    def imported_names(self) -> tuple[str, ...]:
        """Names of the imported and packaged priors that are installed."""
        return tuple(c.name for c in self.entries if c.path is not None and not c.is_bundled)

    def find_entry(self, name: str) -> PriorEntry | None:
        """Return the entry of the prior with this name, None if it is not listed."""
        return next((c for c in self.entries if c.name == name), None)


def apply_prior_listing(state: PriorsState, listing: PriorListing) -> PriorsState:
    """Return the state with the priors of a new listing.

    A listing without details keeps the known details of files that have the same path and size.
    """
    known_entries = {(c.path, c.size_bytes): c for c in state.entries}
    entries = []
    for entry in listing.entries:
        known_entry = known_entries.get((entry.path, entry.size_bytes))
        if known_entry is not None and entry.file_info is None and entry.error is None:
            entry = replace(entry, file_info=known_entry.file_info, error=known_entry.error)
        entries.append(entry)
    return replace(
        state, entries=tuple(entries), folder=listing.folder, free_bytes=listing.free_bytes
    )


def apply_task_progress(state: PriorsState, progress: object) -> PriorsState:
    """Return the state after the prior task in progress has reported its progress."""
    match progress, state.task:
        case PriorDownloadProgress(), DownloadingPrior() as task:
            transfer_rate = (
                task.transfer_rate
                if progress.is_checking_partial
                else task.transfer_rate.with_reading(progress.clock_seconds, progress.done_bytes)
            )
            updated = replace(
                task,
                done_bytes=progress.done_bytes,
                is_checking_partial=progress.is_checking_partial,
                transfer_rate=transfer_rate,
            )
            return replace(state, task=updated)
        case ImportingPrior(), DownloadingPrior():
            return replace(state, task=progress)
        case _:
            return state


def apply_task_outcome(state: PriorsState, outcome: JobOutcome) -> PriorsState:
    """Return the state after the prior task has ended, with a notice about its outcome."""
    idle_state = replace(state, task=NoPriorTask())
    match outcome:
        case JobOutcome(
            error=None, result=PriorImported() | PriorVerified() | PriorRemoved() as result
        ):
            imported_name = result.name if isinstance(result, PriorImported) else None
            return replace(
                idle_state,
                notice=PriorTaskNotice(task_finished_message(result), imported_name=imported_name),
            )
        case JobOutcome(error=OperationCancelled()):
            return replace(idle_state, notice=PriorTaskNotice(download_stopped_message()))
        case JobOutcome(error=Exception() as error):
            return replace(
                idle_state, notice=PriorTaskNotice(message_from_error(error), is_failure=True)
            )
        case _:
            raise TypeError(f"nothing was done: {outcome.result!r}")


class PriorsViewModel(StateViewModel[PriorsState]):
    """View model of the priors page, which runs one prior task at a time."""

    def __init__(self, runner: JobRunner) -> None:
        super().__init__(PriorsState())
        self._runner = runner
        self._catalog = PriorCatalog()
        self._listing_job_id = self._task_job_id = 0
        runner.progressed.connect(self._on_progressed)
        runner.ended.connect(self._on_ended)

    def list_priors(self) -> None:
        """List all priors on a worker thread, without reading their files."""
        self._listing_job_id = self._runner.start(job_from_function(self._catalog.list_files))

    def describe_priors(self) -> None:
        """List all priors and read their files, unless a prior task is in progress."""
        if isinstance(self._state.task, NoPriorTask):
            self._runner.discard(self._listing_job_id)
            self._listing_job_id = self._runner.start(self._catalog.describe_all)

    def import_file(self, path: Path) -> None:
        """Import a prior: validate its file and copy the file to the prior library."""
        self._start_task(
            ImportingPrior(path.name), job_from_function(partial(import_prior_job, path))
        )

    def download(self, name: str) -> None:
        """Download and import the published prior `name`, to which the user has agreed."""
        entry = self._state.find_entry(name)
        if entry is not None and entry.published is not None:
            task = DownloadingPrior(
                name, entry.published.size_bytes, is_checking_partial=entry.downloaded_bytes > 0
            )
            self._start_task(task, partial(download_prior_job, entry.published))

    def verify(self, name: str) -> None:
        """Compare the file of a prior with the checksum that was recorded at its import."""
        self._start_task(VerifyingPrior(name), job_from_function(partial(verify_prior_job, name)))

    def remove(self, name: str) -> None:
        """Delete the file of an imported prior, to which the user has agreed."""
        self._start_task(RemovingPrior(name), job_from_function(partial(remove_prior_job, name)))

    def cancel_download(self) -> None:
        """Request that the download stops; the partial download is kept."""
        task = self._state.task
        if isinstance(task, DownloadingPrior):
            self._set_state(replace(self._state, task=replace(task, is_cancelling=True)))
            self._runner.cancel(self._task_job_id)

    def _start_task(self, task: PriorTask, job: Job) -> None:
        if isinstance(self._state.task, NoPriorTask):
            self._set_state(replace(self._state, task=task, notice=None))
            self._task_job_id = self._runner.start(job)

    @Slot(int, object)
    def _on_progressed(self, job_id: int, progress: object) -> None:
        if job_id == self._task_job_id:
            self._set_state(apply_task_progress(self._state, progress))
        elif job_id == self._listing_job_id and isinstance(progress, PriorListing):
            self._set_state(apply_prior_listing(self._state, progress))

    @Slot(int, object)
    def _on_ended(self, job_id: int, outcome: JobOutcome) -> None:
        if job_id == self._task_job_id:
            self._set_state(apply_task_outcome(self._state, outcome))
            self.describe_priors()
        elif job_id == self._listing_job_id:
            self._on_listing_ended(outcome)

    def _on_listing_ended(self, outcome: JobOutcome) -> None:
        match outcome:
            case JobOutcome(error=None, result=PriorListing() as listing):
                self._set_state(apply_prior_listing(self._state, listing))
            case JobOutcome(error=Exception() as error):
                notice = PriorTaskNotice(message_from_error(error), is_failure=True)
                self._set_state(replace(self._state, notice=notice))
