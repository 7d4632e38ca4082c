"""The page on which regions are compared."""

from __future__ import annotations

from PySide6.QtCore import QPoint, QPointF, QSize, Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QToolButton, QVBoxLayout, QWidget

from app.i18n.translation import tr
from app.ui.regions.cell_menu import CellMenuTargets, create_cell_menu
from app.ui.regions.region_grid import GridCell, RegionGrid
from app.ui.regions.region_view import RegionView
from app.ui.regions.versions_menu import VersionsMenu
from app.ui.widgets.form_controls import create_push_button, create_secondary_label
from app.ui.widgets.theme import MARGIN, SPACING
from app.viewmodels.compare.gallery import GalleryState
from app.viewmodels.regions.region_zoom import BUTTON_ZOOM_FACTOR
from app.viewmodels.regions.regions import (
    RegionsState,
    compared_items,
    format_enlargement,
)

_INITIAL_SIZE = QSize(600, 330)


class RegionsPage(QWidget):
    """A grid of regions with buttons for versions, zoom, export and removal.

    Attributes:
        grid: The grid.
        versions_menu: Menu of the images to compare.

    Signals:
        add_visible_requested: The visible part of the image is to become a region.
        clear_requested: All regions are to be removed.
        export_requested: The contact sheet is to be exported.
        close_requested: Escape was pressed.
    """

    add_visible_requested = Signal()
    clear_requested = Signal()
    export_requested = Signal()
    close_requested = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setAccessibleName(tr("Crops"))
        self.grid = RegionGrid()
        self.hint_label = create_secondary_label(
            tr(
                "Drag over a picture with Ctrl held to mark a crop, or press M to mark what is"
                " visible. Marked crops are shown here large, side by side."
            )
        )
        self.hint_label.setWordWrap(True)
        self.add_visible_button = create_push_button(
            tr("Mark the visible part"), tr("Mark what is seen now as a crop to compare (M)")
        )
        self.images_button = QToolButton()
        self.images_button.setText(tr("Versions"))
        self.images_button.setToolTip(tr("Choose which versions of the picture are side by side"))
        self.images_button.setAccessibleName(tr("Versions to compare"))
        self.images_button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.images_button.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.versions_menu = VersionsMenu(self.images_button)
        self.images_button.setMenu(self.versions_menu)
        self._scale_label = QLabel()
        self.zoom_out_button = _create_zoom_button("\N{MINUS SIGN}", tr("Zoom out in all crops"))
        self.zoom_in_button = _create_zoom_button("+", tr("Zoom in in all crops"))
        self.fit_button = create_push_button(
            tr("Fit"), tr("Every crop whole and in the middle of its cell")
        )
        self.export_button = create_push_button(
            tr("Export…"), tr("Write this grid to one PNG, with what made it")
        )
        self.export_button.setAccessibleName(tr("Export a contact sheet"))
        self.clear_button = create_push_button(tr("Remove all"), tr("Forget every marked crop"))
        self.clear_button.setAccessibleName(tr("Remove all crops"))
        self._connect_buttons()
        self._lay_out()
        self.setFocusProxy(self.grid)

    def show_regions(self, state: RegionsState, gallery: GalleryState) -> None:
        """Show the regions in each compared image."""
        items = compared_items(state, gallery)
        self.hint_label.setVisible(not state.regions)
        self.export_button.setEnabled(bool(state.regions and items))
        self.add_visible_button.setVisible(not state.regions)
        for button in (self.zoom_out_button, self.zoom_in_button, self.fit_button):
            button.setVisible(bool(state.regions))
        self.clear_button.setEnabled(bool(state.regions))
        self._scale_label.setText(format_enlargement(state.scale) if state.regions else "")
        self.versions_menu.show_images(state, gallery)
        self.grid.show_regions(state, items)

    def sizeHint(self) -> QSize:
        return _INITIAL_SIZE

    def region_view(self, number: int, column: int) -> RegionView:
        """Return the cell that shows a region, by its number, in the image of a column."""
        return self.grid.region_view(number, column)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.close_requested.emit()
        else:
            super().keyPressEvent(event)

    @Slot(object, QPoint)
    def _open_menu(self, cell: GridCell | None, global_position: QPoint) -> None:
        create_cell_menu(CellMenuTargets(self.grid, self.versions_menu), cell).popup(
            global_position
        )

    def _connect_buttons(self) -> None:
        self.grid.menu_requested.connect(self._open_menu)
        zoom = self.grid.zoom_requested
        self.zoom_out_button.clicked.connect(lambda: zoom.emit(1 / BUTTON_ZOOM_FACTOR, QPointF()))
        self.zoom_in_button.clicked.connect(lambda: zoom.emit(BUTTON_ZOOM_FACTOR, QPointF()))
        self.fit_button.clicked.connect(self.grid.fit_requested)
        self.add_visible_button.clicked.connect(self.add_visible_requested)
        self.export_button.clicked.connect(self.export_requested)
        self.clear_button.clicked.connect(self.clear_requested)

    def _lay_out(self) -> None:
        top_row = QHBoxLayout()
        top_row.setSpacing(SPACING)
        top_row.addWidget(self.hint_label, 1)
        top_row.addStretch()
        zoom_widgets = (
            self._scale_label,
            self.zoom_out_button,
            self.zoom_in_button,
            self.fit_button,
        )
        buttons = (
            self.add_visible_button,
            self.images_button,
            self.export_button,
            self.clear_button,
        )
        for widget in (*zoom_widgets, *buttons):
            top_row.addWidget(widget)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(MARGIN, SPACING, MARGIN, SPACING)
        layout.setSpacing(SPACING)
        layout.addLayout(top_row)
        layout.addWidget(self.grid, 1)


def _create_zoom_button(text: str, description: str) -> QToolButton:
    button = QToolButton()
    button.setText(text)
    button.setToolTip(description)
    button.setAccessibleName(description)
    button.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
    return button
