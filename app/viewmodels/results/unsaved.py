"""Results that are in no file yet, and how they are saved all at once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import Enum, auto
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, Signal, Slot

from app.config.save_choices import SaveChoices
from app.jobs.results.save_all import NotWritten, SaveOrder, Written, saving_all
from app.jobs.run.restore import Estimate
from app.jobs.storage.array_store import Vault
from app.jobs.worker import Outcome, Runner
from app.viewmodels.export.save_options import SaveOptionsState, build_save_subject
from app.viewmodels.export.saving import SavingInProgress, SavingViewModel
from app.viewmodels.results.history import RunsViewModel
from app.viewmodels.results.past_runs import PastRun, RunsState
from app.viewmodels.run.run import Keeping, Running, RunState, RunViewModel, Stopped
from app.viewmodels.run.timeline import TimelineViewModel
from app.viewmodels.state_view_model import StateViewModel

_FLOAT_BYTES = 4


class SaveAnswer(Enum):
    """An answer to the question about unsaved results."""

    SAVE = auto()
    DISCARD = auto()
    CANCEL = auto()


@dataclass(frozen=True, slots=True)
class UnsavedState:
    """Results and runs that the user would lose with the window.

    Attributes:
        results: Names of the files whose results or estimates are not saved, a name per result.
        working: Name of the file whose run is under way, None where none is.
        estimate: Whether that run has an estimate already, which can be saved.
        without_room: Names of the files whose results the budgets of memory and disk do not hold.
    """

    results: tuple[str, ...] = ()
    working: str | None = None
    estimate: bool = False
    without_room: tuple[str, ...] = ()

    @property
    def at_risk(self) -> bool:
        """Whether closing the window asks."""
        return bool(self.results) or self.working is not None

    @property
    def may_save(self) -> bool:
        """Whether there is anything that can be saved."""
        return bool(self.results) or self.estimate

    @property
    def answers(self) -> tuple[SaveAnswer, ...]:
        """Answers that are offered to the user; the first one keeps the work."""
        if self.may_save:
            return (SaveAnswer.SAVE, SaveAnswer.DISCARD, SaveAnswer.CANCEL)
        return (SaveAnswer.CANCEL, SaveAnswer.DISCARD)


def unsaved_state(
    runs: RunsState, run: RunState, name: str, *, room: int | None, freed: int = 0
) -> UnsavedState:
    """Return what would be lost.

    Args:
        runs: The results that the window keeps.
        run: The run.
        name: Name of the file that the run is of.
        room: Bytes that the budgets still hold, None where that is not known now.
        freed: Bytes that become free when the run is left.
    """
    results = [past.request.source.path.name for past in runs.unsaved]
    if isinstance(run, Stopped) or (isinstance(run, Keeping) and not run.earlier):
        results.insert(0, name)
    return UnsavedState(
        tuple(results),
        name if isinstance(run, Running) else None,
        isinstance(run, Running) and run.estimate is not None,
        _without_room(runs, run, name, None if room is None else room + freed),
    )


def _without_room(runs: RunsState, run: RunState, name: str, room: int | None) -> tuple[str, ...]:
    beyond = [past for past in runs.runs if past.saved is None and past.put.beyond]
    names = [past.request.source.path.name for past in beyond]
    needed = sum(past.put.mean.bytes for past in beyond)
    match run:
        case Running(estimate=Estimate() as estimate) | Stopped(estimate=estimate):
            whole = estimate.run
            needed += whole.place.pixels * whole.image.channels * _FLOAT_BYTES
            names.insert(0, name)
    # While something is written the room is not known: what was refused before says enough.
    crowded = bool(beyond) if room is None else needed > room
    return tuple(names) if crowded else ()


def save_orders(
    runs: Sequence[PastRun], choices: SaveChoices, folder: Path | None
) -> tuple[SaveOrder, ...]:
    """Return how the unsaved of these results are saved, the oldest first.

    Args:
        runs: Results.
        choices: The choices for saving; each result follows them as far as it can.
        folder: Where results go, None for beside their source.
    """
    orders = []
    for past in sorted(runs, key=lambda past: past.number):
        if past.saved is not None:
            continue
        run = past.put.run
        options = SaveOptionsState(choices, build_save_subject(run.image, run.region))
        proposal = options.propose_path(run.image.path.absolute())
        path = proposal if folder is None else folder / proposal.name
        settings = replace(
            options.to_export_settings(), sharpness=past.sharpness, sample=past.sample
        )
        orders.append(SaveOrder(past.number, past.put, path, settings))
    return tuple(orders)


@dataclass(frozen=True, slots=True)
class NothingAsked:
    """Nobody has asked for all results to be saved."""


@dataclass(frozen=True, slots=True)
class SavingAll:
    """The run is stopped, then every unsaved result is written.

    Attributes:
        folder: Where results go, None for beside their source.
    """

    folder: Path | None


@dataclass(frozen=True, slots=True)
class SavedAll:
    """Every unsaved result was written, or it is known why not.

    Attributes:
        written: Results that are in files now.
        failed: Results that could not be written.
    """

    written: tuple[Written, ...]
    failed: tuple[NotWritten, ...]


@dataclass(frozen=True, slots=True)
class SavingAllFailed:
    """The program failed at it; what was written before stays."""

    error: Exception


SaveAllState = NothingAsked | SavingAll | SavedAll | SavingAllFailed


def after_saving_all(outcome: Outcome) -> SaveAllState:
    """Return the state once the job has ended."""
    match outcome:
        case Outcome(error=None, result=tuple() as ends):
            written = tuple(end for end in ends if isinstance(end, Written))
            return SavedAll(written, tuple(end for end in ends if isinstance(end, NotWritten)))
        case Outcome(error=Exception() as error):
            return SavingAllFailed(error)
        case _:
            raise TypeError(f"not the ends of several exports: {outcome.result!r}")


class UnsavedViewModel(StateViewModel[SaveAllState]):
    """The saving of all unsaved results as one value that changes.

    Signals:
        written: A result is in a file. arg1: number of its run. arg2: the file.
    """

    written = Signal(int, object)

    def __init__(
        self,
        runner: Runner,
        vault: Vault,
        run: RunViewModel,
        runs: RunsViewModel,
        timeline: TimelineViewModel,
        saving: SavingViewModel,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(NothingAsked(), parent)
        self._runner, self._vault = runner, vault
        self._run, self._runs = run, runs
        self._timeline = timeline
        self._saving = saving
        self._run_id = 0
        runner.progressed.connect(self._on_progressed)
        runner.ended.connect(self._on_ended)
        for model in (run, runs, saving):
            model.state_changed.connect(self._advance)

    def look(self) -> UnsavedState:
        """Return what would be lost now."""
        request = self._run.request
        name = "" if request is None else request.source.path.name
        frames = self._timeline.state.frames
        freed = sum(kept.bytes for f in frames for kept in (f.pixels, f.mean) if kept is not None)
        room = self._vault.room_now()
        return unsaved_state(self._runs.state, self._run.state, name, room=room, freed=freed)

    def save_all(self, folder: Path | None) -> None:
        """Stop the run, make its latest estimate a result, and save every unsaved result.

        Args:
            folder: Where results go, None for beside their source.
        """
        self._set(SavingAll(folder))
        self._advance()

    def discard_without_room(self) -> None:
        """Give up the results that the budgets do not hold, and the run with its estimate."""
        for past in self._runs.state.runs:
            if past.put.beyond and past.saved is None:
                self._runs.remove(past.number)
        self._runs.discard_latest()

    @Slot()
    def _advance(self) -> None:
        """Go on with saving all results, as far as that is possible now."""
        if not isinstance(self._state, SavingAll) or self._run_id:
            return
        match self._run.state:
            case Running(cancelling=False):
                self._run.cancel()
            case Running() | Keeping():
                return
            case Stopped():
                self._run.keep_estimate()
            case _ if not self._runs.state.pending and not isinstance(
                self._saving.state, SavingInProgress
            ):
                choices = self._saving.options.state.choices
                orders = save_orders(self._runs.state.runs, choices, self._state.folder)
                self._run_id = self._runner.start(partial(saving_all, orders), lasting=True)

    @Slot(int, object)
    def _on_progressed(self, run_id: int, end: Written | NotWritten) -> None:
        if run_id == self._run_id and isinstance(end, Written):
            self.written.emit(end.number, end.path)

    @Slot(int, object)
    def _on_ended(self, run_id: int, outcome: Outcome) -> None:
        if run_id == self._run_id:
            self._run_id = 0
            self._set(after_saving_all(outcome))
