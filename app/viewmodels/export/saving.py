"""Writing the result to a file."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, Signal, Slot

from app.i18n.core_messages import core_words
from app.i18n.error_messages import Message
from app.i18n.formatting import count_words
from app.i18n.translation import tr
from app.jobs.export.save import Exported, export
from app.jobs.run.result import Restored
from app.jobs.worker import Outcome, Runner, once
from app.viewmodels.export.save_options import SaveOptionsViewModel
from app.viewmodels.state_view_model import StateViewModel

MOST_NOTES = 4


@dataclass(frozen=True, slots=True)
class NotSaved:
    """Nothing was written yet."""


@dataclass(frozen=True, slots=True)
class Saving:
    """A file is being written."""

    path: Path


@dataclass(frozen=True, slots=True)
class Saved:
    """The file is there.

    Attributes:
        path: Where.
        notes: A sentence for each thing that could not be kept, or that was counted.
    """

    path: Path
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class SavingFailed:
    """Nothing was written."""

    error: Exception


SavingState = NotSaved | Saving | Saved | SavingFailed


def after_save(outcome: Outcome) -> SavingState:
    """The state once the job has ended."""
    match outcome:
        case Outcome(error=None, result=Exported(path=path, notes=notes)):
            return Saved(path, notes)
        case Outcome(error=Exception() as error):
            return SavingFailed(error)
        case _:
            raise TypeError(f"not an export: {outcome.result!r}")


def saved_message(saved: Saved, *, most: int | None = MOST_NOTES) -> Message:
    """Where the file is and, a line each, its notes.

    Args:
        saved: What was written.
        most: So many lines of notes, the last of them counting what is left out; None for all.
    """
    notes = note_lines(saved)
    if most is not None and len(notes) > most:
        more = tr("And {count} more.").format(count=count_words(len(notes) - most + 1))
        notes = (*notes[: most - 1], more)
    place = tr("It is in {folder}.").format(folder=saved.path.parent)
    title = tr("Saved {name}").format(name=saved.path.name)
    return Message(title, "\n".join((place, *notes)))


def note_lines(saved: Saved) -> tuple[str, ...]:
    """Its notes as sentences."""
    return tuple(f"{core_words(note).rstrip('.')}." for note in saved.notes)


class SavingViewModel(StateViewModel[SavingState]):
    """The writing as one value that changes.

    Attributes:
        options: How a result will be saved.

    Signals:
        written: A result is in a file. arg1: number of its run. arg2: the file.
    """

    written = Signal(int, object)

    def __init__(self, runner: Runner, parent: QObject | None = None) -> None:
        super().__init__(NotSaved(), parent)
        self.options = SaveOptionsViewModel(self)
        self._runner = runner
        self._run_id = self._number = 0
        runner.ended.connect(self._on_ended)

    def save(
        self,
        restored: Restored,
        path: Path,
        *,
        sharpness: float,
        sample: int = 1,
        number: int = 0,
    ) -> None:
        """Write a file as the options and the suffix of `path` say.

        Args:
            restored: The result.
            path: The file.
            sharpness: From safest (0) to sharpest (1).
            sample: What is sharpest, from 1.
            number: Number of the run, for `written`.
        """
        self._number = number
        self._set(Saving(path))
        settings = replace(self.options.state.delivery(), sharpness=sharpness, sample=sample)
        job = once(partial(export, restored, path, settings))
        self._run_id = self._runner.start(job, lasting=True)

    @Slot(int, object)
    def _on_ended(self, run_id: int, outcome: Outcome) -> None:
        if run_id != self._run_id:
            return
        state = after_save(outcome)
        if isinstance(state, Saved):
            self.written.emit(self._number, state.path)
        self._set(state)
