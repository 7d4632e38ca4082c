"""What `batch` says while it works, on standard error."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import typer
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

from app.cli.console import failure_line
from app.i18n.formatting import damage_words, estimate_words, fallback_words, percent, renamed_words
from ddrm_core.batch.runner import FileOutcome, FileState, Working


class BatchProgress:
    """A bar over files where standard error is a terminal, a line for each otherwise."""

    def __init__(self, bar: Progress, folder: Path, *, terminal: bool) -> None:
        self._bar, self._folder, self._terminal = bar, folder, terminal
        self._task = bar.add_task("starting", total=None)
        self._total = self._skipped = 0
        self._waits = False

    def begin(self, total: int) -> None:
        """With so many files."""
        self._total, self._skipped = total, 0
        self._bar.reset(self._task, total=total)

    def show(self, event: Working | FileOutcome) -> None:
        """Whatever there is to say about it."""
        match event:
            case Working(number=number, item=item, step=step):
                words = f"{number}/{self._total} {self._name(item.source)}"
                part = 0.0
                if step is not None:
                    part = step.done / step.total
                    words += f" {part:.0%}"
                # What is skipped takes no time, and would promise that the others take none.
                self._bar.update(
                    self._task,
                    description=words,
                    completed=number - 1 - self._skipped + part,
                    total=self._total - self._skipped,
                )
            case FileOutcome():
                self._skipped += event.state in (FileState.SKIPPED, FileState.KEPT)
                self._end(event)

    def wait(self) -> None:
        """For files to arrive."""
        if not self._waits:
            self._waits = True
            self._print(f"Watching {self._folder}; Ctrl+C ends it")
        self._bar.update(self._task, description="waiting", total=None)

    def fail(self, error: Exception) -> None:
        """Say what failed."""
        self._print(f"Error: {failure_line(error)}")

    def stop(self, line: str) -> None:
        """Say why the batch ends before its last file."""
        self._print(f"Error: {line}")

    def _end(self, outcome: FileOutcome) -> None:
        name = self._name(outcome.item.source)
        if outcome.error is not None:
            line = failure_line(outcome.error)
            if outcome.item.source.name not in line:
                line = f"{name}: {line}"
            self._print(f"Error: {line}")
            return
        if not self._terminal:
            self._print(f"{name}: {_words(outcome)}")
        for sentence in notes_on(outcome):
            self._print(f"Note: {name}: {sentence}.")

    def _name(self, source: Path) -> str:
        return str(source.relative_to(self._folder))

    def _print(self, line: str) -> None:
        if self._terminal:
            self._bar.console.print(line, highlight=False, markup=False)
        else:
            typer.echo(line, err=True)


@contextmanager
def batch_progress(folder: Path) -> Iterator[BatchProgress]:
    """Over the files of a folder."""
    terminal = sys.stderr.isatty()
    columns = (TextColumn("{task.description}", markup=False), BarColumn(), TimeRemainingColumn())
    console = Console(stderr=True, soft_wrap=True)
    with Progress(*columns, console=console, transient=True, disable=not terminal) as bar:
        yield BatchProgress(bar, folder, terminal=terminal)


def notes_on(outcome: FileOutcome) -> tuple[str, ...]:
    """Return what is worth knowing about one file's result, each without a full stop."""
    notes = [sentence.rstrip(".") for sentence in outcome.notes]
    if outcome.damage is not None:
        notes.insert(0, f"the file is damaged: {damage_words(outcome.damage)}")
    if outcome.earlier is not None:
        notes.insert(0, f"it is no JPEG: {estimate_words(outcome.earlier)}")
    if outcome.kept is not None:
        notes.insert(0, renamed_words(outcome.target, outcome.kept))
    return (*notes, *map(fallback_words, outcome.fallbacks))


def _words(outcome: FileOutcome) -> str:
    if outcome.state in (FileState.SKIPPED, FileState.KEPT):
        words = "done before"
        if outcome.target.stem != outcome.item.target.stem:
            words += f" as {outcome.target.name}"
        return words if outcome.state is FileState.SKIPPED else f"{words} with other settings"
    if outcome.copied_from is not None:
        return f"done before as {outcome.copied_from.name}, copied"
    assert outcome.consistency is not None
    return (
        f"restored in {outcome.seconds:.1f} s,"
        f" {percent(outcome.consistency)} of levels in their bins as saved"
    )
