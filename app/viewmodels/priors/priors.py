"""The priors that are here, and what is being done with them."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, Slot

from app.i18n.error_messages import Message, message_for
from app.jobs.priors.manage import (
    Arrived,
    Imported,
    Importing,
    Removed,
    Verified,
    downloading,
    importing,
    removing,
    verifying,
)
from app.jobs.priors.prior_catalog import Listing, PriorCard, Shelf
from app.jobs.worker import Job, Outcome, Runner, once
from app.viewmodels.priors.priors_text import done_message, stopped_message
from app.viewmodels.priors.transfer_rate import Pace
from app.viewmodels.state_view_model import StateViewModel
from ddrm_core.errors import Cancelled


@dataclass(frozen=True, slots=True)
class Resting:
    """Nothing is being done."""


@dataclass(frozen=True, slots=True)
class Downloading:
    """A published prior is on its way.

    Attributes:
        name: Of the prior.
        total: Bytes of its file.
        done: Bytes that are here, or that are checked of those that were here before.
        checking: Whether it is still about what was here before.
        pace: Of what arrives.
        cancelling: Whether it was asked to stop.
    """

    name: str
    total: int
    done: int = 0
    checking: bool = False
    pace: Pace = field(default_factory=Pace)
    cancelling: bool = False

    @property
    def seconds_left(self) -> float | None:
        """At the present pace, None where that is not known."""
        pace = self.pace.bytes_per_second
        return None if pace is None else (self.total - self.done) / pace


@dataclass(frozen=True, slots=True)
class Verifying:
    """A prior is being read again."""

    name: str


@dataclass(frozen=True, slots=True)
class Removing:
    """A prior is being deleted."""

    name: str


Work = Resting | Importing | Downloading | Verifying | Removing


@dataclass(frozen=True, slots=True)
class Told:
    """How the last work ended.

    Attributes:
        message: In words.
        failed: Whether something went wrong.
        came: Name of a prior that has come, None where none has.
    """

    message: Message
    failed: bool = False
    came: str | None = None


@dataclass(frozen=True, slots=True)
class PriorsState:
    """What the page shows.

    Attributes:
        cards: All priors; none before the first look.
        folder: Where imported ones are kept, None before the first look.
        free: Bytes on its disk, None where that is not known.
        work: What is being done.
        told: How the last work ended, None where there is nothing to say.
    """

    cards: tuple[PriorCard, ...] = ()
    folder: Path | None = None
    free: int | None = None
    work: Work = Resting()
    told: Told | None = None

    @property
    def at_hand(self) -> tuple[str, ...]:
        """Names of the imported ones."""
        return tuple(c.name for c in self.cards if c.path is not None and not c.bundled)

    def card(self, name: str) -> PriorCard | None:
        """That of a prior by its name."""
        return next((c for c in self.cards if c.name == name), None)


def after_look(state: PriorsState, listing: Listing) -> PriorsState:
    """The state with what was found; what was known of a file stays until it is read again."""
    known = {(c.path, c.bytes): c for c in state.cards}
    cards = []
    for card in listing.cards:
        former = known.get((card.path, card.bytes))
        if former is not None and card.facts is None and card.problem is None:
            card = replace(card, facts=former.facts, problem=former.problem)
        cards.append(card)
    return replace(state, cards=tuple(cards), folder=listing.folder, free=listing.free)


def after_progress(state: PriorsState, progress: object) -> PriorsState:
    """The state once the work has reported."""
    match progress, state.work:
        case Arrived(), Downloading() as work:
            pace = (
                work.pace if progress.checking else work.pace.after(progress.seconds, progress.done)
            )
            moved = replace(work, done=progress.done, checking=progress.checking, pace=pace)
            return replace(state, work=moved)
        case Importing(), Downloading():
            return replace(state, work=progress)
        case _:
            return state


def after_work(state: PriorsState, outcome: Outcome) -> PriorsState:
    """The state once the work has ended."""
    rested = replace(state, work=Resting())
    match outcome:
        case Outcome(error=None, result=Imported() | Verified() | Removed() as result):
            came = result.name if isinstance(result, Imported) else None
            return replace(rested, told=Told(done_message(result), came=came))
        case Outcome(error=Cancelled()):
            return replace(rested, told=Told(stopped_message()))
        case Outcome(error=Exception() as error):
            return replace(rested, told=Told(message_for(error), failed=True))
        case _:
            raise TypeError(f"nothing was done: {outcome.result!r}")


class PriorsViewModel(StateViewModel[PriorsState]):
    """The priors as one value that changes. One thing is done at a time."""

    def __init__(self, runner: Runner, parent: QObject | None = None) -> None:
        super().__init__(PriorsState(), parent)
        self._runner = runner
        self._shelf = Shelf()
        self._look_id = self._work_id = 0
        runner.progressed.connect(self._on_progressed)
        runner.ended.connect(self._on_ended)

    def glance(self) -> None:
        """Find out which there are, in the background."""
        self._look_id = self._runner.start(once(self._shelf.glance))

    def look(self) -> None:
        """Find out what each says of itself, too; later, where something is being done."""
        if isinstance(self._state.work, Resting):
            self._runner.withdraw(self._look_id)
            self._look_id = self._runner.start(self._shelf.listing)

    def import_file(self, path: Path) -> None:
        """Check a prior's file and keep a copy."""
        self._begin(Importing(path.name), once(partial(importing, path)))

    def download(self, name: str) -> None:
        """Fetch a published prior, which was agreed to, and import it."""
        card = self._state.card(name)
        if card is not None and card.published is not None:
            work = Downloading(name, card.published.bytes, checking=card.arrived > 0)
            self._begin(work, partial(downloading, card.published))

    def verify(self, name: str) -> None:
        """Read a prior again."""
        self._begin(Verifying(name), once(partial(verifying, name)))

    def remove(self, name: str) -> None:
        """Delete an imported prior, which was agreed to."""
        self._begin(Removing(name), once(partial(removing, name)))

    def cancel(self) -> None:
        """Ask the download to stop; what has arrived is kept."""
        work = self._state.work
        if isinstance(work, Downloading):
            self._set(replace(self._state, work=replace(work, cancelling=True)))
            self._runner.cancel(self._work_id)

    def _begin(self, work: Work, job: Job) -> None:
        if isinstance(self._state.work, Resting):
            self._set(replace(self._state, work=work, told=None))
            self._work_id = self._runner.start(job)

    @Slot(int, object)
    def _on_progressed(self, run_id: int, progress: object) -> None:
        if run_id == self._work_id:
            self._set(after_progress(self._state, progress))
        elif run_id == self._look_id and isinstance(progress, Listing):
            self._set(after_look(self._state, progress))

    @Slot(int, object)
    def _on_ended(self, run_id: int, outcome: Outcome) -> None:
        if run_id == self._work_id:
            self._set(after_work(self._state, outcome))
            self.look()
        elif run_id == self._look_id:
            self._on_looked(outcome)

    def _on_looked(self, outcome: Outcome) -> None:
        match outcome:
            case Outcome(error=None, result=Listing() as listing):
                self._set(after_look(self._state, listing))
            case Outcome(error=Exception() as error):
                told = Told(message_for(error), failed=True)
                self._set(replace(self._state, told=told))
