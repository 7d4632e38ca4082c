"""The list of the runs of a session."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from app.jobs.document.reopen import is_same_content
from app.jobs.results.archived_result import PutAway
from app.jobs.run.restore_request import RestoreRequest
from app.viewmodels.results.left_runs import PendingRun

if TYPE_CHECKING:  # imports torch, see `Engine`
    from ddrm_core.restoration.input import Source

MOST_RUNS = 24
# Their levels stay in memory, to know a file again.
MOST_FILES = 4


@dataclass(frozen=True, slots=True, eq=False)
class PastRun:
    """One result of the session.

    Attributes:
        number: From 1, in the order in which they ended.
        ended: When that was, local time.
        request: The request that the run was started with.
        put: The result of the run.
        inside: Share of levels in their bins, 0 to 1, before rounding.
        here: Whether it is of the file that is open.
        sharpness: How it was shown last, from the mean (0) to a sample (1).
        sample: Which one.
        saved: The file that the user saved the result as last, None where there is none.
    """

    number: int
    ended: datetime
    request: RestoreRequest
    put: PutAway
    inside: float
    here: bool = True
    sharpness: float = 0.0
    sample: int = 1
    saved: Path | None = None


@dataclass(frozen=True, slots=True)
class RunsState:
    """All of them.

    Attributes:
        runs: Newest first.
        current: Number of the one whose result is shown, None where none of them is.
        unkept: Whether the latest result did not find room within the budgets.
        running: Whether a run is under way, which going back to another one would end.
        pending: Results that are being put away, oldest first.
    """

    runs: tuple[PastRun, ...] = ()
    current: int | None = None
    unkept: bool = False
    running: bool = False
    pending: tuple[PendingRun, ...] = ()

    @property
    def unsaved(self) -> tuple[PastRun | PendingRun, ...]:
        """Runs whose results are in no file yet, newest first."""
        known: tuple[PastRun | PendingRun, ...] = (*self.pending[::-1], *self.runs)
        return tuple(run for run in known if run.saved is None)

    def find(self, number: int) -> PastRun | None:
        """None where it is not there any more."""
        return next((run for run in self.runs if run.number == number), None)


def with_run(state: RunsState, run: PastRun) -> RunsState:
    """One more; the oldest saved ones give way where there are too many of runs or of files."""
    runs = (run, *(other for other in state.runs if not other.put.gone))
    files = list(dict.fromkeys(past.request.source.path for past in runs[:MOST_RUNS]))[:MOST_FILES]
    kept = tuple(
        past
        for place, past in enumerate(runs)
        if past.saved is None or (place < MOST_RUNS and past.request.source.path in files)
    )
    return replace(state, runs=kept, unkept=False)


def with_saved(state: RunsState, number: int, path: Path) -> RunsState:
    """Return the state once the result of a run is in a file."""
    runs = tuple(replace(r, saved=path) if r.number == number else r for r in state.runs)
    pending = tuple(replace(p, saved=path) if p.number == number else p for p in state.pending)
    return replace(state, runs=runs, pending=pending, unkept=state.unkept and _crowded(runs))


def with_settled(state: RunsState, number: int, put: PutAway) -> RunsState:
    """Return the state once it was tried again to find room for a result within the budgets."""
    runs = tuple(replace(r, put=put) if r.number == number else r for r in state.runs)
    return replace(state, runs=runs, unkept=state.unkept and _crowded(runs))


def _crowded(runs: Sequence[PastRun]) -> bool:
    return any(run.put.beyond and run.saved is None for run in runs)


def with_removed(state: RunsState, run: PastRun) -> RunsState:
    """Return the state with a run that was removed back in its place."""
    runs = sorted((*state.runs, run), key=lambda past: past.number, reverse=True)
    return replace(state, runs=tuple(runs))


def without(state: RunsState, number: int) -> RunsState:
    """All others. What is shown stays, without being one of them."""
    runs = tuple(run for run in state.runs if run.number != number)
    return replace(state, runs=runs, current=None if state.current == number else state.current)


def of_file(state: RunsState, source: Source) -> RunsState:
    """Another file is open, and no result is shown."""
    # Levels of many megapixels take a while to compare, and most runs share theirs.
    known = {id(run.request.source): run.request.source for run in state.runs}
    here = {key for key, other in known.items() if is_same_content(other, source)}
    runs = tuple(replace(run, here=id(run.request.source) in here) for run in state.runs)
    return replace(state, runs=runs, current=None, unkept=False)


def shown_as(state: RunsState, sharpness: float, sample: int) -> RunsState:
    """The current one is shown at another place from its mean to a sample."""
    changed = tuple(
        replace(run, sharpness=sharpness, sample=sample)
        if run.number == state.current and (run.sharpness, run.sample) != (sharpness, sample)
        else run
        for run in state.runs
    )
    return replace(state, runs=changed)
