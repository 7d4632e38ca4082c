"""The batch item whose file is open."""

from __future__ import annotations

from PySide6.QtCore import QObject, Slot

from app.jobs.batch.batch_items import BatchItem
from app.jobs.batch.batch_worker import BatchResultImage
from app.viewmodels.batch.batch import BatchViewModel
from app.viewmodels.batch.batch_events import BatchEvent
from app.viewmodels.batch.batch_text import batch_result_label
from app.viewmodels.compare.gallery import GalleryViewModel
from app.viewmodels.document.document import (
    DocumentOpened,
    DocumentState,
    DocumentViewModel,
    OpenRequest,
)


class OpenedBatchItem(QObject):
    """Tracker of the batch item whose file is open, which adds its result to the gallery."""

    def __init__(
        self, batch: BatchViewModel, document: DocumentViewModel, gallery: GalleryViewModel
    ) -> None:
        super().__init__(batch)
        self._batch = batch
        self._document = document
        self._gallery = gallery
        self._item_id: int | None = None
        document.state_changed.connect(self._on_document_changed)
        batch.event_occurred.connect(self._on_event_occurred)

    def select(self, item_id: int) -> OpenRequest | None:
        """Select an item; return a request to open its file, None if the item does not exist.

        The item's result is loaded after the file has been opened. A damaged file with a result is
        opened as far as it is readable.
        """
        item = self._batch.state.find_item(item_id)
        if item is None:
            return None
        self._item_id = item_id
        return OpenRequest(item.source, tolerate_damage=item.status.has_result)

    @property
    def is_open(self) -> bool:
        """Whether the open file belongs to an item."""
        return self._opened_index is not None

    def find_neighbor(self, offset: int) -> int | None:
        """Return the identifier of the previous (-1) or next (+1) item, None beyond the ends.

        If the open file belongs to no item, return the last item for -1 and the first item for +1.
        """
        items, index = self._batch.state.items, self._opened_index
        target_index = (0 if offset > 0 else len(items) - 1) if index is None else index + offset
        return items[target_index].item_id if 0 <= target_index < len(items) else None

    @property
    def _opened_index(self) -> int | None:
        """Index of the item of the open file, None if the file belongs to no item."""
        items, document = self._batch.state.items, self._document.document
        index = next((i for i, item in enumerate(items) if item.item_id == self._item_id), None)
        if index is None and document is not None:
            path = document.source.path
            index = next((i for i, item in enumerate(items) if item.source == path), None)
        return index

    @property
    def _item(self) -> BatchItem | None:
        return None if self._item_id is None else self._batch.state.find_item(self._item_id)

    @Slot(object)
    def _on_document_changed(self, state: DocumentState) -> None:
        item = self._item
        if item is None or not isinstance(state, DocumentOpened):
            return
        if state.document.source.path != item.source:
            self._item_id = None
        elif item.status.has_result:
            self._batch.load_result(item, state.document.display)

    @Slot(object)
    def _on_event_occurred(self, event: BatchEvent) -> None:
        item = self._item
        match event:
            case BatchResultImage(item_id=item_id) if item is not None and item.item_id == item_id:
                self._gallery.show_result(event.image, batch_result_label(item))
