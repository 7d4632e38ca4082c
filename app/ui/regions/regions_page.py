"""The marked regions, a row each, in several pictures side by side."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QMenu,
    QPushButton,
    QScrollArea,
    QSizePolicy,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from app.i18n.translation import tr
from app.imaging.scaling import enlargement_for
from app.ui.regions.region_view import ROOM_PX, CropView
from app.ui.widgets.form_controls import faint, heading
from app.ui.widgets.theme import MARGIN, SPACING
from app.viewmodels.compare.gallery import GalleryItem, GalleryState, ImageKey
from app.viewmodels.regions.regions import (
    MOST_CROPS,
    Crop,
    CropsState,
    columns,
    enlargement_words,
    place_words,
)

_HEADER_WIDTH = 200
_FIRST_SIZE = QSize(600, 270)
_LEAST_HEIGHT = 60


class CropsPage(QWidget):
    """What is marked and where it is looked at.

    Signals:
        go_wanted: A region is to be seen in the view. arg1: Crop.
        remove_wanted: A region is not wanted any more. arg1: its number.
        clear_wanted: None is.
        version_wanted: A picture is wanted in the rows, or no longer. arg1: Key. arg2: whether.
        export_wanted: The contact sheet is.
    """

    go_wanted = Signal(object)
    remove_wanted = Signal(int)
    clear_wanted = Signal()
    version_wanted = Signal(object, bool)
    export_wanted = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setAccessibleName(tr("Crops"))
        self._shown: tuple[tuple[Crop, ...], tuple[ImageKey, ...]] | None = None
        self._rows: dict[int, _Row] = {}
        self._offered: tuple[tuple[ImageKey, str, bool], ...] = ()
        self.hint = faint()
        self.hint.setWordWrap(True)
        self.versions = QToolButton()
        self.versions.setText(tr("Pictures"))
        self.versions.setToolTip(tr("Which pictures the regions are shown of"))
        self.versions.setAccessibleName(tr("Pictures to show the regions of"))
        self.versions.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.versions.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.versions.setMenu(QMenu(self.versions))
        self.export = QPushButton(tr("Export…"))
        self.export.setToolTip(tr("Write these regions to one PNG, with what made them below"))
        self.export.setAccessibleName(tr("Export a contact sheet"))
        self.export.clicked.connect(self.export_wanted)
        self.clear = QPushButton(tr("Remove all"))
        self.clear.setToolTip(tr("Forget every marked region"))
        self.clear.setAccessibleName(tr("Remove all regions"))
        self.clear.clicked.connect(self.clear_wanted)
        self.setFocusProxy(self.versions)
        self._lay_out()

    def show_crops(self, state: CropsState, gallery: GalleryState) -> None:
        """Render the regions in the pictures that there are."""
        entries = columns(state, gallery)
        self.hint.setText(_hint(state))
        self.export.setEnabled(bool(state.crops and entries))
        self.clear.setEnabled(bool(state.crops))
        self._offer(state, gallery)
        structure = (state.crops, tuple(entry.key for entry in entries))
        if structure != self._shown:
            self._shown = structure
            self._rebuild(state.crops, entries)
        for row in self._rows.values():
            row.show_entries(entries)
        for label, entry in zip(self._labels, entries, strict=True):
            label.setText(entry.label)

    def sizeHint(self) -> QSize:
        return _FIRST_SIZE

    def view(self, number: int, column: int) -> CropView:
        """The region of that number, in the picture of a column."""
        return self._rows[number].views[column]

    def row(self, number: int) -> QWidget:
        """What is said of a region, with its buttons."""
        return self._rows[number]

    def _lay_out(self) -> None:
        top = QHBoxLayout()
        top.setSpacing(SPACING)
        top.addWidget(self.hint, 1)
        for button in (self.versions, self.export, self.clear):
            top.addWidget(button)
        self._content = QWidget()
        self._grid = QGridLayout(self._content)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(MARGIN)
        self._grid.setVerticalSpacing(MARGIN)
        self._labels: list[QLabel] = []
        area = QScrollArea()
        area.setObjectName("plain")
        area.setWidgetResizable(True)
        area.setWidget(self._content)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        area.setMinimumHeight(_LEAST_HEIGHT)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(MARGIN, SPACING, MARGIN, SPACING)
        layout.setSpacing(SPACING)
        layout.addLayout(top)
        layout.addWidget(area, 1)

    def _offer(self, state: CropsState, gallery: GalleryState) -> None:
        offered = tuple((e.key, e.label, e.key in state.versions) for e in gallery.items)
        if offered == self._offered:
            return
        self._offered = offered
        menu = self.versions.menu()
        menu.clear()
        for key, label, chosen in offered:
            action = menu.addAction(label)
            action.setCheckable(True)
            action.setChecked(chosen)
            action.triggered.connect(lambda wanted, of=key: self.version_wanted.emit(of, wanted))

    def _rebuild(self, crops: Sequence[Crop], entries: Sequence[GalleryItem]) -> None:
        while (item := self._grid.takeAt(0)) is not None:
            if widget := item.widget():
                widget.hide()  # it is deleted later, and would be seen until then
                widget.deleteLater()
        # What took the room that is left may be a row or a column of its own now.
        self._grid.setColumnStretch(len(self._labels) + 1, 0)
        self._grid.setRowStretch(len(self._rows) + 1, 0)
        self._rows.clear()
        self._labels = [heading(entry.label) for entry in entries]
        for column, label in enumerate(self._labels, 1):
            label.setFixedWidth(ROOM_PX)
            label.setVisible(bool(crops))
            self._grid.addWidget(label, 0, column)
        for line, crop in enumerate(crops, 1):
            row = _Row(crop, len(entries))
            row.go.clicked.connect(lambda _checked, of=crop: self.go_wanted.emit(of))
            row.remove.clicked.connect(lambda _checked, of=crop: self.remove_wanted.emit(of.number))
            row.remove_wanted.connect(self.remove_wanted)
            self._grid.addWidget(row, line, 0, Qt.AlignmentFlag.AlignTop)
            for column, view in enumerate(row.views, 1):
                self._grid.addWidget(view, line, column, Qt.AlignmentFlag.AlignTop)
            self._rows[crop.number] = row
        self._grid.setColumnStretch(len(entries) + 1, 1)
        self._grid.setRowStretch(len(crops) + 1, 1)


class _Row(QFrame):
    """What is said of a region, and what can be done with it.

    Signals:
        remove_wanted: Delete was pressed here. arg1: the region's number.
    """

    remove_wanted = Signal(int)

    def __init__(self, crop: Crop, count: int) -> None:
        super().__init__()
        self._crop = crop
        self.views = tuple(CropView(crop.place) for _ in range(count))
        number = heading(tr("Region {number}").format(number=crop.number))
        words = faint(place_words(crop.place))
        words.setWordWrap(True)
        size = faint()
        self._size = size
        self.go = QPushButton(tr("Go to"))
        self.go.setToolTip(tr("See this region in the middle of the view"))
        self.go.setAccessibleName(tr("Go to region {number}").format(number=crop.number))
        self.remove = QPushButton(tr("Remove"))
        self.remove.setToolTip(tr("Forget this region (Delete)"))
        self.remove.setAccessibleName(tr("Remove region {number}").format(number=crop.number))
        buttons = QHBoxLayout()
        buttons.setSpacing(SPACING)
        for button in (self.go, self.remove):
            button.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
            buttons.addWidget(button)
        buttons.addStretch(1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(SPACING // 2)
        for label in (number, words, size):
            layout.addWidget(label)
        layout.addLayout(buttons)
        self.setFixedWidth(_HEADER_WIDTH)

    def show_entries(self, entries: Sequence[GalleryItem]) -> None:
        """Show the region of these."""
        room = int(ROOM_PX * self.devicePixelRatioF())
        shown = enlargement_words(enlargement_for(self._crop.place, (room, room)))
        self._size.setText(shown)
        for view, entry in zip(self.views, entries, strict=True):
            view.show_picture(entry.image)
            name = tr("Region {number} of {picture}, {place}, {enlarged}").format(
                number=self._crop.number,
                picture=entry.label,
                place=place_words(self._crop.place),
                enlarged=shown,
            )
            view.setAccessibleName(name)
            view.setToolTip(name)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace):
            self.remove_wanted.emit(self._crop.number)
        else:
            super().keyPressEvent(event)


def _hint(state: CropsState) -> str:
    if state.full:
        return tr("There is room for {most} regions.").format(most=MOST_CROPS)
    if not state.crops:
        return tr(
            "Drag over a picture with Ctrl held to mark a region, or press M to mark what is"
            " visible. Marked regions are shown here large, side by side."
        )
    return tr("Drag with Ctrl held, or press M, to mark another region.")
