"""The window."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QSize, Qt, Signal, Slot
from PySide6.QtGui import QCloseEvent, QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import (
    QHBoxLayout,
    QMainWindow,
    QSplitter,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from app.config.settings_store import SettingsStore
from app.config.window_state import WindowState
from app.ui.batch.batch_controller import BatchController
from app.ui.compare.compare_controller import CompareController
from app.ui.compare.compare_view import CompareView
from app.ui.document.open_controller import OpenController
from app.ui.document.welcome_page import WelcomePage
from app.ui.export.save_controller import SaveController
from app.ui.inspector.pixel_readout import ReadoutBar
from app.ui.parameters.reuse_settings_controller import ReuseSettingsController
from app.ui.priors.prior_controller import PriorController
from app.ui.results.unsaved_results_controller import UnsavedResultsController
from app.ui.run.run_bar import RunBar
from app.ui.run.run_controller import RunController
from app.ui.widgets.bottom_panel import BottomPanel
from app.ui.widgets.dialogs import Dialogs
from app.ui.widgets.message_bar import MessageBar
from app.ui.widgets.mime_files import local_file_paths
from app.ui.widgets.theme import Theme
from app.ui.window.actions import WindowActions
from app.ui.window.full_screen import FullScreenController
from app.ui.window.inspection_controllers import InspectionControllers
from app.ui.window.result_controllers import ResultControllers
from app.ui.window.side_panel import SidePanel
from app.ui.window.support_controllers import SupportControllers
from app.ui.window.window_presenter import WindowPresenter
from app.viewmodels.run.run import ResultReady
from app.viewmodels.window.window_view_models import WindowViewModels
from ddrm_core.jpeg.recompression import PreviousCompression

_DEFAULT_SIZE = QSize(1280, 800)
_MIN_SIZE = QSize(900, 600)


class MainWindow(QMainWindow):
    """Layout, actions, menus and what happens at closing.

    Signals:
        closed: The user has closed the window, and its state is saved. All behind the window ends
            before this returns, in the order that `app.compose` has.
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
        self._theme = theme
        self._settings_store = settings_store
        self._is_closed = False
        self.action_set = WindowActions(self, theme)
        self.side_panel = SidePanel(view_models.parameters, view_models.saving.options, theme)
        self.message_bar = MessageBar(theme)
        self.compare_view = CompareView(view_models.compare, view_models.gallery)
        self.welcome_page = WelcomePage(theme)
        self.run_bar = RunBar(theme)
        self.readout_bar = ReadoutBar()
        self.bottom_panel = BottomPanel(theme)
        self._central_stack = QStackedWidget()
        self._splitter = QSplitter(Qt.Orientation.Vertical)
        self._lay_out()
        self._create_file_controllers(dialogs)
        self.prior_controller = PriorController(
            self,
            view_models.priors,
            view_models.parameters,
            message_bar=self.message_bar,
            dialogs=dialogs,
            settings_store=settings_store,
            theme=theme,
        )
        self._reuse_controller = ReuseSettingsController(
            self,
            view_models.reuse_settings,
            view_models.document,
            view_models.parameters,
            message_bar=self.message_bar,
            dialogs=dialogs,
            prior_controller=self.prior_controller,
        )
        self._run_controller = RunController(
            self,
            view_models,
            confirm_continue=self.unsaved_controller.confirm_continue,
            message_bar=self.message_bar,
            prior_controller=self.prior_controller,
        )
        self._create_view_controllers(dialogs)
        self._create_support_controllers(dialogs)
        self._create_batch_controller(dialogs)
        self._connect_actions()
        self._create_presenter()
        self._restore_window_state()
        self._presenter.render()

    def _create_file_controllers(self, dialogs: Dialogs) -> None:
        """Build all that reads and writes files, and that asks before results are lost."""
        view_models, message_bar, settings_store = (
            self.view_models,
            self.message_bar,
            self._settings_store,
        )
        self.unsaved_controller = UnsavedResultsController(
            self,
            view_models.unsaved_results,
            view_models.saving,
            message_bar=message_bar,
            dialogs=dialogs,
            store=settings_store,
        )
        self._open_controller = OpenController(
            self,
            view_models.document,
            confirm_continue=self.unsaved_controller.confirm_continue,
            message_bar=message_bar,
            dialogs=dialogs,
            store=settings_store,
        )
        self._save_controller = SaveController(
            self, view_models.saving, message_bar=message_bar, dialogs=dialogs, store=settings_store
        )

    def _create_view_controllers(self, dialogs: Dialogs) -> None:
        """What shows the pictures, and more of them."""
        view_models = self.view_models
        self.compare_controller = CompareController(
            self,
            self.action_set.view,
            view_models.compare,
            view_models.gallery,
            view_models.document,
            view_models.run,
            compare_view=self.compare_view,
        )
        self.inspection_controllers = InspectionControllers(
            self,
            self.action_set,
            view_models,
            compare_view=self.compare_view,
            side_panel=self.side_panel,
            readout_bar=self.readout_bar,
            bottom_panel=self.bottom_panel,
            message_bar=self.message_bar,
            dialogs=dialogs,
        )
        self.result_controllers = ResultControllers(
            self,
            self.action_set,
            view_models,
            run_bar=self.run_bar,
            bottom_panel=self.bottom_panel,
            message_bar=self.message_bar,
            parameter_panel=self.side_panel.parameter_panel,
        )
        self.result_controllers.restore_remaining_requested.connect(
            self._run_controller.restore_remaining
        )
        actions = self.action_set
        self._full_screen_controller = FullScreenController(
            self, actions.view.full_screen, actions.stop, self.compare_view, self.message_bar
        )

    def _create_support_controllers(self, dialogs: Dialogs) -> None:
        """What is asked of the program rather than of a picture."""
        self.support_controllers = SupportControllers(
            self,
            self.action_set,
            self.view_models,
            open_controller=self._open_controller,
            welcome_page=self.welcome_page,
            drag_handle=self.side_panel.result_panel.drag_handle,
            message_bar=self.message_bar,
            theme=self._theme,
            dialogs=dialogs,
            settings_store=self._settings_store,
        )

    def _create_batch_controller(self, dialogs: Dialogs) -> None:
        """What is done with more than one file."""
        view_models = self.view_models
        self.batch_controller = BatchController(
            self,
            self.action_set.batch,
            view_models.batch,
            view_models.document,
            view_models.parameters,
            view_models.saving.options,
            view_models.preferences,
            view_models.gallery,
            compare_view=self.compare_view,
            bottom_panel=self.bottom_panel,
            message_bar=self.message_bar,
            dialogs=dialogs,
            theme=self._theme,
        )
        self._open_controller.batch_requested.connect(self.batch_controller.add_and_show)
        self.batch_controller.open_requested.connect(self._open_controller.open_request)
        self.batch_controller.prior_missing.connect(self.prior_controller.offer_missing_prior)

    def _create_presenter(self) -> None:
        self._presenter = WindowPresenter(
            self,
            self.view_models,
            self.action_set,
            central_stack=self._central_stack,
            compare_view=self.compare_view,
            compare_controller=self.compare_controller,
            side_panel=self.side_panel,
            run_bar=self.run_bar,
        )
        self.batch_controller.window_title_changed.connect(self._presenter.update_title)

    def open_paths(self, paths: Sequence[Path]) -> None:
        """Open a file; several of them, or a folder, are for the queue."""
        self._open_controller.open_paths(paths)

    @Slot(object)
    def open_path(self, path: Path) -> None:
        """Open it."""
        self.open_paths([path])

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if local_file_paths(event.mimeData()):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        event.acceptProposedAction()
        self.open_paths(local_file_paths(event.mimeData()))

    def closeEvent(self, event: QCloseEvent) -> None:
        if self._is_closed:  # Qt sends another event where a closed window is told to close
            return
        if not self.unsaved_controller.confirm_close():
            event.ignore()
            return
        self._is_closed = True
        self._full_screen_controller.leave()
        self._save_window_state()
        # A run may take a second to end.
        self.prior_controller.page.close()
        self.support_controllers.close_pages()
        self.inspection_controllers.close()
        self.hide()
        self.closed.emit()
        super().closeEvent(event)

    def _lay_out(self) -> None:
        self.setMinimumSize(_MIN_SIZE)
        self.resize(_DEFAULT_SIZE)
        self.setAcceptDrops(True)
        for menu in self.action_set.create_menus():
            self.menuBar().addMenu(menu)
        self.tool_bar = self.action_set.create_tool_bar()
        self.addToolBar(self.tool_bar)
        self._central_stack.addWidget(self.welcome_page)
        self._central_stack.addWidget(self.compare_view)
        right_column = QVBoxLayout()
        right_column.setSpacing(0)
        self._splitter.setChildrenCollapsible(False)
        self._splitter.addWidget(self._central_stack)
        self._splitter.addWidget(self.bottom_panel)
        self._splitter.setStretchFactor(0, 1)
        for widget in (self.message_bar, self._splitter, self.readout_bar, self.run_bar):
            right_column.addWidget(widget, 1 if widget is self._splitter else 0)
        central = QWidget()
        layout = QHBoxLayout(central)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self.side_panel)
        layout.addLayout(right_column, 1)
        self.setCentralWidget(central)

    def _restore_window_state(self) -> None:
        """Be as the window was when it was closed last."""
        window_state = self._settings_store.load_window_state()
        if window_state.geometry is not None:
            self.restoreGeometry(window_state.geometry)
        if window_state.splitter_state is not None:
            self._splitter.restoreState(window_state.splitter_state)
        self.bottom_panel.restore_page(window_state.bottom_panel_page or "")

    def _save_window_state(self) -> None:
        geometry, splitter_state = self.saveGeometry(), self._splitter.saveState()
        self._settings_store.save_window_state(
            WindowState(geometry, splitter_state, self.bottom_panel.current_page_key())
        )

    def _connect_actions(self) -> None:
        actions = self.action_set
        connections = (
            (actions.open, self._open_controller.ask_for_file),
            (actions.paste, self._open_controller.open_from_clipboard),
            (actions.reuse_settings, self._reuse_controller.ask_for_result),
            (actions.restore, self._run_controller.restore_image),
            (actions.restore_visible, self._run_controller.restore_visible_region),
            (actions.stop, self.view_models.run.cancel),
            (actions.show_priors, self.prior_controller.show_page),
            (actions.save, self._ask_and_save),
            (actions.quit, self.close),
        )
        for action, slot in connections:
            action.triggered.connect(lambda _checked, do=slot: do())
        self.welcome_page.open_requested.connect(self._open_controller.ask_for_file)
        self.run_bar.stop_requested.connect(self.view_models.run.cancel)
        self.side_panel.file_panel.assume_requested.connect(self._on_assume_requested)
        self.side_panel.priors_page_requested.connect(self.prior_controller.show_page)
        self.side_panel.sharpness_changed.connect(self.view_models.run.set_sharpness)

    @Slot(object)
    def _on_assume_requested(self, previous: PreviousCompression) -> None:
        self.view_models.parameters.set_assumption(previous.quality, (previous.left, previous.top))

    @Slot()
    def _ask_and_save(self) -> None:
        state = self.view_models.run.state
        if isinstance(state, ResultReady):
            self._save_controller.ask_and_save(state, self.view_models.run_history.shown_run_number)
