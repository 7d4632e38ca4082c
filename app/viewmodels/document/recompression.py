"""Whether the opened file was compressed before."""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import dataclass
from functools import partial

from PySide6.QtCore import QObject, Slot

from app.jobs.worker import Outcome, Runner
from app.viewmodels.state_view_model import StateViewModel
from ddrm_core.cancel import CancelToken
from ddrm_core.jpeg.image import JpegImage
from ddrm_core.jpeg.recompression import Earlier, earlier_in_jpeg


@dataclass(frozen=True, slots=True)
class NotLooked:
    """Nobody has looked, or is still looking."""


@dataclass(frozen=True, slots=True)
class Looked:
    """The earlier, harsher compression of the opened JPEG; None where there is no sign of one."""

    earlier: Earlier | None


@dataclass(frozen=True, slots=True)
class LookFailed:
    """It cannot be said."""

    error: Exception


HistoryState = NotLooked | Looked | LookFailed


def after_look(outcome: Outcome) -> HistoryState:
    """The state once the job has ended."""
    match outcome:
        case Outcome(error=None, result=Earlier() | None as earlier):
            return Looked(earlier)
        case Outcome(error=Exception() as error):
            return LookFailed(error)
        case _:
            raise TypeError(f"not a finding: {outcome.result!r}")


def assumable(image: JpegImage, earlier: Earlier) -> bool:
    """Whether a run can start from that compression."""
    return image.damage is None or (earlier.left, earlier.top) == (0, 0)


def _looking(image: JpegImage, token: CancelToken) -> Generator[None, None, Earlier | None]:
    yield from ()
    return earlier_in_jpeg(image, token)


class HistoryViewModel(StateViewModel[HistoryState]):
    """The finding as one value that changes."""

    def __init__(self, runner: Runner, parent: QObject | None = None) -> None:
        super().__init__(NotLooked(), parent)
        self._runner = runner
        self._run_id = 0
        runner.ended.connect(self._on_ended)

    def look(self, image: JpegImage) -> None:
        """Look for signs in a file that was opened; what is found of another is dropped."""
        self.forget()
        self._run_id = self._runner.start(partial(_looking, image))

    def forget(self) -> None:
        """Drop what was found, or may be."""
        self._runner.withdraw(self._run_id)
        self._set(NotLooked())

    @Slot(int, object)
    def _on_ended(self, run_id: int, outcome: Outcome) -> None:
        if run_id == self._run_id:
            self._set(after_look(outcome))
