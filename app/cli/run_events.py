"""The events of `--json-lines`: their names, and the fields of each."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from app.cli.battery_pause import PauseChange
from app.cli.output_mode import write_event
from ddrm_core.batch.dry_run.outcome import PlannedAction
from ddrm_core.batch.outcome import FileState
from ddrm_core.errors import CoreError

if TYPE_CHECKING:
    from ddrm_core.restoration.verdict import Verdict

UNEXPECTED_ERROR = "Unexpected"
"""Kind of an error that the program does not expect: a bug, or a lack of memory."""


@dataclass(frozen=True, slots=True)
class EventFile:
    """One file of a command in events.

    Attributes:
        number: Number of the file, from 1.
        name: Path of the source, or "standard input".
    """

    number: int
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FileEnd:
    """The fields of the event `file_end`, the outcome of one file.

    Attributes:
        number: Number of the file, from 1.
        file: Path of the source.
        result: Path of the result, None if the file failed.
        state: Outcome of the file, see `name_state`.
        verdict: Name of the kind of the verdict, None for an earlier result and a failed file.
        consistency: Share of levels in their bins in the saved result, 0 to 1; None if the file
            failed.
        seconds: Wall time in seconds.
        evaluations: Evaluations of the prior.
        notes: Notes about the result.
        error: Kind of the error, see `name_error_kind`; None unless the file failed.
        message: Error and advice as one line; None unless the file failed.
    """

    number: int
    file: str
    result: str | None
    state: str
    verdict: str | None = None
    consistency: float | None = None
    seconds: float = 0.0
    evaluations: int = 0
    notes: tuple[str, ...] = ()
    error: str | None = None
    message: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class StatusFields:
    """The fields of the event `status`, which a long batch prints now and then.

    Attributes:
        finished: Number of files that have an outcome.
        files: Number of files, None if it is unknown.
        per_hour: Restored files per hour over the last minutes, None before the first one.
        seconds_left: Expected time of the other files in seconds, None if it is unknown.
        failures: Number of failed files by kind of the error.
    """

    finished: int
    files: int | None
    per_hour: float | None
    seconds_left: float | None
    failures: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Failure:
    """An error about one file in events.

    Attributes:
        kind: Kind of the error, see `name_error_kind`.
        message: Error and advice as one line.
    """

    kind: str
    message: str


def name_error_kind(error: BaseException) -> str:
    """Return the name of the class of a core error, otherwise `UNEXPECTED_ERROR`."""
    return type(error).__name__ if isinstance(error, CoreError) else UNEXPECTED_ERROR


def name_verdict_kind(verdict: Verdict | None) -> str | None:
    """Return the name of a verdict's kind in lower case, None without a verdict."""
    return None if verdict is None else verdict.kind.name.lower()


def write_start(command: str, file_count: int | None, output: Path | None) -> None:
    """Print the event before the first file.

    Args:
        command: Name of the command.
        file_count: Number of files, None if it is not known yet.
        output: Folder or file of the results, None if nothing is written.
    """
    output_text = None if output is None else str(output)
    write_event("start", {"command": command, "files": file_count, "output": output_text})


def write_file_start(file: EventFile, target: Path) -> None:
    """Print the event before a file is restored; `target` is the planned path of its result."""
    write_event("file_start", {"number": file.number, "file": file.name, "target": str(target)})


def write_progress(file: EventFile, fraction: float) -> None:
    """Print the event after a step; `fraction` of the file, 0 to 1, is restored."""
    fields = {"number": file.number, "file": file.name, "fraction": round(fraction, 4)}
    write_event("progress", fields)


def write_file_end(end: FileEnd) -> None:
    """Print the event after a file that was restored, skipped or failed."""
    write_event("file_end", asdict(end))


def write_status(status: StatusFields) -> None:
    """Print the event about the status of a batch."""
    write_event("status", asdict(status))


def write_failed_file(file: EventFile, failure: Failure) -> None:
    """Print the event of a file that failed."""
    write_file_end(
        FileEnd(
            number=file.number,
            file=file.name,
            result=None,
            state=name_state(FileState.FAILED),
            error=failure.kind,
            message=failure.message,
        )
    )


def write_pause(change: PauseChange) -> None:
    """Print the event of a pause on battery that begins or ends."""
    write_event(change.value, {"reason": "battery"})


def name_state(state: FileState) -> str:
    """Return the name of a state in events, such as "done" or "not_replaced"."""
    return state.value.replace(" ", "_")


def write_end(counts: Mapping[FileState, int], failures: Mapping[str, int], seconds: float) -> None:
    """Print the event after the last file.

    Args:
        counts: Number of files by outcome; missing ones are 0.
        failures: Number of failed files by kind of the error.
        seconds: Wall time of the command in seconds.
    """
    counted = {name_state(state): counts.get(state, 0) for state in FileState}
    write_event("end", counted | {"failures": dict(failures), "seconds": round(seconds, 3)})


def write_planned(
    file: EventFile, action: PlannedAction, target: Path | None, failure: Failure | None = None
) -> None:
    """Print the event of a dry run for one file.

    Args:
        file: The file.
        action: Action that the command would take.
        target: Path of the result or copy, None without one.
        failure: Error with which the file would fail, None without one.
    """
    fields = {
        "number": file.number,
        "file": file.name,
        "action": action.value,
        "target": None if target is None else str(target),
        "error": None if failure is None else failure.kind,
        "message": None if failure is None else failure.message,
    }
    write_event("planned", fields)


def write_plan_end(
    counts: Mapping[PlannedAction, int],
    seconds: float | None,
    result_bytes: int,
    free_bytes: int | None,
) -> None:
    """Print the event of a dry run after the last file.

    Args:
        counts: Number of files by action; missing ones are 0.
        seconds: Expected wall time in seconds, None if it is not known.
        result_bytes: Expected size of all results.
        free_bytes: Free space of the disk of the results, None for an object store.
    """
    fields = {
        **{action.value: counts.get(action, 0) for action in PlannedAction},
        "estimated_seconds": None if seconds is None else round(seconds, 1),
        "estimated_bytes": result_bytes,
        "free_bytes": free_bytes,
    }
    write_event("plan_end", fields)


def write_error(kind: str, message: str) -> None:
    """Print the event of an error because of which the command ends."""
    write_event("error", {"error": kind, "message": message})


def write_stopped() -> None:
    """Print the event of a command that the user stopped."""
    write_event("stopped", {})
