"""What of the queue is not on disk yet, and getting it there."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

from PySide6.QtCore import QObject, Signal, Slot

from app.jobs.batch.batch_file import KeptQueue, QueueStore
from app.jobs.batch.batch_items import Row, Status
from app.jobs.worker import Outcome, Runner, once
from app.viewmodels.batch.batch_state import QueueState


def kept_of(state: QueueState) -> KeptQueue:
    """What is kept of a state."""
    return KeptQueue(
        state.place,
        state.settings,
        state.recursive,
        state.every_format,
        state.damaged,
        state.rows,
    )


def changed_rows(before: QueueState, after: QueueState) -> tuple[Row, ...] | None:
    """The files that became others, None where more has changed than that."""
    if (
        len(before.rows) != len(after.rows)
        or replace(kept_of(before), rows=()) != replace(kept_of(after), rows=())
        or any(a.number != b.number for a, b in zip(before.rows, after.rows, strict=True))
    ):
        return None
    return tuple(b for a, b in zip(before.rows, after.rows, strict=True) if a is not b)


def _keep(store: QueueStore, state: QueueState) -> None:
    """Have `store` keep the whole of a state."""
    if state.rows:
        store.save(kept_of(state))
    else:
        store.forget()


class QueueRecord(QObject):
    """Keeps a queue's list on disk, in the background, never more than one writing at a time.

    Signals:
        failed: It cannot be kept; said once, until it can again. arg1: the exception.
    """

    failed = Signal(object)

    def __init__(self, runner: Runner, store: QueueStore, parent: QObject) -> None:
        super().__init__(parent)
        self._runner = runner
        self._store = store
        self._run_id = 0
        self._busy = self._whole = self._failing = False
        self._changed: dict[int, Row] = {}
        self._state = QueueState()
        runner.ended.connect(self._on_ended)

    def follow(self, state: QueueState) -> None:
        """Keep this state."""
        before, self._state = self._state, state
        changed = changed_rows(before, state)
        if changed is None:
            self._whole = True
        else:
            # A file that is worked on is one that waits, for whoever goes on after a kill.
            self._changed |= {r.number: r for r in changed if r.status is not Status.WORKING}
        self._write()

    def close(self) -> None:
        """Write at once what is not on disk, and leave the file to others.

        Raises as `QueueStore.save`.
        """
        if self._whole or self._changed or self._busy:
            _keep(self._store, self._state)
        self._store.release()

    def _write(self) -> None:
        if self._busy or not (self._whole or self._changed):
            return
        if self._whole:
            job = partial(_keep, self._store, self._state)
        else:
            job = partial(self._store.note, tuple(self._changed.values()))
        self._whole, self._changed = False, {}
        self._busy = True
        self._run_id = self._runner.start(once(job))

    @Slot(int, object)
    def _on_ended(self, run_id: int, outcome: Outcome) -> None:
        if run_id != self._run_id:
            return
        self._busy = False
        failed_before, self._failing = self._failing, outcome.error is not None
        if outcome.error is None:
            self._write()
            return
        self._whole = True  # with the next change
        if not failed_before:
            self.failed.emit(outcome.error)
