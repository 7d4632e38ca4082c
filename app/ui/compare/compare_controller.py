"""The controller of the compare view."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import QPoint, Slot

from app.ui.compare.actions import ViewActions
from app.ui.compare.compare_view import CompareView
from app.ui.compare.image_menu import create_image_menu
from app.ui.compare.legend_bar import LegendBar
from app.ui.window_context import Controller, WindowContext
from app.viewmodels.compare.compare import AMPLIFICATIONS, ZOOM_STEP, CompareMode
from app.viewmodels.compare.scene import build_legend, build_result_overlays
from app.viewmodels.run.run import ResultReady


class CompareController(Controller):
    """The controller of the compare view.

    The controller connects the view's actions, legend bar and image menu with the view models.
    """

    def __init__(
        self, context: WindowContext, actions: ViewActions, compare_view: CompareView
    ) -> None:
        super().__init__(context)
        compare = context.view_models.compare
        self._actions = actions
        self._compare = compare
        self._gallery = context.view_models.gallery
        self._document = context.view_models.document
        self._run = context.view_models.run
        self._quick_preview = context.view_models.quick_preview
        self._compare_view = compare_view
        action_handlers = (
            *((a, partial(compare.set_mode, mode)) for mode, a in actions.mode_actions.items()),
            (actions.choose_images, self._open_image_menu_by_key),
            (actions.fit, compare.fit),
            (actions.actual_size, partial(compare.set_scale, 1.0)),
            (actions.zoom_in, partial(compare.zoom, ZOOM_STEP)),
            (actions.zoom_out, partial(compare.zoom, 1 / ZOOM_STEP)),
            (actions.consistency_overlay, compare.toggle_overlay),
            (actions.smooth_pixels, compare.toggle_smoothing),
            (actions.pixel_grid, compare.toggle_grid),
            (actions.loupe, compare_view.toggle_loupe),
            (actions.decrease_amplification, partial(compare.change_amplification, -1)),
            (actions.increase_amplification, partial(compare.change_amplification, 1)),
            (actions.split_left, partial(compare.move_split, 0.0)),
            (actions.split_middle, partial(compare.move_split, 0.5)),
            (actions.split_right, partial(compare.move_split, 1.0)),
        )
        for action, handler in action_handlers:
            action.triggered.connect(lambda _checked, do=handler: do())
        self.legend_bar = LegendBar(actions.decrease_amplification, actions.increase_amplification)
        compare_view.add_bottom_control(self.legend_bar)
        compare_view.image_choice_requested.connect(self._open_image_menu)
        for view_model in (compare, self._document, self._run, self._quick_preview):
            view_model.state_changed.connect(self._render)
        self._render()

    @Slot()
    def _render(self) -> None:
        """Update the checked and enabled state of the actions, the overlays and the legend."""
        state, actions = self._compare.state, self._actions
        is_document_open = self._document.document is not None
        actions.mode_actions[state.mode].setChecked(True)
        actions.consistency_overlay.setChecked(state.is_overlay_visible)
        can_show_overlay = state.mode not in (CompareMode.DIFFERENCE, CompareMode.SPREAD)
        actions.consistency_overlay.setEnabled(
            can_show_overlay and isinstance(self._run.state, ResultReady)
        )
        actions.smooth_pixels.setChecked(state.is_smoothing_enabled)
        actions.pixel_grid.setChecked(state.is_grid_enabled)
        actions.loupe.setChecked(state.loupe_position is not None)
        overlays = build_result_overlays(self._run.state, self._quick_preview.state)
        self._compare_view.show_result_overlays(overlays)
        self.legend_bar.show_legend(
            build_legend(state, overlays) if is_document_open else None, state.mode
        )
        for action in actions.image_actions:
            action.setEnabled(is_document_open)
        actions.choose_images.setEnabled(is_document_open and bool(state.visible_slots))
        actions.decrease_amplification.setEnabled(
            is_document_open and state.amplification not in (None, AMPLIFICATIONS[0])
        )
        actions.increase_amplification.setEnabled(
            is_document_open and state.amplification not in (None, AMPLIFICATIONS[-1])
        )
        for action in actions.split_actions:
            action.setEnabled(is_document_open and state.mode is CompareMode.SLIDER)

    @Slot(object, QPoint)
    def _open_image_menu(self, slots: Sequence[int], global_position: QPoint) -> None:
        menu = create_image_menu(self._compare_view, self._compare, self._gallery.state, slots)
        menu.aboutToHide.connect(menu.deleteLater)
        menu.popup(global_position)

    def _open_image_menu_by_key(self) -> None:
        corner = self._compare_view.rect().topLeft() + QPoint(12, 12)
        self._open_image_menu(
            self._compare.state.visible_slots, self._compare_view.mapToGlobal(corner)
        )
