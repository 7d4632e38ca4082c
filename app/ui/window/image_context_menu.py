"""The context menu of the compared images."""

from __future__ import annotations

from PySide6.QtCore import QPoint, Slot
from PySide6.QtWidgets import QMenu

from app.i18n.translation import tr
from app.ui.compare.compare_view import CompareView
from app.ui.widgets.action_factory import MenuItems, add_menu_entries
from app.ui.window.actions import WindowActions
from app.ui.window_context import Controller, WindowContext


class ImageContextMenu(Controller):
    """The controller that opens a menu of the most frequent actions on the compared images."""

    def __init__(
        self, context: WindowContext, actions: WindowActions, compare_view: CompareView
    ) -> None:
        super().__init__(context)
        self._actions = actions
        self._compare_view = compare_view
        compare_view.menu_requested.connect(self._open_menu)

    @Slot(QPoint)
    def _open_menu(self, global_position: QPoint) -> None:
        menu = QMenu(self._compare_view)
        menu.setAccessibleName(tr("Actions on the picture"))
        add_menu_entries(menu, self._menu_items())
        menu.aboutToHide.connect(menu.deleteLater)
        menu.popup(global_position)

    def _menu_items(self) -> MenuItems:
        actions = self._actions
        return (
            *(actions.restore, actions.restore_visible, None),
            *(actions.save, actions.clipboard.copy_result, actions.clipboard.copy_original, None),
            *(actions.view.choose_images, actions.view.fit, actions.view.actual_size, None),
            *(actions.regions.add_visible_region, actions.regions.toggle_regions_page, None),
            *(actions.batch.previous_file, actions.batch.next_file, actions.batch.show_open_file),
        )
