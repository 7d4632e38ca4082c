"""The opened file."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, Signal, Slot

from app.jobs.open_job import Document, open_document
from app.jobs.worker import Outcome, Runner, once


@dataclass(frozen=True, slots=True)
class NoDocument:
    """Nothing was opened yet."""


@dataclass(frozen=True, slots=True)
class Opening:
    """A file is being read.

    Attributes:
        path: The file.
        document: What was open before and still is.
    """

    path: Path
    document: Document | None


@dataclass(frozen=True, slots=True)
class Opened:
    """A file is open."""

    document: Document


@dataclass(frozen=True, slots=True)
class NotOpened:
    """The last file could not be opened.

    Attributes:
        error: Why.
        document: What was open before and still is.
    """

    error: Exception
    document: Document | None


DocumentState = NoDocument | Opening | Opened | NotOpened


def document_of(state: DocumentState) -> Document | None:
    """The file that is open in this state."""
    return None if isinstance(state, NoDocument) else state.document


def after_open(state: DocumentState, outcome: Outcome) -> DocumentState:
    """The state once the job has ended."""
    match outcome:
        case Outcome(error=None, result=Document() as document):
            return Opened(document)
        case Outcome(error=Exception() as error):
            return NotOpened(error, document_of(state))
        case _:
            raise TypeError(f"not a document: {outcome.result!r}")


class DocumentViewModel(QObject):
    """The opened file as one value that changes.

    Signals:
        state_changed: The state is another one now. arg1: DocumentState.
    """

    state_changed = Signal(object)

    def __init__(self, runner: Runner, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._runner = runner
        self._run_id = 0
        self._state: DocumentState = NoDocument()
        runner.ended.connect(self._on_ended)

    @property
    def state(self) -> DocumentState:
        return self._state

    @property
    def document(self) -> Document | None:
        return document_of(self._state)

    def open(self, path: Path) -> None:
        """Read a file; another one still being read is given up."""
        self._runner.withdraw(self._run_id)
        self._set(Opening(path, self.document))
        self._run_id = self._runner.start(once(partial(open_document, path)))

    @Slot(int, object)
    def _on_ended(self, run_id: int, outcome: Outcome) -> None:
        if run_id == self._run_id:
            self._set(after_open(self._state, outcome))

    def _set(self, state: DocumentState) -> None:
        if state != self._state:
            self._state = state
            self.state_changed.emit(state)
