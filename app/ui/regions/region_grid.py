"""The grid of all regions in all compared images."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QEvent, QPoint, QPointF, QSize, Qt, Signal
from PySide6.QtGui import QContextMenuEvent, QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QGridLayout, QScrollArea, QWidget

from app.i18n.translation import tr
from app.ui.regions.region_header import HEADER_WIDTH, RegionHeader
from app.ui.regions.region_view import RegionView
from app.ui.widgets.elided_label import ElidedLabel
from app.ui.widgets.theme import SPACING
from app.viewmodels.compare.gallery import GalleryItem, ImageKey
from app.viewmodels.regions.region_zoom import BUTTON_ZOOM_FACTOR
from app.viewmodels.regions.regions import (
    NumberedRegion,
    RegionsState,
    format_enlargement,
    format_region_rectangle,
)

# Logical pixels.
_MIN_CELL_SIZE = QSize(120, 90)
_ARROW_PAN_PX = 32
_MIN_HEIGHT = 60
_MARGIN = 4
"""Distance between the frame that shows the focus and the words and cells of the grid."""
_ARROW_DISTANCES = {
    Qt.Key.Key_Left: QPointF(_ARROW_PAN_PX, 0),
    Qt.Key.Key_Right: QPointF(-_ARROW_PAN_PX, 0),
    Qt.Key.Key_Up: QPointF(0, _ARROW_PAN_PX),
    Qt.Key.Key_Down: QPointF(0, -_ARROW_PAN_PX),
}
_ZOOM_FACTORS = {
    Qt.Key.Key_Plus: BUTTON_ZOOM_FACTOR,
    Qt.Key.Key_Equal: BUTTON_ZOOM_FACTOR,
    Qt.Key.Key_Minus: 1 / BUTTON_ZOOM_FACTOR,
}


@dataclass(frozen=True, slots=True)
class GridCell:
    """A cell of the grid.

    Attributes:
        region: Region of the cell's row.
        key: Key of the image of the cell's column.
        label: Label of that image.
        view: Widget of the cell.
    """

    region: NumberedRegion
    key: ImageKey
    label: str
    view: RegionView


class RegionGrid(QScrollArea):
    """A grid with a row per region and a column per image, whose cells share the room equally.

    The wheel, a pinch, a drag, and the arrow, plus and minus keys apply to all cells.

    Signals:
        go_to_requested: A region is to be shown in the compare view. arg1: NumberedRegion.
        remove_requested: A region is to be removed. arg1: its number.
        cell_size_changed: The cells have another size. arg1: QSize in device pixels.
        zoom_requested: See `RegionView`.
        pan_requested: See `RegionView`.
        fit_requested: See `RegionView`.
        menu_requested: The context menu is to be opened. arg1: GridCell below the pointer, or
            None. arg2: QPoint in global coordinates.
    """

    go_to_requested = Signal(object)
    remove_requested = Signal(int)
    cell_size_changed = Signal(QSize)
    zoom_requested = Signal(float, QPointF)
    pan_requested = Signal(QPointF)
    fit_requested = Signal()
    menu_requested = Signal(object, QPoint)

    def __init__(self) -> None:
        super().__init__()
        self._structure: tuple[tuple[NumberedRegion, ...], tuple[ImageKey, ...]] = ((), ())
        self._headers: list[RegionHeader] = []
        self._views: dict[int, tuple[RegionView, ...]] = {}
        self._column_labels: list[ElidedLabel] = []
        self._cell_size = QSize()
        self.setObjectName("regions")
        self.setAccessibleName(tr("Crops side by side"))
        self.setAccessibleDescription(tr("Arrows move, plus and minus zoom, all at once."))
        self.setWidgetResizable(True)
        self.setMinimumHeight(_MIN_HEIGHT)
        content = QWidget()
        self._grid = QGridLayout(content)
        self._grid.setContentsMargins(_MARGIN, _MARGIN, _MARGIN, _MARGIN)
        self._grid.setSpacing(SPACING)
        self.setWidget(content)

    def arrange(self, regions: tuple[NumberedRegion, ...], items: Sequence[GalleryItem]) -> None:
        """Create a cell for each region and item, which may change the size of the cells."""
        structure = (regions, tuple(item.key for item in items))
        if structure != self._structure:
            self._structure = structure
            self._rebuild(regions, items)
            self._update_cell_size()

    def show_regions(self, state: RegionsState, items: Sequence[GalleryItem]) -> None:
        """Show the regions in the images of `items`, for which the cells are arranged."""
        if not state.regions:
            return
        for label, item in zip(self._column_labels, items, strict=True):
            label.show_text(item.label)
        scale_text = format_enlargement(state.scale)
        for region in state.regions:
            rectangle = state.visible_rectangle(region)
            for view, item in zip(self._views[region.number], items, strict=True):
                view.show_image(item.image, rectangle, state.scale)
                accessible_name = tr("Crop {number} of {picture}, {place}, {enlarged}").format(
                    number=region.number,
                    picture=item.label,
                    place=format_region_rectangle(rectangle),
                    enlarged=scale_text,
                )
                view.setAccessibleName(accessible_name)
                view.setToolTip(accessible_name)

    def region_view(self, number: int, column: int) -> RegionView:
        """Return the cell that shows a region, by its number, in the image of a column."""
        return self._views[number][column]

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._update_cell_size()

    def event(self, event: QEvent) -> bool:
        # The window has shortcuts for these keys, which zoom the compare view.
        is_override = event.type() == QEvent.Type.ShortcutOverride
        if is_override and isinstance(event, QKeyEvent) and event.key() in _ZOOM_FACTORS:
            event.accept()
            return True
        if event.type() == QEvent.Type.DevicePixelRatioChange:
            self._cell_size = QSize()
            self._update_cell_size()
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = Qt.Key(event.key())
        if key in _ARROW_DISTANCES:
            self.pan_requested.emit(_ARROW_DISTANCES[key] * self.devicePixelRatioF())
        elif key in _ZOOM_FACTORS:
            self.zoom_requested.emit(_ZOOM_FACTORS[key], QPointF())
        else:
            super().keyPressEvent(event)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        is_mouse = event.reason() is QContextMenuEvent.Reason.Mouse
        cell = self._find_cell(event.globalPos()) if is_mouse else None
        if self._views:
            self.menu_requested.emit(cell, event.globalPos())
        event.accept()

    def _find_cell(self, global_position: QPoint) -> GridCell | None:
        regions, keys = self._structure
        for region in regions:
            views = self._views[region.number]
            for view, key, label in zip(views, keys, self._column_labels, strict=True):
                if view.rect().contains(view.mapFromGlobal(global_position)):
                    return GridCell(region, key, label.accessibleName(), view)
        return None

    def _rebuild(self, regions: Sequence[NumberedRegion], items: Sequence[GalleryItem]) -> None:
        while (layout_item := self._grid.takeAt(0)) is not None:
            if widget := layout_item.widget():
                widget.hide()  # deleteLater() leaves the widget visible for a while
                widget.deleteLater()
        columns = items if regions else ()
        self._column_labels = [ElidedLabel(Qt.TextElideMode.ElideRight) for _ in columns]
        self._views = {
            region.number: tuple(self._create_view() for _ in columns) for region in regions
        }
        self._headers = [self._create_header(region) for region in regions]
        for column, label in enumerate(self._column_labels, 1):
            self._grid.addWidget(label, 0, column)
        top_left = Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeft
        for row, (header, region) in enumerate(zip(self._headers, regions, strict=True), 1):
            self._grid.addWidget(header, row, 0, Qt.AlignmentFlag.AlignTop)
            for column, view in enumerate(self._views[region.number], 1):
                self._grid.addWidget(view, row, column, top_left)

    def _create_view(self) -> RegionView:
        view = RegionView()
        view.zoom_requested.connect(self.zoom_requested)
        view.pan_requested.connect(self.pan_requested)
        view.fit_requested.connect(self.fit_requested)
        return view

    def _create_header(self, region: NumberedRegion) -> RegionHeader:
        header = RegionHeader(region)
        header.go_to_requested.connect(self.go_to_requested)
        header.remove_requested.connect(self.remove_requested)
        return header

    def _update_cell_size(self) -> None:
        """Share the room between the cells, which are never smaller than `_MIN_CELL_SIZE`."""
        rows, columns = len(self._headers), len(self._column_labels)
        if not rows or not columns:
            return
        available_size = self.viewport().size() - QSize(2 * _MARGIN, 2 * _MARGIN)
        label_height = self._column_labels[0].sizeHint().height()
        header_height = max(header.sizeHint().height() for header in self._headers)
        width = (available_size.width() - HEADER_WIDTH) // columns - SPACING
        height = (available_size.height() - label_height) // rows - SPACING
        min_height = max(_MIN_CELL_SIZE.height(), header_height)
        size = QSize(max(width, _MIN_CELL_SIZE.width()), max(height, min_height))
        for view in (view for views in self._views.values() for view in views):
            view.setFixedSize(size)
        for label in self._column_labels:
            label.setFixedWidth(size.width())
        if size != self._cell_size:
            self._cell_size = size
            self.cell_size_changed.emit(size * self.devicePixelRatioF())
