"""The events of `batch` for other programs, and the summary at its end."""

from __future__ import annotations

from pathlib import Path

from app.cli.batch.outcome_counts import (
    LatestOutcomes,
    OutcomeCounter,
    OutcomeCounts,
    format_failures,
)
from app.cli.batch.status import BatchStatus, format_rate
from app.cli.console import format_failure, print_summary
from app.cli.run_events import (
    EventFile,
    FileEnd,
    StatusFields,
    name_error_kind,
    name_state,
    name_verdict_kind,
    write_end,
    write_file_end,
    write_file_start,
    write_progress,
    write_start,
    write_status,
)
from app.i18n.formatting import list_outcome_notes, other_file_text
from ddrm_core.batch.outcome import FileOutcome, FileState
from ddrm_core.batch.report import ReportSummary
from ddrm_core.batch.runner import FileRestoreProgress


class BatchEvents:
    """The events of a batch, and the counts of its outcomes."""

    def __init__(self, source_folder: Path, output_folder: Path, *, is_watching: bool) -> None:
        """Create the events of a batch that has not started.

        Args:
            source_folder: Folder of the images.
            output_folder: Folder of the results.
            is_watching: Whether a file can have several outcomes, of which the latest counts.
        """
        self._source_folder, self._output_folder = source_folder, output_folder
        self._started: dict[Path, int] = {}  # number of each unfinished file by source
        self._outcomes: OutcomeCounter = LatestOutcomes() if is_watching else OutcomeCounts()

    def start(self, file_count: int | None) -> None:
        """Print the event before the first of `file_count` files, None for an unknown number."""
        write_start("batch", file_count, self._output_folder)

    def show_event(self, event: FileRestoreProgress | FileOutcome) -> None:
        """Print the event of a step or of the outcome of a file, and count the outcome."""
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
                kind = None if error is None else name_error_kind(error)
                self._outcomes.add(source, event.state, kind)
                write_file_end(_create_file_end(self._started.pop(source), event))

    def add_failure(self, path: Path, error: Exception) -> None:
        """Count the failure of a file that cannot be planned, or of a folder."""
        self._outcomes.add(path, FileState.FAILED, name_error_kind(error))

    def show_status(self, status: BatchStatus) -> None:
        """Print the event about the status of the batch."""
        per_hour, seconds = status.restored_per_hour, status.seconds_left
        write_status(
            StatusFields(
                finished=status.finished_count,
                files=status.file_count,
                per_hour=None if per_hour is None else round(per_hour, 1),
                seconds_left=None if seconds is None else round(seconds, 1),
                failures=dict(status.failures),
            )
        )

    def finish(self, summary: ReportSummary, seconds: float, per_hour: float | None) -> None:
        """Print the number of files per outcome, the failures by kind, wall time and rate.

        Args:
            summary: Number of files per outcome.
            seconds: Wall time of the batch in seconds.
            per_hour: Restored files per hour, None if no file was restored.
        """
        counts = self._outcomes.count()
        write_end(counts.states, counts.failures, seconds)
        kept = f" {summary.kept} done before with other settings," if summary.kept else ""
        others = f" {summary.others} left as they are," if summary.others else ""
        copied = f" {summary.copied} copied unchanged," if summary.copied else ""
        rate = "" if per_hour is None else f" ({format_rate(per_hour)})"
        print_summary(
            f"{self._output_folder}: {summary.done} restored, {summary.skipped} done before,{kept}"
            f"{others}{copied} {summary.failed} failed, in {seconds:.1f} s{rate}"
        )
        for line in format_failures(counts, self._source_folder):
            print_summary(line)


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
