"""The priors that are here, and what is being done with them."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, Slot

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
    """Nothing is being done."""


@dataclass(frozen=True, slots=True)
class DownloadingPrior:
    """A published prior is on its way.

    Attributes:
        name: Of the prior.
        total_bytes: Bytes of its file.
        done_bytes: Bytes that are here, or that are checked of those that were here before.
        is_checking_partial: Whether it is still about what was here before.
        transfer_rate: Of what arrives.
        is_cancelling: Whether it was asked to stop.
    """

    name: str
    total_bytes: int
    done_bytes: int = 0
    is_checking_partial: bool = False
    transfer_rate: TransferRate = field(default_factory=TransferRate)
    is_cancelling: bool = False

    @property
    def seconds_left(self) -> float | None:
        """At the present pace, None where that is not known."""
        bytes_per_second = self.transfer_rate.bytes_per_second
        return (
            None
            if bytes_per_second is None
            else (self.total_bytes - self.done_bytes) / bytes_per_second
        )


@dataclass(frozen=True, slots=True)
class VerifyingPrior:
    """A prior is being read again."""

    name: str


@dataclass(frozen=True, slots=True)
class RemovingPrior:
    """A prior is being deleted."""

    name: str


PriorTask = NoPriorTask | ImportingPrior | DownloadingPrior | VerifyingPrior | RemovingPrior


@dataclass(frozen=True, slots=True)
class PriorTaskNotice:
    """How the last work ended.

    Attributes:
        message: In words.
        is_failure: Whether something went wrong.
        imported_name: Name of a prior that has come, None where none has.
    """

    message: UserMessage
    is_failure: bool = False
    imported_name: str | None = None


@dataclass(frozen=True, slots=True)
class PriorsState:
    """What the page shows.

    Attributes:
        entries: All priors; none before the first look.
        folder: Where imported ones are kept, None before the first look.
        free_bytes: Bytes on its disk, None where that is not known.
        task: What is being done.
        notice: How the last work ended, None where there is nothing to say.
    """

    entries: tuple[PriorEntry, ...] = ()
    folder: Path | None = None
    free_bytes: int | None = None
    task: PriorTask = NoPriorTask()
    notice: PriorTaskNotice | None = None

    @property
    def imported_names(self) -> tuple[str, ...]:
        """Names of the imported ones."""
        return tuple(c.name for c in self.entries if c.path is not None and not c.is_bundled)

    def find_entry(self, name: str) -> PriorEntry | None:
        """That of a prior by its name."""
        return next((c for c in self.entries if c.name == name), None)


def apply_prior_listing(state: PriorsState, listing: PriorListing) -> PriorsState:
    """The state with what was found; what was known of a file stays until it is read again."""
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
    """The state once the work has reported."""
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
    """The state once the work has ended."""
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
    """The priors as one value that changes. One thing is done at a time."""

    def __init__(self, runner: JobRunner, parent: QObject | None = None) -> None:
        super().__init__(PriorsState(), parent)
        self._runner = runner
        self._catalog = PriorCatalog()
        self._listing_job_id = self._task_job_id = 0
        runner.progressed.connect(self._on_progressed)
        runner.ended.connect(self._on_ended)

    def list_priors(self) -> None:
        """Find out which there are, in the background."""
        self._listing_job_id = self._runner.start(job_from_function(self._catalog.list_files))

    def describe_priors(self) -> None:
        """Find out what each says of itself, too; later, where something is being done."""
        if isinstance(self._state.task, NoPriorTask):
            self._runner.discard(self._listing_job_id)
            self._listing_job_id = self._runner.start(self._catalog.describe_all)

    def import_file(self, path: Path) -> None:
        """Check a prior's file and keep a copy."""
        self._start_task(
            ImportingPrior(path.name), job_from_function(partial(import_prior_job, path))
        )

    def download(self, name: str) -> None:
        """Fetch a published prior, which was agreed to, and import it."""
        entry = self._state.find_entry(name)
        if entry is not None and entry.published is not None:
            task = DownloadingPrior(
                name, entry.published.size_bytes, is_checking_partial=entry.downloaded_bytes > 0
            )
            self._start_task(task, partial(download_prior_job, entry.published))

    def verify(self, name: str) -> None:
        """Read a prior again."""
        self._start_task(VerifyingPrior(name), job_from_function(partial(verify_prior_job, name)))

    def remove(self, name: str) -> None:
        """Delete an imported prior, which was agreed to."""
        self._start_task(RemovingPrior(name), job_from_function(partial(remove_prior_job, name)))

    def cancel_download(self) -> None:
        """Ask the download to stop; what has arrived is kept."""
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
