"""View model of the bug report."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from PySide6.QtCore import Signal, Slot

from app.jobs.worker import JobOutcome, JobRunner, job_from_function
from app.support.diagnostics import SystemInfo, write_bug_report
from app.support.session_log import collect_crash_reports
from app.viewmodels.state_view_model import StateViewModel


@dataclass(frozen=True, slots=True)
class BugReportState:
    """State of bug reports: crash reports to include, and the outcome of the last one.

    Attributes:
        crash_text: Crash reports of earlier sessions; empty if no session crashed.
        report_path: File of the last bug report; None before the first one and after a failure.
        error: Why the last bug report could not be written, None without an error.
    """

    crash_text: str = ""
    report_path: Path | None = None
    error: Exception | None = None


class BugReportViewModel(StateViewModel[BugReportState]):
    """View model that writes bug reports and finds crash reports of earlier sessions.

    Signals:
        crash_found: Emitted when an earlier session has crashed.
    """

    crash_found = Signal()

    def __init__(self, runner: JobRunner, log_folder: Path) -> None:
        super().__init__(BugReportState())
        self._runner = runner
        self._log_folder = log_folder
        self._crash_check_job_id = self._write_job_id = 0
        runner.ended.connect(self._on_job_ended)

    def check_for_crash(self) -> None:
        """Search, on a worker thread, for crash reports of earlier sessions."""
        self._crash_check_job_id = self._runner.start(
            job_from_function(partial(collect_crash_reports, self._log_folder))
        )

    def write_report(self, path: Path, system_info: SystemInfo) -> None:
        """Write a bug report to `path`; an existing file is replaced."""
        self._set_state(replace(self._state, report_path=None, error=None))
        job = partial(
            write_bug_report,
            path,
            system_info,
            log_folder=self._log_folder,
            crash_report=self._state.crash_text,
        )
        self._write_job_id = self._runner.start(job_from_function(job), must_finish=True)

    @Slot(int, object)
    def _on_job_ended(self, job_id: int, outcome: JobOutcome) -> None:
        if job_id == self._crash_check_job_id and isinstance(outcome.result, str):
            self._set_state(replace(self._state, crash_text=outcome.result))
            if outcome.result:
                self.crash_found.emit()
        elif job_id == self._write_job_id:
            self._set_state(
                outcome.convert(
                    Path,
                    lambda path: replace(self._state, report_path=path, error=None),
                    lambda error: replace(self._state, report_path=None, error=error),
                )
            )
