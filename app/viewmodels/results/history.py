"""The runs of a session, to go back to."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, Signal, Slot

from app.jobs.document.reopen import is_same_content
from app.jobs.results.archived_result import PutAway, put_away, put_estimate_away, settle
from app.jobs.run.restore import Estimate
from app.jobs.run.restore_request import RestoreRequest
from app.jobs.run.result import Restored
from app.jobs.storage.array_store import Vault
from app.jobs.storage.session_directory import remove_left_overs
from app.jobs.worker import Outcome, Runner, once
from app.viewmodels.document.document import (
    DocumentOpened,
    DocumentOpening,
    DocumentState,
    DocumentViewModel,
    OpenRequest,
)
from app.viewmodels.results.left_runs import LeftKind, LeftRun, PendingRun
from app.viewmodels.results.past_runs import (
    PastRun,
    RunsState,
    of_file,
    shown_as,
    with_removed,
    with_run,
    with_saved,
    with_settled,
    without,
)
from app.viewmodels.run.run import Done, Idle, Keeping, Running, RunState, RunViewModel, Stopped
from app.viewmodels.state_view_model import StateViewModel


def is_new(state: RunState) -> bool:
    """Whether a run has just begun."""
    return isinstance(state, Running) and state.estimate is None


class RunsViewModel(StateViewModel[RunsState]):
    """The runs as one value that changes.

    Signals:
        left: A run was left unsaved for another file. arg1: LeftRun.
        returning: A run is being brought back. arg1: PastRun.
    """

    left = Signal(object)
    returning = Signal(object)

    def __init__(
        self,
        runner: Runner,
        vault: Vault,
        run: RunViewModel,
        document: DocumentViewModel,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(RunsState(), parent)
        self._runner, self._vault = runner, vault
        self._run = run
        self._document = document
        self._last_number = 0
        self._shown: Restored | None = None
        self._shown_number: int | None = None
        # The run that is being brought back, and the one to bring back once that is possible.
        self._returning: int | None = None
        self._wanted: int | None = None
        # The latest estimate of a run that has no result, and what was asked for.
        self._latest: tuple[RestoreRequest, Estimate] | None = None
        self._interrupted = False
        self._settling: dict[int, int] = {}
        runner.ended.connect(self._on_ended)
        run.state_changed.connect(self._on_run_changed)
        document.state_changed.connect(self._on_document_changed)

    @property
    def shown_number(self) -> int | None:
        """Number of the run whose result is shown, also while the result is being put away."""
        return self._shown_number

    def tidy(self) -> None:
        """Delete what sessions that were killed have left on the disk."""
        self._runner.start(once(partial(remove_left_overs, self._vault.folder.parent)))

    def return_to(self, number: int) -> None:
        """Make a run's result the current one, with its file; not while a run is under way.

        The file is opened first where another one is open.
        """
        past = self._state.find(number)
        if self._state.running or (past is not None and past.put.gone):
            return
        self._wanted = number
        if past is None:
            return  # it is still being put away
        if past.here and not isinstance(self._document.state, DocumentOpening):
            self.resume_return()
        else:
            source = past.request.source
            self._document.open(OpenRequest(source.path, cached_source=source))

    @Slot()
    def resume_return(self) -> None:
        """Bring the run back for which its file was opened, now that the window shows the file."""
        past = None if self._wanted is None else self._state.find(self._wanted)
        if past is None or not past.here:
            return
        self._wanted, self._returning = None, past.number
        self.returning.emit(past)
        self._run.bring_back(past.put, past.request, past.sharpness, past.sample)

    def remove(self, number: int) -> None:
        """Forget it."""
        past = self._state.find(number)
        if past is not None:
            past.put.spare(spare=True)
        self._set(without(self._state, number))

    def take_back(self, past: PastRun) -> None:
        """Undo `remove`; nothing where the result had to make room meanwhile."""
        if self._state.find(past.number) is None and not past.put.gone:
            self._set(with_removed(self._state, past))
            self._make_current(self._shown_number)

    @Slot(int, object)
    def mark_saved(self, number: int, path: Path) -> None:
        """The result of a run is in a file now, and can make room for others."""
        self._set(with_saved(self._state, number, path))
        self._make_current(self._state.current)

    def discard_latest(self) -> None:
        """Give up the run that has no result, without keeping its latest estimate."""
        if self._latest is not None or self._state.running:
            self._latest = None
            self._run.reset()

    @Slot(object)
    def _on_document_changed(self, state: DocumentState) -> None:
        match state:
            case DocumentOpening(request=request):
                self._interrupted = self._state.running
                if request.cached_source is None:
                    self._wanted = None
            case DocumentOpened(document=document):
                left = self._leave()
                self._set(of_file(self._state, document.source))
                if left is not None:
                    self.left.emit(left)

    def _leave(self) -> LeftRun | None:
        """Put the latest estimate away; gives what is left unsaved, None where nothing is."""
        request, number = self._run.request, self._shown_number
        if request is None:
            return None
        if self._latest is not None:
            return LeftRun(LeftKind.ESTIMATE, request, self._put_latest_away())
        if any(run.number == number for run in self._state.unsaved):
            return LeftRun(LeftKind.RESULT, request, number)
        if self._interrupted and isinstance(self._run.state, Idle):
            return LeftRun(LeftKind.NOTHING, request, None)
        return None

    @Slot(object)
    def _on_run_changed(self, state: RunState) -> None:
        self._set(replace(self._state, running=isinstance(state, Running)))
        self._follow_estimate(state)
        if not isinstance(state, Done):
            if not isinstance(state, Keeping):  # it could not be brought back, or is not wanted
                self._returning = None
            self._shown = self._shown_number = None
            self._make_current(None)
            if isinstance(state, Idle) or is_new(state):
                self._settle()
            return
        restored = state.restored
        known = self._shown is not None and self._shown.restoration is restored.restoration
        self._shown = restored
        if known:
            self._set(shown_as(self._state, restored.sharpness, restored.sample))
        elif self._returning is not None:
            self._shown_number = self._returning
            self._make_current(self._returning)
            self._returning = None
        else:
            self._put_away(restored)

    def _follow_estimate(self, state: RunState) -> None:
        """Know the latest estimate of a run; put it away where the run is left without a result."""
        match state:
            case Running(estimate=Estimate() as estimate) | Stopped(estimate=estimate):
                request = self._run.request
                assert request is not None  # there is a run
                self._latest = (request, estimate)
            case Keeping(earlier=False):
                return
            case Done():
                self._latest = None
            case _ if self._latest is not None:
                self._put_latest_away()

    def _put_latest_away(self) -> int:
        assert self._latest is not None  # asked before
        (request, estimate), self._latest = self._latest, None
        return self._put(request, None, partial(put_estimate_away, estimate, self._vault))

    def _put_away(self, restored: Restored) -> None:
        request = self._run.request
        assert request is not None  # there is a result
        self._make_current(None)
        job = partial(put_away, restored, self._vault)
        self._shown_number = self._put(request, restored, job)

    def _put(
        self, request: RestoreRequest, restored: Restored | None, work: Callable[[], PutAway]
    ) -> int:
        self._last_number += 1
        job = self._runner.start(once(work))
        pending = PendingRun(self._last_number, job, request, restored)
        self._set(replace(self._state, pending=(*self._state.pending, pending)))
        return self._last_number

    def _make_current(self, number: int | None) -> None:
        """Only what is saved and not shown makes room for others; what has done so leaves."""
        runs = tuple(
            past
            for past in self._state.runs
            if not past.put.gone
            and (not past.put.beyond or past.saved is None or past.number == number)
        )
        for past in runs:
            past.put.spare(spare=past.number != number and past.saved is not None)
        self._set(replace(self._state, runs=runs, current=number))

    def _settle(self) -> None:
        """Try once more to find room for what is beyond the budgets, now that less is shown."""
        for past in self._state.runs:
            if past.put.beyond and past.number not in self._settling.values():
                job = self._runner.start(once(partial(settle, past.put, self._vault)))
                self._settling[job] = past.number

    @Slot(int, object)
    def _on_ended(self, run_id: int, outcome: Outcome) -> None:
        put = outcome.result
        if run_id in self._settling:
            number = self._settling.pop(run_id)
            if isinstance(put, PutAway):
                self._set(with_settled(self._state, number, put))
                self._make_current(self._state.current)
            return
        pending = next((p for p in self._state.pending if p.job == run_id), None)
        if pending is None:
            return
        others = tuple(p for p in self._state.pending if p is not pending)
        if not isinstance(put, PutAway):
            self._set(replace(self._state, pending=others, unkept=True))
            return
        self._add(pending, put, others)
        if self._wanted == pending.number:
            self.return_to(pending.number)

    def _add(self, pending: PendingRun, put: PutAway, others: tuple[PendingRun, ...]) -> None:
        document = self._document.document
        here = document is not None and is_same_content(pending.request.source, document.source)
        past = PastRun(
            pending.number,
            datetime.now(),
            pending.request,
            put,
            put.consistency.inside,
            here,
            saved=pending.saved,
        )
        state, shown = with_run(replace(self._state, pending=others), past), self._shown
        if shown is not None and past.number == self._shown_number:
            state = replace(state, current=past.number)
            state = shown_as(state, shown.sharpness, shown.sample)
        self._set(replace(state, unkept=put.beyond))
        self._make_current(state.current)
