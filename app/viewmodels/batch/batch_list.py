"""The part of the batch's view model that edits the list of items and the options."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import Signal

from app.jobs.run.restore_settings import RestoreSettings
from app.viewmodels.batch import batch_transitions as transitions
from app.viewmodels.batch.batch_state import BatchState
from app.viewmodels.state_view_model import StateViewModel
from ddrm_core.batch.selection.rule import SelectionRule


class BatchList(StateViewModel[BatchState]):
    """Base class of the batch's view model, with the changes that start no job.

    Signals:
        event_occurred: Emitted for a one-off notification. arg1: one of `batch_events.BatchEvent`.
    """

    event_occurred = Signal(object)

    def __init__(self) -> None:
        super().__init__(BatchState())

    def remove_items(self, item_ids: Collection[int]) -> None:
        self._set_and_save(transitions.remove_items(self._state, item_ids))

    def move_items(self, item_ids: Collection[int], offset: int) -> None:
        """Move items one position up (-1) or down (+1)."""
        self._set_and_save(transitions.move_items(self._state, item_ids, offset))

    def move_items_before(self, item_ids: Collection[int], before_id: int | None) -> None:
        """Move items before the item `before_id`, or to the end of the list if that is None."""
        self._set_and_save(transitions.move_items_before(self._state, item_ids, before_id))

    def order_items(self, item_ids: Sequence[int]) -> None:
        """Arrange the items in the order of `item_ids`."""
        self._set_and_save(transitions.order_items(self._state, item_ids))

    def set_own_settings(
        self, item_ids: Collection[int], own_settings: RestoreSettings | None
    ) -> None:
        """Give items settings of their own; None makes the items use the common settings."""
        self._set_and_save(transitions.set_own_settings(self._state, item_ids, own_settings))

    def clear_finished_items(self) -> None:
        self._set_and_save(transitions.clear_finished_items(self._state))

    def set_recursive(self, recursive: bool) -> None:
        self._set_and_save(replace(self._state, recursive=recursive))

    def set_include_all_formats(self, include_all_formats: bool) -> None:
        self._set_and_save(replace(self._state, include_all_formats=include_all_formats))

    def set_tolerate_damage(self, tolerate_damage: bool) -> None:
        self._set_and_save(replace(self._state, tolerate_damage=tolerate_damage))

    def set_selection(self, selection: SelectionRule) -> None:
        """Set the rule that selects the items to restore; ignored while the batch is active."""
        if not self._state.is_active:
            self._set_and_save(transitions.set_selection(self._state, selection))

    def set_default_folder(self, folder: Path | None) -> None:
        """Set the proposed folder for results, None for a folder beside the added files."""
        self._set_and_save(replace(self._state, default_folder=folder))

    def set_dialog_folder(self, folder: Path) -> None:
        self._set_state(replace(self._state, dialog_folder=folder))

    def _set_and_save(self, state: BatchState) -> None:
        """Set the next state, and save it in the batch file."""
        raise NotImplementedError
