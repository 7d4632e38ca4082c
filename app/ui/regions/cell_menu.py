"""The context menu of the grid of regions."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

from PySide6.QtCore import QPointF
from PySide6.QtGui import QGuiApplication, QImage
from PySide6.QtWidgets import QMenu

from app.i18n.translation import tr
from app.ui.regions.region_grid import GridCell, RegionGrid
from app.ui.regions.versions_menu import VersionsMenu
from app.viewmodels.regions.region_zoom import BUTTON_ZOOM_FACTOR


@dataclass(frozen=True, slots=True)
class CellMenuTargets:
    """The widgets whose signals the entries of the menu emit.

    Attributes:
        grid: Grid of the cells.
        versions_menu: Menu of the images to compare.
    """

    grid: RegionGrid
    versions_menu: VersionsMenu


def create_cell_menu(targets: CellMenuTargets, cell: GridCell | None) -> QMenu:
    """Return the menu of a cell, or of the grid alone for None."""
    grid = targets.grid
    menu = QMenu(grid)
    menu.setAccessibleName(tr("Actions on the crops"))
    menu.aboutToHide.connect(menu.deleteLater)
    if cell is not None:
        _add_cell_entries(menu, targets, cell)
        menu.addSeparator()
    zoom = grid.zoom_requested
    zoom_in, zoom_out = BUTTON_ZOOM_FACTOR, 1 / BUTTON_ZOOM_FACTOR
    menu.addAction(tr("Zoom &in in all crops"), partial(zoom.emit, zoom_in, QPointF()))
    menu.addAction(tr("Zoom &out in all crops"), partial(zoom.emit, zoom_out, QPointF()))
    menu.addAction(tr("&Fit all crops"), grid.fit_requested.emit)
    if cell is not None:
        menu.addSeparator()
        remove = partial(grid.remove_requested.emit, cell.region.number)
        menu.addAction(tr("&Remove crop {number}").format(number=cell.region.number), remove)
    return menu


def _add_cell_entries(menu: QMenu, targets: CellMenuTargets, cell: GridCell) -> None:
    go_to = partial(targets.grid.go_to_requested.emit, cell.region)
    menu.addAction(tr("&Go to crop {number}").format(number=cell.region.number), go_to)
    image = cell.view.rendered_image
    copy = menu.addAction(tr("&Copy this crop as shown"), partial(_copy_image, image))
    copy.setEnabled(image is not None)
    leave_out = partial(targets.versions_menu.image_toggled.emit, cell.key, False)
    menu.addAction(tr('&Leave out "{picture}"').format(picture=cell.label), leave_out)


def _copy_image(image: QImage | None) -> None:
    if image is not None:
        QGuiApplication.clipboard().setImage(image)
