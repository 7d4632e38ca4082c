"""Writing the result to a file."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, Signal, Slot

from app.jobs.export_job import export
from app.jobs.restore_job import Restored
from app.jobs.worker import Outcome, Runner, once


@dataclass(frozen=True, slots=True)
class NotSaved:
    """Nothing was written yet."""


@dataclass(frozen=True, slots=True)
class Saving:
    """A file is being written."""

    path: Path


@dataclass(frozen=True, slots=True)
class Saved:
    """The file is there."""

    path: Path


@dataclass(frozen=True, slots=True)
class SavingFailed:
    """Nothing was written."""

    error: Exception


SavingState = NotSaved | Saving | Saved | SavingFailed


def after_save(outcome: Outcome) -> SavingState:
    """The state once the job has ended."""
    match outcome:
        case Outcome(error=None, result=Path() as path):
            return Saved(path)
        case Outcome(error=Exception() as error):
            return SavingFailed(error)
        case _:
            raise TypeError(f"not a path: {outcome.result!r}")


class SavingViewModel(QObject):
    """The writing as one value that changes.

    Signals:
        state_changed: The state is another one now. arg1: SavingState.
    """

    state_changed = Signal(object)

    def __init__(self, runner: Runner, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._runner = runner
        self._run_id = 0
        self._state: SavingState = NotSaved()
        runner.ended.connect(self._on_ended)

    @property
    def state(self) -> SavingState:
        return self._state

    def save(self, restored: Restored, path: Path) -> None:
        """Write an 8-bit PNG."""
        self._set(Saving(path))
        self._run_id = self._runner.start(once(partial(export, restored, path)))

    @Slot(int, object)
    def _on_ended(self, run_id: int, outcome: Outcome) -> None:
        if run_id == self._run_id:
            self._set(after_save(outcome))

    def _set(self, state: SavingState) -> None:
        if state != self._state:
            self._state = state
            self.state_changed.emit(state)
