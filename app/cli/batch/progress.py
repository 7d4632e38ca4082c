"""The progress of `batch` on standard error."""

from __future__ import annotations

from pathlib import Path

import typer
from rich.progress import Progress

from app.cli.console import format_failure, print_progress
from app.i18n.formatting import format_percent, list_outcome_notes, other_file_text
from ddrm_core.batch.outcome import FileOutcome, FileState
from ddrm_core.batch.runner import FileRestoreProgress


class BatchProgress:
    """A display of the progress of a batch.

    On a terminal, a progress bar over the files is shown, otherwise one line per file is printed.
    """

    def __init__(self, bar: Progress, folder: Path) -> None:
        self._bar, self._folder, self._is_terminal = bar, folder, not bar.disable
        self._task_id = bar.add_task("starting", total=None)
        self._file_count: int | None = 0
        self._skipped_count = self._finished_count = 0
        self._active_fractions: dict[Path, float] = {}  # by source
        self._is_waiting = False

    def start(self, file_count: int | None) -> None:
        """Reset the progress bar to zero of `file_count` files, None for an unknown number."""
        self._file_count = file_count
        self._skipped_count = self._finished_count = 0
        self._active_fractions = {}
        self._bar.reset(self._task_id, total=file_count)

    def show_event(self, event: FileRestoreProgress | FileOutcome) -> None:
        """Update the bar with the progress of a file, or print the outcome of a file."""
        match event:
            case FileRestoreProgress(number=number, file=item, fraction=fraction):
                self._active_fractions[item.source] = fraction
                count = "" if self._file_count is None else f"/{self._file_count}"
                description = f"{number}{count} {self._relative_name(item.source)}"
                if fraction > 0:
                    description += f" {fraction:.0%}"
                if (other_count := len(self._active_fractions) - 1) > 0:
                    description += f" and {other_count} more"
                # Skipped files take no time and would distort the estimate of the remaining time.
                total = None if self._file_count is None else self._file_count - self._skipped_count
                self._bar.update(
                    self._task_id,
                    description=description,
                    completed=self._finished_count
                    - self._skipped_count
                    + sum(self._active_fractions.values()),
                    total=total,
                )
            case FileOutcome():
                self._active_fractions.pop(event.file.source, None)
                self._finished_count += 1
                self._skipped_count += not event.state.needs_run
                self._finish_file(event)

    def show_waiting(self) -> None:
        """Show that the batch is waiting for new files."""
        if not self._is_waiting:
            self._is_waiting = True
            self._print_note(f"Watching {self._folder} for new files; press Ctrl+C to stop")
        self._bar.update(self._task_id, description="waiting", total=None)

    def print_failure(self, error: Exception) -> None:
        """Print an error that belongs to no image, such as a folder that cannot be read."""
        self._print_line(f"Error: {format_failure(error)}")

    def print_stop_reason(self, line: str) -> None:
        """Print `line`, the reason why the batch ends before its last file."""
        self._print_line(f"Error: {line}")

    def _finish_file(self, outcome: FileOutcome) -> None:
        name = self._relative_name(outcome.file.source)
        if outcome.error is not None:
            line = format_failure(outcome.error)
            if outcome.file.source.name not in line:
                line = f"{name}: {line}"
            self._print_line(f"Error: {line}")
            return
        if not self._is_terminal and outcome.state is not FileState.NOT_REPLACED:
            self._print_note(f"{name}: {_format_outcome(outcome)}")
        for sentence in list_outcome_notes(outcome):
            self._print_note(f"Note: {name}: {sentence}.")

    def _relative_name(self, source: Path) -> str:
        return str(source.relative_to(self._folder))

    def _print_note(self, line: str) -> None:
        """Print a line that reports no failure; nothing if quiet."""
        if self._is_terminal:
            self._print_line(line)
        else:
            print_progress(line)

    def _print_line(self, line: str) -> None:
        if self._is_terminal:
            self._bar.console.print(line, highlight=False, markup=False)
        else:
            typer.echo(line, err=True)


def _format_outcome(outcome: FileOutcome) -> str:
    if outcome.state in (FileState.SKIPPED, FileState.KEPT_OTHER_SETTINGS):
        text = "done before"
        if outcome.target.stem != outcome.file.target.stem:
            text += f" as {outcome.target.name}"
        return text if outcome.state is FileState.SKIPPED else f"{text} with other settings"
    if outcome.state in (FileState.OTHER, FileState.COPIED):
        treatment = "left as it is" if outcome.state is FileState.OTHER else "copied unchanged"
        return f"{treatment}: {other_file_text(outcome)}"
    if outcome.copied_from is not None:
        return f"done before as {outcome.copied_from.name}, copied"
    assert outcome.consistency is not None
    return (
        f"restored in {outcome.seconds:.1f} s: {outcome.verdict};"
        f" {format_percent(outcome.consistency)} of levels in their bins as saved"
    )
