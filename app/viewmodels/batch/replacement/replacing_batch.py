"""The part of the batch's view model that replaces originals and undoes this."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import Slot

from app.i18n.error_messages import UserMessage
from app.jobs.batch.batch_items import BatchItem, ItemStatus
from app.jobs.batch.replacing import ReplacementChoice, ReplacementPlan
from app.jobs.batch.undo_replacements import UndoReport
from app.jobs.worker import JobRunner
from app.viewmodels.batch import batch_transitions as transitions
from app.viewmodels.batch.batch_events import (
    BatchErrorOccurred,
    ReplacementQuestion,
    ReplacementRefused,
)
from app.viewmodels.batch.batch_list import BatchList
from app.viewmodels.batch.batch_state import BatchState
from app.viewmodels.batch.replacement.replacement_plan import plan_replacement
from app.viewmodels.batch.replacement.undo_runner import UndoRunner


class ReplacingBatch(BatchList):
    """Base class of the batch's view model that asks before originals are replaced."""

    def __init__(self, file_runner: JobRunner) -> None:
        super().__init__()
        self._undo_runner = UndoRunner(file_runner, self)
        self._undo_runner.finished.connect(self._on_undo_finished)

    def set_replacement(self, choice: ReplacementChoice | None) -> None:
        """Let results replace their originals, or not if None; ignored during a batch."""
        if not self._state.is_active:
            self._set_and_save(with_replacement(self._state, choice))

    def start(self) -> None:
        """Start or continue to restore all pending items.

        If results replace their originals, the batch only asks first (`ReplacementQuestion`).
        """
        state = self._state
        if state.replacement is None or state.is_active or not state.can_start:
            self._start_batch()
            return
        match plan_replacement(state, state.replacement):
            case UserMessage() as refusal:
                self.event_occurred.emit(ReplacementRefused(refusal))
            case ReplacementPlan() as plan:
                is_limited = state.selection.below_quality is not None
                self.event_occurred.emit(ReplacementQuestion(plan, is_limited=is_limited))

    def accept_replacement(self, plan: ReplacementPlan) -> None:
        """Start to replace the originals of a plan that the user has agreed to.

        The question is asked again if the plan is no longer that of the batch.
        """
        state = self._state
        is_idle = state.can_start and not state.is_active
        if is_idle and state.replacement is not None:
            if plan_replacement(state, state.replacement) == plan:
                self._set_and_save(replace(state, replacement_plan=plan))
                self._start_batch()
            else:
                self.start()

    def undo_replacements(self, folder: Path) -> None:
        """Give the replaced originals of a folder their names back; ignored during a batch."""
        if not self._state.is_active and not self._state.is_undoing:
            self._set_and_save(replace(self._state, is_undoing=True))
            self._undo_runner.start(folder)

    @Slot(object)
    def _on_undo_finished(self, ended: UndoReport | Exception) -> None:
        self._set_and_save(replace(self._state, is_undoing=False))
        if isinstance(ended, UndoReport):
            restored = frozenset(ended.restored)
            items = [
                _reset_item(item) if item.source in restored else item for item in self._state.items
            ]
            self._set_and_save(transitions.replace_items(self._state, items))
            self.event_occurred.emit(ended)
        else:
            self.event_occurred.emit(BatchErrorOccurred(ended))

    def _start_batch(self) -> None:
        """Start or continue to restore the pending items without a question."""
        raise NotImplementedError


def with_replacement(state: BatchState, choice: ReplacementChoice | None) -> BatchState:
    """Return the state in which results replace their originals, or not if `choice` is None.

    Settings of an earlier start and planned targets are dropped, and sources that were not replaced
    are pending again.
    """
    items = [
        _reset_item(item)
        if item.status.is_pending or item.status is ItemStatus.NOT_REPLACED
        else item
        for item in state.items
    ]
    changed = replace(state, replacement=choice, captured_settings=None)
    return transitions.replace_items(changed, items)


def _reset_item(item: BatchItem) -> BatchItem:
    return BatchItem(item.item_id, item.source, item.base_folder, item.own_settings)
