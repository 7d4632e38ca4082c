"""Base class of view models: one frozen state and a signal for its changes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Generic, TypeVar

from PySide6.QtCore import QObject, Signal

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

    def __init__(self, state: StateT, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._state = state

    @property
    def state(self) -> StateT:
        return self._state

    def _set_state(self, state: StateT) -> None:
        """Replace the state, and emit `state_changed` if the new state differs from the old one."""
        if state != self._state:
            self._state = state
            self.state_changed.emit(state)
