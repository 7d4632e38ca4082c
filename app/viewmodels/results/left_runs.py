"""Results that are not in the list of runs yet, and those that were left for another file."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum, auto
from pathlib import Path

from app.i18n.error_messages import Message
from app.i18n.translation import tr
from app.jobs.run.restore_request import RestoreRequest
from app.jobs.run.result import Restored


@dataclass(frozen=True, slots=True, eq=False)
class PendingRun:
    """A result that is being put away.

    Attributes:
        number: Number of the run, see `PastRun`.
        job: Run id of the job that puts the result away.
        request: Request of the run.
        restored: The result, None for the estimate of a run that was left.
        saved: See `PastRun`.
    """

    number: int
    job: int
    request: RestoreRequest
    restored: Restored | None = None
    saved: Path | None = None


class LeftKind(Enum):
    """How far a run was when another file was opened."""

    RESULT = auto()
    ESTIMATE = auto()
    NOTHING = auto()


@dataclass(frozen=True, slots=True, eq=False)
class LeftRun:
    """A run that was left unsaved for another file.

    Attributes:
        kind: How far the run was.
        request: Request of the run.
        number: Number of the run, None where it had no estimate yet.
    """

    kind: LeftKind
    request: RestoreRequest
    number: int | None


def left_message(left: LeftRun) -> Message:
    """Return the line that says what happened to a run when another file was opened."""
    name = left.request.source.path.name
    match left.kind:
        case LeftKind.RESULT:
            return Message(
                tr("The result of {name} is not saved").format(name=name),
                tr("It stays under Runs until it is saved."),
            )
        case LeftKind.ESTIMATE:
            return Message(
                tr("The run of {name} was stopped").format(name=name),
                tr("Its latest estimate stays under Runs; it is not saved."),
            )
        case LeftKind.NOTHING:
            return Message(
                tr("The run of {name} was stopped").format(name=name),
                tr("It had no estimate yet that could be kept."),
            )


def remembered_message(path: Path) -> Message:
    """Return what to say where a file is gone or has changed since it was restored."""
    return Message(
        tr("{name} is gone or has changed since").format(name=path.name),
        tr("It is shown as it was when it was restored. The result can still be saved."),
    )
