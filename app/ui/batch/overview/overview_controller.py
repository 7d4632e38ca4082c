"""The controller of what the folder page shows about files before they are restored."""

from __future__ import annotations

from PySide6.QtCore import Slot

from app.ui.batch.actions import BatchActions
from app.ui.batch.batch_page import BatchPage
from app.ui.window_context import Controller, WindowContext
from app.viewmodels.batch.overview.item_order import ItemOrder, sort_items


class FolderOverviewController(Controller):
    """The controller that connects facts about files and their cost with the folder page."""

    def __init__(self, context: WindowContext, actions: BatchActions, page: BatchPage) -> None:
        super().__init__(context)
        view_models = context.view_models
        self._batch, self._page = view_models.batch, page
        self._facts, self._cost = view_models.batch_file_facts, view_models.batch_cost
        self._facts.state_changed.connect(page.show_facts)
        self._cost.state_changed.connect(page.show_cost)
        view_models.batch_selection.state_changed.connect(page.show_selection)
        page.overview.selection_fields.rule_changed.connect(self._batch.set_selection)
        page.table_view.visible_items_changed.connect(self._facts.show_items)
        page.table_view.table_model.sort_requested.connect(self._sort_items)
        actions.show_details.toggled.connect(self._show_details)

    @Slot(bool)
    def _show_details(self, is_visible: bool) -> None:
        self._page.table_view.show_details(is_visible)
        # Only the details show what the search, up to a second for each file, finds out.
        self._facts.set_searching(is_visible)

    @Slot(object, bool)
    def _sort_items(self, order: ItemOrder, is_descending: bool) -> None:
        self._batch.order_items(
            sort_items(
                self._batch.state.items,
                order,
                self._facts.state,
                self._cost.state,
                is_descending=is_descending,
            )
        )
