"""The events of `batch` for other programs, and the summary at its end."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from pathlib import Path

from app.cli.console import format_failure, print_summary
from app.cli.run_events import (
    UNEXPECTED_ERROR,
    EventFile,
    FileEnd,
    name_error_kind,
    name_state,
    name_verdict_kind,
    write_end,
    write_file_end,
    write_file_start,
    write_progress,
    write_start,
)
from app.i18n.formatting import list_outcome_notes, other_file_text
from ddrm_core.batch.outcome import FileOutcome, FileState
from ddrm_core.batch.report import ReportSummary
from ddrm_core.batch.runner import FileRestoreProgress

_MAX_NAMES = 3
_OTHER_FAILURE = "other errors"
# The class of an error, and the words for its files in a summary.
_FAILURE_TEXTS: Mapping[str, str] = {
    "CompressionNotDetected": "without signs of a JPEG compression",
    "DamagedJpeg": "damaged",
    "InsufficientMemory": "too large for the memory",
    "NotAJpeg": "no images that can be restored",
    "OutOfMemory": "too large for the memory",
    "OutputExists": "with another file in the place of the result",
    "ResultNotVerified": "with a result that cannot be verified",
    "TooManyPixels": "with too many pixels",
    "UnreadableFile": "not readable",
    "UnsupportedFormat": "not possible in the format of the results",
    "UnsupportedImage": "no images that can be restored",
    "UnsupportedJpeg": "with a coding that cannot be restored",
    "UnwritableOutput": "with a result that cannot be written",
    "WorkerCrashed": "that ended their worker process",
    UNEXPECTED_ERROR: "with an unexpected error",
}


class BatchEvents:
    """The events of a batch, and its failures by kind."""

    def __init__(self, source_folder: Path, output_folder: Path) -> None:
        self._source_folder, self._output_folder = source_folder, output_folder
        self._started: dict[Path, int] = {}  # number of each unfinished file by source
        self._states: dict[Path, FileState] = {}
        # States of a streamed plan, which has each source once, so that paths are not needed.
        self._state_counts: Counter[FileState] | None = None
        self._failures: dict[Path, str] = {}  # kind of the error by path

    def start(self, file_count: int | None) -> None:
        """Print the event before the first of `file_count` files, None for an unknown number."""
        self._state_counts = Counter() if file_count is None else None
        write_start("batch", file_count, self._output_folder)

    def show_event(self, event: FileRestoreProgress | FileOutcome) -> None:
        """Print the event of a step or of the outcome of a file, and count a failure."""
        source = event.file.source
        match event:
            case FileRestoreProgress(number=number, file=file, fraction=fraction):
                event_file = EventFile(number, str(source))
                if source not in self._started:
                    self._started[source] = number
                    write_file_start(event_file, file.target)
                if fraction > 0:
                    write_progress(event_file, fraction)
            case FileOutcome(error=error):
                if error is None:
                    self._count(source, event.state)
                self._failures.pop(source, None)
                if error is not None:
                    self.add_failure(source, error)
                write_file_end(_create_file_end(self._started.pop(source), event))

    def add_failure(self, path: Path, error: Exception) -> None:
        """Count the failure of a file or folder, in place of an earlier one of the same path."""
        self._count(path, FileState.FAILED)
        self._failures[path] = name_error_kind(error)

    def _count(self, path: Path, state: FileState) -> None:
        """Count a file or folder, in place of an earlier state of the same path."""
        if self._state_counts is None:
            self._states[path] = state
        else:
            self._state_counts[state] += 1

    def finish(self, summary: ReportSummary, seconds: float) -> None:
        """Print the number of files per outcome, the failures by kind, and the wall time."""
        state_counts = Counter(self._states.values())
        write_end(self._state_counts or state_counts, Counter(self._failures.values()), seconds)
        kept = f" {summary.kept} done before with other settings," if summary.kept else ""
        others = f" {summary.others} left as they are," if summary.others else ""
        copied = f" {summary.copied} copied unchanged," if summary.copied else ""
        print_summary(
            f"{self._output_folder}: {summary.done} restored, {summary.skipped} done before,{kept}"
            f"{others}{copied} {summary.failed} failed, in {seconds:.1f} s"
        )
        for line in format_failures(self._failures, self._source_folder):
            print_summary(line)


def format_failures(failures: Mapping[Path, str], folder: Path) -> list[str]:
    """Return one line per kind of failure, the most frequent first, with the first names.

    Args:
        failures: Kind of the error, from `name_error_kind`, by path.
        folder: Folder to which the names are relative.
    """
    names_by_text: dict[str, list[str]] = {}
    for path, kind in failures.items():
        name = path.relative_to(folder) if path.is_relative_to(folder) else path
        names_by_text.setdefault(_FAILURE_TEXTS.get(kind, _OTHER_FAILURE), []).append(str(name))
    lines = []
    for text, names in sorted(names_by_text.items(), key=lambda item: -len(item[1])):
        listed = ", ".join(names[:_MAX_NAMES])
        more = f" and {len(names) - _MAX_NAMES} more" if len(names) > _MAX_NAMES else ""
        lines.append(f"  {len(names)} {text}: {listed}{more}")
    return lines


def _create_file_end(number: int, outcome: FileOutcome) -> FileEnd:
    error = outcome.error
    return FileEnd(
        number=number,
        file=str(outcome.file.source),
        result=str(outcome.target) if outcome.state.has_target else None,
        state=name_state(outcome.state),
        verdict=name_verdict_kind(outcome.verdict),
        consistency=outcome.consistency,
        seconds=round(outcome.seconds, 3),
        evaluations=outcome.evaluations,
        notes=(*filter(None, (other_file_text(outcome),)), *list_outcome_notes(outcome)),
        error=None if error is None else name_error_kind(error),
        message=None if error is None else format_failure(error),
    )
