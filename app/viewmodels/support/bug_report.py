"""Reports of faults."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, Slot

from app.jobs.worker import JobOutcome, JobRunner, job_from_function
from app.support.diagnostics import SystemInfo, write_bug_report
from app.support.session_log import collect_crash_reports
from app.viewmodels.state_view_model import StateViewModel


@dataclass(frozen=True, slots=True)
class ReportingState:
    """What there is to report, and what became of the last report.

    Attributes:
        crash: What a former session left when it crashed; empty where none did.
        written: The last report; None before the first and after one that failed.
        error: Why the last one could not be written.
    """

    crash: str = ""
    written: Path | None = None
    error: Exception | None = None


def after_writing(state: ReportingState, outcome: JobOutcome) -> ReportingState:
    """The state once the job has ended."""
    match outcome:
        case JobOutcome(error=None, result=Path() as path):
            return replace(state, written=path, error=None)
        case JobOutcome(error=Exception() as error):
            return replace(state, written=None, error=error)
        case _:
            raise TypeError(f"not a report: {outcome.result!r}")


class ReportingViewModel(StateViewModel[ReportingState]):
    """Reports as one value that changes."""

    def __init__(self, runner: JobRunner, log_folder: Path, parent: QObject | None = None) -> None:
        super().__init__(ReportingState(), parent)
        self._runner = runner
        self._log_folder = log_folder
        self._looking = self._writing = 0
        runner.ended.connect(self._on_ended)

    def look(self) -> None:
        """Find out whether a former session crashed."""
        self._looking = self._runner.start(
            job_from_function(partial(collect_crash_reports, self._log_folder))
        )

    def write(self, path: Path, facts: SystemInfo) -> None:
        """Write a report there; replaces a file of that name."""
        self._set_state(replace(self._state, written=None, error=None))
        job = partial(
            write_bug_report,
            path,
            facts,
            log_folder=self._log_folder,
            crash_report=self._state.crash,
        )
        self._writing = self._runner.start(job_from_function(job), must_finish=True)

    @Slot(int, object)
    def _on_ended(self, run_id: int, outcome: JobOutcome) -> None:
        if run_id == self._looking and isinstance(outcome.result, str):
            self._set_state(replace(self._state, crash=outcome.result))
        elif run_id == self._writing:
            self._set_state(after_writing(self._state, outcome))
