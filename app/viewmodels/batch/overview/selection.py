"""The items of a batch that the selection rule leaves as they are, and the time that this saves."""

from __future__ import annotations

from dataclasses import dataclass, replace

from PySide6.QtCore import Slot

from app.i18n.formatting import format_approximate_duration, format_count
from app.i18n.translation import tr
from app.viewmodels.batch.batch_state import BatchState
from app.viewmodels.batch.overview.batch_cost import NO_COST, BatchCostState
from app.viewmodels.batch.overview.file_facts import FileFactsState
from app.viewmodels.state_view_model import StateViewModel


@dataclass(frozen=True, slots=True, eq=False)
class SelectionSummary:
    """The pending items of a batch as its selection rule divides them.

    Attributes:
        selected_count: Number of items that are restored, or whose file has not been read yet.
        other_count: Number of items that are left as they are.
        saved_seconds: Expected time of the items that are left as they are; None if not known.
        cost: Expected cost of the items that are restored.
    """

    selected_count: int = 0
    other_count: int = 0
    saved_seconds: float | None = None
    cost: BatchCostState = NO_COST


def summarize_selection(
    state: BatchState, facts: FileFactsState, cost: BatchCostState
) -> SelectionSummary:
    """Return how the selection rule of a batch divides the pending items.

    Args:
        state: State of the batch.
        facts: Facts about the files.
        cost: Expected cost of all pending items.
    """
    limit = state.selection.below_quality
    if limit is None:
        return SelectionSummary(selected_count=state.counts.remaining, cost=cost)
    pending = [item for item in state.items if item.status.is_pending]
    other_ids = [
        item.item_id
        for item in pending
        if (file_facts := facts.by_source.get(item.source)) is not None
        and file_facts.image.is_image
        and file_facts.selecting_quality > limit
    ]
    selected_count = len(pending) - len(other_ids)
    all_items = cost.cost
    if all_items is None or all_items.seconds is None:
        return SelectionSummary(selected_count, len(other_ids), None, cost)
    saved_seconds = sum(all_items.seconds_by_item.get(item_id, 0.0) for item_id in other_ids)
    result_bytes = all_items.result_bytes
    if result_bytes is not None:
        result_bytes -= sum(all_items.bytes_by_item.get(item_id, 0) for item_id in other_ids)
    selected = replace(
        all_items, seconds=max(all_items.seconds - saved_seconds, 0.0), result_bytes=result_bytes
    )
    selected_cost = replace(cost, cost=selected)
    return SelectionSummary(selected_count, len(other_ids), saved_seconds, selected_cost)


def selection_text(summary: SelectionSummary) -> str:
    """Return the line about the files that are left as they are, and the time that this saves.

    The line is empty if no file is pending.
    """
    if not summary.selected_count + summary.other_count:
        return ""
    text = tr("{selected} of {total} files")
    text = text.format(
        selected=format_count(summary.selected_count),
        total=format_count(summary.selected_count + summary.other_count),
    )
    if not summary.saved_seconds:
        return text
    saved = tr("saves about {time}").format(time=format_approximate_duration(summary.saved_seconds))
    return f"{text}, {saved}"


class SelectionViewModel(StateViewModel[SelectionSummary]):
    """View model that follows the selection rule, the facts about files and the expected cost."""

    def __init__(
        self,
        batch: StateViewModel[BatchState],
        facts: StateViewModel[FileFactsState],
        cost: StateViewModel[BatchCostState],
    ) -> None:
        super().__init__(SelectionSummary())
        self._batch, self._facts, self._cost = batch, facts, cost
        self._inputs: tuple[object, ...] = ()
        for view_model in (batch, facts, cost):
            view_model.state_changed.connect(self._update)

    @Slot()
    def _update(self) -> None:
        state, facts, cost = self._batch.state, self._facts.state, self._cost.state
        inputs = (state.items, state.selection, facts.by_source, cost)
        # The progress of a file, ten times in a second, changes nothing.
        if all(a is b for a, b in zip(inputs, self._inputs, strict=False)) and self._inputs:
            return
        self._inputs = inputs
        self._set_state(summarize_selection(state, facts, cost))
