"""Showing a picture once it is at hand, or once it is known to be lost."""

from __future__ import annotations

from PySide6.QtCore import QObject, Slot

from app.viewmodels.compare.compare import AFTER_SLOT, CompareViewModel
from app.viewmodels.compare.gallery import (
    GalleryState,
    GalleryViewModel,
    ImageKey,
    OriginalKey,
    ResultKey,
)

_GALLERY_CLIENT = "looking"


class ImagePresenter(QObject):
    """Has a picture fetched and puts it into a slot; what was there stays until then."""

    def __init__(self, gallery: GalleryViewModel, compare: CompareViewModel) -> None:
        super().__init__(gallery)
        self._gallery = gallery
        self._compare = compare
        self._pending: tuple[int, ImageKey] | None = None
        gallery.state_changed.connect(self._on_gallery_changed)

    @property
    def is_waiting(self) -> bool:
        """Whether the picture that was asked for last is not shown yet."""
        return self._pending is not None

    def show(self, key: ImageKey, slot: int = AFTER_SLOT) -> None:
        """Show it there; only the latest wish counts."""
        self._pending = (slot, key)
        is_always_available = isinstance(key, OriginalKey | ResultKey)
        self._gallery.request([] if is_always_available else [key], client=_GALLERY_CLIENT)
        self._show_if_ready()

    @Slot(object)
    def _on_gallery_changed(self, _state: GalleryState) -> None:
        self._show_if_ready()

    def _show_if_ready(self) -> None:
        if self._pending is None:
            return
        slot, key = self._pending
        item = self._gallery.state.find(key)
        if item is not None and item.image is None and not item.is_unreadable:
            return  # it is still fetched
        self._pending = None
        # What is gone is not waited for: another file may have a picture of that key.
        if item is not None or key == ResultKey():
            self._compare.show_in_slot(slot, key)
