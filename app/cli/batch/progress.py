"""The progress of `batch` on standard error."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

import typer
from rich.console import Console, RenderableType
from rich.progress import BarColumn, Progress, TextColumn
from rich.text import Text

from app.cli.batch.status import BatchStatus
from app.cli.console import format_failure, print_progress
from app.cli.output_mode import current_output_mode
from app.i18n.formatting import format_percent, list_outcome_notes, other_file_text
from ddrm_core.batch.outcome import FileOutcome, FileState
from ddrm_core.batch.runner import FileRestoreProgress


class BatchBar(Progress):
    """A progress bar with a line of text below it.

    Attributes:
        text: Text below the bar, empty for none.
    """

    text = ""

    def get_renderables(self) -> Iterable[RenderableType]:
        """Yield the bar and the text, which is cut off at the edge of the terminal."""
        yield from super().get_renderables()
        if self.text:
            yield Text(self.text, no_wrap=True, overflow="ellipsis")


@contextmanager
def open_batch_bar() -> Iterator[BatchBar]:
    """Show a progress bar for a batch on standard error, if that is a terminal and not quiet."""
    description = TextColumn("{task.description}", markup=False)
    with BatchBar(
        *(description, BarColumn()),
        console=Console(stderr=True, soft_wrap=True, markup=False),
        transient=True,
        disable=current_output_mode().is_quiet or not sys.stderr.isatty(),
    ) as bar:
        yield bar


class BatchProgress:
    """A display of the progress of a batch.

    On a terminal, a progress bar over the files is shown with the status of the batch below it.
    Otherwise one line per file is printed, and now and then the status.
    """

    def __init__(self, bar: BatchBar, folder: Path, status: BatchStatus) -> None:
        """Create the display of a batch that has not started.

        Args:
            bar: Bar of a terminal, disabled elsewhere.
            folder: Folder to which the names of files are relative.
            status: Status of the batch, which another object updates.
        """
        self._bar, self._folder, self._is_terminal = bar, folder, not bar.disable
        self._status = status
        self._task_id = bar.add_task("starting", total=None)
        self._is_waiting = False

    def start(self) -> None:
        """Reset the progress bar to zero of all files."""
        self._bar.text = ""
        self._bar.reset(self._task_id, total=self._status.file_count)

    def show_event(self, event: FileRestoreProgress | FileOutcome) -> None:
        """Show an event that the status contains already, and print the outcome of a file."""
        status = self._status
        match event:
            case FileRestoreProgress(number=number, file=item, fraction=fraction):
                file_count, fractions = status.file_count, status.active_fractions
                count = "" if file_count is None else f"/{file_count}"
                description = f"{number}{count} {self._relative_name(item.source)}"
                if fraction > 0:
                    description += f" {fraction:.0%}"
                if (other_count := len(fractions) - 1) > 0:
                    description += f" and {other_count} more"
                # Skipped files take no time.
                skipped_count = status.skipped_count
                if self._is_terminal:
                    self._bar.text = status.format_facts()
                self._bar.update(
                    self._task_id,
                    description=description,
                    completed=status.finished_count - skipped_count + sum(fractions.values()),
                    total=None if file_count is None else file_count - skipped_count,
                )
            case FileOutcome():
                self._finish_file(event)

    def print_status(self) -> None:
        """Print the status as a line; nothing on a terminal, which shows it all the time."""
        if not self._is_terminal:
            print_progress(self._status.format_line())

    def show_waiting(self) -> None:
        """Show that the batch is waiting for new files."""
        if not self._is_waiting:
            self._is_waiting = True
            self._print_note(f"Watching {self._folder} for new files; press Ctrl+C to stop")
        self._bar.text = ""
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
