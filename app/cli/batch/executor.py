"""A batch on the command line, from the first file to the line that it ends with."""

from __future__ import annotations

import time
from collections.abc import Sequence
from pathlib import Path

import typer

from app.cli.batch.folders import BatchFolders
from app.cli.batch.progress import BatchProgress, format_outcome_notes
from app.cli.console import format_failure, open_progress_bar, print_note
from app.config.prior_locations import load_prior_by_name
from app.i18n.error_messages import unwritable_folder_advice, unwritable_folder_title
from ddrm_core.batch.file_tracker import BatchFileTracker
from ddrm_core.batch.manifest import Manifest
from ddrm_core.batch.outcome import FileOutcome, FileState
from ddrm_core.batch.output_paths import OutputNaming, PlannedFile, plan_outputs
from ddrm_core.batch.report import (
    ReportRow,
    ReportSummary,
    build_report_row,
    check_report_path,
    check_report_suffix,
    summarize_rows,
    write_batch_report,
)
from ddrm_core.batch.runner import restore_files
from ddrm_core.batch.settings import BatchSettings
from ddrm_core.batch.watch import FolderWatchState, is_readable_file, read_file_stamps
from ddrm_core.cancel import CancelToken
from ddrm_core.errors import UnreadableFile, UnwritableOutput
from ddrm_core.files.atomic_write import check_output_path
from ddrm_core.formats.capabilities import check_format
from ddrm_core.os_errors import writing
from ddrm_core.prior.denoiser import Prior

_WATCH_INTERVAL_S = 1.5


class BatchExecutor:
    """What is asked of a batch, and what became of each file so far."""

    def __init__(
        self,
        folders: BatchFolders,
        settings: BatchSettings,
        naming: OutputNaming,
        report_path: Path | None,
    ) -> None:
        """Nothing is read or made yet.

        Args:
            folders: Where pictures are, and where results go.
            settings: Of every file.
            naming: What results are called.
            report_path: Where to write what became of each file, None for nowhere.
        """
        self._folders, self._settings, self._report_path = folders, settings, report_path
        self._naming = naming
        self._manifest = Manifest(folders.output_folder)
        self._items: dict[Path, PlannedFile] = {}
        self._batch_files = BatchFileTracker()
        self._report_rows: dict[tuple[Path, str], ReportRow] = {}  # by source and result
        self._is_ended = False  # nothing more can be written

    def run_batch(self, prior_name: str, device_name: str, *, watch: bool) -> int:
        """Restore all there is and, to watch, all that arrives. Gives how many failed.

        The batch ends early where the folder of results takes no file any more.

        Args:
            prior_name: Of the prior, or its file.
            device_name: As `choose_device` wants it.
            watch: Whether to go on until stopped.

        Raises:
            InvalidSetting: The report's name, or a result in a source's place.
            UnsupportedFormat: The results' format does not hold so many bits.
            UnwritableOutput, OutputExists: The folder takes no files, the report is another file.
            CoreError: The prior cannot be loaded.
        """
        self._check_preconditions()
        prior = load_prior_by_name(prior_name, device_name, print_note)
        start_time = time.monotonic()
        try:
            with open_progress_bar() as bar:
                progress = BatchProgress(bar, self._folders.source_folder)
                sources = self._find_sources(progress)
                snapshot = FolderWatchState(read_file_stamps(sources))
                self._restore_sources(sources, prior, progress)
                while watch and not self._is_ended:
                    self._write_report()
                    progress.show_waiting()
                    new_files: tuple[Path, ...] = ()
                    while not new_files:
                        time.sleep(_WATCH_INTERVAL_S)
                        snapshot, new_files = snapshot.update(
                            read_file_stamps(self._find_sources()), is_readable_file
                        )
                    self._restore_sources(new_files, prior, progress)
        finally:
            summary = summarize_rows(self._report_rows.values())
            seconds = time.monotonic() - start_time
            typer.echo(
                f"{self._folders.output_folder}: {_format_counts(summary)}, in {seconds:.1f} s"
            )
            if summary.kept:
                print_note(_format_kept_note(summary.kept))
            self._write_report()
        return summary.failed

    def _check_preconditions(self) -> None:
        """Raises for what would go wrong with every file."""
        output_folder = self._folders.output_folder
        example_name = Path(self._naming.build_relative_path(Path("photo.jpg")))
        check_format(example_name, bits=self._settings.export.bits, channels=3)
        if self._report_path is not None:
            check_report_suffix(self._report_path)
        sources = self._find_sources()
        if not sources:
            print_note(
                f"{self._folders.source_folder} holds no "
                f"{'picture' if self._folders.include_all_formats else 'JPEG'}"
            )
        self._plan_items(sources)
        with writing(output_folder):
            output_folder.mkdir(parents=True, exist_ok=True)
        check_output_path(self._manifest.path, source=self._folders.source_folder, overwrite=True)
        if self._report_path is not None:
            check_report_path(self._report_path, overwrite=self._settings.overwrite)

    def _write_report(self) -> None:
        if self._report_path is not None:
            write_batch_report(self._report_path, tuple(self._report_rows.values()))

    def _find_sources(self, progress: BatchProgress | None = None) -> tuple[Path, ...]:
        """Sources that are there now; what could not be looked into is said where it can be."""
        source_folder, output_folder = (
            self._folders.source_folder.resolve(),
            self._folders.output_folder.resolve(),
        )
        # Only then may results be among the sources: the output is left out as a whole.
        results = (
            self._manifest.list_results() if source_folder.is_relative_to(output_folder) else ()
        )
        found = self._folders.find_sources(results)
        if progress is not None:
            for error in found.unreadable_folders:
                self._add_report_row(error.path, _create_folder_row(error))
                progress.print_failure(error)
        return found.image_paths

    def _plan_items(self, sources: Sequence[Path]) -> tuple[PlannedFile, ...]:
        """Those of an earlier plan keep their targets."""
        new_sources = [source for source in sources if source not in self._items]
        items = plan_outputs(
            new_sources,
            self._folders.source_folder,
            self._folders.output_folder,
            self._naming,
            taken_targets=[item.target for item in self._items.values()],
            other_sources=self._items,
            first_number=len(self._items) + 1,
        )
        self._items |= {item.source: item for item in items}
        return tuple(self._items[source] for source in sources)

    def _restore_sources(
        self, sources: Sequence[Path], prior: Prior, progress: BatchProgress
    ) -> None:
        if not sources:
            return
        items = self._plan_items(sources)
        progress.start(len(items))
        token, tried_count = CancelToken(), 0
        for event in restore_files(
            items, self._settings, prior, self._manifest, token, self._batch_files
        ):
            if isinstance(event, FileOutcome):
                tried_count += 1
                self._add_report_row(
                    event.file.source, build_report_row(event, _format_row_message(event))
                )
            progress.show_event(event)
            if isinstance(event, FileOutcome) and event.should_stop_batch:
                self._is_ended = True
                progress.print_stop_reason(self._format_end_reason(event, len(items) - tried_count))

    def _add_report_row(self, source: Path, row: ReportRow) -> None:
        """Add a row; a file that is watched has one for each of its results."""
        self._report_rows.pop((source, ""), None)  # it failed before
        self._report_rows[source, row.result] = row

    def _format_end_reason(self, outcome: FileOutcome, untried_count: int) -> str:
        """Why nothing more is restored, and how the batch goes on later."""
        assert isinstance(outcome.error, UnwritableOutput)
        count = "1 file was" if untried_count == 1 else f"{untried_count} files were"
        return (
            f"{unwritable_folder_title(self._folders.output_folder, outcome.error)};"
            f" {count} not tried."
            f" {unwritable_folder_advice(outcome.error)} The same command goes on where it stopped."
        )


def _format_counts(summary: ReportSummary) -> str:
    """How many files ended how; what is rare is left out where it did not happen."""
    kept = f" {summary.kept} done before with other settings," if summary.kept else ""
    return f"{summary.done} restored, {summary.skipped} done before,{kept} {summary.failed} failed"


def _format_kept_note(kept_count: int) -> str:
    files = "1 file has a result" if kept_count == 1 else f"{kept_count} files have results"
    pronoun = "it" if kept_count == 1 else "them"
    return (
        f"{files} of other settings or another prior;"
        f" --redo restores {pronoun} again and replaces {pronoun}"
    )


def _format_row_message(outcome: FileOutcome) -> str:
    if outcome.error is not None:
        return format_failure(outcome.error)
    notes = format_outcome_notes(outcome)
    if outcome.copied_from is not None:
        notes = (*notes, f"the same picture as the source of {outcome.copied_from}, copied from it")
    if outcome.state is FileState.KEPT_OTHER_SETTINGS:
        notes = (*notes, "done before with other settings; --redo restores it again")
    return "; ".join(notes)


def _create_folder_row(error: UnreadableFile) -> ReportRow:
    return ReportRow(
        str(error.path), "", FileState.FAILED.value, None, 0.0, 0, format_failure(error)
    )
