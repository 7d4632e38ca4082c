"""View model of work that the user may leave alone: runs and batches."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import Signal, Slot

from app.i18n.error_messages import UserMessage, message_from_error
from app.i18n.formatting import format_approximate_duration
from app.i18n.translation import tr
from app.viewmodels.batch.batch import BatchViewModel
from app.viewmodels.batch.batch_events import BatchEvent, BatchFinished
from app.viewmodels.batch.batch_state import BatchState
from app.viewmodels.batch.batch_text import batch_finished_message
from app.viewmodels.document.document import DocumentViewModel
from app.viewmodels.run.run import (
    ResultReady,
    RunFailed,
    RunInProgress,
    RunState,
    RunViewModel,
)
from app.viewmodels.state_view_model import StateViewModel

LONG_WORK_SECONDS = 60.0
"""Time from which the user has probably left a run alone."""


@dataclass(frozen=True, slots=True)
class LongWorkState:
    """Whether the computer has to stay awake.

    Attributes:
        is_run_active: Whether a run is in progress.
        is_batch_active: Whether a batch is restoring items.
    """

    is_run_active: bool = False
    is_batch_active: bool = False

    @property
    def is_active(self) -> bool:
        return self.is_run_active or self.is_batch_active


@dataclass(frozen=True, slots=True)
class WorkEnded:
    """The end of a run or of a batch.

    Attributes:
        message: Message about the end.
        is_long: Whether the work took more than `LONG_WORK_SECONDS`.
    """

    message: UserMessage
    is_long: bool


class LongWorkViewModel(StateViewModel[LongWorkState]):
    """View model of runs and batches in progress, and of their ends.

    Signals:
        work_ended: Emitted when a run of over a minute or a batch has ended by itself. arg1: the
            `WorkEnded`.
    """

    work_ended = Signal(object)

    def __init__(
        self,
        document: DocumentViewModel,
        run: RunViewModel,
        batch: BatchViewModel,
        *,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """Observe the runs and the batch of a window.

        Args:
            document: View model of the opened file.
            run: View model of the run.
            batch: View model of the batch.
            clock: Function that returns the time in seconds.
        """
        super().__init__(LongWorkState())
        self._document = document
        self._clock = clock
        self._run_start = self._batch_start = 0.0
        run.state_changed.connect(self._on_run_changed)
        batch.state_changed.connect(self._on_batch_changed)
        batch.event_occurred.connect(self._on_batch_event)

    @Slot(object)
    def _on_run_changed(self, state: RunState) -> None:
        was_active, is_active = self._state.is_run_active, isinstance(state, RunInProgress)
        if is_active and not was_active:
            self._run_start = self._clock()
        self._set_state(LongWorkState(is_active, self._state.is_batch_active))
        seconds = self._clock() - self._run_start
        if was_active and seconds > LONG_WORK_SECONDS:
            match state:
                case ResultReady():
                    self._end_run(tr("The picture is restored"), seconds)
                case RunFailed(error=error):
                    message = message_from_error(error)
                    title = tr("The picture could not be restored")
                    self.work_ended.emit(WorkEnded(UserMessage(title, message.as_line()), True))

    def _end_run(self, title: str, seconds: float) -> None:
        document = self._document.document
        name = "" if document is None else document.source.path.name
        text = tr("{name}, finished after {time}").format(
            name=name, time=format_approximate_duration(seconds)
        )
        self.work_ended.emit(WorkEnded(UserMessage(title, text), is_long=True))

    @Slot(object)
    def _on_batch_changed(self, state: BatchState) -> None:
        if state.is_active and not self._state.is_batch_active:
            self._batch_start = self._clock()
        self._set_state(LongWorkState(self._state.is_run_active, state.is_active))

    @Slot(object)
    def _on_batch_event(self, event: BatchEvent) -> None:
        if isinstance(event, BatchFinished):
            is_long = self._clock() - self._batch_start > LONG_WORK_SECONDS
            self.work_ended.emit(WorkEnded(batch_finished_message(event), is_long))
