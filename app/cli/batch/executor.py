"""Execution of a batch on the command line."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from contextlib import closing
from pathlib import Path

from app.cli.batch.cost_estimate import BatchCostEstimator
from app.cli.batch.events import BatchEvents
from app.cli.batch.file_counter import FileCounter
from app.cli.batch.folders import BatchFolders
from app.cli.batch.originals import ReplacedOriginals
from app.cli.batch.progress import BatchProgress, open_batch_bar
from app.cli.batch.restorers import create_restorer
from app.cli.batch.selection_notes import SelectionNotes
from app.cli.batch.status import BatchStatus
from app.cli.batch.worker_options import WorkerOptions
from app.cli.battery_pause import BatteryPause, pause_between
from app.cli.console import format_failure, print_note
from app.cli.options.shared import RunOptions
from app.config.prior_locations import DefaultPrior
from app.i18n.error_messages import unwritable_folder_advice, unwritable_folder_title
from app.i18n.formatting import list_outcome_notes, other_file_text
from ddrm_core.batch.file_tracker import BatchFileTracker
from ddrm_core.batch.manifest.driver import describe_this_driver, find_driver
from ddrm_core.batch.manifest.lines import MANIFEST_NAME
from ddrm_core.batch.object_path import ObjectPath
from ddrm_core.batch.outcome import FileOutcome, FileState
from ddrm_core.batch.output_paths import OutputNaming, PlannedFile, plan_outputs
from ddrm_core.batch.prior_of_results import check_prior_of_results
from ddrm_core.batch.report import (
    ReportRow,
    ReportSummary,
    build_report_row,
    check_batch_report_suffix,
    check_report_path,
)
from ddrm_core.batch.runner import FileRestoreProgress
from ddrm_core.batch.selection.copy_other_file import check_copies
from ddrm_core.batch.settings import BatchSettings
from ddrm_core.batch.stores.reasons import InvalidObjectKey
from ddrm_core.batch.streaming.reasons import SharedTarget
from ddrm_core.batch.streaming.row_store import RowsInFile, RowsInMemory, RowStore
from ddrm_core.batch.streaming.streamed_plan import StreamedFileTracker, StreamedPlan
from ddrm_core.batch.watch import FolderWatchState, is_readable_file, read_file_stamps
from ddrm_core.batch.workers.restorer import BatchRestorer
from ddrm_core.cancel import CancelToken
from ddrm_core.errors import FileError, UnwritableOutput
from ddrm_core.export.settings import choose_default_suffix
from ddrm_core.files.atomic_write import check_output_path
from ddrm_core.formats.capabilities import check_format
from ddrm_core.os_errors import writing
from ddrm_core.prior.denoiser import PriorInfo

_WATCH_INTERVAL_S = 1.5


class BatchExecutor:
    """An executor that restores the files of a batch and collects their report rows."""

    def __init__(
        self,
        folders: BatchFolders,
        settings: BatchSettings,
        naming: OutputNaming,
        report_path: Path | None,
        streamed_plan: StreamedPlan | None = None,
        originals: ReplacedOriginals | None = None,
        *,
        is_watching: bool = False,
    ) -> None:
        """Create the executor without reading or writing a file.

        Args:
            folders: Folders of the images and of the results.
            settings: Settings of all files.
            naming: Naming rule of the results.
            report_path: Path of the report, None for no report.
            streamed_plan: Plan of the files, None to plan all files at once.
            originals: Originals that the results replace in the folder of the images, None if the
                results have a folder of their own.
            is_watching: Whether to go on with new files until the program is stopped.
        """
        self._is_watching, self._originals = is_watching, originals
        self._folders, self._settings, self._report_path = folders, settings, report_path
        self._naming, self._streamed_plan = naming, streamed_plan
        output_folder = folders.output_folder
        driver = find_driver(output_folder) if streamed_plan is None else describe_this_driver()
        self._manifest = folders.stores.open_manifest(output_folder, driver)
        self._cost_estimator = BatchCostEstimator(settings, self._manifest)
        self._events = BatchEvents(
            folders.source_folder, folders.output_folder, is_watching=is_watching
        )
        self._selection_notes = SelectionNotes(settings.selection, is_watching=is_watching)
        self._items: dict[Path, PlannedFile] = {}
        self._batch_files = BatchFileTracker()
        # Only a watched file can have several rows.
        self._rows: RowStore = RowsInMemory() if is_watching else RowsInFile(report_path)
        self._status = BatchStatus()
        self._is_ended = False  # nothing more can be written
        self._pause: BatteryPause | None = None
        self._device_name = "auto"

    def run_batch(
        self,
        chosen_prior: DefaultPrior,
        run_options: RunOptions,
        workers: WorkerOptions,
    ) -> int:
        """Restore all files and return the number of failed ones.

        The batch ends early if the output folder is not writable any more.

        Args:
            chosen_prior: Prior of the batch. If it takes the place of the preferred prior, results
                of another prior in the output folder are an error.
            run_options: Device and limits of the computation.
            workers: Options that distribute the batch over processes.

        Raises:
            InvalidSetting: If the report has the suffix of no report, the name template
                is invalid, or a result would replace a source.
            UnsupportedFormat: If the results' format does not support the bits per channel.
            UnwritableOutput: If the output folder is not writable.
            OutputExists: If the report's path is a file that is no report.
            PriorFallbackRefused: See `check_prior_of_results`.
            CoreError: If the prior cannot be loaded.
        """
        self._check_preconditions()
        restorer = self._create_restorer(chosen_prior.name, run_options, workers)
        self._pause = run_options.compute.create_pause()
        self._device_name = run_options.device
        if chosen_prior.fallback_error is not None:
            self._check_prior(restorer.prior_info)
        with closing(self._rows):
            return self._restore_and_report(restorer)

    def _restore_and_report(self, restorer: BatchRestorer) -> int:
        """Restore all files, print the summary, write the report; return the number of failures."""
        start_time = time.monotonic()
        try:
            with closing(restorer), open_batch_bar() as bar:
                progress = BatchProgress(bar, self._folders.source_folder, self._status)
                self._restore_and_watch(restorer, progress)
        finally:
            summary = self._rows.summarize()
            seconds = time.monotonic() - start_time
            try:
                self._events.finish(summary, seconds, self._status.total_per_hour)
                self._print_notes(summary)
            finally:  # the report is written, too, if the reader of a pipe has ended
                self._write_report()
            if restorer.local_prior is not None:
                self._cost_estimator.record_throughput(restorer.local_prior)
        return summary.failed

    def _create_restorer(
        self, prior_name: str, run_options: RunOptions, workers: WorkerOptions
    ) -> BatchRestorer:
        """Load or check the prior, and create what restores or replaces the files."""
        settings = self._settings
        if self._originals is not None:
            return self._originals.create_restorer(settings, run_options.load_prior(prior_name))
        plan = self._streamed_plan
        return create_restorer(
            *(workers, prior_name, run_options, settings, self._manifest),
            *(plan, self._folders.stores),
        )

    def _check_prior(self, prior_info: PriorInfo) -> None:
        """Raise PriorFallbackRefused if the output folder has results of another prior."""
        check_prior_of_results(
            self._manifest,
            self._settings,
            prior_name=prior_info.name,
            prior_sha256=prior_info.sha256,
            prior_identity=prior_info.identity,
            planned_suffix=choose_default_suffix(self._settings.export),
        )

    def _restore_and_watch(self, restorer: BatchRestorer, progress: BatchProgress) -> None:
        """Restore all files of the source folder and, if it is watched, wait for new ones."""
        if self._streamed_plan is not None:
            self._restore_plan(self._streamed_plan, restorer, progress)
            return
        sources = self._find_sources(progress)
        # Files that change during the batch are restored again.
        snapshot = FolderWatchState(read_file_stamps(sources) if self._is_watching else {})
        self._restore_sources(sources, restorer, progress)
        while self._is_watching and not self._is_ended:
            self._write_report()
            progress.show_waiting()
            new_files: tuple[Path, ...] = ()
            while not new_files:
                time.sleep(_WATCH_INTERVAL_S)
                snapshot, new_files = snapshot.update(
                    read_file_stamps(self._find_sources()), is_readable_file
                )
            self._restore_sources(new_files, restorer, progress)

    def _print_notes(self, summary: ReportSummary) -> None:
        """Print notes about files that are not as the user may expect."""
        self._selection_notes.print_note()
        if summary.kept:
            print_note(_format_kept_note(summary.kept))
        if self._originals is not None:
            self._originals.print_summary(summary.done, summary.retained)

    def _check_preconditions(self) -> None:
        """Check that the batch can start, and create the output folder.

        Raises the errors of `run_batch`, except for those of the prior.
        """
        example_source = Path("photo.jpg")
        if self._originals is not None:
            example_name = self._originals.plan([example_source])[0].target
        else:
            example_name = Path(self._naming.build_relative_path(example_source))
        check_format(example_name, bits=self._settings.export.bits, channels=3)
        if self._report_path is not None:
            check_batch_report_suffix(self._report_path)
        found = None
        if self._streamed_plan is None:
            found = self._folders.find_new_sources(self._manifest)
            self._plan_items(found.image_paths)
        self._prepare_output()
        if self._report_path is not None:
            check_report_path(self._report_path, overwrite=self._settings.overwrite)
        if found is not None:
            self._folders.print_notes(found)

    def _prepare_output(self) -> None:
        """Create the output folder, and check that results can be written there."""
        output_folder = self._folders.output_folder
        if isinstance(output_folder, ObjectPath):
            self._manifest.check_writable()
            return
        with writing(output_folder):
            output_folder.mkdir(parents=True, exist_ok=True)
        check_output_path(
            output_folder / MANIFEST_NAME, source=self._folders.source_folder, overwrite=True
        )

    def _write_report(self) -> None:
        if self._report_path is not None:
            self._rows.write_report(self._report_path)

    def _find_sources(self, progress: BatchProgress | None = None) -> tuple[Path, ...]:
        """Return the files that are in the source folder now, without results of this batch.

        If `progress` is given, report each folder that cannot be read.
        """
        found = self._folders.find_new_sources(self._manifest)
        if progress is not None:
            for error in found.unreadable_folders:
                self._add_failure(error, progress, is_file=False)
        return found.image_paths

    def _add_failure(self, error: FileError, progress: BatchProgress, *, is_file: bool) -> None:
        """Report a file that cannot be planned, or a folder that cannot be read."""
        self._rows.add(_create_failure_row(error))
        self._events.add_failure(error.path, error)
        self._status.add_failure(error, is_file=is_file)
        progress.print_failure(error)

    def _plan_items(self, sources: Sequence[Path]) -> tuple[PlannedFile, ...]:
        """Return `sources` with the planned paths of their results.

        A source that was planned by an earlier call keeps its path.
        """
        new_sources = [source for source in sources if source not in self._items]
        if self._originals is not None:
            return self._originals.plan(sources)
        items = plan_outputs(
            new_sources,
            self._folders.source_folder,
            self._folders.output_folder,
            self._naming,
            taken_targets=[item.target for item in self._items.values()],
            other_sources=self._items,
            first_number=len(self._items) + 1,
        )
        if self._settings.selection.copies_others:
            check_copies((*self._items.values(), *items))
        self._items |= {item.source: item for item in items}
        return tuple(self._items[source] for source in sources)

    def _restore_sources(
        self, sources: Sequence[Path], restorer: BatchRestorer, progress: BatchProgress
    ) -> None:
        if not sources:
            return
        items = self._plan_items(sources)
        if restorer.local_prior is not None:
            self._cost_estimator.print_estimate(items, restorer.local_prior)
        else:
            prior_name = restorer.prior_info.name
            self._cost_estimator.print_recorded_estimate(items, prior_name, self._device_name)
        self._start(progress, len(items))
        events = restorer.restore(items, CancelToken(), self._batch_files)
        self._follow_events(events, progress)

    def _restore_plan(
        self, plan: StreamedPlan, restorer: BatchRestorer, progress: BatchProgress
    ) -> None:
        """Restore the files of a streamed plan, and report those that cannot be planned."""
        self._start(progress, None)
        files = self._list_planned(plan, progress)
        with closing(FileCounter(plan)) as counter:
            events = restorer.restore(files, CancelToken(), StreamedFileTracker(plan))
            self._follow_events(events, progress, counter)
        if plan.shard is None and not self._status.finished_count:
            self._folders.print_no_images()

    def _start(self, progress: BatchProgress, file_count: int | None) -> None:
        """Start to follow a batch of `file_count` files, None for an unknown number."""
        self._status.start(file_count)
        progress.start()
        self._events.start(file_count)

    def _list_planned(self, plan: StreamedPlan, progress: BatchProgress) -> Iterator[PlannedFile]:
        for file in plan.iter_files():
            if isinstance(file, PlannedFile):
                yield file
            else:
                self._add_failure(
                    file.error, progress, is_file=isinstance(file.error, SharedTarget)
                )

    def _follow_events(
        self,
        events: Iterator[FileRestoreProgress | FileOutcome],
        progress: BatchProgress,
        counter: FileCounter | None = None,
    ) -> None:
        """Show and record the events of a batch; `counter` counts the files of a streamed plan."""
        status = self._status
        for event in pause_between(events, self._pause):
            if isinstance(event, FileOutcome):
                self._cost_estimator.add_outcome(event)
                self._selection_notes.add(event)
                self._rows.add(build_report_row(event, _format_row_message(event)))
            if counter is not None:
                status.file_count = counter.count
            status.add_event(event)
            progress.show_event(event)
            self._events.show_event(event)
            if status.begin_interval_if_due():
                progress.print_status()
                self._events.show_status(status)
            if isinstance(event, FileOutcome) and event.should_stop_batch:
                self._is_ended = True
                progress.print_stop_reason(self._format_end_reason(event))

    def _format_end_reason(self, outcome: FileOutcome) -> str:
        """Return why the batch ends early after the outcome of a file, and how to continue it."""
        assert isinstance(outcome.error, UnwritableOutput)
        folder, path = self._folders.output_folder, outcome.error.path
        if self._originals is not None:
            folder = path.parent  # has originals, or backups
        elif not path.is_relative_to(folder):
            folder = path  # has temporary files
        file_count, finished_count = self._status.file_count, self._status.finished_count
        number = "all other" if file_count is None else file_count - finished_count
        count = "1 file was" if number == 1 else f"{number} files were"
        return (
            f"{unwritable_folder_title(folder, outcome.error)}; {count} not tried."
            f" {unwritable_folder_advice(outcome.error)} The same command continues the batch."
        )


def _format_kept_note(kept_count: int) -> str:
    results = "1 result was" if kept_count == 1 else f"{kept_count} results were"
    return f"{results} made with other settings or another prior; --redo replaces such results"


def _format_row_message(outcome: FileOutcome) -> str:
    if outcome.error is not None:
        return format_failure(outcome.error)
    notes = list_outcome_notes(outcome)
    if other_text := other_file_text(outcome):
        notes = (other_text, *notes)
    if outcome.copied_from is not None:
        notes = (
            *notes,
            f"the same image as the source of {outcome.copied_from}, whose result was copied",
        )
    if outcome.state is FileState.KEPT_OTHER_SETTINGS:
        notes = (*notes, "done before with other settings; --redo restores it again")
    return "; ".join(notes)


def _create_failure_row(error: FileError) -> ReportRow:
    # A path would lose what is wrong with the key of an object, such as an empty part.
    name = error.address if isinstance(error, InvalidObjectKey) else str(error.path)
    return ReportRow(name, "", FileState.FAILED.value, None, 0.0, 0, format_failure(error))
