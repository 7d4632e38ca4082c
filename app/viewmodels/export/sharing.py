"""A result on its way to another program."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Slot

from app.jobs.export.save import HandOutFolder, hand_out
from app.jobs.run.result import Restored
from app.jobs.storage.session_directory import SessionFolder
from app.jobs.worker import Outcome, Runner, once
from app.viewmodels.export.save_options import SaveOptionsState
from app.viewmodels.run.run import Done
from app.viewmodels.state_view_model import StateViewModel

# It imports torch, which the window starts without, see `Engine`.
if TYPE_CHECKING:
    from ddrm_core.export.deliver import DeliverySettings


@dataclass(frozen=True, slots=True)
class Parcel:
    """What is handed out.

    Attributes:
        restored: The result.
        name: Of the file.
        settings: How it is written.
    """

    restored: Restored
    name: str
    settings: DeliverySettings


@dataclass(frozen=True, slots=True)
class NothingHanded:
    """Nothing was asked for yet."""


@dataclass(frozen=True, slots=True)
class Wrapping:
    """The file is being written."""

    parcel: Parcel


@dataclass(frozen=True, slots=True)
class Ready:
    """The file is there."""

    parcel: Parcel
    path: Path


@dataclass(frozen=True, slots=True)
class NotHanded:
    """It could not be written."""

    error: Exception


HandingState = NothingHanded | Wrapping | Ready | NotHanded


def parcel_for(done: Done, options: SaveOptionsState) -> Parcel:
    """As the result would be saved; as PNG, where that holds it."""
    restored = done.restored
    source = restored.restoration.run.image.path
    name = options.proposal(source).with_suffix(options.formats[0].suffixes[0]).name
    settings = replace(options.delivery(), sharpness=restored.sharpness, sample=restored.sample)
    return Parcel(restored, name, settings)


def after_wrapping(wrapping: Wrapping, outcome: Outcome) -> HandingState:
    """The state once the job has ended."""
    match outcome:
        case Outcome(error=None, result=Path() as path):
            return Ready(wrapping.parcel, path)
        case Outcome(error=Exception() as error):
            return NotHanded(error)
        case _:
            raise TypeError(f"not a file: {outcome.result!r}")


class HandingViewModel(StateViewModel[HandingState]):
    """The file that is handed out, as one value that changes."""

    def __init__(
        self, runner: Runner, session: SessionFolder, parent: QObject | None = None
    ) -> None:
        super().__init__(NothingHanded(), parent)
        self._runner = runner
        self._run_id = 0
        self._folder = HandOutFolder(session)
        runner.ended.connect(self._on_ended)

    def wrap(self, parcel: Parcel) -> None:
        """Write it to a file, where it is not there already or coming."""
        match self._state:
            case Wrapping(parcel=known) | Ready(parcel=known) if known == parcel:
                return
        self._runner.withdraw(self._run_id)
        self._set(Wrapping(parcel))
        job = partial(
            hand_out, parcel.restored, self._folder, parcel.name, settings=parcel.settings
        )
        self._run_id = self._runner.start(once(job))

    def let_go(self) -> None:
        """Hold the result no longer; its file stays, which others may still want."""
        if isinstance(self._state, Ready):
            self._set(NothingHanded())

    @Slot(int, object)
    def _on_ended(self, run_id: int, outcome: Outcome) -> None:
        if run_id == self._run_id and isinstance(self._state, Wrapping):
            self._set(after_wrapping(self._state, outcome))
