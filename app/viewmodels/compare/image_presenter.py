"""Presenter that shows an image in a slot as soon as the image is loaded."""

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
    """Presenter that requests an image of the gallery and shows it in a slot once loaded.

    The slot keeps its previous image while the new one is being loaded.
    """

    def __init__(self, gallery: GalleryViewModel, compare: CompareViewModel) -> None:
        super().__init__(gallery)
        self._gallery = gallery
        self._compare = compare
        self._pending: tuple[int, ImageKey] | None = None
        gallery.state_changed.connect(self._on_gallery_changed)

    @property
    def is_waiting(self) -> bool:
        """Whether the image of the latest request is not shown yet."""
        return self._pending is not None

    def show(self, key: ImageKey, slot: int = AFTER_SLOT) -> None:
        """Show the image of `key` in `slot` once it is loaded; drop a pending earlier request."""
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
        if item is not None and item.image is None and not item.is_lost:
            return  # the image is still loading
        self._pending = None
        # A key that has left the gallery is not waited for: another file may use the same key.
        if item is not None or key == ResultKey():
            self._compare.show_in_slot(slot, key)
