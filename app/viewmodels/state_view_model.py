"""What every view model is: one frozen value that changes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Generic, TypeVar

from PySide6.QtCore import QObject, Signal

StateT = TypeVar("StateT")


@dataclass(frozen=True, slots=True)
class JobNotStarted:
    """Nobody has asked for the job."""


@dataclass(frozen=True, slots=True)
class JobFailed:
    """The job has failed.

    Attributes:
        error: The reason.
    """

    error: Exception


class StateViewModel(QObject, Generic[StateT]):
    """The value, and word of its changes.

    Signals:
        state_changed: The state is another one now. arg1: the state.
    """

    state_changed = Signal(object)

    def __init__(self, state: StateT, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._state = state

    @property
    def state(self) -> StateT:
        return self._state

    def _set_state(self, state: StateT) -> None:
        """Make it the state, and say so where it is another one."""
        if state != self._state:
            self._state = state
            self.state_changed.emit(state)
