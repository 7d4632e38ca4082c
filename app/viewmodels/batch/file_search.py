"""Searches for files to add to a batch."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, Signal, Slot

from app.jobs.batch.search_files import FolderSearchSummary, search_paths_job
from app.jobs.worker import JobOutcome, JobRunner
from app.viewmodels.batch.batch_state import BatchState


class BatchFileSearch(QObject):
    """The searches of files and folders on a worker thread, any number at once.

    Signals:
        files_found: Files were found. arg1: id of the search, arg2: tuple of `FoundFile`.
        finished: A search has ended. arg1: the `FolderSearchSummary`, or the exception.
    """

    files_found = Signal(int, object)
    finished = Signal(object)

    def __init__(self, runner: JobRunner, parent: QObject) -> None:
        super().__init__(parent)
        self._runner = runner
        self._known_counts: dict[int, int] = {}  # found files that were known, by job id
        runner.progressed.connect(self._on_progressed)
        runner.ended.connect(self._on_ended)

    @property
    def active_count(self) -> int:
        """Number of searches in progress."""
        return len(self._known_counts)

    def start(self, paths: Sequence[Path], state: BatchState) -> None:
        """Start a search of files and folders with the options of the batch."""
        job = partial(
            search_paths_job,
            tuple(path.absolute() for path in paths),  # the current folder may differ next time
            recursive=state.recursive,
            include_all_formats=state.include_all_formats,
            results_folder=state.output_location.folder,
        )
        self._known_counts[self._runner.start(job)] = 0

    def count_known_files(self, search_id: int, count: int) -> None:
        """Count found files that were in the batch already, for the summary of the search."""
        self._known_counts[search_id] += count

    @Slot(int, object)
    def _on_progressed(self, job_id: int, found_files: object) -> None:
        if job_id in self._known_counts:
            self.files_found.emit(job_id, found_files)

    @Slot(int, object)
    def _on_ended(self, job_id: int, outcome: JobOutcome) -> None:
        if job_id not in self._known_counts:
            return
        known_count = self._known_counts.pop(job_id)
        match outcome.result:
            case FolderSearchSummary() as summary:
                self.finished.emit(replace(summary, known_count=known_count))
            case _:
                self.finished.emit(outcome.error)
