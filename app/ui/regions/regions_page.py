"""The page of regions in the bottom panel."""

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
from app.imaging.scaling import fit_integer_scale
from app.ui.regions.region_view import MAX_REGION_VIEW_PX, RegionView
from app.ui.widgets.form_controls import create_heading_label, create_secondary_label
from app.ui.widgets.theme import MARGIN, SPACING
from app.viewmodels.compare.gallery import GalleryItem, GalleryState, ImageKey
from app.viewmodels.regions.regions import (
    MAX_REGIONS,
    NumberedRegion,
    RegionsState,
    compared_items,
    format_enlargement,
    format_region_rectangle,
)

_HEADER_WIDTH = 200
_INITIAL_SIZE = QSize(600, 270)
_MIN_HEIGHT = 60


class RegionsPage(QWidget):
    """A grid with a row per region and a column per compared image.

    Signals:
        go_to_requested: A region is to be centered in the compare view. arg1: NumberedRegion.
        remove_requested: A region is to be removed. arg1: its number.
        clear_requested: All regions are to be removed.
        image_toggled: An image was switched on or off. arg1: ImageKey. arg2: whether on.
        export_requested: The contact sheet is to be exported.
    """

    go_to_requested = Signal(object)
    remove_requested = Signal(int)
    clear_requested = Signal()
    image_toggled = Signal(object, bool)
    export_requested = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setAccessibleName(tr("Crops"))
        self._grid_structure: tuple[tuple[NumberedRegion, ...], tuple[ImageKey, ...]] | None = None
        self._region_headers: dict[int, _RegionHeader] = {}
        self._menu_entries: tuple[tuple[ImageKey, str, bool], ...] = ()
        self.hint_label = create_secondary_label()
        self.hint_label.setWordWrap(True)
        self.images_button = QToolButton()
        self.images_button.setText(tr("Versions"))
        self.images_button.setToolTip(tr("Choose which versions of the picture are side by side"))
        self.images_button.setAccessibleName(tr("Versions to compare"))
        self.images_button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.images_button.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.images_button.setMenu(QMenu(self.images_button))
        self.export_button = QPushButton(tr("Export…"))
        self.export_button.setToolTip(
            tr("Write these regions to one PNG, with what made them below")
        )
        self.export_button.setAccessibleName(tr("Export a contact sheet"))
        self.export_button.clicked.connect(self.export_requested)
        self.clear_button = QPushButton(tr("Remove all"))
        self.clear_button.setToolTip(tr("Forget every marked region"))
        self.clear_button.setAccessibleName(tr("Remove all regions"))
        self.clear_button.clicked.connect(self.clear_requested)
        self.setFocusProxy(self.images_button)
        self._lay_out()

    def show_regions(self, state: RegionsState, gallery: GalleryState) -> None:
        """Show the regions in each compared image."""
        items = compared_items(state, gallery)
        self.hint_label.setText(_hint_text(state))
        self.export_button.setEnabled(bool(state.regions and items))
        self.clear_button.setEnabled(bool(state.regions))
        self._update_image_menu(state, gallery)
        structure = (state.regions, tuple(item.key for item in items))
        if structure != self._grid_structure:
            self._grid_structure = structure
            self._rebuild_grid(state.regions, items)
        for header in self._region_headers.values():
            header.show_items(items)
        for label, item in zip(self._column_labels, items, strict=True):
            label.setText(item.label)

    def sizeHint(self) -> QSize:
        return _INITIAL_SIZE

    def region_view(self, number: int, column: int) -> RegionView:
        """Return the widget that shows a region, by its number, in the image of a column."""
        return self._region_headers[number].region_views[column]

    def _lay_out(self) -> None:
        top_row = QHBoxLayout()
        top_row.setSpacing(SPACING)
        top_row.addWidget(self.hint_label, 1)
        for button in (self.images_button, self.export_button, self.clear_button):
            top_row.addWidget(button)
        self._content = QWidget()
        self._grid = QGridLayout(self._content)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(MARGIN)
        self._grid.setVerticalSpacing(MARGIN)
        self._column_labels: list[QLabel] = []
        scroll_area = QScrollArea()
        scroll_area.setObjectName("plain")
        scroll_area.setWidgetResizable(True)
        scroll_area.setWidget(self._content)
        scroll_area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        scroll_area.setMinimumHeight(_MIN_HEIGHT)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(MARGIN, SPACING, MARGIN, SPACING)
        layout.setSpacing(SPACING)
        layout.addLayout(top_row)
        layout.addWidget(scroll_area, 1)

    def _update_image_menu(self, state: RegionsState, gallery: GalleryState) -> None:
        entries = tuple(
            (item.key, item.label, item.key in state.compared_keys) for item in gallery.items
        )
        if entries == self._menu_entries:
            return
        self._menu_entries = entries
        menu = self.images_button.menu()
        menu.clear()
        for key, label, is_compared in entries:
            action = menu.addAction(label)
            action.setCheckable(True)
            action.setChecked(is_compared)
            action.triggered.connect(lambda wanted, of=key: self.image_toggled.emit(of, wanted))

    def _rebuild_grid(
        self, regions: Sequence[NumberedRegion], items: Sequence[GalleryItem]
    ) -> None:
        while (layout_item := self._grid.takeAt(0)) is not None:
            if widget := layout_item.widget():
                widget.hide()  # deleteLater() leaves the widget visible for a while
                widget.deleteLater()
        # The former stretch row and column may now hold content.
        self._grid.setColumnStretch(len(self._column_labels) + 1, 0)
        self._grid.setRowStretch(len(self._region_headers) + 1, 0)
        self._region_headers.clear()
        self._column_labels = [create_heading_label(item.label) for item in items]
        for column, label in enumerate(self._column_labels, 1):
            label.setFixedWidth(MAX_REGION_VIEW_PX)
            label.setVisible(bool(regions))
            self._grid.addWidget(label, 0, column)
        for grid_row, region in enumerate(regions, 1):
            header = _RegionHeader(region, len(items))
            header.go_to_button.clicked.connect(
                lambda _checked, of=region: self.go_to_requested.emit(of)
            )
            header.remove_button.clicked.connect(
                lambda _checked, of=region: self.remove_requested.emit(of.number)
            )
            header.remove_requested.connect(self.remove_requested)
            self._grid.addWidget(header, grid_row, 0, Qt.AlignmentFlag.AlignTop)
            for column, view in enumerate(header.region_views, 1):
                self._grid.addWidget(view, grid_row, column, Qt.AlignmentFlag.AlignTop)
            self._region_headers[region.number] = header
        self._grid.setColumnStretch(len(items) + 1, 1)
        self._grid.setRowStretch(len(regions) + 1, 1)


class _RegionHeader(QFrame):
    """The header of a region's row: number, rectangle, enlargement and buttons.

    Signals:
        remove_requested: Delete or Backspace was pressed. arg1: the region's number.
    """

    remove_requested = Signal(int)

    def __init__(self, region: NumberedRegion, view_count: int) -> None:
        super().__init__()
        self._region = region
        self.region_views = tuple(RegionView(region.rectangle) for _ in range(view_count))
        number_label = create_heading_label(tr("Region {number}").format(number=region.number))
        rectangle_label = create_secondary_label(format_region_rectangle(region.rectangle))
        rectangle_label.setWordWrap(True)
        enlargement_label = create_secondary_label()
        self._enlargement_label = enlargement_label
        self.go_to_button = QPushButton(tr("Go to"))
        self.go_to_button.setToolTip(tr("See this region in the middle of the view"))
        self.go_to_button.setAccessibleName(
            tr("Go to region {number}").format(number=region.number)
        )
        self.remove_button = QPushButton(tr("Remove"))
        self.remove_button.setToolTip(tr("Forget this region (Delete)"))
        self.remove_button.setAccessibleName(
            tr("Remove region {number}").format(number=region.number)
        )
        buttons = QHBoxLayout()
        buttons.setSpacing(SPACING)
        for button in (self.go_to_button, self.remove_button):
            button.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
            buttons.addWidget(button)
        buttons.addStretch(1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(SPACING // 2)
        for label in (number_label, rectangle_label, enlargement_label):
            layout.addWidget(label)
        layout.addLayout(buttons)
        self.setFixedWidth(_HEADER_WIDTH)

    def show_items(self, items: Sequence[GalleryItem]) -> None:
        """Show the region in each image of `items`, one image per column."""
        max_side = int(MAX_REGION_VIEW_PX * self.devicePixelRatioF())
        enlargement_text = format_enlargement(
            fit_integer_scale(self._region.rectangle, (max_side, max_side))
        )
        self._enlargement_label.setText(enlargement_text)
        for view, item in zip(self.region_views, items, strict=True):
            view.show_image(item.image)
            accessible_name = tr("Region {number} of {picture}, {place}, {enlarged}").format(
                number=self._region.number,
                picture=item.label,
                place=format_region_rectangle(self._region.rectangle),
                enlarged=enlargement_text,
            )
            view.setAccessibleName(accessible_name)
            view.setToolTip(accessible_name)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace):
            self.remove_requested.emit(self._region.number)
        else:
            super().keyPressEvent(event)


def _hint_text(state: RegionsState) -> str:
    if state.is_full:
        return tr("There is room for {most} regions.").format(most=MAX_REGIONS)
    if not state.regions:
        return tr(
            "Drag over a picture with Ctrl held to mark a region, or press M to mark what is"
            " visible. Marked regions are shown here large, side by side."
        )
    return tr("Drag with Ctrl held, or press M, to mark another region.")
