"""Making a run again from the record in its result."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Slot

from app.i18n.error_messages import Message, message_for
from app.i18n.translation import tr
from app.jobs.parameters.read_record import Repeated, repeat_run
from app.jobs.run.prior_cache import Engine
from app.jobs.worker import Outcome, Runner, once
from app.viewmodels.priors.priors_text import missing_message
from app.viewmodels.state_view_model import StateViewModel

if TYPE_CHECKING:  # imports torch, see `Engine`
    from ddrm_core.restoration.input import Source


@dataclass(frozen=True, slots=True)
class NotRepeated:
    """No record was asked for."""


@dataclass(frozen=True, slots=True)
class ReadingRecord:
    """A result's record is being read."""

    path: Path


@dataclass(frozen=True, slots=True)
class RecordRead:
    """The choices of the recorded run are known."""

    repeated: Repeated


@dataclass(frozen=True, slots=True)
class NoRecordRead:
    """They are not."""

    error: Exception


RepeatState = NotRepeated | ReadingRecord | RecordRead | NoRecordRead


def after_reading(outcome: Outcome) -> RepeatState:
    """The state once the job has ended."""
    match outcome:
        case Outcome(error=None, result=Repeated() as repeated):
            return RecordRead(repeated)
        case Outcome(error=Exception() as error):
            return NoRecordRead(error)
        case _:
            raise TypeError(f"no choices of a run: {outcome.result!r}")


def repeated_message(repeated: Repeated) -> Message:
    """What to say once the choices of a recorded run are in force."""
    if repeated.missing is not None:
        way_back = missing_message(repeated.missing).advice
        title = tr("{file} was made with the prior {prior}, not here")
        warning = tr("Without it the result will be another.")
        return Message(
            title.format(file=repeated.path.name, prior=repeated.missing), f"{way_back} {warning}"
        )
    if repeated.other_prior is not None:
        title = message_for(repeated.other_prior).title
        return Message(title, tr("Its settings are in force, but the result will be another."))
    choices = tr("Seed {seed}.")
    if repeated.quality is not None:
        choices = tr("Seed {seed}, quality factor {quality} assumed.")
    words = choices.format(seed=repeated.seed, quality=repeated.quality)
    again = tr("Restore makes that run again, of the file it was made from.")
    title = tr("The settings of {file} are in force")
    return Message(title.format(file=repeated.path.name), f"{words} {again}")


class RepeatViewModel(StateViewModel[RepeatState]):
    """The reading of a record as one value that changes."""

    def __init__(self, runner: Runner, engine: Engine, parent: QObject | None = None) -> None:
        super().__init__(NotRepeated(), parent)
        self._runner = runner
        self._engine = engine
        self._run_id = 0
        runner.ended.connect(self._on_ended)

    def read(self, path: Path, source: Source, device: str) -> None:
        """Find out how the result in `path` was made, to make it of `source` on `device`."""
        self._runner.withdraw(self._run_id)
        self._set(ReadingRecord(path))
        job = once(partial(repeat_run, self._engine, path, source, device))
        self._run_id = self._runner.start(job)

    def reset(self) -> None:
        """Give up what is being read: it was meant for another file."""
        self._runner.withdraw(self._run_id)
        self._set(NotRepeated())

    @Slot(int, object)
    def _on_ended(self, run_id: int, outcome: Outcome) -> None:
        if run_id == self._run_id:
            self._set(after_reading(outcome))
