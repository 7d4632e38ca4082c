"""The presenter of document, run and saving state in the main window."""

from __future__ import annotations

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QApplication, QStackedWidget

from app.config.settings import PanelLayer
from app.ui.compare.compare_view import CompareView
from app.ui.folder.thumbnail_strip import ThumbnailStrip
from app.ui.run.run_bar import RunBar
from app.ui.window.actions import WindowActions
from app.ui.window.side_panel import SidePanel
from app.ui.window_context import Controller, WindowContext
from app.viewmodels.batch.batch_text import batch_window_title
from app.viewmodels.document.document import DocumentOpened, DocumentState
from app.viewmodels.document.file_defaults import build_file_defaults
from app.viewmodels.run.progress_text import run_window_title
from app.viewmodels.run.run import ResultReady, RunState
from app.viewmodels.window.availability import (
    can_restore,
    can_restore_visible,
    can_reuse_settings,
    can_save,
    can_stop,
    find_obstacle,
    window_status_text,
    window_title,
)
from app.viewmodels.window.preview_offer import chosen_preview_text, is_preview_offered_first
from ddrm_core import PROGRAM_NAME


class WindowPresenter(Controller):
    """A presenter that updates the window when the document, the run or the saving changes.

    The presenter enables actions and sets the title, the side panel and the run bar.
    """

    def __init__(
        self,
        context: WindowContext,
        actions: WindowActions,
        central_stack: QStackedWidget,
        compare_view: CompareView,
        side_panel: SidePanel,
        run_bar: RunBar,
    ) -> None:
        super().__init__(context)
        view_models = context.view_models
        self._view_models = view_models
        self._actions = actions
        self._central_stack = central_stack
        self._compare_view = compare_view
        self._side_panel = side_panel
        self._run_bar = run_bar
        view_models.batch.state_changed.connect(self._update_title)
        view_models.compare.state_changed.connect(self._update_zoom)
        view_models.document.state_changed.connect(self._on_document_changed)
        for file_widget in (side_panel.file_panel, side_panel.file_summary):
            view_models.recompression.state_changed.connect(file_widget.show_recompression)
        view_models.panel_layer.state_changed.connect(self._on_panel_layer_changed)
        view_models.run.state_changed.connect(self._on_run_changed)
        for view_model in (
            *(view_models.parameters, view_models.reuse_settings, view_models.saving),
            *(view_models.cost_estimate, view_models.quick_preview, view_models.run_history),
        ):
            view_model.state_changed.connect(self._render)
        self._on_panel_layer_changed(view_models.panel_layer.state)
        self._render()

    @Slot(object)
    def _on_panel_layer_changed(self, layer: PanelLayer) -> None:
        self._side_panel.show_layer(layer)
        self._actions.show_expert_controls.setChecked(layer is PanelLayer.EXPERT)

    @Slot()
    def _render(self) -> None:
        view_models, actions = self._view_models, self._actions
        document = view_models.document.state
        run = view_models.run.state
        saving = view_models.saving.state
        history = view_models.run_history.state
        parameters = view_models.parameters.state
        obstacle = find_obstacle(document, parameters)
        self._side_panel.parameter_panel.show_obstacle(obstacle)
        actions.restore.setEnabled(can_restore(document, run, obstacle))
        is_part_restorable = can_restore_visible(document, run, parameters.problem, obstacle)
        actions.restore_visible.setEnabled(is_part_restorable)
        actions.reuse_settings.setEnabled(
            can_reuse_settings(document, view_models.reuse_settings.state)
        )
        preview = view_models.quick_preview.state
        actions.run.preview_center.setEnabled(is_part_restorable and not preview.is_chosen_working)
        self._side_panel.show_preview_offer(
            is_offered=actions.restore.isEnabled()
            and is_preview_offered_first(
                view_models.cost_estimate.state.cost_estimate, run, preview
            )
        )
        actions.stop.setEnabled(can_stop(run) or preview.is_chosen_working)
        for action in (actions.save, actions.save_as):
            action.setEnabled(can_save(run, saving, history))
        self._update_title()
        reuse = view_models.reuse_settings.state
        text = window_status_text(document, run, saving, reuse, obstacle)
        if preview.is_chosen_working:
            self._run_bar.show_preview(preview.fraction_done, chosen_preview_text(preview))
        else:
            self._run_bar.show_run(run, text)
        self._update_zoom()

    @Slot()
    def _update_title(self) -> None:
        title = window_title(self._view_models.document.state, PROGRAM_NAME)
        title = run_window_title(self._view_models.run.state, title)
        self._window.setWindowTitle(batch_window_title(self._view_models.batch.state, title))

    @Slot(object)
    def _on_document_changed(self, state: DocumentState) -> None:
        if isinstance(state, DocumentOpened):
            self._side_panel.file_panel.show_document(state.document)
            self._side_panel.file_summary.show_document(state.document)
            self._side_panel.parameter_panel.show_file_defaults(build_file_defaults(state.document))
            self._central_stack.setCurrentWidget(self._compare_view)
            # In the thumbnail strip, the arrow keys go on to further files.
            if not isinstance(QApplication.focusWidget(), ThumbnailStrip):
                self._compare_view.setFocus()
        self._render()

    @Slot(object)
    def _on_run_changed(self, state: RunState) -> None:
        self._side_panel.show_result(state if isinstance(state, ResultReady) else None)
        self._render()

    @Slot()
    def _update_zoom(self) -> None:
        if self._view_models.document.document is not None:
            self._run_bar.show_zoom(self._view_models.compare.state)
