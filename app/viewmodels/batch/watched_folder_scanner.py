"""Periodic scans of a watched folder."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from app.jobs.batch.watch_folder import FolderWatcher, WatchedFolderScan
from app.jobs.worker import JobOutcome, JobRunner, job_from_function
from app.viewmodels.batch.batch_state import BatchState
from app.viewmodels.state_view_model import StateViewModel

WATCH_INTERVAL_MS = 2000


class WatchedFolderScanner(QObject):
    """Scanner of a watched folder, which runs one scan at a time on a worker thread.

    Signals:
        scanned: Emitted when a scan has succeeded. arg1: a `WatchedFolderScan`.
        scan_failed: Emitted when a scan fails, unless the previous scan failed as well. arg1: the
            exception.
    """

    scanned = Signal(object)
    scan_failed = Signal(object)

    def __init__(
        self, runner: JobRunner, batch: StateViewModel[BatchState], *, interval_ms: int
    ) -> None:
        """Create a scanner without a watched folder.

        Args:
            runner: Runner of the scans.
            batch: View model of the batch, whose state has the options of the scan.
            interval_ms: Time from one scan to the next.
        """
        super().__init__(batch)
        self._runner, self._batch = runner, batch
        self._watcher: FolderWatcher | None = None
        self._job_id = 0
        self._is_scanning = self._last_scan_failed = False
        self._timer = QTimer(self, interval=interval_ms)
        self._timer.timeout.connect(self._scan)
        runner.ended.connect(self._on_ended)

    def start(self, folder: Path) -> None:
        """Scan `folder` now and at every interval, instead of the previous folder."""
        self.stop()
        self._watcher = FolderWatcher(folder)
        self._timer.start()
        self._scan()

    def stop(self) -> None:
        """Stop scanning, and discard a scan in progress."""
        self._timer.stop()
        self._runner.discard(self._job_id)
        self._watcher = None
        self._is_scanning = self._last_scan_failed = False

    @Slot()
    def _scan(self) -> None:
        """Start a scan of the folder, unless the previous scan is still in progress."""
        if self._watcher is None or self._is_scanning:
            return
        self._is_scanning = True
        state = self._batch.state
        current_item = state.find_item(state.current_item.item_id) if state.current_item else None
        job = partial(
            self._watcher.scan,
            recursive=state.recursive,
            include_all_formats=state.include_all_formats,
            results_folder=state.output_location.folder,
            current_path=None if current_item is None else current_item.source,
        )
        self._job_id = self._runner.start(job_from_function(job))

    @Slot(int, object)
    def _on_ended(self, job_id: int, outcome: JobOutcome) -> None:
        if job_id != self._job_id:
            return
        self._is_scanning = False
        failed_before, self._last_scan_failed = self._last_scan_failed, outcome.error is not None
        if isinstance(outcome.result, WatchedFolderScan):
            self.scanned.emit(outcome.result)
        elif not failed_before:  # the next scan, two seconds later, is likely to fail the same way
            self.scan_failed.emit(outcome.error)
