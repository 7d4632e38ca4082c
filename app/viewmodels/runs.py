"""The runs of a session, to go back to."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QObject, Slot

from app.jobs.put_away import PutAway, put_away
from app.jobs.request import RestoreRequest
from app.jobs.result import Restored
from app.jobs.session_folder import remove_left_overs
from app.jobs.vault import Vault
from app.jobs.worker import Outcome, Runner, once
from app.viewmodels.document import DocumentState, DocumentViewModel, Opened
from app.viewmodels.run import Done, Keeping, Running, RunState, RunViewModel
from app.viewmodels.state import StateViewModel
from ddrm_core.jpeg.measured import JpegImage

if TYPE_CHECKING:  # imports torch, see `Engine`
    from ddrm_core.source import Source

MOST_RUNS = 24
# Their levels stay in memory, to know a file again.
MOST_FILES = 4


@dataclass(frozen=True, slots=True, eq=False)
class PastRun:
    """One result of the session.

    Attributes:
        number: From 1, in the order in which they ended.
        ended: When that was, local time.
        request: What was asked for.
        put: What it gave.
        inside: Share of levels in their bins, 0 to 1, before rounding.
        here: Whether it is of the file that is open.
        sharpness: How it was shown last, from the mean (0) to a sample (1).
        sample: Which one.
    """

    number: int
    ended: datetime
    request: RestoreRequest
    put: PutAway
    inside: float
    here: bool = True
    sharpness: float = 0.0
    sample: int = 1


@dataclass(frozen=True, slots=True)
class RunsState:
    """All of them.

    Attributes:
        runs: Newest first.
        current: Number of the one whose result is shown, None where none of them is.
        unkept: Whether the latest result did not find room here.
        running: Whether a run is under way, which going back to another one would end.
    """

    runs: tuple[PastRun, ...] = ()
    current: int | None = None
    unkept: bool = False
    running: bool = False

    def find(self, number: int) -> PastRun | None:
        """None where it is not there any more."""
        return next((run for run in self.runs if run.number == number), None)


def with_run(state: RunsState, run: PastRun) -> RunsState:
    """One more; the oldest give way where there are too many of runs or of files."""
    runs = (run, *(other for other in state.runs if not other.put.gone))[:MOST_RUNS]
    files = list(dict.fromkeys(past.request.source.path for past in runs))[:MOST_FILES]
    kept = tuple(past for past in runs if past.request.source.path in files)
    return replace(state, runs=kept, unkept=False)


def without(state: RunsState, number: int) -> RunsState:
    """All others. What is shown stays, without being one of them."""
    runs = tuple(run for run in state.runs if run.number != number)
    return replace(state, runs=runs, current=None if state.current == number else state.current)


def of_file(state: RunsState, source: Source) -> RunsState:
    """Another file is open, and no result is shown."""
    # Levels of many megapixels take a while to compare, and most runs share theirs.
    known = {id(run.request.source): run.request.source for run in state.runs}
    here = {key for key, other in known.items() if same_picture(other, source)}
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


def same_picture(one: Source, other: Source) -> bool:
    """Whether both are the same content of the same file, perhaps read twice."""
    if one is other:
        return True
    if one.path != other.path or one.size != other.size:
        return False
    if isinstance(one, JpegImage) and isinstance(other, JpegImage):
        pairs = zip((*one.levels, *one.tables), (*other.levels, *other.tables), strict=True)
        return all(np.array_equal(a, b) for a, b in pairs)
    if isinstance(one, JpegImage) or isinstance(other, JpegImage):
        return False
    return one.picture.equal(other.picture)


class RunsViewModel(StateViewModel[RunsState]):
    """The runs as one value that changes."""

    def __init__(
        self,
        runner: Runner,
        vault: Vault,
        run: RunViewModel,
        document: DocumentViewModel,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(RunsState(), parent)
        self._runner = runner
        self._vault = vault
        self._run = run
        self._document = document
        self._last_number = 0
        self._shown: Restored | None = None
        self._returning: int | None = None
        self._putting: dict[int, tuple[RestoreRequest, Restored]] = {}
        runner.ended.connect(self._on_ended)
        run.state_changed.connect(self._on_run_changed)
        document.state_changed.connect(self._on_document_changed)

    def tidy(self) -> None:
        """Delete what sessions that were killed have left on the disk."""
        self._runner.start(once(partial(remove_left_overs, self._vault.folder.parent)))

    def return_to(self, number: int) -> None:
        """Make its result the current one; not while a run is under way, which would be lost."""
        past = self._state.find(number)
        if past is None or past.put.gone or not past.here or self._state.running:
            return
        self._returning = number
        self._run.bring_back(past.put, past.request, past.sharpness, past.sample)

    def remove(self, number: int) -> None:
        """Forget it."""
        self._set(without(self._state, number))

    @Slot(object)
    def _on_document_changed(self, state: DocumentState) -> None:
        if isinstance(state, Opened):
            self._set(of_file(self._state, state.document.source))

    @Slot(object)
    def _on_run_changed(self, state: RunState) -> None:
        self._set(replace(self._state, running=isinstance(state, Running)))
        if not isinstance(state, Done):
            if not isinstance(state, Keeping):  # it could not be brought back, or is not wanted
                self._returning = None
            self._shown = None
            self._make_current(None)
            return
        restored = state.restored
        known = self._shown is not None and self._shown.restoration is restored.restoration
        self._shown = restored
        if known:
            self._set(shown_as(self._state, restored.sharpness, restored.sample))
        elif self._returning is not None:
            self._make_current(self._returning)
            self._returning = None
        else:
            self._put_away(restored)

    def _put_away(self, restored: Restored) -> None:
        request = self._run.request
        assert request is not None  # there is a result
        self._make_current(None)
        job = self._runner.start(once(partial(put_away, restored, self._vault)))
        self._putting[job] = (request, restored)

    def _make_current(self, number: int | None) -> None:
        """Only what is not shown has to make room for others; what has done so leaves."""
        runs = tuple(past for past in self._state.runs if not past.put.gone)
        for past in runs:
            past.put.spare(spare=past.number != number)
        self._set(replace(self._state, runs=runs, current=number))

    @Slot(int, object)
    def _on_ended(self, run_id: int, outcome: Outcome) -> None:
        if run_id not in self._putting:
            return
        request, restored = self._putting.pop(run_id)
        put = outcome.result
        if not isinstance(put, PutAway):
            self._set(replace(self._state, unkept=True))
            return
        self._last_number += 1
        inside = put.consistency.inside
        document = self._document.document
        here = document is not None and same_picture(request.source, document.source)
        past = PastRun(self._last_number, datetime.now(), request, put, inside, here)
        state, shown = with_run(self._state, past), self._shown
        if shown is not None and shown.restoration is restored.restoration:
            state = replace(state, current=past.number)
            state = shown_as(state, shown.sharpness, shown.sample)
        self._set(state)
        self._make_current(state.current)
