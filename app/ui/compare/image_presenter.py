"""Showing a picture once it is at hand, or once it is known to be lost."""

from __future__ import annotations

from PySide6.QtCore import QObject, Slot

from app.viewmodels.compare.compare import AFTER, CompareViewModel
from app.viewmodels.compare.gallery import GalleryState, GalleryViewModel, Key, Original, Result

_VIEWER = "looking"


class Looking(QObject):
    """Has a picture fetched and puts it into a slot; what was there stays until then."""

    def __init__(self, gallery: GalleryViewModel, compare: CompareViewModel) -> None:
        super().__init__(gallery)
        self._gallery = gallery
        self._compare = compare
        self._waiting: tuple[int, Key] | None = None
        gallery.state_changed.connect(self._on_gallery_changed)

    @property
    def waiting(self) -> bool:
        """Whether the picture that was asked for last is not shown yet."""
        return self._waiting is not None

    def look_at(self, key: Key, slot: int = AFTER) -> None:
        """Show it there; only the latest wish counts."""
        self._waiting = (slot, key)
        fixed = isinstance(key, Original | Result)
        self._gallery.want([] if fixed else [key], viewer=_VIEWER)
        self._show()

    @Slot(object)
    def _on_gallery_changed(self, _state: GalleryState) -> None:
        self._show()

    def _show(self) -> None:
        if self._waiting is None:
            return
        slot, key = self._waiting
        entry = self._gallery.state.find(key)
        if entry is not None and entry.picture is None and not entry.lost:
            return  # it is still fetched
        self._waiting = None
        # What is gone is not waited for: another file may have a picture of that key.
        if entry is not None or key == Result():
            self._compare.show_in(slot, key)
        elif entry is None:  # it will not come any more, nor is another of its name meant
            self._waiting = None
