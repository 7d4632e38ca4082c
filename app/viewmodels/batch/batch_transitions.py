"""Transitions of the batch: functions from one state to the next."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from app.jobs.batch.batch_file import SavedBatch
from app.jobs.batch.batch_items import BatchItem, FoundFile, ItemStatus, OutputLocation
from app.jobs.batch.batch_worker import BatchItemProgress
from app.jobs.run.restore_settings import RestoreSettings
from app.viewmodels.batch.batch_counts import count_items
from app.viewmodels.batch.batch_state import BatchPhase, BatchState, CurrentItem, WatchedFolder
from app.viewmodels.batch.redo_candidates import RedoCandidates
from ddrm_core.batch.selection.rule import SelectionRule

_AVERAGED_FILES = 20  # only the latest ones: neighboring files often need the same time


def replace_items(state: BatchState, items: Sequence[BatchItem]) -> BatchState:
    """Return the state with `items` in place of all previous items, and with their counts."""
    return replace(state, items=tuple(items), counts=count_items(items))


def add_files(state: BatchState, found_files: Iterable[FoundFile]) -> BatchState:
    """Return the state with an item for each file that is not an item already.

    If no output folder is set, the default folder becomes the output folder.
    """
    known_sources = {item.source for item in state.items}
    items, next_item_id = [], state.next_item_id
    for file in found_files:
        if file.source not in known_sources:
            known_sources.add(file.source)
            items.append(BatchItem(next_item_id, file.source, file.base_folder))
            next_item_id += 1
    if not items:
        return state
    output_location = state.output_location
    if output_location.folder is None:
        output_location = replace(
            output_location, folder=state.default_folder or default_output_folder(items[0])
        )
    return replace_items(
        replace(state, output_location=output_location, next_item_id=next_item_id),
        (*state.items, *items),
    )


def add_new_or_changed_files(state: BatchState, found_files: Iterable[FoundFile]) -> BatchState:
    """Return the state with items for new files, and with changed files pending again.

    Args:
        state: The state.
        found_files: Files of the watched folder that are new or have changed.
    """
    files = tuple(found_files)
    sources, current_ids = {file.source for file in files}, _current_item_ids(state)
    reset_state = _map_items(
        state,
        lambda item: (
            _reset_item(item)
            if item.source in sources and item.item_id not in current_ids
            else item
        ),
    )
    return add_files(reset_state if files else state, files)


def default_output_folder(item: BatchItem) -> Path:
    """Return the default folder for the results of an item.

    The folder is "restored" beside an added file, or "<folder> restored" beside an added folder.
    """
    if item.base_folder is not None and item.base_folder.name:
        return item.base_folder.with_name(f"{item.base_folder.name} restored")
    return item.source.parent / "restored"


def remove_items(state: BatchState, item_ids: Collection[int]) -> BatchState:
    """Return the state without the items `item_ids`; an item that is being restored stays."""
    removed_ids = set(item_ids) - _current_item_ids(state)
    remaining = _remove_items_and_default_folder(
        state, [item for item in state.items if item.item_id in removed_ids]
    )
    return remaining if state.is_active else set_idle(remaining)


def move_items(state: BatchState, item_ids: Collection[int], offset: int) -> BatchState:
    """Return the state with the items `item_ids` moved one position up (-1) or down (+1)."""
    items, moved_ids = list(state.items[:: -1 if offset > 0 else 1]), frozenset(item_ids)
    for index in range(1, len(items)):
        if items[index].item_id in moved_ids and items[index - 1].item_id not in moved_ids:
            items[index - 1], items[index] = items[index], items[index - 1]
    return replace(state, items=tuple(items if offset < 0 else reversed(items)))


def move_items_before(
    state: BatchState, item_ids: Collection[int], before_id: int | None
) -> BatchState:
    """Return the state with items moved before `before_id`, or to the end if that is None."""
    moved_ids = frozenset(item_ids)
    moved_items = [item for item in state.items if item.item_id in moved_ids]
    items: list[BatchItem] = []
    for item in state.items:
        if item.item_id == before_id:
            items += moved_items
        if item.item_id not in moved_ids:
            items.append(item)
    if before_id is None or all(item.item_id != before_id for item in state.items):
        items += moved_items
    return replace(state, items=tuple(items))


def order_items(state: BatchState, item_ids: Sequence[int]) -> BatchState:
    """Return the state with the items in the order of `item_ids`.

    Items that are not in `item_ids` follow in their order.
    """
    items = {item.item_id: item for item in state.items}
    ordered = [items.pop(item_id) for item_id in item_ids if item_id in items]
    return replace(state, items=(*ordered, *items.values()))


def set_own_settings(
    state: BatchState, item_ids: Collection[int], own_settings: RestoreSettings | None
) -> BatchState:
    """Return the state in which items have settings of their own and are pending again.

    None makes the items use the common settings. An item that is being restored is not changed.
    """
    chosen_ids = set(item_ids) - _current_item_ids(state)
    return _map_items(
        state,
        lambda item: (
            replace(_reset_item(item), own_settings=own_settings)
            if item.item_id in chosen_ids
            else item
        ),
    )


def retry_items(state: BatchState, item_ids: Collection[int]) -> BatchState:
    """Return the state with the failed and kept items of `item_ids` pending again.

    The restoration of a kept item replaces the result that other settings made.
    """
    chosen_ids = frozenset(item_ids)

    def retry(item: BatchItem) -> BatchItem:
        if item.item_id not in chosen_ids or not item.status.can_retry:
            return item
        return replace(_reset_item(item), redo=item.redo or item.status is ItemStatus.KEPT)

    return _map_items(state, retry)


def retry_failed_items(state: BatchState) -> BatchState:
    """Return the state with all failed items pending again."""
    failed_ids = [item.item_id for item in state.items if item.status is ItemStatus.FAILED]
    return retry_items(state, failed_ids)


def redo_items(state: BatchState, candidates: RedoCandidates) -> BatchState:
    """Return the state in which the items of the open redo question are pending again.

    The restoration of these items replaces their results, which other settings made.
    """
    chosen_ids = set(candidates.asked_ids)
    reset_state = _map_items(
        state,
        lambda item: (
            replace(_reset_item(item), redo=True)
            if item.item_id in chosen_ids and item.status is ItemStatus.KEPT
            else item
        ),
    )
    return replace(
        reset_state, captured_settings=state.captured_settings or candidates.common_settings
    )


def clear_finished_items(state: BatchState) -> BatchState:
    """Return the state without the items that have a result."""
    return _remove_items_and_default_folder(
        state, [item for item in state.items if item.status.has_result]
    )


def start_batch(state: BatchState) -> BatchState:
    """Return the running state, or an unchanged state if the batch cannot start.

    The window's settings are captured, unless settings were captured before.
    """
    if not state.can_start:
        return state
    return replace(
        state, phase=BatchPhase.RUNNING, captured_settings=state.effective_settings, is_paused=False
    )


def pause_batch(state: BatchState) -> BatchState:
    """Return the state that pauses after the current item, unchanged if not running."""
    if state.phase is not BatchPhase.RUNNING:
        return state
    return replace(state, phase=BatchPhase.PAUSING, is_paused=True)


def stop_batch(state: BatchState) -> BatchState:
    """Return the state of a batch that is stopping, unchanged if the batch is not active."""
    if not state.is_active:
        return state
    return replace(state, phase=BatchPhase.STOPPING, is_paused=True)


def refuse_start(state: BatchState) -> BatchState:
    """Return the state of a batch that may not start with its settings.

    The captured settings and the planned targets are dropped, so that the next start uses the
    settings that the window has then.
    """
    stopped = replace(stop_batch(state), captured_settings=None)
    return set_output_location(stopped, state.output_location)


def set_watched_folder(state: BatchState, folder: Path | None) -> BatchState:
    """Return the state with another watched folder, None for no watched folder."""
    watched_folder = None if folder is None else WatchedFolder(folder)
    output_location = state.output_location
    if folder is not None and output_location.folder is None:
        default_folder = default_output_folder(BatchItem(0, folder, folder))
        output_location = replace(output_location, folder=state.default_folder or default_folder)
    changed = replace(state, watched_folder=watched_folder, output_location=output_location)
    # Without a watched folder, the settings captured at the last start are not needed any more.
    return replace(changed, is_paused=False) if folder or state.is_active else set_idle(changed)


def load_saved_batch(state: BatchState, saved_batch: SavedBatch) -> BatchState:
    """Return the state with the items and settings of a saved batch.

    Files that were added while the batch was being loaded follow the saved items.
    """
    next_item_id = max((item.item_id for item in saved_batch.items), default=0) + 1
    loaded = BatchState(
        default_settings=state.default_settings,
        captured_settings=saved_batch.settings,
        output_location=saved_batch.output_location,
        recursive=saved_batch.recursive,
        include_all_formats=saved_batch.include_all_formats,
        tolerate_damage=saved_batch.tolerate_damage,
        selection=saved_batch.selection,
        default_folder=state.default_folder,
        active_searches=state.active_searches,
        dialog_folder=state.dialog_folder,
        is_paused=True,
        next_item_id=next_item_id,
    )
    loaded = add_files(
        replace_items(loaded, saved_batch.items),
        [FoundFile(r.source, r.base_folder) for r in state.items],
    )
    if state.watched_folder is None:
        return loaded
    watching = set_watched_folder(loaded, state.watched_folder.folder)
    return replace(watching, watched_folder=state.watched_folder)


def start_item(state: BatchState, item_id: int) -> BatchState:
    """Return the state in which the item `item_id` is the current item."""
    started = _map_items(
        state,
        lambda item: (
            replace(
                _reset_item(item), status=ItemStatus.WORKING, target=item.target, redo=item.redo
            )
            if item.item_id == item_id
            else item
        ),
    )
    return replace(started, current_item=CurrentItem(item_id))


def update_progress(state: BatchState, progress: BatchItemProgress) -> BatchState:
    """Return the state with the progress of the current item, unchanged without such an item."""
    current_item = state.current_item
    if current_item is None:
        return state
    updated = CurrentItem(
        current_item.item_id,
        progress.done_steps,
        progress.total_steps,
        progress.elapsed_seconds,
        progress.preview or current_item.preview,
    )
    return replace(state, current_item=updated)


def finish_item(state: BatchState, finished_item: BatchItem) -> BatchState:
    """Return the state with `finished_item` in place of the current item."""
    durations = state.recent_durations
    if finished_item.status.is_other:
        durations = (*durations, 0.0)[-_AVERAGED_FILES:]
    elif finished_item.status is ItemStatus.DONE and finished_item.seconds is not None:
        durations = (*durations, finished_item.seconds)[-_AVERAGED_FILES:]
    updated = _map_items(
        state, lambda item: finished_item if item.item_id == finished_item.item_id else item
    )
    return replace(updated, current_item=None, recent_durations=durations)


def set_output_location(state: BatchState, output_location: OutputLocation) -> BatchState:
    """Return the state with another output location.

    Pending items lose their targets, which have to be planned again.
    """
    current_ids = _current_item_ids(state)
    updated = replace(state, output_location=output_location)
    return _map_items(
        updated,
        lambda item: (
            replace(item, target=None)
            if item.status.is_pending and item.item_id not in current_ids
            else item
        ),
    )


def set_selection(state: BatchState, selection: SelectionRule) -> BatchState:
    """Return the state with another selection rule.

    Items that the previous rule did not select are pending again.
    """
    return _map_items(
        replace(state, selection=selection),
        lambda item: _reset_item(item) if item.status.is_other else item,
    )


def set_targets(state: BatchState, targets: Mapping[int, Path]) -> BatchState:
    """Return the state with planned targets for items, given by item identifier."""
    return _map_items(
        state,
        lambda item: (
            replace(item, target=targets[item.item_id]) if item.item_id in targets else item
        ),
    )


def set_idle(state: BatchState) -> BatchState:
    """Return the state of an idle batch.

    Captured settings are dropped if no item is pending and no folder is watched.
    """
    settings = state.captured_settings if state.counts.remaining or state.watched_folder else None
    return replace(
        state,
        phase=BatchPhase.IDLE,
        current_item=None,
        captured_settings=settings,
        replacement_plan=None,
    )


def _current_item_ids(state: BatchState) -> set[int]:
    return {state.current_item.item_id} if state.current_item else set()


def _remove_items_and_default_folder(
    state: BatchState, removed_items: Sequence[BatchItem]
) -> BatchState:
    """Return the state without items, and without an output folder that belongs to them.

    The output folder is unset if no item is left and the folder is the default folder of a removed
    item. Otherwise results of other folders would be written to that folder.
    """
    removed_ids = {item.item_id for item in removed_items}
    remaining = replace_items(
        state, [item for item in state.items if item.item_id not in removed_ids]
    )
    if (
        remaining.items
        or state.watched_folder
        or state.output_location.folder not in [*map(default_output_folder, removed_items)]
    ):
        return remaining
    return replace(remaining, output_location=replace(state.output_location, folder=None))


def _reset_item(item: BatchItem) -> BatchItem:
    return BatchItem(item.item_id, item.source, item.base_folder, item.own_settings)


def _map_items(state: BatchState, change: Callable[[BatchItem], BatchItem]) -> BatchState:
    return replace_items(state, [change(item) for item in state.items])
