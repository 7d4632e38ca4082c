"""The menu of the images in which regions are compared."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QMenu, QWidget

from app.i18n.translation import tr
from app.viewmodels.compare.gallery import EstimateKey, GalleryState, ImageKey
from app.viewmodels.regions.regions import RegionsState


class VersionsMenu(QMenu):
    """A menu with a checkable entry per image and an entry for an image of another file.

    Signals:
        image_toggled: An image was switched on or off. arg1: ImageKey. arg2: whether on.
        other_file_requested: An image of another file is to be compared.
    """

    image_toggled = Signal(object, bool)
    other_file_requested = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._entries: tuple[tuple[ImageKey, str, bool], ...] = ()
        self._steps_menu = QMenu(tr("Steps"), self)
        self._build()

    def show_images(self, state: RegionsState, gallery: GalleryState) -> None:
        """Show the images of the gallery; those that are compared are checked."""
        entries = tuple(
            (item.key, item.label, item.key in state.compared_keys) for item in gallery.items
        )
        if entries != self._entries:
            self._entries = entries
            self._build()

    def _build(self) -> None:
        self.clear()
        self._steps_menu.clear()
        for key, label, is_compared in self._entries:
            menu = self._steps_menu if isinstance(key, EstimateKey) else self
            # Qt takes a single ampersand for a mnemonic.
            action = menu.addAction(label.replace("&", "&&"))
            action.setCheckable(True)
            action.setChecked(is_compared)
            action.triggered.connect(lambda wanted, of=key: self.image_toggled.emit(of, wanted))
        if not self._steps_menu.isEmpty():
            self.addMenu(self._steps_menu)
        self.addSeparator()
        other_file_action = self.addAction(tr("Another file of this size…"))
        other_file_action.triggered.connect(lambda: self.other_file_requested.emit())
