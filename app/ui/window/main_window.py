"""The main window."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QSize, Qt, Signal, Slot
from PySide6.QtGui import QCloseEvent, QDragEnterEvent, QDragLeaveEvent, QDropEvent
from PySide6.QtWidgets import (
    QDialog,
    QHBoxLayout,
    QMainWindow,
    QSplitter,
    QVBoxLayout,
    QWidget,
)

from app.config.settings import PanelLayer
from app.config.settings_store import SettingsStore
from app.config.window_state import WindowState
from app.i18n.translation import tr
from app.ui.batch.batch_controller import BatchController
from app.ui.batch.overview.overview_controller import FolderOverviewController
from app.ui.batch.replacement.replacement_controller import ReplacementController
from app.ui.compare.compare_controller import CompareController
from app.ui.compare.compare_view import CompareView
from app.ui.compare.key_help import compare_view_shortcuts
from app.ui.document.document_controller import DocumentController, are_for_batch
from app.ui.document.welcome_page import WelcomePage
from app.ui.export.export_controller import ExportController
from app.ui.export.output_field_row import OutputFieldRow
from app.ui.folder.folder_controller import FolderController
from app.ui.inspector.inspector_controller import InspectorController
from app.ui.inspector.pixel_readout import ReadoutBar
from app.ui.parameters.parameters_controller import ParametersController
from app.ui.preferences.preferences_controller import PreferencesController
from app.ui.priors.prior_controller import PriorController
from app.ui.regions.regions_controller import RegionsController
from app.ui.results.earlier_results_offer import EarlierResultsOffer
from app.ui.results.results_controller import ResultsController
from app.ui.results.unsaved_results_prompt import UnsavedResultsPrompt
from app.ui.run.run_bar import RunBar
from app.ui.run.run_controller import RunController
from app.ui.support.support_controller import SupportController
from app.ui.widgets.bottom_panel import BottomPanel
from app.ui.widgets.dialogs import Dialogs
from app.ui.widgets.drop_highlight import DropHighlight
from app.ui.widgets.floating_message_bar import FloatingMessageBar
from app.ui.widgets.input_filter import InputFilter
from app.ui.widgets.mime_files import local_file_paths
from app.ui.widgets.theme import Theme
from app.ui.widgets.tooltips import wrap_tooltips
from app.ui.window.actions import WindowActions
from app.ui.window.central_stack import CentralStack
from app.ui.window.folder_layout import FolderLayout
from app.ui.window.full_screen import FullScreenController
from app.ui.window.image_context_menu import ImageContextMenu
from app.ui.window.side_panel import SidePanel
from app.ui.window.window_presenter import WindowPresenter
from app.ui.window_context import WindowContext
from app.viewmodels.window.window_view_models import WindowViewModels
from ddrm_core.jpeg.recompression import PreviousCompression
from ddrm_core.restoration.assumption import CompressionAssumption

_DEFAULT_SIZE = QSize(1280, 800)
_MIN_SIZE = QSize(900, 600)


class MainWindow(QMainWindow):
    """The main window: layout, actions, menus, controllers and closing.

    Signals:
        closed: The user has closed the window, and its state is saved. When `emit` returns, all
            threads behind the window have ended, in the order that `app.compose` defines.
    """

    closed = Signal()

    def __init__(
        self,
        view_models: WindowViewModels,
        theme: Theme,
        *,
        dialogs: Dialogs,
        settings_store: SettingsStore,
    ) -> None:
        super().__init__()
        self.view_models = view_models
        self._is_closed = False
        self.action_set = WindowActions(self, theme)
        self.side_panel = SidePanel(
            view_models.parameters, view_models.saving.options, self.action_set, theme
        )
        self.compare_view = CompareView(view_models.compare, view_models.gallery)
        self.welcome_page = WelcomePage(theme)
        self.hint_bar = self.welcome_page.hint_bar
        self.run_bar = RunBar(theme)
        self.readout_bar = ReadoutBar()
        self.bottom_panel = BottomPanel(theme)
        self._central_stack = CentralStack()
        self.message_bar = FloatingMessageBar(theme, self._central_stack)
        self._splitter = QSplitter(Qt.Orientation.Vertical)
        self._right_column = QVBoxLayout()
        self._lay_out(theme)
        self._settings_store = settings_store
        self._create_controllers(
            WindowContext(
                self,
                view_models,
                self.message_bar,
                self.bottom_panel,
                dialogs,
                theme,
                settings_store,
            )
        )
        self._connect_actions()
        self._connect_controllers()
        self._restore_window_state()
        wrap_tooltips(self)

    def _create_controllers(self, context: WindowContext) -> None:
        """Create a controller for each feature.

        If several controllers show a message about one change, that of the last one remains.
        """
        actions, compare_view, side_panel = self.action_set, self.compare_view, self.side_panel
        self.unsaved_results_prompt = UnsavedResultsPrompt(context)
        confirm_continue = self.unsaved_results_prompt.confirm_continue
        self.document_controller = DocumentController(
            context, actions.recent_files, actions.recent_menu, self.welcome_page, confirm_continue
        )
        self.export_controller = ExportController(
            context, actions.clipboard, side_panel.result_panel.drag_handle, side_panel.save_options
        )
        self.prior_controller = PriorController(context)
        self.parameters_controller = ParametersController(
            context, actions.parameters, side_panel.parameter_panel, self.prior_controller
        )
        self.run_controller = RunController(
            context,
            actions.run,
            self.run_bar.timeline_strip,
            self.prior_controller,
            confirm_continue,
        )
        self.compare_controller = CompareController(context, actions.view, compare_view)
        self.regions_controller = RegionsController(context, actions.regions, compare_view)
        self.inspector_controller = InspectorController(
            context, actions.inspector, compare_view, side_panel.file_panel, self.readout_bar
        )
        adjustments = side_panel.result_panel.adjustments
        self.results_controller = ResultsController(
            context, actions.results, adjustments, compare_view
        )
        EarlierResultsOffer(context, self.results_controller.history_page)
        self._full_screen_controller = FullScreenController(
            self, actions.view.full_screen, actions.stop, compare_view, self.message_bar
        )
        self.preferences_controller = PreferencesController(context)
        self.support_controller = SupportController(
            context, actions.support, compare_view_shortcuts
        )
        self._create_folder_controllers(context)
        ImageContextMenu(context, actions, compare_view)
        WindowPresenter(
            context, actions, self._central_stack, compare_view, side_panel, self.run_bar
        )

    def _create_folder_controllers(self, context: WindowContext) -> None:
        """Create the controllers of the batch and of the open file's folder."""
        actions = self.action_set.batch
        self.batch_controller = BatchController(context, actions, self.compare_view)
        FolderOverviewController(context, actions, self.batch_controller.page)
        output_options = self.batch_controller.page.output_options
        ReplacementController(context, actions, output_options.replacement_fields)
        output_options.add_output_fields(OutputFieldRow(self.view_models.saving.options))
        self._folder_layout = FolderLayout(
            self._central_stack,
            self._splitter,
            self.welcome_page,
            self.batch_controller.batch_preview,
            context.view_models.batch,
            context.bottom_panel,
        )
        self.folder_controller = FolderController(context, actions)
        below_images = self._right_column.indexOf(self._splitter) + 1
        self._right_column.insertWidget(below_images, self.folder_controller.strip)

    def _connect_controllers(self) -> None:
        """Connect signals of one feature with slots of another."""
        document = self.document_controller
        batch = self.batch_controller
        priors = self.prior_controller
        document.batch_requested.connect(batch.add_and_show)
        batch.open_requested.connect(document.open_request)
        batch.folder_step_requested.connect(self.folder_controller.open_neighbor)
        self.folder_controller.open_requested.connect(document.open_request)
        batch.prior_missing.connect(priors.offer_missing_prior)
        self.side_panel.priors_page_requested.connect(priors.show_page)
        for file_widget in (self.side_panel.file_panel, self.side_panel.file_summary):
            file_widget.assume_requested.connect(self._on_assume_requested)
        self.side_panel.layer_selected.connect(self.view_models.panel_layer.set_layer)
        self.side_panel.sharpness_changed.connect(self.view_models.run.set_sharpness)
        self.side_panel.uncertain_areas_requested.connect(self.action_set.view.spread.trigger)
        self.run_bar.stop_requested.connect(self.action_set.stop.trigger)
        input_filter = InputFilter(self, self.compare_view)
        input_filter.input_received.connect(self.view_models.quick_preview_scheduler.touch)
        self.bottom_panel.enlarged_changed.connect(self._on_panel_enlarged)

    @Slot(bool)
    def _on_panel_enlarged(self, is_enlarged: bool) -> None:
        self._central_stack.setHidden(is_enlarged)
        self.message_bar.float_over(self.bottom_panel if is_enlarged else self._central_stack)

    def open_paths(self, paths: Sequence[Path]) -> None:
        """Open a single file, or add several files or a folder to the batch."""
        self.document_controller.open_paths(paths)

    @Slot(object)
    def open_path(self, path: Path) -> None:
        """Open a single file; a folder is added to the batch."""
        self.open_paths([path])

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        paths = local_file_paths(event.mimeData())
        if paths:
            event.acceptProposedAction()
            to_list, to_open = tr("Drop to add to the folder list"), tr("Drop to open")
            text = to_list if are_for_batch(paths) else to_open
            self.drop_highlight.show_text(text)

    def dragLeaveEvent(self, _event: QDragLeaveEvent) -> None:
        self.drop_highlight.hide()

    def dropEvent(self, event: QDropEvent) -> None:
        self.drop_highlight.hide()
        event.acceptProposedAction()
        self.open_paths(local_file_paths(event.mimeData()))

    def closeEvent(self, event: QCloseEvent) -> None:
        if self._is_closed:  # Qt sends another event if a closed window is closed again
            return
        if not self.unsaved_results_prompt.confirm_close():
            event.ignore()
            return
        self._is_closed = True
        self._full_screen_controller.leave()
        self._save_window_state()
        self.view_models.stop_timers()
        # Threads may take a second to end; the window and its dialogs disappear before that.
        for dialog in self.findChildren(QDialog):
            dialog.close()
        self.hide()
        self.closed.emit()
        super().closeEvent(event)

    def _lay_out(self, theme: Theme) -> None:
        self.setMinimumSize(_MIN_SIZE)
        self.resize(_DEFAULT_SIZE)
        self.setAcceptDrops(True)
        for menu in self.action_set.create_menus():
            self.menuBar().addMenu(menu)
        self.tool_bar = self.action_set.create_tool_bar()
        self.addToolBar(self.tool_bar)
        self._central_stack.addWidget(self.welcome_page)
        self._central_stack.addWidget(self.compare_view)
        self._right_column.setSpacing(0)
        self._right_column.addWidget(self.hint_bar)
        self._splitter.setChildrenCollapsible(False)
        self._splitter.addWidget(self._central_stack)
        self._splitter.addWidget(self.bottom_panel)
        self._splitter.setStretchFactor(0, 1)
        for widget in (self._splitter, self.readout_bar, self.run_bar):
            self._right_column.addWidget(widget, 1 if widget is self._splitter else 0)
        central = QWidget()
        layout = QHBoxLayout(central)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self.side_panel)
        layout.addLayout(self._right_column, 1)
        self.setCentralWidget(central)
        self.drop_highlight = DropHighlight(central, theme)

    def _restore_window_state(self) -> None:
        """Restore geometry, splitter and bottom panel from the previous session."""
        window_state = self._settings_store.load_window_state()
        if window_state.geometry is not None:
            self.restoreGeometry(window_state.geometry)
        if window_state.splitter_state is not None:
            self._splitter.restoreState(window_state.splitter_state)
        self.bottom_panel.restore_page(window_state.bottom_panel_page or "")
        has_strip = window_state.has_thumbnail_strip is not False
        self.action_set.batch.show_thumbnail_strip.setChecked(has_strip)

    def _save_window_state(self) -> None:
        self._folder_layout.restore_sizes()
        self.bottom_panel.set_enlarged(is_enlarged=False)
        has_strip = self.action_set.batch.show_thumbnail_strip.isChecked()
        geometry, splitter_state = self.saveGeometry(), self._splitter.saveState()
        self._settings_store.save_window_state(
            WindowState(
                geometry,
                splitter_state,
                self.bottom_panel.current_page_key(),
                has_thumbnail_strip=has_strip,
            )
        )

    def _connect_actions(self) -> None:
        actions = self.action_set
        connections = (
            (actions.open, self.document_controller.ask_for_file),
            (actions.paste, self.document_controller.open_from_clipboard),
            (actions.reuse_settings, self.parameters_controller.ask_for_result),
            (actions.restore, self.run_controller.restore_image),
            (actions.restore_visible, self.run_controller.restore_visible_region),
            (actions.stop, self.view_models.run.cancel),
            (actions.stop, self.view_models.quick_preview_scheduler.stop_chosen),
            (actions.show_priors, self.prior_controller.show_page),
            (actions.save, self.export_controller.save_now),
            (actions.save_as, self.export_controller.ask_and_save),
            (actions.show_settings, self.preferences_controller.show_page),
            (actions.quit, self.close),
        )
        actions.show_expert_controls.toggled.connect(self._on_expert_toggled)
        for action, slot in connections:
            action.triggered.connect(lambda _checked, do=slot: do())

    @Slot(bool)
    def _on_expert_toggled(self, checked: bool) -> None:
        layer = PanelLayer.EXPERT if checked else PanelLayer.SIMPLE
        self.view_models.panel_layer.set_layer(layer)

    @Slot(object)
    def _on_assume_requested(self, previous: PreviousCompression) -> None:
        self.view_models.parameters.set_assumption(
            CompressionAssumption(previous.quality, (previous.left, previous.top))
        )
