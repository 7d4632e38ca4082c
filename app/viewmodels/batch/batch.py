"""View model of the batch."""

from __future__ import annotations

import logging
from collections.abc import Collection, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path

from PySide6.QtCore import Slot

from app.i18n.error_messages import UserMessage, message_from_error
from app.imaging.color_management import DisplayTransform
from app.jobs.batch.batch_file import BatchFileStore, SavedBatch
from app.jobs.batch.batch_items import BatchItem, CommonSettings, FoundFile, OutputLocation
from app.jobs.batch.batch_worker import (
    BatchItemProgress,
    BatchItemRequest,
    BatchResultImage,
    BatchWorker,
    load_result_image,
    save_batch_report_job,
)
from app.jobs.batch.output_names import OutputPlanRequest, plan_targets_job
from app.jobs.batch.search_files import FolderSearchSummary
from app.jobs.batch.watch_folder import WatchedFolderScan
from app.jobs.run.prior_cache import PriorCache
from app.jobs.worker import JobOutcome, JobRunner, job_from_function
from app.viewmodels.batch import batch_transitions as transitions
from app.viewmodels.batch.autosave import BatchAutosave
from app.viewmodels.batch.batch_events import (
    BatchErrorOccurred,
    BatchFinished,
    BatchReportSaved,
    DiskSpaceScarce,
    RedoQuestion,
    UnfinishedBatchLoaded,
    WatchedFolderUnavailable,
)
from app.viewmodels.batch.batch_state import (
    BatchState,
    find_most_frequent_failure,
    find_next_item,
)
from app.viewmodels.batch.example_path_builder import ExamplePathBuilder
from app.viewmodels.batch.file_search import BatchFileSearch
from app.viewmodels.batch.redo_candidates import (
    RedoCandidates,
    add_redo_candidate,
    close_redo_question,
    open_redo_question,
)
from app.viewmodels.batch.replacement.replacing_batch import ReplacingBatch
from app.viewmodels.batch.restore_outcome import apply_restore_outcome
from app.viewmodels.batch.watched_folder_scanner import WATCH_INTERVAL_MS, WatchedFolderScanner
from ddrm_core.batch.name_template import check_template
from ddrm_core.batch.output_check import DiskSpace
from ddrm_core.errors import InvalidSetting, OperationCancelled, UnwritableOutput

_log = logging.getLogger(__name__)


class BatchViewModel(ReplacingBatch):
    """View model of the batch, which restores one file at a time and saves its list."""

    def __init__(
        self,
        restore_runner: JobRunner,
        file_runner: JobRunner,
        prior_cache: PriorCache,
        file_store: BatchFileStore,
        *,
        watch_interval_ms: int = WATCH_INTERVAL_MS,
    ) -> None:
        """Create an empty batch.

        Args:
            restore_runner: Runner of the restoration jobs, used for nothing else.
            file_runner: Runner of the jobs that search folders and save the list.
            prior_cache: Cache of the loaded prior.
            file_store: Store of the batch file.
            watch_interval_ms: Time between two scans of a watched folder.
        """
        super().__init__(file_runner)
        self._restore_runner, self._file_runner = restore_runner, file_runner
        self._file_store = file_store
        self._autosave = BatchAutosave(file_runner, file_store, self)
        self._autosave.write_failed.connect(self._report_error)
        self._example_builder = ExamplePathBuilder(file_runner, self)
        self._example_builder.example_changed.connect(self._on_example_changed)
        self._worker = BatchWorker(prior_cache)
        self._restore_job_id = self._report_job_id = self._load_job_id = self._result_job_id = 0
        self._file_search = BatchFileSearch(file_runner, self)
        self._file_search.files_found.connect(self._on_files_found)
        self._file_search.finished.connect(self._on_search_finished)
        self._redo_candidates = RedoCandidates()
        self._folder_scanner = WatchedFolderScanner(
            file_runner, self, interval_ms=watch_interval_ms
        )
        self._folder_scanner.scanned.connect(self._on_folder_scanned)
        self._folder_scanner.scan_failed.connect(self._report_error)
        restore_runner.progressed.connect(self._on_restore_progressed)
        restore_runner.ended.connect(self._on_restore_ended)
        file_runner.ended.connect(self._on_file_job_ended)

    def load_saved_batch(self) -> None:
        """Load the unfinished batch of the previous session on a worker thread."""
        self._load_job_id = self._file_runner.start(job_from_function(self._file_store.load))

    def set_default_settings(self, settings: CommonSettings) -> None:
        """Set the window's current settings, which the batch captures when it is started."""
        self._set_and_save(replace(self._state, default_settings=settings))

    def add_paths(self, paths: Sequence[Path]) -> None:
        """Add files and the images in folders; folders are searched on a worker thread."""
        self._file_search.start(paths, self._state)
        self._set_and_save(replace(self._state, active_searches=self._file_search.active_count))

    def add_omitted_formats(self, paths: Sequence[Path]) -> None:
        """Find PNG, TIFF, WebP and BMP files from now on, and search folders again for them."""
        self.set_include_all_formats(True)
        self.add_paths(paths)

    def retry_items(self, item_ids: Collection[int]) -> None:
        """Restore failed items again now, and kept items with a replacement of their results."""
        self._set_and_save(transitions.retry_items(self._state, item_ids))
        self.start()

    def retry_failed_items(self) -> None:
        """Restore all failed items again now."""
        self._set_and_save(transitions.retry_failed_items(self._state))
        self.start()

    def discard_captured_settings(self) -> None:
        """Drop the settings captured at the start; remaining items use the window's settings."""
        if not self._state.is_active:
            self._set_and_save(
                transitions.set_output_location(
                    replace(self._state, captured_settings=None), self._state.output_location
                )
            )

    def set_output_location(self, output_location: OutputLocation) -> None:
        """Set the output location and check its template; ignored while the batch is active."""
        if self._state.is_active:
            return
        state = transitions.set_output_location(self._state, output_location)
        try:
            check_template(output_location.name_template)
        except InvalidSetting as error:
            state = replace(state, output_problem=message_from_error(error), example_path="")
        else:
            state = replace(state, output_problem=None)
        self._set_and_save(state)

    def _start_batch(self) -> None:
        state_before = self._state
        self._set_and_save(transitions.start_batch(state_before))
        if self._state.is_active and not state_before.is_active:
            self._start_first()

    def pause(self) -> None:
        """Pause the batch as soon as the current item is finished."""
        self._set_and_save(transitions.pause_batch(self._state))

    def stop(self) -> None:
        """Stop the batch at once; the current item starts over when the batch continues."""
        self._set_and_save(transitions.stop_batch(self._state))
        if self._state.is_active:
            self._restore_runner.cancel(self._restore_job_id)

    def watch_folder(self, folder: Path | None) -> None:
        """Add and restore new files of a folder from now on; None stops watching."""
        self._folder_scanner.stop()
        self._set_and_save(transitions.set_watched_folder(self._state, folder))
        if folder is not None:
            self._folder_scanner.start(folder)

    def save_report(self, path: Path) -> None:
        """Write the outcome of each file as CSV or JSON, according to the suffix of `path`."""
        job = partial(save_batch_report_job, self._state.items, path)
        self._report_job_id = self._file_runner.start(job_from_function(job), must_finish=True)

    def load_result(self, item: BatchItem, display: DisplayTransform) -> None:
        """Load the image of an item's result on a worker thread; discard the previous request."""
        self._file_runner.discard(self._result_job_id)
        if item.target is not None:
            job = partial(load_result_image, item.item_id, display, item.target)
            self._result_job_id = self._file_runner.start(job_from_function(job))

    @Slot()
    def close(self) -> None:
        """Write unsaved changes to the batch file; call this method when no job is running."""
        self._folder_scanner.stop()
        try:
            self._autosave.close()
        except UnwritableOutput as error:
            # The window is closed, and the manifest beside the results lists the finished files.
            _log.warning("the batch is not saved: %s", error.reason)

    @Slot(object)
    def _report_error(self, error: Exception | None) -> None:
        if error is not None and not isinstance(error, OperationCancelled):
            self.event_occurred.emit(BatchErrorOccurred(error))

    def _set_and_save(self, state: BatchState) -> None:
        """Set the next state, save it in the batch file, and update the example path."""
        self._set_state(state)
        self._autosave.update(self._state)
        self._example_builder.update(self._state)

    def _start_first(self) -> None:
        """Start the job that checks the output folder and plans the targets of all items."""
        state, common_settings = self._state, self._state.captured_settings
        assert common_settings is not None  # the batch is active
        if state.replacement_plan is not None:
            prepare = partial(self._worker.prepare_replacement, state.replacement_plan)
            self._restore_job_id = self._restore_runner.start(job_from_function(prepare))
            return
        request = OutputPlanRequest(state.items, state.output_location, common_settings)
        self._restore_job_id = self._restore_runner.start(
            partial(self._worker.prepare_batch, request)
        )

    def _start_next(self) -> None:
        """Start the job for the next pending item; become idle if no item is pending.

        The job restores the item, or plans the targets of all items if this item has no target yet.
        """
        state = self._state
        item, common_settings = find_next_item(state), state.captured_settings
        if item is None or common_settings is None:
            self._become_idle()
        elif item.target is None and state.replacement_plan is None:
            plan_request = OutputPlanRequest(state.items, state.output_location, common_settings)
            self._restore_job_id = self._restore_runner.start(
                job_from_function(partial(plan_targets_job, plan_request))
            )
        else:
            item_request = BatchItemRequest(
                item,
                state.output_location,
                common_settings,
                state.tolerate_damage,
                state.items,
                state.selection,
                state.replacement_plan,
            )
            self._set_and_save(transitions.start_item(state, item.item_id))
            self._restore_job_id = self._restore_runner.start(
                partial(self._worker.restore_item, item_request)
            )

    def _become_idle(self) -> None:
        is_finished = self._state.counts.remaining == 0 and self._state.watched_folder is None
        self._set_and_save(transitions.set_idle(self._state))
        if is_finished:
            failure = find_most_frequent_failure(self._state.items)
            self.event_occurred.emit(BatchFinished(self._state.counts, failure))
        self._ask_redo()

    def _ask_redo(self) -> None:
        """Ask whether to replace results of other settings, once no item is pending."""
        if (
            self._redo_candidates.found_ids
            and not self._redo_candidates.asked_ids
            and not self._state.counts.remaining
        ):
            self._redo_candidates = open_redo_question(self._redo_candidates)
            self.event_occurred.emit(RedoQuestion(len(self._redo_candidates.asked_ids)))

    def accept_redo(self) -> None:
        """Restore the items of the open redo question again, and replace their results."""
        self._set_and_save(transitions.redo_items(self._state, self._redo_candidates))
        self._redo_candidates = close_redo_question(self._redo_candidates)
        self.start()

    def decline_redo(self) -> None:
        """Keep the results that the redo question is about, and close the question."""
        self._redo_candidates = close_redo_question(self._redo_candidates)
        self._ask_redo()

    @Slot(int, object)
    def _on_restore_progressed(self, job_id: int, progress: object) -> None:
        if job_id != self._restore_job_id:
            return
        match progress:
            case BatchItemProgress():
                self._set_state(transitions.update_progress(self._state, progress))
            case DiskSpace():
                self.event_occurred.emit(DiskSpaceScarce(progress))

    @Slot(int, object)
    def _on_files_found(self, search_id: int, found_files: tuple[FoundFile, ...]) -> None:
        count_before = len(self._state.items)
        self._set_and_save(transitions.add_files(self._state, found_files))
        added_count = len(self._state.items) - count_before
        self._file_search.count_known_files(search_id, len(found_files) - added_count)

    @Slot(object)
    def _on_search_finished(self, ended: FolderSearchSummary | Exception | None) -> None:
        self._set_and_save(replace(self._state, active_searches=self._file_search.active_count))
        if isinstance(ended, FolderSearchSummary):
            self.event_occurred.emit(ended)
        else:
            self._report_error(ended)

    @Slot(int, object)
    def _on_restore_ended(self, job_id: int, outcome: JobOutcome) -> None:
        if job_id != self._restore_job_id:
            return
        state = self._state
        if isinstance(outcome.result, BatchItem):
            self._redo_candidates = add_redo_candidate(
                self._redo_candidates, outcome.result, state.captured_settings
            )
        next_state, event = apply_restore_outcome(state, outcome)
        self._set_and_save(next_state)
        if event is not None:
            self.event_occurred.emit(event)
        self._start_next()

    @Slot(int, object)
    def _on_file_job_ended(self, job_id: int, outcome: JobOutcome) -> None:
        match outcome.result:
            case SavedBatch() as saved_batch if job_id == self._load_job_id:
                self._on_saved_batch_loaded(saved_batch)
            case Path() as path if job_id == self._report_job_id:
                self.event_occurred.emit(BatchReportSaved(path))
            case BatchResultImage() as result if job_id == self._result_job_id:
                self.event_occurred.emit(result)
            case _ if job_id in (self._report_job_id, self._load_job_id, self._result_job_id):
                self._report_error(outcome.error)

    def _on_saved_batch_loaded(self, saved_batch: SavedBatch) -> None:
        state = transitions.load_saved_batch(self._state, saved_batch)
        if state.counts.remaining == 0:
            return  # nothing remains to be restored
        self._set_and_save(state)
        self.event_occurred.emit(UnfinishedBatchLoaded(state.counts))

    @Slot(object)
    def _on_folder_scanned(self, scan: WatchedFolderScan) -> None:
        watched_folder = self._state.watched_folder
        if watched_folder is None:
            return
        if scan.is_unavailable and not watched_folder.is_unavailable:
            self.event_occurred.emit(WatchedFolderUnavailable(watched_folder.folder))
        state = replace(
            self._state, watched_folder=replace(watched_folder, is_unavailable=scan.is_unavailable)
        )
        self._set_and_save(transitions.add_new_or_changed_files(state, scan.new_files))
        if scan.new_files and not self._state.is_paused:
            self.start()

    @Slot(str, object)
    def _on_example_changed(self, example_path: str, output_problem: UserMessage | None) -> None:
        self._set_state(
            replace(self._state, example_path=example_path, output_problem=output_problem)
        )
