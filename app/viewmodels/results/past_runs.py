"""State of the run history and its transitions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from app.jobs.document.reopen import is_same_content
from app.jobs.results.archived_result import ArchivedResult
from app.jobs.results.stored_result import EarlierRun
from app.jobs.run.restore_request import RestoreRequest
from app.jobs.run.result_strength import FULL_STRENGTH, ResultStrength
from app.viewmodels.results.pending_runs import PendingRun

if TYPE_CHECKING:  # imports torch, see `PriorCache`
    from ddrm_core.restoration.source import SourceImage

MAX_PAST_RUNS = 24
# The sources of past runs stay in memory, so that a reopened file can be compared with them.
MAX_PAST_RUN_FILES = 4


@dataclass(frozen=True, slots=True, eq=False)
class PastRun:
    """A run of the session whose result has been archived.

    Attributes:
        number: Number from 1, in the order in which the runs ended.
        ended_at: End of the run, in local time.
        request: The request that the run was started with.
        archived_result: The result of the run.
        consistency_share: Share of levels in their bins, 0 to 1, before rounding.
        is_of_open_file: Whether the run is of the file that is open.
        sharpness: Sharpness at which the result was shown last, from the mean (0) to a sample (1).
        sample_number: Number, from 1, of the sample at full sharpness.
        saved_path: The file to which the user saved the result last, None if it is not saved.
        stored_folder: Folder with a copy of the result for a later session, None without one.
        strength: Strength and kept areas with which the result was shown last.
    """

    number: int
    ended_at: datetime
    request: RestoreRequest
    archived_result: ArchivedResult
    consistency_share: float
    is_of_open_file: bool = True
    sharpness: float = 0.0
    sample_number: int = 1
    saved_path: Path | None = None
    stored_folder: Path | None = None
    strength: ResultStrength = field(default=FULL_STRENGTH, kw_only=True)


@dataclass(frozen=True, slots=True)
class RunHistoryState:
    """State of the run history: past runs, the current run and pending runs.

    Attributes:
        runs: Past runs, the newest first.
        current_number: Number of the run whose result is shown, None if no past run is shown.
        is_over_budget: Whether an unsaved result exceeds the budgets of the array store.
        archiving_error: Error because of which the latest result is not among the past runs.
        is_run_active: Whether a run is in progress, which the activation of a past run would end.
        pending_runs: Runs whose results are still being archived, the oldest first.
        is_storing: Whether results that have no stored copy are being stored again.
    """

    runs: tuple[PastRun, ...] = ()
    current_number: int | None = None
    is_over_budget: bool = False
    archiving_error: Exception | None = None
    is_run_active: bool = False
    pending_runs: tuple[PendingRun, ...] = ()
    is_storing: bool = False

    @property
    def unsaved_runs(self) -> tuple[PastRun | PendingRun, ...]:
        """Runs whose results are not saved, the newest first."""
        all_runs: tuple[PastRun | PendingRun, ...] = (*self.pending_runs[::-1], *self.runs)
        return tuple(run for run in all_runs if run.saved_path is None)

    def find_latest_of_open_file(self) -> PastRun | None:
        """Return the newest past run of the open file whose result is not lost."""
        runs = (run for run in self.runs if run.is_of_open_file)
        return next((run for run in runs if not run.archived_result.is_lost), None)

    def find_run(self, run_number: int) -> PastRun | None:
        """Return the past run with this number, None if it is not in the list."""
        return next((run for run in self.runs if run.number == run_number), None)


def past_run_from_earlier(run: EarlierRun, number: int) -> PastRun:
    """Return a run of an earlier session as a past run with a number, not of the open file."""
    return PastRun(
        number,
        run.ended_at,
        run.request,
        run.archived_result,
        run.archived_result.consistency.inside_fraction,
        False,
        run.view.sharpness,
        run.view.sample_number,
        run.view.saved_path,
        run.folder,
        strength=run.view.strength,
    )


def with_past_run(state: RunHistoryState, run: PastRun) -> RunHistoryState:
    """Return the state with a new past run.

    If there are more than `MAX_PAST_RUNS` runs or `MAX_PAST_RUN_FILES` files, the oldest saved runs
    are removed.
    """
    runs = (run, *(other for other in state.runs if not other.archived_result.is_lost))
    files = list(dict.fromkeys(past_run.request.source.path for past_run in runs[:MAX_PAST_RUNS]))[
        :MAX_PAST_RUN_FILES
    ]
    remaining = tuple(
        past_run
        for index, past_run in enumerate(runs)
        if past_run.saved_path is None
        or (index < MAX_PAST_RUNS and past_run.request.source.path in files)
    )
    return replace(state, runs=remaining)


def with_saved_path(state: RunHistoryState, number: int, path: Path) -> RunHistoryState:
    """Return the state in which the result of the run `number` is saved in the file `path`."""
    runs = tuple(
        replace(past_run, saved_path=path) if past_run.number == number else past_run
        for past_run in state.runs
    )
    pending = tuple(
        replace(pending_run, saved_path=path) if pending_run.number == number else pending_run
        for pending_run in state.pending_runs
    )
    return replace(state, runs=runs, pending_runs=pending)


def with_current_run(state: RunHistoryState, number: int | None) -> RunHistoryState:
    """Return the state with the run `number` as the current one, or without one for None.

    Saved results of all other runs become evictable. Past runs whose results are lost, or saved
    and over budget, are removed.
    """
    runs = tuple(
        past_run
        for past_run in state.runs
        if not past_run.archived_result.is_lost
        and (
            not past_run.archived_result.is_over_budget
            or past_run.saved_path is None
            or past_run.number == number
        )
    )
    for past_run in runs:
        past_run.archived_result.set_evictable(
            evictable=past_run.number != number and past_run.saved_path is not None
        )
    is_over_budget = any(
        past_run.archived_result.is_over_budget and past_run.saved_path is None for past_run in runs
    )
    return replace(state, runs=runs, current_number=number, is_over_budget=is_over_budget)


def with_removal_undone(state: RunHistoryState, run: PastRun) -> RunHistoryState:
    """Return the state with the removed run `run` at its previous position."""
    return with_sorted_runs(state, (*state.runs, run))


def with_sorted_runs(state: RunHistoryState, runs: Sequence[PastRun]) -> RunHistoryState:
    """Return the state with these past runs, the one that ended last first.

    A run of an earlier session has a larger number than runs that ended after it.
    """
    ordered = sorted(runs, key=lambda run: (run.ended_at, run.number), reverse=True)
    return replace(state, runs=tuple(ordered))


def with_stored_folders(
    state: RunHistoryState, folders: Mapping[int, Path | None]
) -> RunHistoryState:
    """Return the state with the stored copies of some runs, given by the numbers of the runs."""
    runs = tuple(
        replace(run, stored_folder=folders.get(run.number, run.stored_folder)) for run in state.runs
    )
    return replace(state, runs=runs)


def without_run(state: RunHistoryState, number: int) -> RunHistoryState:
    """Return the state without the past run `number`.

    If this run was the current run, there is no current run afterwards, although its result is
    still shown.
    """
    runs = tuple(run for run in state.runs if run.number != number)
    return replace(
        state,
        runs=runs,
        current_number=None if state.current_number == number else state.current_number,
    )


def with_open_file(state: RunHistoryState, source: SourceImage) -> RunHistoryState:
    """Return the state after a file has been opened, without a current run.

    Each past run is marked as a run of that file or of another one.
    """
    # Comparing the levels of many megapixels is slow, and most runs share one source.
    sources_by_id = {id(run.request.source): run.request.source for run in state.runs}
    matching_ids = {key for key, other in sources_by_id.items() if is_same_content(other, source)}
    runs = tuple(
        replace(run, is_of_open_file=id(run.request.source) in matching_ids) for run in state.runs
    )
    return replace(state, runs=runs, current_number=None)


def with_sharpness(
    state: RunHistoryState,
    sharpness: float,
    sample_number: int,
    strength: ResultStrength = FULL_STRENGTH,
) -> RunHistoryState:
    """Return the state with sharpness, sample and strength at which the current run is shown."""
    blend = (sharpness, sample_number, strength)
    changed = tuple(
        replace(run, sharpness=sharpness, sample_number=sample_number, strength=strength)
        if run.number == state.current_number
        and (run.sharpness, run.sample_number, run.strength) != blend
        else run
        for run in state.runs
    )
    return replace(state, runs=changed)
