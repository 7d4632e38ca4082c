"""View model of unsaved results and of saving all of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import Enum, auto
from functools import partial
from pathlib import Path

from PySide6.QtCore import Signal, Slot

from app.config.save_choices import SaveChoices
from app.jobs.results.save_all import SaveTask, SaveTaskFailed, SaveTaskFinished, save_all_job
from app.jobs.run.restore import StepEstimate
from app.jobs.storage.array_store import ArrayStore
from app.jobs.worker import JobOutcome, JobRunner
from app.viewmodels.export.save_options import SaveOptionsState, build_save_subject
from app.viewmodels.export.saving import SavingInProgress, SavingViewModel
from app.viewmodels.results.history import RunHistoryViewModel
from app.viewmodels.results.past_runs import PastRun, RunHistoryState
from app.viewmodels.run.run import (
    PreparingResult,
    RunInProgress,
    RunState,
    RunStopped,
    RunViewModel,
)
from app.viewmodels.run.timeline import TimelineViewModel
from app.viewmodels.state_view_model import JobFailed, JobNotStarted, JobViewModel

_FLOAT_BYTES = 4


class SaveAnswer(Enum):
    """Answer to a question about unsaved results: save, discard or cancel."""

    SAVE = auto()
    DISCARD = auto()
    CANCEL = auto()


@dataclass(frozen=True, slots=True)
class UnsavedWork:
    """Results and a run that would be lost if the window closed.

    Attributes:
        unsaved_file_names: Names of the files whose results or estimates are not saved, one name
            per result.
        running_file_name: Name of the file whose run is in progress, None without a run.
        has_estimate: Whether the run in progress has an estimate that can be saved.
        over_budget_file_names: Names of the files whose results exceed the budgets of memory and
            disk space.
        keeps_results: Whether all other results are kept for a later session.
    """

    unsaved_file_names: tuple[str, ...] = ()
    running_file_name: str | None = None
    has_estimate: bool = False
    over_budget_file_names: tuple[str, ...] = ()
    keeps_results: bool = False

    @property
    def is_at_risk(self) -> bool:
        """Whether closing the window would lose work."""
        return bool(self.unsaved_file_names) or self.running_file_name is not None

    @property
    def can_save(self) -> bool:
        """Whether an unsaved result or estimate exists that can be saved."""
        return bool(self.unsaved_file_names) or self.has_estimate

    @property
    def offered_answers(self) -> tuple[SaveAnswer, ...]:
        """Answers to offer to the user, the safest first."""
        if self.can_save:
            return (SaveAnswer.SAVE, SaveAnswer.DISCARD, SaveAnswer.CANCEL)
        return (SaveAnswer.CANCEL, SaveAnswer.DISCARD)


def collect_unsaved_work(
    history: RunHistoryState,
    run_state: RunState,
    file_name: str,
    *,
    free_bytes: int | None,
    released_bytes: int = 0,
    keeps_results: bool = False,
) -> UnsavedWork:
    """Return the results and the run that would be lost if the window closed.

    Args:
        history: The run history.
        run_state: The state of the current run.
        file_name: Name of the file of the current run.
        free_bytes: Free bytes in the budgets of the array store, None if the number is unknown.
        released_bytes: Bytes of the array store that become free when the current run is reset.
        keeps_results: Whether stored copies of results stay for a later session.
    """
    file_names = [
        past_run.request.source.path.name
        for past_run in history.unsaved_runs
        if not (keeps_results and isinstance(past_run, PastRun) and past_run.stored_folder)
    ]
    if isinstance(run_state, RunStopped) or (
        isinstance(run_state, PreparingResult) and not run_state.is_from_archive
    ):
        file_names.insert(0, file_name)
    return UnsavedWork(
        tuple(file_names),
        file_name if isinstance(run_state, RunInProgress) else None,
        isinstance(run_state, RunInProgress) and run_state.estimate is not None,
        _over_budget_file_names(
            history,
            run_state,
            file_name,
            None if free_bytes is None else free_bytes + released_bytes,
        ),
        keeps_results,
    )


def _over_budget_file_names(
    history: RunHistoryState, run_state: RunState, file_name: str, free_bytes: int | None
) -> tuple[str, ...]:
    over_budget_runs = [
        past_run
        for past_run in history.runs
        if past_run.saved_path is None and past_run.archived_result.is_over_budget
    ]
    file_names = [past_run.request.source.path.name for past_run in over_budget_runs]
    needed_bytes = sum(past_run.archived_result.mean.nbytes for past_run in over_budget_runs)
    match run_state:
        case RunInProgress(estimate=StepEstimate() as estimate) | RunStopped(estimate=estimate):
            unfinished_run = estimate.run
            needed_bytes += (
                unfinished_run.output_region.pixel_count
                * unfinished_run.image.channels
                * _FLOAT_BYTES
            )
            file_names.insert(0, file_name)
    # Free space is unknown while an array is being written; earlier refusals decide then.
    is_over_budget = bool(over_budget_runs) if free_bytes is None else needed_bytes > free_bytes
    return tuple(file_names) if is_over_budget else ()


def build_save_tasks(
    past_runs: Sequence[PastRun],
    choices: SaveChoices,
    folder: Path | None,
    omitted_numbers: frozenset[int] = frozenset(),
) -> tuple[SaveTask, ...]:
    """Return a task for each unsaved result, the oldest run first.

    Args:
        past_runs: Past runs, saved or not.
        choices: The user's choices for saving; each result uses the choices that it allows.
        folder: Target folder, None for the folder of each source.
        omitted_numbers: Numbers of runs whose results are not saved.
    """
    tasks = []
    for past_run in sorted(past_runs, key=lambda past_run: past_run.number):
        if past_run.saved_path is not None or past_run.number in omitted_numbers:
            continue
        run = past_run.archived_result.run
        subject = build_save_subject(run.image, run.region)
        options = SaveOptionsState(choices, replace(subject, is_pasted=past_run.request.is_pasted))
        proposed_path = options.propose_path(run.image.path.absolute())
        path = proposed_path if folder is None else folder / proposed_path.name
        settings = options.to_export_settings(
            sharpness=past_run.sharpness,
            sample=past_run.sample_number,
            strength=past_run.strength,
        )
        tasks.append(
            SaveTask(
                past_run.number,
                past_run.archived_result,
                path,
                settings,
                keep_date=options.should_keep_date,
            )
        )
    return tuple(tasks)


@dataclass(frozen=True, slots=True)
class SaveAllInProgress:
    """State while the run is being stopped and every unsaved result is being saved.

    Attributes:
        folder: Target folder, None for the folder of each source.
        omitted_numbers: Numbers of runs whose results are not saved.
    """

    folder: Path | None
    omitted_numbers: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class SaveAllFinished:
    """State after saving every unsaved result, with or without failures.

    Attributes:
        saved: Tasks whose results have been saved.
        failed: Tasks whose results could not be saved.
    """

    saved: tuple[SaveTaskFinished, ...]
    failed: tuple[SaveTaskFailed, ...]


SaveAllState = JobNotStarted | SaveAllInProgress | SaveAllFinished | JobFailed


def state_after_save_all(outcome: JobOutcome) -> SaveAllState:
    """Return the state after the job that saves every unsaved result has ended."""
    return outcome.convert(tuple, _state_from_save_outcomes, JobFailed)


def _state_from_save_outcomes(
    outcomes: tuple[SaveTaskFinished | SaveTaskFailed, ...],
) -> SaveAllFinished:
    return SaveAllFinished(
        tuple(saved for saved in outcomes if isinstance(saved, SaveTaskFinished)),
        tuple(failed for failed in outcomes if isinstance(failed, SaveTaskFailed)),
    )


class UnsavedResultsViewModel(JobViewModel[SaveAllState]):
    """View model of saving all unsaved results.

    Signals:
        result_saved: Emitted when a result has been saved. arg1: number of its run. arg2: the file.
    """

    result_saved = Signal(int, object)

    def __init__(
        self,
        runner: JobRunner,
        array_store: ArrayStore,
        run: RunViewModel,
        run_history: RunHistoryViewModel,
        timeline: TimelineViewModel,
        saving: SavingViewModel,
    ) -> None:
        super().__init__(JobNotStarted(), runner)
        self._array_store = array_store
        self._run, self._run_history = run, run_history
        self._timeline = timeline
        self._saving = saving
        runner.progressed.connect(self._on_progressed)
        for view_model in (run, run_history, saving):
            view_model.state_changed.connect(self._continue_saving)

    def find_unsaved_work(self) -> UnsavedWork:
        """Return the results and the run that would be lost if the window closed now."""
        request = self._run.request
        file_name = "" if request is None else request.source.path.name
        estimates = self._timeline.state.estimates
        released_bytes = sum(
            stored.nbytes
            for estimate in estimates
            for stored in (estimate.pixels, estimate.tile_mean)
            if stored is not None
        )
        free_bytes = self._array_store.free_bytes_nowait()
        return collect_unsaved_work(
            self._run_history.state,
            self._run.state,
            file_name,
            free_bytes=free_bytes,
            released_bytes=released_bytes,
            keeps_results=self._run_history.keeps_results,
        )

    def save_all(self, folder: Path | None, *, omits_stored: bool = False) -> None:
        """Save every unsaved result, including one made from the latest estimate of the run.

        A run in progress is stopped first.

        Args:
            folder: Target folder, None for the folder of each source.
            omits_stored: Whether results are left out that have a stored copy by now.
        """
        stored = (run.number for run in self._run_history.state.runs if run.stored_folder)
        omitted_numbers = frozenset(stored if omits_stored else ())
        self._set_state(SaveAllInProgress(folder, omitted_numbers))
        self._continue_saving()

    def discard_over_budget_results(self) -> None:
        """Discard all unsaved results that are over budget, and the unfinished run."""
        for past_run in self._run_history.state.runs:
            if past_run.archived_result.is_over_budget and past_run.saved_path is None:
                self._run_history.remove_run(past_run.number)
        self._run_history.discard_unfinished_run()

    @Slot()
    def _continue_saving(self) -> None:
        """Do the next step of saving all results, unless a job in progress has to end first.

        The steps are: stop the run, build a result from its estimate, start the job that saves.
        """
        if not isinstance(self._state, SaveAllInProgress) or self._job_id:
            return
        match self._run.state:
            case RunInProgress(is_cancelling=False):
                self._run.cancel()
            case RunInProgress() | PreparingResult():
                return
            case RunStopped():
                self._run.use_latest_estimate()
            case _ if not self._run_history.state.pending_runs and not isinstance(
                self._saving.state, SavingInProgress
            ):
                choices = self._saving.options.state.choices
                tasks = build_save_tasks(
                    self._run_history.state.runs,
                    choices,
                    self._state.folder,
                    self._state.omitted_numbers,
                )
                self._job_id = self._runner.start(partial(save_all_job, tasks), must_finish=True)

    @Slot(int, object)
    def _on_progressed(self, job_id: int, save_outcome: SaveTaskFinished | SaveTaskFailed) -> None:
        if job_id == self._job_id and isinstance(save_outcome, SaveTaskFinished):
            self.result_saved.emit(save_outcome.run_number, save_outcome.path)

    def _on_job_ended(self, outcome: JobOutcome) -> None:
        self._job_id = 0
        self._set_state(state_after_save_all(outcome))
