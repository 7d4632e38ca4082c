"""Runs whose results are still being archived, and runs that were left unsaved."""

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
    """A run that has ended and whose result or estimate is still being archived.

    Attributes:
        number: Number of the run, as in `PastRun`.
        job_id: Identifier of the job that archives the result.
        request: Request of the run.
        result: The result, None if the estimate of a stopped run is archived.
        saved_path: The file to which the user saved the result, as in `PastRun`.
    """

    number: int
    job_id: int
    request: RestoreRequest
    result: RunResult | None = None
    saved_path: Path | None = None


class UnsavedRunKind(Enum):
    """Progress of a run that is left unsaved: with a result, an estimate, or neither."""

    RESULT = auto()
    ESTIMATE = auto()
    NO_ESTIMATE = auto()


@dataclass(frozen=True, slots=True, eq=False)
class RunLeftUnsaved:
    """A run whose result or estimate was not saved before another file was opened.

    Attributes:
        kind: Progress of the run.
        request: Request of the run.
        run_number: Number of the run, None if the run had no estimate yet.
    """

    kind: UnsavedRunKind
    request: RestoreRequest
    run_number: int | None


def run_left_unsaved_message(run_left: RunLeftUnsaved) -> UserMessage:
    """Return the message about a run not saved before another file was opened."""
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
                tr("Its latest step stays under Runs; it is not saved."),
            )
        case UnsavedRunKind.NO_ESTIMATE:
            return UserMessage(
                tr("The run of {name} was stopped").format(name=name),
                tr("It had no step yet that could be kept."),
            )


def source_changed_message(path: Path) -> UserMessage:
    """Return the message about a file that is missing or has changed since it was restored."""
    return UserMessage(
        tr("{name} is gone or has changed since").format(name=path.name),
        tr("It is shown as it was when it was restored. The result can still be saved."),
    )
