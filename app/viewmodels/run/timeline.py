"""The estimates of a run, to go back to."""

from __future__ import annotations

from dataclasses import dataclass, replace

from PySide6.QtCore import QObject, Slot

from app.i18n.translation import tr
from app.jobs.run.estimate_recorder import Frame
from app.viewmodels.run.run import Done, Idle, Keeping, Running, RunState, RunViewModel
from app.viewmodels.state_view_model import StateViewModel


@dataclass(frozen=True, slots=True)
class TimelineState:
    """What there is, and which of it is looked at.

    Attributes:
        frames: Of the latest run, in its order.
        at: Number of the frame that is looked at; None for the last place, which is the result,
            or while the run goes on its latest estimate.
        playing: Whether the next one follows by itself.
        live: Whether the run goes on.
        result: Whether the last place is a result, and not the latest estimate.
    """

    frames: tuple[Frame, ...] = ()
    at: int | None = None
    playing: bool = False
    live: bool = False
    result: bool = False

    @property
    def place(self) -> int:
        """On the slider: 0 for the first frame, as many as there are for the last place."""
        return len(self.frames) if self.at is None else self.at - 1

    @property
    def frame(self) -> Frame | None:
        """The one that is looked at."""
        return None if self.at is None else self.frames[self.at - 1]


def followed(state: TimelineState, run: RunState) -> TimelineState:
    """The timeline once the run has another state."""
    match run:
        case Idle() | Keeping(earlier=True):
            return TimelineState()
        case Running(estimate=None, cancelling=False):
            return TimelineState(live=True)
        case Running(frames=frames):
            return replace(state, frames=frames, live=True, result=False)
        case Keeping():
            return replace(state, at=None, playing=False, live=False)
        case Done(restored=restored):
            run_shown = restored.restoration.run
            if state.frames and state.frames[0].run is not run_shown:
                return TimelineState(result=True)
            return replace(state, live=False, result=True)
    return replace(state, live=False)


def scrubbed(state: TimelineState, place: int) -> TimelineState:
    """Another place of the slider; what played rests."""
    place = min(max(place, 0), len(state.frames))
    return replace(state, at=None if place == len(state.frames) else place + 1, playing=False)


def played(state: TimelineState) -> TimelineState:
    """Playing, from the beginning where the last place is shown; or resting, if it played."""
    if state.playing or not state.frames:
        return replace(state, playing=False)
    return replace(state, at=state.at or 1, playing=True)


def advanced(state: TimelineState) -> TimelineState:
    """One place further, if it plays; the last place ends that."""
    if not state.playing:
        return state
    following = scrubbed(state, state.place + 1)
    return replace(following, playing=following.at is not None)


def frame_words(frame: Frame) -> str:
    """E.g. "Step 7 of 10, sample 3 of 8"."""
    first, last = frame.samples[0], frame.samples[-1]
    words = tr("Step {step} of {steps}, sample {sample} of {samples}")
    if first != last:
        words = tr("Step {step} of {steps}, samples {sample} to {last} of {samples}")
    return words.format(
        step=frame.step,
        steps=frame.steps,
        sample=first,
        last=last,
        samples=frame.run.settings.samples,
    )


def place_words(state: TimelineState) -> str:
    """What is looked at."""
    if state.frame is not None:
        return frame_words(state.frame)
    return tr("Result") if state.result else tr("Latest estimate")


def keep_words(state: TimelineState) -> str:
    """What keeping the estimate that is looked at does, or why it cannot be kept."""
    if state.frame is None:
        return tr("Go back to an estimate, to make it the result")
    if state.frame.mean is None:
        return tr("It can be seen but not kept: there was not enough memory and disk for all of it")
    if state.live:
        return tr("Stop the run, and make this estimate the result")
    return tr("Make this estimate the result")


def may_keep(state: TimelineState) -> bool:
    """Whether the estimate that is looked at can become the result."""
    return state.frame is not None and state.frame.mean is not None


class TimelineViewModel(StateViewModel[TimelineState]):
    """The timeline as one value that changes."""

    def __init__(self, run: RunViewModel, parent: QObject | None = None) -> None:
        super().__init__(TimelineState(), parent)
        self._run = run
        run.state_changed.connect(self._on_run_changed)

    def scrub(self, place: int) -> None:
        """Look at another place of the slider."""
        self._set(scrubbed(self._state, place))

    def move(self, places: int) -> None:
        """So many places further, or back."""
        self.scrub(self._state.place + places)

    def play(self) -> None:
        """Show one estimate after the other, or rest."""
        self._set(played(self._state))

    def advance(self) -> None:
        """The next one, while it plays."""
        self._set(advanced(self._state))

    def keep(self) -> None:
        """Make the one that is looked at the result."""
        frame = self._state.frame
        if frame is not None and frame.mean is not None:
            self._run.keep_frame(frame)

    @Slot(object)
    def _on_run_changed(self, state: RunState) -> None:
        self._set(followed(self._state, state))
