"""The list of the runs of a session."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from app.jobs.document.reopen import is_same_content
from app.jobs.results.archived_result import ArchivedResult
from app.jobs.run.restore_request import RestoreRequest
from app.viewmodels.results.pending_runs import PendingRun

if TYPE_CHECKING:  # imports torch, see `PriorCache`
    from ddrm_core.restoration.source import SourceImage

MAX_PAST_RUNS = 24
# Their levels stay in memory, to know a file again.
MAX_PAST_RUN_FILES = 4


@dataclass(frozen=True, slots=True, eq=False)
class PastRun:
    """One result of the session.

    Attributes:
        number: From 1, in the order in which they ended.
        ended_at: When that was, local time.
        request: The request that the run was started with.
        archived_result: The result of the run.
        consistency_share: Share of levels in their bins, 0 to 1, before rounding.
        is_of_open_file: Whether it is of the file that is open.
        sharpness: How it was shown last, from the mean (0) to a sample (1).
        sample_number: Which one.
        saved_path: The file that the user saved the result as last, None where there is none.
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


@dataclass(frozen=True, slots=True)
class RunHistoryState:
    """All of them.

    Attributes:
        runs: Newest first.
        current_number: Number of the one whose result is shown, None where none of them is.
        is_latest_over_budget: Whether the latest result did not find room within the budgets.
        is_run_active: Whether a run is under way, which going back to another one would end.
        pending_runs: Results that are being put away, oldest first.
    """

    runs: tuple[PastRun, ...] = ()
    current_number: int | None = None
    is_latest_over_budget: bool = False
    is_run_active: bool = False
    pending_runs: tuple[PendingRun, ...] = ()

    @property
    def unsaved_runs(self) -> tuple[PastRun | PendingRun, ...]:
        """Runs whose results are in no file yet, newest first."""
        all_runs: tuple[PastRun | PendingRun, ...] = (*self.pending_runs[::-1], *self.runs)
        return tuple(run for run in all_runs if run.saved_path is None)

    def find_run(self, run_number: int) -> PastRun | None:
        """None where it is not there any more."""
        return next((run for run in self.runs if run.number == run_number), None)


def with_past_run(state: RunHistoryState, run: PastRun) -> RunHistoryState:
    """One more; the oldest saved ones give way where there are too many of runs or of files."""
    runs = (run, *(other for other in state.runs if not other.archived_result.is_evicted))
    files = list(dict.fromkeys(past_run.request.source.path for past_run in runs[:MAX_PAST_RUNS]))[
        :MAX_PAST_RUN_FILES
    ]
    remaining = tuple(
        past_run
        for index, past_run in enumerate(runs)
        if past_run.saved_path is None
        or (index < MAX_PAST_RUNS and past_run.request.source.path in files)
    )
    return replace(state, runs=remaining, is_latest_over_budget=False)


def with_saved_path(state: RunHistoryState, number: int, path: Path) -> RunHistoryState:
    """Return the state once the result of a run is in a file."""
    runs = tuple(
        replace(past_run, saved_path=path) if past_run.number == number else past_run
        for past_run in state.runs
    )
    pending = tuple(
        replace(pending_run, saved_path=path) if pending_run.number == number else pending_run
        for pending_run in state.pending_runs
    )
    return with_budget_checked(replace(state, runs=runs, pending_runs=pending))


def with_budget_checked(state: RunHistoryState) -> RunHistoryState:
    """Return the state once a result may have found room within the budgets, or was saved."""
    has_over_budget_result = any(
        run.archived_result.is_over_budget and run.saved_path is None for run in state.runs
    )
    return replace(
        state, is_latest_over_budget=state.is_latest_over_budget and has_over_budget_result
    )


def with_removal_undone(state: RunHistoryState, run: PastRun) -> RunHistoryState:
    """Return the state with a run that was removed back in its place."""
    runs = sorted((*state.runs, run), key=lambda past: past.number, reverse=True)
    return replace(state, runs=tuple(runs))


def without_run(state: RunHistoryState, number: int) -> RunHistoryState:
    """All others. What is shown stays, without being one of them."""
    runs = tuple(run for run in state.runs if run.number != number)
    return replace(
        state,
        runs=runs,
        current_number=None if state.current_number == number else state.current_number,
    )


def with_open_file(state: RunHistoryState, source: SourceImage) -> RunHistoryState:
    """Another file is open, and no result is shown."""
    # Levels of many megapixels take a while to compare, and most runs share theirs.
    sources_by_id = {id(run.request.source): run.request.source for run in state.runs}
    matching_ids = {key for key, other in sources_by_id.items() if is_same_content(other, source)}
    runs = tuple(
        replace(run, is_of_open_file=id(run.request.source) in matching_ids) for run in state.runs
    )
    return replace(state, runs=runs, current_number=None, is_latest_over_budget=False)


def with_sharpness(state: RunHistoryState, sharpness: float, sample_number: int) -> RunHistoryState:
    """The current one is shown at another place from its mean to a sample."""
    changed = tuple(
        replace(run, sharpness=sharpness, sample_number=sample_number)
        if run.number == state.current_number
        and (run.sharpness, run.sample_number) != (sharpness, sample_number)
        else run
        for run in state.runs
    )
    return replace(state, runs=changed)
