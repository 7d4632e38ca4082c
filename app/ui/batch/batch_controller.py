"""The controller of the batch."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QWidget

from app.i18n.error_messages import message_from_error, refused_fallback_message
from app.i18n.translation import tr
from app.jobs.batch.batch_items import BatchItem, OutputLocation
from app.jobs.batch.search_files import FolderSearchSummary
from app.ui.batch.actions import BatchActions
from app.ui.batch.batch_page import BatchPage
from app.ui.batch.batch_preview import BatchPreviewView
from app.ui.widgets.dialogs import confirm, open_folder
from app.ui.window_context import Controller, WindowContext
from app.viewmodels.batch.batch_events import (
    BatchErrorOccurred,
    BatchEvent,
    BatchFinished,
    BatchPausedByWriteError,
    BatchReportSaved,
    DiskSpaceScarce,
    RedoQuestion,
    UnfinishedBatchLoaded,
    WatchedFolderUnavailable,
)
from app.viewmodels.batch.batch_state import BatchPhase, BatchState
from app.viewmodels.batch.batch_text import (
    batch_finished_message,
    batch_paused_message,
    batch_report_saved_message,
    has_omitted_sources,
    redo_question,
    restore_settings_from_window,
    scarce_space_message,
    search_finished_message,
    unfinished_batch_message,
    watched_folder_unavailable_message,
)
from app.viewmodels.batch.batch_thumbnails import ThumbnailsState
from ddrm_core.batch.prior_of_results import PriorFallbackRefused
from ddrm_core.errors import PriorNotInstalled, UnknownPrior, UnwritableOutput


class BatchController(Controller):
    """The controller that connects the batch with its page, actions, dialogs and messages.

    Attributes:
        page: The page in the bottom panel.
        batch_preview: The larger view of one file, which the window shows while no file is open.

    Signals:
        prior_missing: The batch needs a prior that is not installed. arg1: its name.
        open_requested: A file of the batch is to be opened. arg1: the `OpenRequest`.
        folder_step_requested: Another file in the folder of the open file is to be opened. arg1: -1
            for the previous one, 1 for the next one.
    """

    prior_missing = Signal(str)
    open_requested = Signal(object)
    folder_step_requested = Signal(int)

    def __init__(
        self, context: WindowContext, actions: BatchActions, compare_view: QWidget
    ) -> None:
        super().__init__(context)
        self._actions = actions
        self._batch = context.view_models.batch
        self._opened_item = context.view_models.opened_batch_item
        self._folder_files = context.view_models.folder_files
        self._parameters = context.view_models.parameters
        self._save_options = context.view_models.saving.options
        self._bottom_panel = context.bottom_panel
        self._thumbnails = context.view_models.batch_thumbnails
        self.page = BatchPage(actions, context.theme)
        self.batch_preview = BatchPreviewView(context.theme)
        self._bottom_panel.add_page(
            self.page,
            "QueuePage",
            tr("Folder"),
            tr("Restore whole folders, one file after another"),
        )
        actions.limit_shortcut_scope(self.page, compare_view, self._window)
        self._connect_signals()
        self._render(self._batch.state)

    def add_and_show(self, paths: Sequence[Path]) -> None:
        """Add files and folders to the batch, and show the page."""
        self._batch.add_paths(paths)
        self._bottom_panel.open_page(self.page)

    def open_item(self, item_id: int) -> None:
        """Request to open a file of the batch, with its result if one exists."""
        request = self._opened_item.select(item_id)
        if request is not None:
            self.page.table_view.select_item(item_id)
            self.open_requested.emit(request)

    def _connect_signals(self) -> None:
        actions, batch, page = self._actions, self._batch, self.page
        table_view, output_options = page.table_view, page.output_options
        connections = (
            (actions.show_page, self._toggle_page),
            (actions.add_files, self._add_files),
            (actions.add_folder, self._add_folder),
            (actions.start, self._start_batch),
            (actions.pause, batch.pause),
            (actions.stop, batch.stop),
            (actions.open_with_result, self._open_selected),
            (actions.show_source, lambda: self._show_in_folder(result=False)),
            (actions.show_result, lambda: self._show_in_folder(result=True)),
            (actions.retry_selected, lambda: batch.retry_items(table_view.selected_ids())),
            (actions.next_file, lambda: self._open_neighbor(1)),
            (actions.previous_file, lambda: self._open_neighbor(-1)),
            (actions.remove_selected, lambda: batch.remove_items(table_view.selected_ids())),
            (actions.move_up, lambda: batch.move_items(table_view.selected_ids(), -1)),
            (actions.move_down, lambda: batch.move_items(table_view.selected_ids(), 1)),
            (actions.use_own_settings, self._use_own_settings),
            (
                actions.use_common_settings,
                lambda: batch.set_own_settings(table_view.selected_ids(), None),
            ),
            (actions.retry_failed, batch.retry_failed_items),
            (actions.clear_finished, batch.clear_finished_items),
            (actions.save_report, self._save_report),
            (actions.watch_folder, self._toggle_watching),
        )
        for action, slot in connections:
            action.triggered.connect(lambda _checked, do=slot: do())
        page.files_dropped.connect(self.add_and_show)
        table_view.open_requested.connect(self.open_item)
        table_view.item_selection_changed.connect(self._on_selection_changed)
        table_view.table_model.move_requested.connect(batch.move_items_before)
        output_options.output_location_changed.connect(self._set_output_location)
        output_options.choose_folder_requested.connect(self._choose_output_folder)
        output_options.recursive_changed.connect(batch.set_recursive)
        output_options.all_formats_changed.connect(batch.set_include_all_formats)
        output_options.tolerate_damage_changed.connect(batch.set_tolerate_damage)
        output_options.new_settings_requested.connect(batch.discard_captured_settings)
        table_view.visible_items_changed.connect(self._thumbnails.show_items)
        self._thumbnails.state_changed.connect(self._show_thumbnails)
        self._folder_files.state_changed.connect(self._update_actions)
        batch.state_changed.connect(self._render)
        batch.event_occurred.connect(self._on_event_occurred)

    def _toggle_page(self) -> None:
        """Show or hide the page; ask for a folder if the batch is empty."""
        if self._batch.state.items:
            self._bottom_panel.toggle_page(self.page)
        else:
            self._bottom_panel.open_page(self.page)
            self._add_folder()

    def _add_files(self) -> None:
        paths = self._dialogs.ask_batch_images(self._window, self._batch.state.dialog_folder)
        if paths:
            self._batch.set_dialog_folder(paths[0].parent)
            self.add_and_show(paths)

    def _add_folder(self) -> None:
        folder = self._dialogs.ask_folder(self._window, self._batch.state.dialog_folder)
        if folder is not None:
            self._batch.set_dialog_folder(folder.parent)
            self.add_and_show([folder])

    def _choose_output_folder(self) -> None:
        output_location = self._batch.state.output_location
        folder = self._dialogs.ask_folder(
            self._window, output_location.folder or self._batch.state.dialog_folder
        )
        if folder is not None:
            self._set_output_location(replace(output_location, folder=folder))

    @Slot(object)
    def _set_output_location(self, output_location: OutputLocation) -> None:
        """Use an output location; its folder also becomes that of results that are saved singly."""
        is_other_folder = output_location.folder != self._batch.state.output_location.folder
        self._batch.set_output_location(output_location)
        if is_other_folder:
            self._save_options.set_folder(output_location.folder)

    def _toggle_watching(self) -> None:
        if self._batch.state.watched_folder is not None:
            self._batch.watch_folder(None)
            return
        folder = self._dialogs.ask_folder(self._window, self._batch.state.dialog_folder)
        if folder is not None:
            self._batch.watch_folder(folder)
            self._bottom_panel.open_page(self.page)
        self._render(self._batch.state)

    def _use_own_settings(self) -> None:
        own_settings = restore_settings_from_window(self._parameters.state, use_assumption=True)
        self._batch.set_own_settings(self.page.table_view.selected_ids(), own_settings)

    def _save_report(self) -> None:
        folder = self._batch.state.output_location.folder or self._batch.state.dialog_folder
        path = self._dialogs.ask_batch_report_path(self._window, folder / tr("report.csv"))
        if path is not None:
            self._batch.save_report(path)

    def _open_selected(self) -> None:
        item_id = self.page.table_view.first_selected_id()
        if item_id is not None:
            self.open_item(item_id)

    def _show_in_folder(self, *, result: bool) -> None:
        """Open the folder of the first selected file or of its result in the file manager."""
        item = self._first_selected_item()
        path = None if item is None else item.target if result else item.source
        if path is not None:
            open_folder(self._dialogs, path.parent, self._message_bar)

    def _first_selected_item(self) -> BatchItem | None:
        item_id = self.page.table_view.first_selected_id()
        return None if item_id is None else self._batch.state.find_item(item_id)

    def _open_neighbor(self, offset: int) -> None:
        """Open the previous (-1) or next (+1) file: of the batch if the open file is one of it.

        Otherwise, the next file of the folder is opened, or the first or last file of the batch if
        the folder has no other file.
        """
        has_folder_files = len(self._folder_files.state.files) > 1
        if has_folder_files and not self._opened_item.is_open:
            self.folder_step_requested.emit(offset)
            return
        item_id = self._opened_item.find_neighbor(offset)
        if item_id is not None:
            self.open_item(item_id)

    @Slot(object)
    def _on_event_occurred(self, event: BatchEvent) -> None:
        match event:
            case BatchFinished(failure=failure):
                message = batch_finished_message(event)
                show = self._message_bar.show_error if failure else self._message_bar.show_info
                show(message)
                self._message_bar.add_button(tr("Save report…"), self._save_report)
                self._add_result_button()
            case UnfinishedBatchLoaded(counts=counts):
                self._message_bar.show_info(unfinished_batch_message(counts))
                self._message_bar.add_button(tr("Resume"), self._resume)
                self._message_bar.add_button(tr("Show list"), self._show_page)
            case RedoQuestion(file_count=count):
                confirm(
                    self._window,
                    redo_question(count),
                    accept_label=tr("Restore again"),
                    on_accept=self._batch.accept_redo,
                    reject_label=tr("Keep them"),
                    on_reject=self._batch.decline_redo,
                )
            case BatchPausedByWriteError(folder=folder, error=error, remaining=remaining):
                self._message_bar.show_error(batch_paused_message(folder, error, remaining))
                self._message_bar.add_button(tr("Resume"), self._resume)
            case BatchErrorOccurred(error=PriorNotInstalled(name=name) | UnknownPrior(name=name)):
                self.prior_missing.emit(name)
            case BatchErrorOccurred(error=PriorFallbackRefused() as error):
                self._message_bar.show_error(refused_fallback_message(error))
            case BatchErrorOccurred(error=error):
                self._message_bar.show_error(message_from_error(error))
                if isinstance(error, UnwritableOutput) and self._batch.state.replacement is None:
                    self._message_bar.add_button(
                        tr("Choose the output folder…"), self._choose_output_folder
                    )
            case DiskSpaceScarce(space=space):
                self._message_bar.show_info(scarce_space_message(space))
            case FolderSearchSummary():
                self._show_search_summary(event)
            case BatchReportSaved(path=path):
                self._message_bar.show_info(batch_report_saved_message(path))
            case WatchedFolderUnavailable(folder=folder):
                self._message_bar.show_error(watched_folder_unavailable_message(folder))

    def _show_search_summary(self, summary: FolderSearchSummary) -> None:
        message = search_finished_message(summary)
        if message is None:
            return
        self._message_bar.show_info(message)
        if has_omitted_sources(summary):
            add = partial(self._batch.add_omitted_formats, summary.paths)
            self._message_bar.add_button(tr("Add them"), add)

    def _add_result_button(self) -> None:
        """Add a button that shows the list, or the results on disk if the list is visible."""
        folder = self._batch.state.output_location.folder
        if self._batch.state.replacement is not None:
            undo = self._actions.undo_replacement.trigger
            self._message_bar.add_button(tr("Undo replacement…"), undo)
        elif folder is None or not self.page.isVisible():
            self._message_bar.add_button(tr("Show list"), self._show_page)
        else:
            show = partial(open_folder, self._dialogs, folder, self._message_bar)
            self._message_bar.add_button(tr("Open folder"), show)

    def _start_batch(self) -> None:
        self.page.output_options.commit_folder_edit()
        self._batch.start()

    def _resume(self) -> None:
        self._show_page()
        self._start_batch()

    def _show_page(self) -> None:
        self._bottom_panel.open_page(self.page)

    @Slot(object)
    def _render(self, state: BatchState) -> None:
        self.page.show_state(state)
        self._update_actions()

    @Slot(object)
    def _show_thumbnails(self, thumbnails: ThumbnailsState) -> None:
        self.page.table_view.table_model.show_thumbnails(thumbnails)
        self.batch_preview.show_item(thumbnails.large)

    @Slot()
    def _on_selection_changed(self) -> None:
        self._thumbnails.choose_item(self.page.table_view.first_selected_id())
        self._update_actions()

    @Slot()
    def _update_actions(self) -> None:
        """Enable the actions that have an effect in the current state."""
        state, actions = self._batch.state, self._actions
        has_selection = self.page.table_view.selectionModel().hasSelection()
        counts = state.counts
        actions.start.setEnabled(state.can_start)
        actions.start.setIconText(
            tr("Start") if state.captured_settings is None or state.is_active else tr("Resume")
        )
        actions.pause.setEnabled(state.phase is BatchPhase.RUNNING)
        actions.stop.setEnabled(state.phase in (BatchPhase.RUNNING, BatchPhase.PAUSING))
        for action in (
            actions.remove_selected,
            actions.move_up,
            actions.move_down,
            actions.use_own_settings,
            actions.use_common_settings,
            actions.open_with_result,
            actions.show_source,
        ):
            action.setEnabled(has_selection)
        first_item = self._first_selected_item()
        actions.show_result.setEnabled(first_item is not None and first_item.status.has_result)
        can_retry = has_selection and counts.failed + counts.kept_results > 0
        if can_retry:
            selected_ids = frozenset(self.page.table_view.selected_ids())
            can_retry = any(
                item.status.can_retry and item.item_id in selected_ids for item in state.items
            )
        actions.retry_selected.setEnabled(can_retry)
        for action in (actions.next_file, actions.previous_file):
            action.setEnabled(bool(state.items) or len(self._folder_files.state.files) > 1)
        actions.retry_failed.setEnabled(counts.failed > 0)
        actions.clear_finished.setEnabled(counts.finished > counts.failed)
        actions.save_report.setEnabled(counts.finished > 0)
        actions.watch_folder.setChecked(state.watched_folder is not None)
