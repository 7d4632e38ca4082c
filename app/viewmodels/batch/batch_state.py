"""A queue of files as one value, and the transitions between such values."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import Enum, auto
from pathlib import Path

from app.i18n.error_messages import Message
from app.jobs.batch.batch_file import KeptQueue
from app.jobs.batch.batch_items import FileSettings, Found, Place, QueueSettings, Row, Status
from app.viewmodels.batch.batch_counts import Tally, tally_of
from app.viewmodels.batch.kept_results import KeptResults

_PACE_FILES = 20  # the latest ones: a folder's pictures are often of one kind for a while


class Phase(Enum):
    """What the queue as a whole does."""

    RESTING = auto()
    RUNNING = auto()
    PAUSING = auto()  # the present file is finished first
    STOPPING = auto()


@dataclass(frozen=True, slots=True)
class Working:
    """The file that is being restored.

    Attributes:
        number: Of its row.
        done: Evaluations of the prior so far.
        total: In all; 0 before that is known.
    """

    number: int
    done: int = 0
    total: int = 0

    @property
    def share(self) -> float:
        """From 0 to 1."""
        return self.done / self.total if self.total else 0.0


@dataclass(frozen=True, slots=True)
class Watched:
    """A folder that is looked into again and again.

    Attributes:
        folder: Which.
        gone: Whether it cannot be read at present.
    """

    folder: Path
    gone: bool = False


@dataclass(frozen=True, slots=True)
class QueueState:
    """What the page shows.

    Attributes:
        rows: The files, in the order in which they are restored.
        tally: Of them.
        phase: What the queue does.
        working: The present file, None between two.
        proposal: What would be taken from the window now.
        settings: Taken from there at the start, kept until nothing is left; None before.
        place: Where results go.
        recursive: Whether the folders in a folder that is added are looked through, too.
        every_format: Whether PNG, TIFF, WebP and BMP count as pictures in a folder.
        damaged: Whether what can be read of damaged files is restored.
        preferred: Where results are proposed to go, None for beside what is added.
        searching: How many searches through folders are under way.
        watched: The watched folder, None where none is.
        paused: Whether the user wants nothing to begin by itself.
        problem: Why results cannot go where they should, None where they can.
        example: Where the first file's result goes, inside the target folder; empty where that is
            not known.
        pace: Seconds that the latest restored files took.
        next_number: For the next row.
    """

    rows: tuple[Row, ...] = ()
    tally: Tally = field(default_factory=Tally)
    phase: Phase = Phase.RESTING
    working: Working | None = None
    proposal: QueueSettings | None = None
    settings: QueueSettings | None = None
    place: Place = field(default_factory=Place)
    recursive: bool = True
    every_format: bool = False
    damaged: bool = False
    preferred: Path | None = None
    searching: int = 0
    watched: Watched | None = None
    paused: bool = False
    problem: Message | None = None
    example: str = ""
    pace: tuple[float, ...] = ()
    next_number: int = 1

    @property
    def active(self) -> bool:
        """Whether it goes through its files."""
        return self.phase is not Phase.RESTING

    @property
    def in_force(self) -> QueueSettings | None:
        """What files without settings of their own are restored with; None at the very first."""
        return self.settings or self.proposal

    @property
    def may_start(self) -> bool:
        ready = self.place.folder is not None and self.problem is None
        waiting = self.phase in (Phase.RESTING, Phase.PAUSING)
        return waiting and ready and self.tally.left > 0 and self.in_force is not None

    @property
    def seconds_left(self) -> float | None:
        """At the latest pace, None before the first file is restored."""
        if not self.pace or not self.active:
            return None
        share = self.working.share if self.working else 0.0
        return sum(self.pace) / len(self.pace) * max(self.tally.left - share, 0.0)

    def find(self, number: int) -> Row | None:
        """None where there is no such row any more."""
        return next((row for row in self.rows if row.number == number), None)

    def settings_of(self, row: Row) -> FileSettings | None:
        """What a file is restored with, None where that is not known yet."""
        return row.own or (self.in_force.file if self.in_force else None)


def with_rows(state: QueueState, rows: Sequence[Row]) -> QueueState:
    """The state with these files."""
    return replace(state, rows=tuple(rows), tally=tally_of(rows))


def added(state: QueueState, found: Iterable[Found]) -> QueueState:
    """With these files at the end, without those that are there already."""
    known = {row.source for row in state.rows}
    rows, number = [], state.next_number
    for file in found:
        if file.source not in known:
            known.add(file.source)
            rows.append(Row(number, file.source, file.base))
            number += 1
    if not rows:
        return state
    place = state.place
    if place.folder is None:
        place = replace(place, folder=state.preferred or usual_folder(rows[0]))
    return with_rows(replace(state, place=place, next_number=number), (*state.rows, *rows))


def arrived(state: QueueState, found: Iterable[Found]) -> QueueState:
    """With these files; those that are there already have changed, and wait again."""
    files = tuple(found)
    sources, busy = {file.source for file in files}, _busy(state)
    changed = _changed(
        state,
        lambda row: _fresh(row) if row.source in sources and row.number not in busy else row,
    )
    return added(changed if files else state, files)


def usual_folder(row: Row) -> Path:
    """Where results go unless the user says otherwise: beside what was added."""
    if row.base is not None and row.base.name:
        return row.base.with_name(f"{row.base.name} restored")
    return row.source.parent / "restored"


def removed(state: QueueState, numbers: Collection[int]) -> QueueState:
    """Without these files; the one that is being restored stays."""
    gone = set(numbers) - _busy(state)
    left = _without(state, [row for row in state.rows if row.number in gone])
    return left if state.active else rested(left)


def moved(state: QueueState, numbers: Collection[int], by: int) -> QueueState:
    """With these files one place earlier (-1) or later (+1), each other as before."""
    rows, chosen = list(state.rows[:: -1 if by > 0 else 1]), frozenset(numbers)
    for index in range(1, len(rows)):
        if rows[index].number in chosen and rows[index - 1].number not in chosen:
            rows[index - 1], rows[index] = rows[index], rows[index - 1]
    return replace(state, rows=tuple(rows if by < 0 else reversed(rows)))


def moved_before(state: QueueState, numbers: Collection[int], before: int | None) -> QueueState:
    """With these files before another one, or at the end."""
    chosen = frozenset(numbers)
    taken = [row for row in state.rows if row.number in chosen]
    rows: list[Row] = []
    for row in state.rows:
        if row.number == before:
            rows += taken
        if row.number not in chosen:
            rows.append(row)
    if before is None or all(row.number != before for row in state.rows):
        rows += taken
    return replace(state, rows=tuple(rows))


def with_settings(
    state: QueueState, numbers: Collection[int], own: FileSettings | None
) -> QueueState:
    """With settings of their own for these files, or the queue's for None; they wait again."""
    chosen = set(numbers) - _busy(state)
    return _changed(
        state,
        lambda row: replace(_fresh(row), own=own) if row.number in chosen else row,
    )


def retried(state: QueueState) -> QueueState:
    """With all failed files waiting again."""
    return _changed(
        state,
        lambda row: replace(_fresh(row), redo=row.redo) if row.status is Status.FAILED else row,
    )


def redone(state: QueueState, kept: KeptResults) -> QueueState:
    """With these files waiting again, to replace the results that other settings made."""
    chosen = set(kept.asked)
    waiting = _changed(
        state,
        lambda row: (
            replace(_fresh(row), redo=True)
            if row.number in chosen and row.status is Status.KEPT
            else row
        ),
    )
    return replace(waiting, settings=state.settings or kept.settings)


def cleared(state: QueueState) -> QueueState:
    """Without the files that have a result."""
    return _without(state, [row for row in state.rows if row.status.has_result])


def begun(state: QueueState) -> QueueState:
    """Going through the files; settings taken before stay in force."""
    if not state.may_start:
        return state
    return replace(state, phase=Phase.RUNNING, settings=state.in_force, paused=False)


def pausing(state: QueueState) -> QueueState:
    """About to rest after the present file."""
    if state.phase is not Phase.RUNNING:
        return state
    return replace(state, phase=Phase.PAUSING, paused=True)


def stopping(state: QueueState) -> QueueState:
    """About to rest at once."""
    if not state.active:
        return state
    return replace(state, phase=Phase.STOPPING, paused=True)


def watching(state: QueueState, folder: Path | None) -> QueueState:
    """Looking into a folder again and again, or not any more for None."""
    watched = None if folder is None else Watched(folder)
    place = state.place
    if folder is not None and place.folder is None:
        usual = usual_folder(Row(0, folder, folder))
        place = replace(place, folder=state.preferred or usual)
    changed = replace(state, watched=watched, place=place)
    # Nothing holds on to the settings of the last start any more.
    return replace(changed, paused=False) if folder or state.active else rested(changed)


def recalled(state: QueueState, kept: KeptQueue) -> QueueState:
    """With what was kept, and behind it what came meanwhile."""
    number = max((row.number for row in kept.rows), default=0) + 1
    first = QueueState(
        proposal=state.proposal,
        settings=kept.settings,
        place=kept.place,
        recursive=kept.recursive,
        every_format=kept.every_format,
        damaged=kept.damaged,
        preferred=state.preferred,
        searching=state.searching,
        paused=True,
        next_number=number,
    )
    return added(with_rows(first, kept.rows), [Found(r.source, r.base) for r in state.rows])


def next_row(state: QueueState) -> Row | None:
    """The next file to restore, None where the queue is to rest."""
    if state.phase is not Phase.RUNNING:
        return None
    return next((row for row in state.rows if row.status.left), None)


def example_row(state: QueueState) -> Row | None:
    """The file that shows what results are called."""
    return next(iter(state.rows), None)


def taken_up(state: QueueState, number: int) -> QueueState:
    """With this file being restored."""
    working = _changed(
        state,
        lambda row: (
            replace(_fresh(row), status=Status.WORKING, target=row.target, redo=row.redo)
            if row.number == number
            else row
        ),
    )
    return replace(working, working=Working(number))


def put_down(state: QueueState, finished: Row) -> QueueState:
    """With the present file as it is now that its turn is over."""
    pace = state.pace
    if finished.status is Status.DONE and finished.seconds is not None:
        pace = (*pace, finished.seconds)[-_PACE_FILES:]
    replaced = _changed(state, lambda row: finished if row.number == finished.number else row)
    return replace(replaced, working=None, pace=pace)


def with_place(state: QueueState, place: Place) -> QueueState:
    """With results going elsewhere, but for those that are there or are being made."""
    busy = _busy(state)
    placed = replace(state, place=place)
    return _changed(
        placed,
        lambda row: (
            replace(row, target=None) if row.status.left and row.number not in busy else row
        ),
    )


def planned(state: QueueState, targets: Mapping[int, Path]) -> QueueState:
    """With places for results, by the numbers of their files."""
    return _changed(
        state,
        lambda row: replace(row, target=targets[row.number]) if row.number in targets else row,
    )


def rested(state: QueueState) -> QueueState:
    """Not going through the files any more; what was taken from the window goes at the end."""
    settings = state.settings if state.tally.left or state.watched else None
    return replace(state, phase=Phase.RESTING, working=None, settings=settings)


def _busy(state: QueueState) -> set[int]:
    return {state.working.number} if state.working else set()


def _without(state: QueueState, gone: Sequence[Row]) -> QueueState:
    """Without these; a target folder that was proposed for them goes with the last.

    Results of other folders would come to lie upon theirs.
    """
    numbers = {row.number for row in gone}
    left = with_rows(state, [row for row in state.rows if row.number not in numbers])
    if left.rows or state.watched or state.place.folder not in [*map(usual_folder, gone)]:
        return left
    return replace(left, place=replace(state.place, folder=None))


def _fresh(row: Row) -> Row:
    return Row(row.number, row.source, row.base, row.own)


def _changed(state: QueueState, change: Callable[[Row], Row]) -> QueueState:
    return with_rows(state, [change(row) for row in state.rows])
