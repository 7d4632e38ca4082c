"""Results that are not in the list of runs yet, and those that were left for another file."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum, auto
from pathlib import Path

from app.i18n.error_messages import UserMessage
from app.i18n.translation import tr
from app.jobs.run.restore_request import RestoreRequest
from app.jobs.run.result import RunResult


@dataclass(frozen=True, slots=True, eq=False)
class PendingRun:
    """A result that is being put away.

    Attributes:
        number: Number of the run, see `PastRun`.
        job_id: Run id of the job that puts the result away.
        request: Request of the run.
        result: The result, None for the estimate of a run that was left.
        saved_path: See `PastRun`.
    """

    number: int
    job_id: int
    request: RestoreRequest
    result: RunResult | None = None
    saved_path: Path | None = None


class UnsavedRunKind(Enum):
    """How far a run was when another file was opened."""

    RESULT = auto()
    ESTIMATE = auto()
    NO_ESTIMATE = auto()


@dataclass(frozen=True, slots=True, eq=False)
class RunLeftUnsaved:
    """A run that was left unsaved for another file.

    Attributes:
        kind: How far the run was.
        request: Request of the run.
        run_number: Number of the run, None where it had no estimate yet.
    """

    kind: UnsavedRunKind
    request: RestoreRequest
    run_number: int | None


def run_left_unsaved_message(run_left: RunLeftUnsaved) -> UserMessage:
    """Return the line that says what happened to a run when another file was opened."""
    name = run_left.request.source.path.name
    match run_left.kind:
        case UnsavedRunKind.RESULT:
            return UserMessage(
                tr("The result of {name} is not saved").format(name=name),
                tr("It stays under Runs until it is saved."),
            )
        case UnsavedRunKind.ESTIMATE:
            return UserMessage(
                tr("The run of {name} was stopped").format(name=name),
                tr("Its latest estimate stays under Runs; it is not saved."),
            )
        case UnsavedRunKind.NO_ESTIMATE:
            return UserMessage(
                tr("The run of {name} was stopped").format(name=name),
                tr("It had no estimate yet that could be kept."),
            )


def source_changed_message(path: Path) -> UserMessage:
    """Return what to say where a file is gone or has changed since it was restored."""
    return UserMessage(
        tr("{name} is gone or has changed since").format(name=path.name),
        tr("It is shown as it was when it was restored. The result can still be saved."),
    )
