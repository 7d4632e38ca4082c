"""Thumbnails of the batch items that are visible."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import partial

from PySide6.QtCore import Slot
from PySide6.QtGui import QImage

from app.jobs.batch.batch_items import BatchItem
from app.jobs.batch.live_preview import PREVIEW_SIDE_PX, BatchPreview
from app.jobs.batch.thumbnails import (
    THUMBNAIL_SIDE_PX,
    LoadedThumbnail,
    ThumbnailKind,
    ThumbnailRequest,
    load_thumbnails_job,
    shrink_to_side,
)
from app.jobs.worker import JobOutcome, JobRunner
from app.viewmodels.batch.batch_state import BatchState
from app.viewmodels.state_view_model import StateViewModel

MAX_CACHED_ITEMS = 200
"""Number of items whose thumbnails are kept, at most 80 MB."""


@dataclass(frozen=True, slots=True, eq=False)
class ItemThumbnails:
    """The thumbnails of one batch item.

    Attributes:
        item: The item when the thumbnails were requested.
        before: Thumbnail of the source, None while it is not loaded and if it cannot be decoded.
        after: Thumbnail of the result, None under the same conditions and without a result.
        requested: Kinds that were loaded, or whose loading failed.
    """

    item: BatchItem
    before: QImage | None = None
    after: QImage | None = None
    requested: frozenset[ThumbnailKind] = frozenset()


@dataclass(frozen=True, slots=True, eq=False)
class ThumbnailsState:
    """The thumbnails of batch items.

    Attributes:
        by_item: Thumbnails by item id; the least recently changed ones are first.
        large: Larger images of the item in progress, or else of the chosen item; None without one.
    """

    by_item: Mapping[int, ItemThumbnails] = field(default_factory=dict)
    large: ItemThumbnails | None = None


class BatchThumbnailsViewModel(StateViewModel[ThumbnailsState]):
    """View model of the thumbnails, which loads those of visible items on a worker thread.

    The thumbnails of the item in progress are its previews.
    """

    def __init__(self, runner: JobRunner, batch: StateViewModel[BatchState]) -> None:
        """Create the view model.

        Args:
            runner: Runner of the jobs that load thumbnails.
            batch: View model of the batch.
        """
        super().__init__(ThumbnailsState())
        self._runner, self._batch = runner, batch
        self._job_id = 0
        self._items: tuple[BatchItem, ...] = ()
        self._latest_preview: BatchPreview | None = None
        self._visible_ids: frozenset[int] = frozenset()
        self._chosen_id: int | None = None
        self._queued: tuple[ThumbnailRequest, ...] = ()
        batch.state_changed.connect(self._on_batch_changed)
        runner.progressed.connect(self._on_progressed)
        runner.ended.connect(self._on_ended)

    def show_items(self, item_ids: Collection[int]) -> None:
        """Load the missing thumbnails of the items that are visible now, and no others."""
        self._visible_ids = frozenset(item_ids)
        self._load_missing()

    def choose_item(self, item_id: int | None) -> None:
        """Show the larger images of an item; None for those of the latest item with images."""
        self._chosen_id = item_id
        self._choose_large()

    def _choose_large(self) -> None:
        """Choose the item with larger images, and load the images unless the item is in progress.

        The item in progress takes precedence.
        """
        current_item = self._batch.state.current_item
        large = self._state.large
        chosen_ids = (
            None if current_item is None else current_item.item_id,
            self._chosen_id,
            None if large is None or large.before is None else large.item.item_id,
        )
        items = {item.item_id: item for item in self._items if item.item_id in chosen_ids}
        item = next((items[key] for key in chosen_ids if key in items), None)
        item = item or next(iter(self._items), None)
        if item is None:
            large = None
        elif large is None or large.item.item_id != item.item_id:
            large = ItemThumbnails(item)
        else:
            large = _without_outdated(large, item)
        if large is not self._state.large:
            self._set_state(replace(self._state, large=large))
        self._load_missing()

    def _load_missing(self) -> None:
        requests = tuple(self._iter_missing())
        if requests == self._queued:
            return
        self._runner.discard(self._job_id)
        self._queued = requests
        if requests:
            self._job_id = self._runner.start(partial(load_thumbnails_job, requests))

    def _iter_missing(self) -> Iterator[ThumbnailRequest]:
        large = self._state.large
        for item in self._items:
            if item.item_id in self._visible_ids:
                yield from _list_missing(self._find(item), item, THUMBNAIL_SIDE_PX)
            if large is not None and large.item.item_id == item.item_id:
                yield from _list_missing(large, item, PREVIEW_SIDE_PX)

    def _find(self, item: BatchItem) -> ItemThumbnails:
        """Return the thumbnails of an item; those of an earlier result are dropped."""
        return _without_outdated(self._state.by_item.get(item.item_id, ItemThumbnails(item)), item)

    def _store(self, thumbnails: ItemThumbnails) -> None:
        others = dict(self._state.by_item)
        others.pop(thumbnails.item.item_id, None)
        while len(others) >= MAX_CACHED_ITEMS:
            del others[next(iter(others))]
        stored = {**others, thumbnails.item.item_id: thumbnails}
        self._set_state(replace(self._state, by_item=stored))

    @Slot(object)
    def _on_batch_changed(self, state: BatchState) -> None:
        if state.items is not self._items:
            self._items = state.items
            self._drop_outdated()
            self._choose_large()
        current_item = state.current_item
        preview = None if current_item is None else current_item.preview
        if current_item is not None and preview is not None and preview is not self._latest_preview:
            self._latest_preview = preview
            self._store_preview(current_item.item_id, preview)

    def _store_preview(self, item_id: int, preview: BatchPreview) -> None:
        item = self._batch.state.find_item(item_id)
        if item is None:
            return
        kinds = frozenset(ThumbnailKind)
        self._set_state(
            replace(self._state, large=ItemThumbnails(item, preview.before, preview.after, kinds))
        )
        before = shrink_to_side(preview.before, THUMBNAIL_SIDE_PX)
        after = shrink_to_side(preview.after, THUMBNAIL_SIDE_PX)
        self._store(ItemThumbnails(item, before, after, kinds))

    def _drop_outdated(self) -> None:
        """Drop the thumbnails of items that were removed or are to be restored again."""
        thumbnails = self._state.by_item
        items = {item.item_id: item for item in self._items if item.item_id in thumbnails}
        remaining = {key: self._find(items[key]) for key in thumbnails if key in items}
        if any(remaining.get(key) is not value for key, value in thumbnails.items()):
            self._set_state(replace(self._state, by_item=remaining))

    @Slot(int, object)
    def _on_progressed(self, job_id: int, progress: object) -> None:
        if job_id != self._job_id or not isinstance(progress, LoadedThumbnail):
            return
        request = progress.request
        self._queued = tuple(queued for queued in self._queued if queued != request)
        item = self._batch.state.find_item(request.item_id)
        if item is None:
            return
        if request.side == THUMBNAIL_SIDE_PX:
            self._store(_with_image(self._find(item), progress))
        elif self._state.large is not None:
            self._set_state(replace(self._state, large=_with_image(self._state.large, progress)))

    @Slot(int, object)
    def _on_ended(self, job_id: int, _outcome: JobOutcome) -> None:
        if job_id == self._job_id:
            self._queued = ()


def _list_missing(
    thumbnails: ItemThumbnails, item: BatchItem, side: int
) -> Iterator[ThumbnailRequest]:
    """Yield the requests for the images of an item that were not loaded yet."""
    if ThumbnailKind.BEFORE not in thumbnails.requested:
        yield ThumbnailRequest(item.item_id, ThumbnailKind.BEFORE, item.source, side)
    if item.status.has_result and item.target and ThumbnailKind.AFTER not in thumbnails.requested:
        yield ThumbnailRequest(item.item_id, ThumbnailKind.AFTER, item.target, side)


def _with_image(thumbnails: ItemThumbnails, loaded: LoadedThumbnail) -> ItemThumbnails:
    requested = thumbnails.requested | {loaded.request.kind}
    if loaded.request.kind is ThumbnailKind.BEFORE:
        return replace(thumbnails, before=loaded.image, requested=requested)
    return replace(thumbnails, after=loaded.image, requested=requested)


def _without_outdated(thumbnails: ItemThumbnails, item: BatchItem) -> ItemThumbnails:
    """Return the images of an item that are still valid, the same object if all are."""
    if thumbnails.item.source != item.source:
        return ItemThumbnails(item)
    if item.status.is_pending and ThumbnailKind.AFTER in thumbnails.requested:
        return replace(
            thumbnails, after=None, requested=thumbnails.requested - {ThumbnailKind.AFTER}
        )
    return thumbnails
