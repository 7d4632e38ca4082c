"""Automatic saving of the batch in the batch file."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

from PySide6.QtCore import QObject, Signal, Slot

from app.jobs.batch.batch_file import BatchFileStore, SavedBatch
from app.jobs.batch.batch_items import BatchItem, ItemStatus
from app.jobs.worker import JobOutcome, JobRunner, job_from_function
from app.viewmodels.batch.batch_state import BatchState


def saved_batch_from_state(state: BatchState) -> SavedBatch:
    """Return the parts of the batch's state that the batch file stores."""
    return SavedBatch(
        state.output_location,
        state.captured_settings,
        state.recursive,
        state.include_all_formats,
        state.tolerate_damage,
        state.items,
        state.selection,
    )


def find_changed_items(before: BatchState, after: BatchState) -> tuple[BatchItem, ...] | None:
    """Return the items of `after` that differ from those of `before`.

    Return None if items were added, removed or moved, or if saved settings differ, because the
    whole batch has to be written then.
    """
    if (
        len(before.items) != len(after.items)
        or replace(saved_batch_from_state(before), items=())
        != replace(saved_batch_from_state(after), items=())
        or any(a.item_id != b.item_id for a, b in zip(before.items, after.items, strict=True))
    ):
        return None
    return tuple(b for a, b in zip(before.items, after.items, strict=True) if a is not b)


def _write_batch_file(file_store: BatchFileStore, state: BatchState) -> None:
    """Write the whole state to the batch file; delete the file if the batch is empty."""
    if state.items:
        file_store.save(saved_batch_from_state(state))
    else:
        file_store.delete()


class BatchAutosave(QObject):
    """Writer that saves changes of the batch to the batch file, with one job at a time.

    Signals:
        write_failed: Emitted when a write fails, unless the previous write failed as well. arg1:
            the exception.
    """

    write_failed = Signal(object)

    def __init__(self, runner: JobRunner, file_store: BatchFileStore, parent: QObject) -> None:
        super().__init__(parent)
        self._runner = runner
        self._file_store = file_store
        self._job_id = 0
        self._is_writing = self._needs_full_write = self._last_write_failed = False
        self._unsaved_items: dict[int, BatchItem] = {}
        self._latest_state = BatchState()
        runner.ended.connect(self._on_ended)

    def update(self, state: BatchState) -> None:
        """Save the changes from the previous state to `state` on a worker thread."""
        before, self._latest_state = self._latest_state, state
        changed_items = find_changed_items(before, state)
        if changed_items is None:
            self._needs_full_write = True
        else:
            # A working item stays pending in the file, so that it is restored again after a crash.
            self._unsaved_items |= {
                r.item_id: r for r in changed_items if r.status is not ItemStatus.WORKING
            }
        self._write_pending()

    def close(self) -> None:
        """Write unsaved changes at once, and unlock the batch file for other windows.

        Raises the errors of `BatchFileStore.save`.
        """
        if self._needs_full_write or self._unsaved_items or self._is_writing:
            _write_batch_file(self._file_store, self._latest_state)
        self._file_store.release()

    def _write_pending(self) -> None:
        if self._is_writing or not (self._needs_full_write or self._unsaved_items):
            return
        if self._needs_full_write:
            job = partial(_write_batch_file, self._file_store, self._latest_state)
        else:
            job = partial(self._file_store.append_changes, tuple(self._unsaved_items.values()))
        self._needs_full_write, self._unsaved_items = False, {}
        self._is_writing = True
        self._job_id = self._runner.start(job_from_function(job))

    @Slot(int, object)
    def _on_ended(self, job_id: int, outcome: JobOutcome) -> None:
        if job_id != self._job_id:
            return
        self._is_writing = False
        failed_before, self._last_write_failed = self._last_write_failed, outcome.error is not None
        if outcome.error is None:
            self._write_pending()
            return
        has_changed_since = self._needs_full_write or bool(self._unsaved_items)
        self._needs_full_write = True
        if has_changed_since:
            self._write_pending()  # else with the next change
        if not failed_before:
            self.write_failed.emit(outcome.error)
