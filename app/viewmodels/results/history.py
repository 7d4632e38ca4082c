"""View model of the run history."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path

from PySide6.QtCore import Signal, Slot

from app.jobs.document.reopen import is_same_content
from app.jobs.results.archived_result import ArchivedResult, archive_estimate, archive_result
from app.jobs.results.result_store import ArchivedRun, ResultStore, archive_and_store
from app.jobs.results.stored_result import EarlierRun
from app.jobs.run.restore import StepEstimate
from app.jobs.run.restore_request import RestoreRequest
from app.jobs.run.result import RunResult
from app.jobs.storage.array_store import ArrayStore, StoredArray
from app.jobs.storage.temporary_folder import remove_stale_temporary_folders
from app.jobs.worker import JobOutcome, JobRunner, job_from_function
from app.viewmodels.document.document import (
    DocumentOpened,
    DocumentOpening,
    DocumentState,
    DocumentViewModel,
    OpenRequest,
)
from app.viewmodels.results.past_runs import (
    PastRun,
    RunHistoryState,
    past_run_from_earlier,
    with_current_run,
    with_open_file,
    with_past_run,
    with_removal_undone,
    with_saved_path,
    with_sharpness,
    with_sorted_runs,
    with_stored_folders,
    without_run,
)
from app.viewmodels.results.pending_runs import PendingRun, RunLeftUnsaved, UnsavedRunKind
from app.viewmodels.run.run import (
    NoRun,
    PreparingResult,
    ResultReady,
    RunInProgress,
    RunState,
    RunStopped,
    RunViewModel,
)
from app.viewmodels.state_view_model import StateViewModel


def has_just_started(state: RunState) -> bool:
    """Return whether a run is in progress and has no estimate yet."""
    return isinstance(state, RunInProgress) and state.estimate is None


def _admit_all(array_store: ArrayStore, arrays: Sequence[StoredArray]) -> None:
    for stored in arrays:
        array_store.admit(stored)


def _store_results(result_store: ResultStore, runs: Sequence[PastRun]) -> dict[int, Path | None]:
    """Store results, and return the folders of their stored copies by run number."""
    return {
        run.number: result_store.store(run.request, run.archived_result, run.ended_at)
        for run in runs
    }


class RunHistoryViewModel(StateViewModel[RunHistoryState]):
    """View model of the run history, which archives results and activates past runs.

    Attributes:
        keeps_results: Whether results are stored for a later session.

    Signals:
        run_left_unsaved: Emitted when another file is opened and the result or the run of the
            previous file is not saved. arg1: `RunLeftUnsaved`.
        activation_started: Emitted when the result of a past run is about to be shown. arg1:
            `PastRun`.
    """

    run_left_unsaved = Signal(object)
    activation_started = Signal(object)

    def __init__(
        self,
        runner: JobRunner,
        array_store: ArrayStore,
        run: RunViewModel,
        document: DocumentViewModel,
        result_store: ResultStore | None = None,
    ) -> None:
        """Create an empty run history.

        Args:
            runner: Runner of the jobs that archive and store results.
            array_store: Store for archived results.
            run: View model of the run.
            document: View model of the opened file.
            result_store: Store from which a later session can show the results; None for none.
        """
        super().__init__(RunHistoryState())
        self._runner, self._array_store = runner, array_store
        self._result_store = result_store
        self.keeps_results = result_store is not None
        self._run = run
        self._document = document
        self._last_run_number = 0
        self._shown_result: RunResult | None = None
        self._shown_run_number: int | None = None
        # Numbers of the run whose result is being loaded, and of the run to activate when its file
        # is open or its result archived.
        self._activating_number: int | None = None
        self._requested_number: int | None = None
        self._applies_settings = True
        # The latest estimate of a run that has no result, with the request of the run.
        self._latest_estimate: tuple[RestoreRequest, StepEstimate] | None = None
        self._was_interrupted = False
        self._retry_job_id = self._store_job_id = 0
        runner.ended.connect(self._on_ended)
        run.state_changed.connect(self._on_run_changed)
        document.state_changed.connect(self._on_document_changed)

    @property
    def shown_run_number(self) -> int | None:
        """Number of the run whose result is shown, even if the result is still being archived."""
        return self._shown_run_number

    def remove_stale_folders(self) -> None:
        """Delete, on a worker thread, the temporary folders of sessions that were killed."""
        self._runner.start(
            job_from_function(
                partial(remove_stale_temporary_folders, self._array_store.folder.parent)
            )
        )

    def activate_run(self, run_number: int, *, applies_settings: bool = True) -> None:
        """Open the file of a past run and show the run's result; do nothing during a run.

        A file that is already open is not opened again.

        Args:
            run_number: Number of the run.
            applies_settings: Whether the settings of the run become those of the next run.
        """
        past_run = self._state.find_run(run_number)
        if self._state.is_run_active or (past_run is not None and past_run.archived_result.is_lost):
            return
        self._requested_number, self._applies_settings = run_number, applies_settings
        if past_run is None:
            return  # its result is still being archived
        if past_run.is_of_open_file and not isinstance(self._document.state, DocumentOpening):
            self.resume_activation()
        else:
            source = past_run.request.source
            self._document.open(OpenRequest(source.path, cached_source=source))

    @Slot()
    def resume_activation(self) -> None:
        """Show the result of the past run to be activated, once its file has been opened."""
        past_run = (
            None if self._requested_number is None else self._state.find_run(self._requested_number)
        )
        if past_run is None or not past_run.is_of_open_file:
            return
        self._requested_number, self._activating_number = None, past_run.number
        if self._applies_settings:
            self.activation_started.emit(past_run)
        blend = (past_run.sharpness, past_run.sample_number, past_run.strength)
        self._run.show_archived_result(past_run.archived_result, past_run.request, *blend)

    def remove_run(self, run_number: int) -> None:
        """Remove the past run with a number from the run history."""
        past_run = self._state.find_run(run_number)
        if past_run is not None:
            past_run.archived_result.set_evictable(evictable=True)
        state = without_run(self._state, run_number)
        self._set_state(with_current_run(state, state.current_number))

    def undo_remove(self, past_run: PastRun) -> None:
        """Undo `remove_run`; do nothing if the result has been lost meanwhile."""
        if self._state.find_run(past_run.number) is None and not past_run.archived_result.is_lost:
            self._set_state(with_removal_undone(self._state, past_run))
            self._set_current_run(self._shown_run_number)

    @Slot(int, object)
    def mark_saved(self, run_number: int, path: Path) -> None:
        """Record the path to which the result of a run has been saved.

        A saved result is evictable, except while it is shown.
        """
        self._set_state(with_saved_path(self._state, run_number, path))
        self._set_current_run(self._state.current_number)

    def add_earlier_runs(self, runs: Sequence[EarlierRun]) -> None:
        """Add runs of earlier sessions, whose results are stored and archived."""
        past_runs = []
        for run in sorted(runs, key=lambda run: run.ended_at):
            self._last_run_number += 1
            past_runs.append(past_run_from_earlier(run, self._last_run_number))
        state, document = self._state, self._document.document
        changed = with_sorted_runs(state, (*state.runs, *past_runs))
        if document is not None:
            changed = with_open_file(changed, document.source)
        self._set_state(with_current_run(changed, state.current_number))

    def store_unsaved_results(self) -> None:
        """Store, in a job, unsaved results without a stored copy, and a stopped run's estimate."""
        if not self.keeps_results or self._result_store is None:
            return
        if isinstance(self._run.state, RunStopped):
            self._run.reset()  # archives the estimate
        runs = [
            run for run in self._state.runs if run.saved_path is None and run.stored_folder is None
        ]
        if runs and not self._state.is_storing:
            job = job_from_function(partial(_store_results, self._result_store, runs))
            self._store_job_id = self._runner.start(job)
            self._set_state(replace(self._state, is_storing=True))

    def discard_unfinished_run(self) -> None:
        """Discard a run without a result, and do not archive its latest estimate."""
        if self._latest_estimate is not None or self._state.is_run_active:
            self._latest_estimate = None
            self._run.reset()

    @Slot(object)
    def _on_document_changed(self, state: DocumentState) -> None:
        match state:
            case DocumentOpening(request=request):
                self._was_interrupted = self._state.is_run_active
                if request.cached_source is None:
                    self._requested_number = None
            case DocumentOpened(document=document):
                run_left = self._leave_current_run()
                self._set_state(with_open_file(self._state, document.source))
                if run_left is not None:
                    self.run_left_unsaved.emit(run_left)

    def _leave_current_run(self) -> RunLeftUnsaved | None:
        """Archive the latest estimate of the current run, if it has no result.

        Return the run if its result or estimate is not saved, else None.
        """
        request, run_number = self._run.request, self._shown_run_number
        if request is None:
            return None
        if self._latest_estimate is not None:
            return RunLeftUnsaved(UnsavedRunKind.ESTIMATE, request, self._archive_latest_estimate())
        if any(run.number == run_number for run in self._state.unsaved_runs):
            return RunLeftUnsaved(UnsavedRunKind.RESULT, request, run_number)
        if self._was_interrupted and isinstance(self._run.state, NoRun):
            return RunLeftUnsaved(UnsavedRunKind.NO_ESTIMATE, request, None)
        return None

    @Slot(object)
    def _on_run_changed(self, state: RunState) -> None:
        self._set_state(replace(self._state, is_run_active=isinstance(state, RunInProgress)))
        self._track_latest_estimate(state)
        if not isinstance(state, ResultReady):
            if not isinstance(
                state, PreparingResult
            ):  # the archived result could not be loaded, or the activation was discarded
                self._activating_number = None
            self._shown_result = self._shown_run_number = None
            self._set_current_run(None)
            if isinstance(state, NoRun) or has_just_started(state):
                self._retry_over_budget_results()
            return
        result = state.result
        is_same_restoration = (
            self._shown_result is not None and self._shown_result.restoration is result.restoration
        )
        self._shown_result = result
        if is_same_restoration:
            blend = (result.sharpness, result.sample_number, result.strength)
            self._set_state(with_sharpness(self._state, *blend))
        elif self._activating_number is not None:
            self._shown_run_number = self._activating_number
            self._set_current_run(self._activating_number)
            self._activating_number = None
        else:
            self._archive_result(result)

    def _track_latest_estimate(self, state: RunState) -> None:
        """Remember the latest estimate of the run until the run has a result.

        If the run ends without a result, its latest estimate is archived.
        """
        match state:
            case RunInProgress(estimate=StepEstimate() as estimate) | RunStopped(estimate=estimate):
                request = self._run.request
                assert request is not None  # there is a run
                self._latest_estimate = (request, estimate)
            case PreparingResult(is_from_archive=False):
                return
            case ResultReady():
                self._latest_estimate = None
            case _ if self._latest_estimate is not None:
                self._archive_latest_estimate()

    def _archive_latest_estimate(self) -> int:
        assert self._latest_estimate is not None  # checked by the callers
        (request, estimate), self._latest_estimate = self._latest_estimate, None
        return self._start_archiving(
            request, None, partial(archive_estimate, estimate, self._array_store)
        )

    def _archive_result(self, result: RunResult) -> None:
        request = self._run.request
        assert request is not None  # there is a result
        self._set_current_run(None)
        job = partial(archive_result, result, self._array_store)
        self._shown_run_number = self._start_archiving(request, result, job)

    def _start_archiving(
        self,
        request: RestoreRequest,
        result: RunResult | None,
        archive: Callable[[], ArchivedResult],
    ) -> int:
        self._last_run_number += 1
        result_store = self._result_store if self.keeps_results else None
        job = partial(archive_and_store, archive, request, result_store)
        job_id = self._runner.start(job_from_function(job))
        pending = PendingRun(self._last_run_number, job_id, request, result)
        self._set_state(replace(self._state, pending_runs=(*self._state.pending_runs, pending)))
        return self._last_run_number

    def _set_current_run(self, run_number: int | None) -> None:
        self._set_state(with_current_run(self._state, run_number))

    def _retry_over_budget_results(self) -> None:
        """Try again, in a job, to put results that are over budget into the array store."""
        archived_results = [past_run.archived_result for past_run in self._state.runs]
        means = [archived.mean for archived in archived_results if archived.is_over_budget]
        if means:
            job = job_from_function(partial(_admit_all, self._array_store, means))
            self._retry_job_id = self._runner.start(job)

    @Slot(int, object)
    def _on_ended(self, job_id: int, outcome: JobOutcome) -> None:
        if job_id == self._retry_job_id:
            self._set_current_run(self._state.current_number)
            return
        if job_id == self._store_job_id:
            folders = outcome.result if isinstance(outcome.result, dict) else {}
            self._set_state(replace(with_stored_folders(self._state, folders), is_storing=False))
            return
        archived = outcome.result
        pending = next(
            (other for other in self._state.pending_runs if other.job_id == job_id), None
        )
        if pending is None:
            return
        other_pending = tuple(other for other in self._state.pending_runs if other is not pending)
        if not isinstance(archived, ArchivedRun):
            self._set_state(
                replace(self._state, pending_runs=other_pending, archiving_error=outcome.error)
            )
            return
        self._add_past_run(pending, archived, other_pending)
        if self._requested_number == pending.number:
            self.activate_run(pending.number, applies_settings=self._applies_settings)

    def _add_past_run(
        self, pending: PendingRun, archived: ArchivedRun, other_pending: tuple[PendingRun, ...]
    ) -> None:
        document = self._document.document
        is_of_open_file = document is not None and is_same_content(
            pending.request.source, document.source
        )
        past_run = PastRun(
            pending.number,
            archived.ended_at,
            pending.request,
            archived.archived_result,
            archived.archived_result.consistency.inside_fraction,
            is_of_open_file,
            saved_path=pending.saved_path,
            stored_folder=archived.stored_folder,
        )
        state = with_past_run(
            replace(self._state, pending_runs=other_pending, archiving_error=None), past_run
        )
        shown_result = self._shown_result
        if shown_result is not None and past_run.number == self._shown_run_number:
            state = replace(state, current_number=past_run.number)
            blend = (shown_result.sharpness, shown_result.sample_number, shown_result.strength)
            state = with_sharpness(state, *blend)
        self._set_state(with_current_run(state, state.current_number))
