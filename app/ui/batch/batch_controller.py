"""What the user goes through to restore whole folders."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtWidgets import QMainWindow, QWidget

from app.i18n.error_messages import message_for
from app.i18n.translation import tr
from app.jobs.batch.batch_items import Row
from app.jobs.batch.batch_worker import ResultPicture, Search
from app.ui.batch.actions import QueueActions
from app.ui.batch.batch_page import QueuePage
from app.ui.widgets.bottom_panel import Drawer
from app.ui.widgets.dialogs import FileDialogs, confirm
from app.ui.widgets.message_bar import MessageBar
from app.ui.widgets.theme import Theme
from app.viewmodels.batch.batch import QueueViewModel
from app.viewmodels.batch.batch_events import (
    AskRedo,
    Ended,
    Event,
    FolderGone,
    Full,
    Recalled,
    Reported,
    Trouble,
)
from app.viewmodels.batch.batch_state import Phase, QueueState
from app.viewmodels.batch.batch_text import (
    ended_message,
    file_settings,
    full_message,
    gone_message,
    queue_settings,
    recalled_message,
    redo_question,
    reported_message,
    result_words,
    searched_message,
)
from app.viewmodels.compare.gallery import GalleryViewModel
from app.viewmodels.document.document import DocumentState, DocumentViewModel, Opened, OpenRequest
from app.viewmodels.export.save_options import SaveOptionsViewModel
from app.viewmodels.parameters.parameters import ParametersViewModel
from app.viewmodels.preferences.preferences import PreferencesViewModel
from ddrm_core.errors import PriorNotHere


class QueueKeeper(QObject):
    """Connects the queue with the window: page, actions, messages, results in the pictures.

    Attributes:
        page: In the drawer.

    Signals:
        title_changed: The window's title is to be made again.
        prior_missing: Nothing goes on without a prior that is not here. arg1: its name.
    """

    title_changed = Signal()
    prior_missing = Signal(str)
    open_wanted = Signal(object)

    def __init__(
        self,
        window: QMainWindow,
        actions: QueueActions,
        queue: QueueViewModel,
        document: DocumentViewModel,
        parameters: ParametersViewModel,
        options: SaveOptionsViewModel,
        preferences: PreferencesViewModel,
        gallery: GalleryViewModel,
        *,
        canvas: QWidget,
        drawer: Drawer,
        message: MessageBar,
        dialogs: FileDialogs,
        theme: Theme,
    ) -> None:
        super().__init__(window)
        self._window = window
        self._actions = actions
        self._queue = queue
        self._document = document
        self._parameters = parameters
        self._options = options
        self._preferences = preferences
        self._gallery = gallery
        self._drawer = drawer
        self._message = message
        self._dialogs = dialogs
        self._folder = Path.home()
        self._shown: int | None = None
        self.page = QueuePage(actions, theme)
        drawer.add_page(
            self.page,
            "QueuePage",
            tr("Folder"),
            tr("Restore whole folders, one file after another"),
        )
        actions.settle(self.page, canvas, window)
        self._connect()
        self._propose()
        self._prefer()
        self._render(queue.state)

    def take(self, paths: Sequence[Path]) -> None:
        """Add files and folders, and show the page."""
        self._queue.add(paths)
        self._drawer.open_page(self.page)

    def open_file(self, number: int) -> None:
        """Look at a file of the queue, beside its result where there is one."""
        row = self._queue.state.find(number)
        if row is not None:
            self._shown = number
            self.page.view.show_file(number)
            request = OpenRequest(row.source, tolerate_damage=row.status.has_result)
            self.open_wanted.emit(request)

    def _connect(self) -> None:
        actions, queue, page = self._actions, self._queue, self.page
        view, options = page.view, page.options
        wiring = (
            (actions.page, lambda: self._drawer.toggle_page(page)),
            (actions.add_files, self._add_files),
            (actions.add_folder, self._add_folder),
            (actions.start, self._start),
            (actions.pause, queue.pause),
            (actions.stop, queue.stop),
            (actions.open, self._open_selected),
            (actions.next, lambda: self._go(1)),
            (actions.previous, lambda: self._go(-1)),
            (actions.remove, lambda: queue.remove(view.numbers())),
            (actions.up, lambda: queue.move(view.numbers(), -1)),
            (actions.down, lambda: queue.move(view.numbers(), 1)),
            (actions.own, self._use_own),
            (actions.common, lambda: queue.use_settings(view.numbers(), None)),
            (actions.retry, queue.retry_failed),
            (actions.clear, queue.clear_finished),
            (actions.report, self._save_report),
            (actions.watch, self._watch),
        )
        for action, intent in wiring:
            action.triggered.connect(lambda _checked, do=intent: do())
        page.dropped.connect(self.take)
        view.open_wanted.connect(self.open_file)
        view.selected.connect(self._enable)
        view.table.move_wanted.connect(queue.move_before)
        options.place_wanted.connect(queue.set_place)
        options.folder_wanted.connect(self._choose_folder)
        options.recursive_wanted.connect(queue.set_recursive)
        options.every_wanted.connect(queue.set_every_format)
        options.damaged_wanted.connect(queue.set_damaged)
        options.renew_wanted.connect(queue.renew_settings)
        self._parameters.state_changed.connect(self._propose)
        self._options.state_changed.connect(self._propose)
        self._preferences.state_changed.connect(self._prefer)
        self._document.state_changed.connect(self._on_document_changed)
        queue.state_changed.connect(self._render)
        queue.happened.connect(self._on_happened)

    @Slot()
    def _propose(self) -> None:
        choices = self._options.state.choices
        self._queue.propose(queue_settings(self._parameters.state, choices))

    @Slot()
    def _prefer(self) -> None:
        self._queue.prefer(self._preferences.state.results_folder)

    def _add_files(self) -> None:
        paths = self._dialogs.ask_pictures(self._window, self._folder)
        if paths:
            self._folder = paths[0].parent
            self.take(paths)

    def _add_folder(self) -> None:
        folder = self._dialogs.ask_folder(self._window, self._folder)
        if folder is not None:
            self._folder = folder.parent
            self.take([folder])

    def _choose_folder(self) -> None:
        place = self._queue.state.place
        folder = self._dialogs.ask_folder(self._window, place.folder or self._folder)
        if folder is not None:
            self._queue.set_place(replace(place, folder=folder))

    def _watch(self) -> None:
        if self._queue.state.watched is not None:
            self._queue.watch(None)
            return
        folder = self._dialogs.ask_folder(self._window, self._folder)
        if folder is not None:
            self._queue.watch(folder)
            self._drawer.open_page(self.page)
        self._render(self._queue.state)

    def _use_own(self) -> None:
        settings = file_settings(self._parameters.state, assumed=True)
        self._queue.use_settings(self.page.view.numbers(), settings)

    def _save_report(self) -> None:
        folder = self._queue.state.place.folder or self._folder
        path = self._dialogs.ask_report(self._window, folder / tr("report.csv"))
        if path is not None:
            self._queue.save_report(path)

    def _open_selected(self) -> None:
        numbers = self.page.view.numbers()
        if numbers:
            self.open_file(numbers[0])

    def _go(self, by: int) -> None:
        """To the file before (-1) or after (+1) the opened one."""
        rows, document = self._queue.state.rows, self._document.document
        at = next((i for i, row in enumerate(rows) if row.number == self._shown), None)
        if at is None and document is not None:
            path = document.source.path
            at = next((i for i, row in enumerate(rows) if row.source == path), None)
        there = (0 if by > 0 else len(rows) - 1) if at is None else at + by
        if 0 <= there < len(rows):
            self.open_file(rows[there].number)

    @Slot(object)
    def _on_document_changed(self, state: DocumentState) -> None:
        row = self._shown_row()
        if row is None or not isinstance(state, Opened):
            return
        if state.document.source.path != row.source:
            self._shown = None
        elif row.status.has_result:
            self._queue.fetch_result(row, state.document.display)

    def _shown_row(self) -> Row | None:
        return None if self._shown is None else self._queue.state.find(self._shown)

    @Slot(object)
    def _on_happened(self, event: Event) -> None:
        match event:
            case Ended(tally=tally):
                self._message.show_note(ended_message(tally))
                self._message.add_action(tr("Save report…"), self._save_report)
                self._message.add_action(tr("Show the files"), self._show_page)
            case Recalled(tally=tally):
                self._message.show_note(recalled_message(tally))
                self._message.add_action(tr("Go on"), self._go_on)
                self._message.add_action(tr("Show the files"), self._show_page)
            case AskRedo(count=count):
                confirm(
                    self._window,
                    redo_question(count),
                    yes=tr("Restore again"),
                    act=self._queue.redo_kept,
                    no=tr("Keep them"),
                    leave=self._queue.leave_kept,
                )
            case Full(folder=folder, error=error, left=left):
                self._message.show_failure(full_message(folder, error, left))
                self._message.add_action(tr("Go on"), self._go_on)
            case Trouble(error=PriorNotHere(name=name)):
                self.prior_missing.emit(name)
            case Trouble(error=error):
                self._message.show_failure(message_for(error))
            case Search(count=count, refused=refused):
                words = searched_message(count, refused)
                if words is not None:
                    self._message.show_note(words)
            case Reported(path=path):
                self._message.show_note(reported_message(path))
            case FolderGone(folder=folder):
                self._message.show_failure(gone_message(folder))
            case ResultPicture(number=number, picture=picture):
                row = self._shown_row()
                if row is not None and row.number == number:
                    self._gallery.show_result(picture, result_words(row))

    def _start(self) -> None:
        self.page.options.take_typed()
        self._queue.start()

    def _go_on(self) -> None:
        self._show_page()
        self._start()

    def _show_page(self) -> None:
        self._drawer.open_page(self.page)

    @Slot(object)
    def _render(self, state: QueueState) -> None:
        self.page.show_state(state)
        self._enable()
        self.title_changed.emit()

    @Slot()
    def _enable(self) -> None:
        """Let the actions do only what does something."""
        state, actions = self._queue.state, self._actions
        selected = self.page.view.selectionModel().hasSelection()
        tally = state.tally
        actions.start.setEnabled(state.may_start)
        actions.start.setIconText(tr("Go on") if state.settings is not None else tr("Start"))
        actions.pause.setEnabled(state.phase is Phase.RUNNING)
        actions.stop.setEnabled(state.phase in (Phase.RUNNING, Phase.PAUSING))
        for action in (actions.remove, actions.up, actions.down, actions.own, actions.common):
            action.setEnabled(selected)
        actions.open.setEnabled(selected)
        for action in (actions.next, actions.previous):
            action.setEnabled(bool(state.rows))
        actions.retry.setEnabled(tally.failed > 0)
        actions.clear.setEnabled(tally.finished > tally.failed)
        actions.report.setEnabled(tally.finished > 0)
        actions.watch.setChecked(state.watched is not None)
