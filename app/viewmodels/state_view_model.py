"""Base class of view models: one frozen state and a signal for its changes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Generic, TypeVar

from PySide6.QtCore import QObject, Signal, Slot

from app.jobs.worker import JobOutcome, JobRunner

StateT = TypeVar("StateT")


@dataclass(frozen=True, slots=True)
class JobNotStarted:
    """State of a view model before its job has been started."""


@dataclass(frozen=True, slots=True)
class JobFailed:
    """State of a view model after its job has failed.

    Attributes:
        error: Exception with which the job ended.
    """

    error: Exception


class StateViewModel(QObject, Generic[StateT]):
    """Base class of view models, with a read-only state that emits a signal when it changes.

    Signals:
        state_changed: Emitted when the state has changed. arg1: the new state.
    """

    state_changed = Signal(object)

    def __init__(self, state: StateT) -> None:
        super().__init__()
        self._state = state

    @property
    def state(self) -> StateT:
        return self._state

    def _set_state(self, state: StateT) -> None:
        """Replace the state, and emit `state_changed` if the new state differs from the old one."""
        if state != self._state:
            self._state = state
            self.state_changed.emit(state)


class JobViewModel(StateViewModel[StateT]):
    """Base class of view models with a state that depends on one job at a time."""

    def __init__(self, state: StateT, runner: JobRunner) -> None:
        super().__init__(state)
        self._runner = runner
        self._job_id = 0
        runner.ended.connect(self._on_any_job_ended)

    @Slot(int, object)
    def _on_any_job_ended(self, job_id: int, outcome: JobOutcome) -> None:
        if job_id == self._job_id:
            self._on_job_ended(outcome)

    def _on_job_ended(self, outcome: JobOutcome) -> None:
        """Change the state after the job that was started last has ended."""
        raise NotImplementedError
