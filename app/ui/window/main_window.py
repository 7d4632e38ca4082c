"""The window."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QSettings, QSize, Qt, Signal, Slot
from PySide6.QtGui import QCloseEvent, QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import (
    QHBoxLayout,
    QMainWindow,
    QSplitter,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from app import APP_NAME
from app.config.window_state import WindowState, load_window_state, save_window_state
from app.jobs.document.open import Document
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
from app.ui.window.actions import Actions
from app.ui.window.full_screen import FullScreen
from app.ui.window.inspection_controllers import Understand
from app.ui.window.mnemonics import keep_letters
from app.ui.window.result_controllers import Explore
from app.ui.window.side_panel import SidePanel
from app.ui.window.support_controllers import Desk
from app.viewmodels.batch.batch_text import batch_window_title
from app.viewmodels.document.document import DocumentOpened, DocumentState
from app.viewmodels.document.file_defaults import build_file_defaults, detect_problem
from app.viewmodels.export.save_options import build_save_subject
from app.viewmodels.export.saving import SavingState
from app.viewmodels.parameters.reuse_settings import ReuseSettingsState
from app.viewmodels.run.run import ResultReady, RunState
from app.viewmodels.window.availability import (
    may_repeat,
    may_restore,
    may_restore_visible,
    may_save,
    may_stop,
    status_words,
    title_for,
)
from app.viewmodels.window.window import ViewModels
from ddrm_core.jpeg.image import JpegImage
from ddrm_core.jpeg.recompression import Earlier

_FIRST_SIZE = QSize(1280, 800)
_LEAST_SIZE = QSize(900, 600)


class MainWindow(QMainWindow):
    """Layout, actions, menus and what happens at closing.

    Signals:
        closing: The window is going to be closed.
        closed: It was closed; what runs has to end, and this returns when it has.
    """

    closing = Signal()
    closed = Signal()

    def __init__(
        self, models: ViewModels, theme: Theme, *, dialogs: Dialogs, store: QSettings
    ) -> None:
        super().__init__()
        self.models = models
        self._theme = theme
        self._store = store
        self._gone = False
        self.actions_ = Actions(self, theme)
        self.panel = SidePanel(models.parameters, models.saving.options, theme)
        self.message = MessageBar(theme)
        self.canvas = CompareView(models.compare, models.gallery)
        self.empty = WelcomePage(theme)
        self.run_bar = RunBar(theme)
        self.readout = ReadoutBar()
        self.drawer = BottomPanel(theme)
        self._pages = QStackedWidget()
        self._stretching = QSplitter(Qt.Orientation.Vertical)
        self._lay_out()
        self._open_and_save(dialogs)
        self.priors = PriorController(
            self,
            models.priors,
            models.parameters,
            message_bar=self.message,
            dialogs=dialogs,
            settings_store=store,
            theme=theme,
        )
        self._repeater = ReuseSettingsController(
            self,
            models.repeat,
            models.document,
            models.parameters,
            message_bar=self.message,
            dialogs=dialogs,
            prior_controller=self.priors,
        )
        self._run_keeper = RunController(
            self,
            models,
            confirm_continue=self.unsaved.confirm_continue,
            message_bar=self.message,
            prior_controller=self.priors,
        )
        self._understand(dialogs)
        self._belong(dialogs)
        self._restore_folders(dialogs)
        self._connect_actions()
        models.compare.state_changed.connect(self._show_zoom)
        models.document.state_changed.connect(self._on_document_changed)
        models.history.state_changed.connect(self.panel.file.show_recompression)
        models.repeat.state_changed.connect(self._on_work_changed)
        models.run.state_changed.connect(self._on_run_changed)
        models.saving.state_changed.connect(self._on_work_changed)
        keep_letters(self.menuBar())
        self._restore_session()
        self._render()

    def _open_and_save(self, dialogs: Dialogs) -> None:
        """Build all that reads and writes files, and that asks before results are lost."""
        models, message, store = self.models, self.message, self._store
        self.unsaved = UnsavedResultsController(
            self, models.unsaved, models.saving, message_bar=message, dialogs=dialogs, store=store
        )
        self._opener = OpenController(
            self,
            models.document,
            confirm_continue=self.unsaved.confirm_continue,
            message_bar=message,
            dialogs=dialogs,
            store=store,
        )
        self._saver = SaveController(
            self, models.saving, message_bar=message, dialogs=dialogs, store=store
        )

    def _understand(self, dialogs: Dialogs) -> None:
        """What shows the pictures, and more of them."""
        models = self.models
        self.view_keeper = CompareController(
            self,
            self.actions_.view,
            models.compare,
            models.gallery,
            models.document,
            models.run,
            compare_view=self.canvas,
        )
        self.understand = Understand(
            self,
            self.actions_,
            models.understand,
            models.document,
            models.history,
            models.run,
            models.gallery,
            models.compare,
            models.parameters,
            canvas=self.canvas,
            panel=self.panel,
            readout=self.readout,
            drawer=self.drawer,
            message=self.message,
            dialogs=dialogs,
        )
        self.explore = Explore(
            self,
            self.actions_,
            models,
            run_bar=self.run_bar,
            drawer=self.drawer,
            message=self.message,
            panel=self.panel.parameters,
        )
        self.explore.rest_wanted.connect(self._run_keeper.restore_remaining)
        actions = self.actions_
        self._full_screen = FullScreen(
            self, actions.view.full_screen, actions.stop, self.canvas, self.message
        )

    def _belong(self, dialogs: Dialogs) -> None:
        """What is asked of the program rather than of a picture."""
        self.desk = Desk(
            self,
            self.actions_,
            self.models,
            opener=self._opener,
            empty=self.empty,
            handle=self.panel.result.drag_handle,
            message=self.message,
            theme=self._theme,
            dialogs=dialogs,
            store=self._store,
        )

    def _restore_folders(self, dialogs: Dialogs) -> None:
        """What is done with more than one file."""
        models = self.models
        self.queue = BatchController(
            self,
            self.actions_.queue,
            models.queue,
            models.document,
            models.parameters,
            models.saving.options,
            models.preferences,
            models.gallery,
            compare_view=self.canvas,
            bottom_panel=self.drawer,
            message_bar=self.message,
            dialogs=dialogs,
            theme=self._theme,
        )
        self._opener.batch_requested.connect(self.queue.add_and_show)
        self.queue.open_requested.connect(self._opener.open_request)
        self.queue.window_title_changed.connect(self._show_title)
        self.queue.prior_missing.connect(self.priors.offer_missing_prior)

    def open_paths(self, paths: Sequence[Path]) -> None:
        """Open a file; several of them, or a folder, are for the queue."""
        self._opener.open_paths(paths)

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
        if self._gone:  # Qt sends another event where a closed window is told to close
            return
        if not self.unsaved.confirm_close():
            event.ignore()
            return
        self._gone = True
        self._full_screen.leave()
        self._remember()
        # A run may take a second to end.
        self.priors.page.close()
        self.desk.close()
        self.understand.close()
        self.hide()
        self.closing.emit()
        self.closed.emit()
        super().closeEvent(event)

    def _lay_out(self) -> None:
        self.setMinimumSize(_LEAST_SIZE)
        self.resize(_FIRST_SIZE)
        self.setAcceptDrops(True)
        for menu in self.actions_.menus():
            self.menuBar().addMenu(menu)
        self.tools = self.actions_.toolbar()
        self.addToolBar(self.tools)
        self._pages.addWidget(self.empty)
        self._pages.addWidget(self.canvas)
        right = QVBoxLayout()
        right.setSpacing(0)
        self._stretching.setChildrenCollapsible(False)
        self._stretching.addWidget(self._pages)
        self._stretching.addWidget(self.drawer)
        self._stretching.setStretchFactor(0, 1)
        for widget in (self.message, self._stretching, self.readout, self.run_bar):
            right.addWidget(widget, 1 if widget is self._stretching else 0)
        central = QWidget()
        layout = QHBoxLayout(central)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self.panel)
        layout.addLayout(right, 1)
        self.setCentralWidget(central)

    def _restore_session(self) -> None:
        """Be as the window was when it was closed last."""
        session = load_window_state(self._store)
        if session.geometry is not None:
            self.restoreGeometry(session.geometry)
        if session.splitter_state is not None:
            self._stretching.restoreState(session.splitter_state)
        self.drawer.restore_page(session.bottom_panel_page or "")

    def _remember(self) -> None:
        geometry, split = self.saveGeometry(), self._stretching.saveState()
        save_window_state(self._store, WindowState(geometry, split, self.drawer.current_page_key()))

    def _connect_actions(self) -> None:
        actions = self.actions_
        wiring = (
            (actions.open, self._opener.ask_for_file),
            (actions.paste, self._opener.open_from_clipboard),
            (actions.repeat, self._repeater.ask_for_result),
            (actions.restore, self._run_keeper.restore_image),
            (actions.restore_visible, self._run_keeper.restore_visible_region),
            (actions.stop, self.models.run.cancel),
            (actions.priors, self.priors.show_page),
            (actions.save, self._on_save),
            (actions.quit, self.close),
        )
        for action, intent in wiring:
            action.triggered.connect(lambda _checked, do=intent: do())
        self.empty.open_requested.connect(self._opener.ask_for_file)
        self.run_bar.stop_requested.connect(self.models.run.cancel)
        self.panel.file.assume_requested.connect(self._on_assume)
        self.panel.priors_wanted.connect(self.priors.show_page)
        self.panel.sharpness_wanted.connect(self.models.run.set_sharpness)
        self.models.parameters.state_changed.connect(self._on_work_changed)

    @Slot(object)
    def _on_assume(self, earlier: Earlier) -> None:
        self.models.parameters.set_assumption(earlier.quality, (earlier.left, earlier.top))

    @Slot()
    def _on_save(self) -> None:
        state = self.models.run.state
        if isinstance(state, ResultReady):
            self._saver.ask_and_save(state, self.models.explore.runs.shown_run_number)

    @Slot(object)
    def _on_document_changed(self, state: DocumentState) -> None:
        if isinstance(state, DocumentOpened):
            self._show_document(state.document)
            # The settings follow the file first: a run that is gone back to brings its own.
            self.models.explore.runs.resume_activation()
        self._render()

    def _show_document(self, document: Document) -> None:
        models, source = self.models, document.source
        models.parameters.reset_assumptions(detect_problem(document))
        models.repeat.reset()
        models.history.reset()
        self.panel.file.show_document(document)
        self.panel.parameters.show_file_defaults(build_file_defaults(document))
        self._pages.setCurrentWidget(self.canvas)
        self.canvas.setFocus()
        if isinstance(source, JpegImage):
            models.history.check(source)

    @Slot(object)
    def _on_run_changed(self, state: RunState) -> None:
        if isinstance(state, ResultReady):
            run = state.result.restoration.run
            self.models.saving.options.set_subject(build_save_subject(run.image, run.region))
        self.panel.show_result(state if isinstance(state, ResultReady) else None)
        self._render()

    @Slot(object)
    def _on_work_changed(self, _state: SavingState | ReuseSettingsState) -> None:
        self._render()

    @Slot()
    def _show_title(self) -> None:
        title = title_for(self.models.document.state, APP_NAME)
        self.setWindowTitle(batch_window_title(self.models.queue.state, title))

    @Slot()
    def _show_zoom(self) -> None:
        if self.models.document.document is not None:
            self.run_bar.show_zoom(self.models.compare.state)

    def _render(self) -> None:
        models, actions = self.models, self.actions_
        document, run, saving = models.document.state, models.run.state, models.saving.state
        actions.restore.setEnabled(may_restore(document, run))
        problem = models.parameters.state.problem
        actions.restore_visible.setEnabled(may_restore_visible(document, run, problem))
        actions.repeat.setEnabled(may_repeat(document, models.repeat.state))
        actions.stop.setEnabled(may_stop(run))
        actions.save.setEnabled(may_save(run, saving))
        self._show_title()
        words = status_words(document, run, saving, models.repeat.state)
        self.run_bar.show_run(run, words)
        self._show_zoom()
        self.view_keeper.render()
