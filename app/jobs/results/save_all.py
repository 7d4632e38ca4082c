"""Job that writes several archived results to new files."""

from __future__ import annotations

from collections.abc import Generator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from app.jobs.results.archived_result import ArchivedResult, export_archived_result
from ddrm_core.cancel import CancelToken
from ddrm_core.errors import CoreError

# These imports load torch, see `PriorCache`.
if TYPE_CHECKING:
    from ddrm_core.export.settings import ExportSettings


@dataclass(frozen=True, slots=True, eq=False)
class SaveTask:
    """A result that is to be written to a file.

    Attributes:
        run_number: Number of the run.
        archived_result: The result.
        proposed_path: Proposed path; if it exists, the next free number is added to the name.
        settings: Export settings.
        keep_date: Whether the file gets the modification time of the source.
    """

    run_number: int
    archived_result: ArchivedResult
    proposed_path: Path
    settings: ExportSettings
    keep_date: bool = True


@dataclass(frozen=True, slots=True)
class SaveTaskFinished:
    """Outcome of a `SaveTask` whose result was written.

    Attributes:
        run_number: Number of the run.
        path: Path of the written file.
    """

    run_number: int
    path: Path


@dataclass(frozen=True, slots=True)
class SaveTaskFailed:
    """Outcome of a `SaveTask` whose result could not be written.

    Attributes:
        run_number: Number of the run.
        source_path: File that the run restored.
        error: Error of writing the result.
    """

    run_number: int
    source_path: Path
    error: CoreError


def save_all_job(
    tasks: Sequence[SaveTask], _token: CancelToken
) -> Generator[
    SaveTaskFinished | SaveTaskFailed, None, tuple[SaveTaskFinished | SaveTaskFailed, ...]
]:
    """Write the results one after another and yield each outcome; return all outcomes.

    A result that cannot be written does not stop the job.
    """
    save_outcomes = []
    for task in tasks:
        save_outcome = _save_result(task)
        save_outcomes.append(save_outcome)
        yield save_outcome
    return tuple(save_outcomes)


def _save_result(task: SaveTask) -> SaveTaskFinished | SaveTaskFailed:
    try:
        exported = export_archived_result(
            task.archived_result, task.proposed_path, task.settings, keep_date=task.keep_date
        )
    except CoreError as error:
        return SaveTaskFailed(task.run_number, task.archived_result.run.image.path, error)
    return SaveTaskFinished(task.run_number, exported.path)
