"""View model of the results that are stored for a later session, and of those of earlier ones."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path

from PySide6.QtCore import Signal, Slot

from app.jobs.results.result_store import EarlierResults, ResultStore
from app.jobs.results.stored_result import EarlierRun, ResultView
from app.jobs.worker import JobOutcome, JobRunner, job_from_function
from app.viewmodels.results.history import RunHistoryViewModel
from app.viewmodels.results.past_runs import MAX_PAST_RUNS, PastRun, RunHistoryState
from app.viewmodels.state_view_model import StateViewModel


@dataclass(frozen=True, slots=True)
class StoredResultsState:
    """State of the results of earlier sessions, and of the choice to keep those of this one.

    Attributes:
        keeps_results: Whether results stay for a later session after the window has closed.
        earlier: The results of earlier sessions that are not in the run history.
        is_busy: Whether the results are being read or deleted.
        error: Why the results could not be shown; None without an error.
    """

    keeps_results: bool = True
    earlier: EarlierResults = field(default_factory=EarlierResults)
    is_busy: bool = False
    error: Exception | None = None

    @property
    def has_earlier(self) -> bool:
        """Whether there are results of earlier sessions, even if only damaged ones."""
        return bool(self.earlier.file_names) or bool(self.earlier.damaged_count)


def view_of_run(past_run: PastRun) -> ResultView:
    """Return the part of a past run that changes after its result was stored."""
    return ResultView(
        past_run.saved_path,
        past_run.sharpness,
        past_run.sample_number,
        strength=past_run.strength,
    )


def find_changed_views(
    written: Mapping[Path, ResultView], runs: Sequence[PastRun]
) -> dict[Path, ResultView]:
    """Return the views of stored results that differ from the written ones, by folder.

    Args:
        written: Views that were written, by folder.
        runs: The runs of the run history. A result whose run is not among them is removed.
    """
    views = {run.stored_folder: view_of_run(run) for run in runs if run.stored_folder is not None}
    removed = {
        folder: replace(view, is_removed=True)
        for folder, view in written.items()
        if folder not in views
    }
    return {
        folder: view
        for folder, view in (views | removed).items()
        if written.get(folder, ResultView()) != view
    }


def _write_views(result_store: ResultStore, views: Mapping[Path, ResultView]) -> None:
    for folder, view in views.items():
        result_store.update_view(folder, view)


def _take_earlier(result_store: ResultStore) -> tuple[tuple[EarlierRun, ...], EarlierResults]:
    return result_store.take_earlier(MAX_PAST_RUNS), result_store.find_earlier()


def _clear_earlier(result_store: ResultStore) -> EarlierResults:
    result_store.clear_earlier()
    return result_store.find_earlier()


class StoredResultsViewModel(StateViewModel[StoredResultsState]):
    """View model of stored results: shows and deletes earlier ones, and stores later changes.

    Signals:
        earlier_found: Emitted when results of earlier sessions were found at the start. arg1:
            `EarlierResults`.
        earlier_shown: Emitted when results of earlier sessions were added to the run history.
            arg1: Number of results.
    """

    earlier_found = Signal(object)
    earlier_shown = Signal(int)

    def __init__(
        self, runner: JobRunner, result_store: ResultStore, run_history: RunHistoryViewModel
    ) -> None:
        super().__init__(StoredResultsState())
        self._runner = runner
        self._result_store = result_store
        self._run_history = run_history
        self._find_job_id = self._take_job_id = self._clear_job_id = self._write_job_id = 0
        self._written_views: dict[Path, ResultView] = {}
        runner.ended.connect(self._on_ended)
        run_history.state_changed.connect(self._write_changed_views)

    def set_keeps_results(self, keep: bool) -> None:
        """Set whether results stay for a later session after the window has closed."""
        self._run_history.keeps_results = keep
        self._set_state(replace(self._state, keeps_results=keep))

    def find_earlier(self) -> None:
        """Look for results of earlier sessions, on a worker thread."""
        job = job_from_function(self._result_store.find_earlier)
        self._find_job_id = self._runner.start(job)

    def show_earlier(self) -> None:
        """Add the results of earlier sessions to the run history."""
        if not self._state.is_busy:
            self._set_state(replace(self._state, is_busy=True, error=None))
            job = job_from_function(partial(_take_earlier, self._result_store))
            self._take_job_id = self._runner.start(job)

    def clear_earlier(self) -> None:
        """Delete the results of earlier sessions."""
        if not self._state.is_busy:
            self._set_state(replace(self._state, is_busy=True, error=None))
            job = job_from_function(partial(_clear_earlier, self._result_store))
            self._clear_job_id = self._runner.start(job)

    @Slot(int, object)
    def _on_ended(self, job_id: int, outcome: JobOutcome) -> None:
        match outcome.result:
            case EarlierResults() as earlier if job_id == self._find_job_id:
                self._set_state(replace(self._state, earlier=earlier))
                if self._state.has_earlier:
                    self.earlier_found.emit(earlier)
            case EarlierResults() as earlier if job_id == self._clear_job_id:
                self._set_state(replace(self._state, earlier=earlier, is_busy=False))
            case (tuple() as runs, EarlierResults() as earlier) if job_id == self._take_job_id:
                # The files have these views, so that nothing has to be written.
                self._written_views |= {run.folder: run.view for run in runs}
                self._run_history.add_earlier_runs(runs)
                self._set_state(replace(self._state, earlier=earlier, is_busy=False))
                self.earlier_shown.emit(len(runs))
            case _ if job_id in (self._take_job_id, self._clear_job_id):
                self._set_state(replace(self._state, is_busy=False, error=outcome.error))
            case _ if job_id == self._write_job_id:
                self._write_job_id = 0
                self._write_changed_views(self._run_history.state)

    @Slot(object)
    def _write_changed_views(self, state: RunHistoryState) -> None:
        """Write the changed views of stored results, in one job at a time."""
        if self._write_job_id:
            return
        changed = find_changed_views(self._written_views, state.runs)
        # A stored result has the default view until its first change.
        for run in state.runs:
            if run.stored_folder is not None:
                self._written_views.setdefault(run.stored_folder, ResultView())
        if changed:
            self._written_views |= changed
            job = job_from_function(partial(_write_views, self._result_store, changed))
            self._write_job_id = self._runner.start(job, must_finish=True)
