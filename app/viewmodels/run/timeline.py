"""The estimates of a run, to go back to."""

from __future__ import annotations

from dataclasses import dataclass, replace

from PySide6.QtCore import QObject, Slot

from app.i18n.translation import tr
from app.jobs.run.estimate_recorder import RecordedEstimate
from app.viewmodels.run.run import (
    NoRun,
    PreparingResult,
    ResultReady,
    RunInProgress,
    RunState,
    RunViewModel,
)
from app.viewmodels.state_view_model import StateViewModel


@dataclass(frozen=True, slots=True)
class TimelineState:
    """What there is, and which of it is looked at.

    Attributes:
        estimates: Of the latest run, in its order.
        selected_number: Number of the frame that is looked at; None for the last place, which is
            the result, or while the run goes on its latest estimate.
        is_playing: Whether the next one follows by itself.
        is_run_active: Whether the run goes on.
        has_result: Whether the last place is a result, and not the latest estimate.
    """

    estimates: tuple[RecordedEstimate, ...] = ()
    selected_number: int | None = None
    is_playing: bool = False
    is_run_active: bool = False
    has_result: bool = False

    @property
    def position(self) -> int:
        """On the slider: 0 for the first frame, as many as there are for the last place."""
        return len(self.estimates) if self.selected_number is None else self.selected_number - 1

    @property
    def selected_estimate(self) -> RecordedEstimate | None:
        """The one that is looked at."""
        return None if self.selected_number is None else self.estimates[self.selected_number - 1]


def with_run_state(state: TimelineState, run_state: RunState) -> TimelineState:
    """The timeline once the run has another state."""
    match run_state:
        case NoRun() | PreparingResult(is_from_archive=True):
            return TimelineState()
        case RunInProgress(estimate=None, is_cancelling=False):
            return TimelineState(is_run_active=True)
        case RunInProgress(recorded_estimates=estimates):
            return replace(state, estimates=estimates, is_run_active=True, has_result=False)
        case PreparingResult():
            return replace(state, selected_number=None, is_playing=False, is_run_active=False)
        case ResultReady(result=result):
            run_of_result = result.restoration.run
            if state.estimates and state.estimates[0].run is not run_of_result:
                return TimelineState(has_result=True)
            return replace(state, is_run_active=False, has_result=True)
    return replace(state, is_run_active=False)


def with_position(state: TimelineState, position: int) -> TimelineState:
    """Another place of the slider; what played rests."""
    position = min(max(position, 0), len(state.estimates))
    return replace(
        state,
        selected_number=None if position == len(state.estimates) else position + 1,
        is_playing=False,
    )


def with_playback_toggled(state: TimelineState) -> TimelineState:
    """Playing, from the beginning where the last place is shown; or resting, if it played."""
    if state.is_playing or not state.estimates:
        return replace(state, is_playing=False)
    return replace(state, selected_number=state.selected_number or 1, is_playing=True)


def with_next_position(state: TimelineState) -> TimelineState:
    """One place further, if it plays; the last place ends that."""
    if not state.is_playing:
        return state
    next_state = with_position(state, state.position + 1)
    return replace(next_state, is_playing=next_state.selected_number is not None)


def recorded_estimate_text(estimate: RecordedEstimate) -> str:
    """E.g. "Step 7 of 10, sample 3 of 8"."""
    first, last = estimate.sample_numbers[0], estimate.sample_numbers[-1]
    text = tr("Step {step} of {steps}, sample {sample} of {samples}")
    if first != last:
        text = tr("Step {step} of {steps}, samples {sample} to {last} of {samples}")
    return text.format(
        step=estimate.step_number,
        steps=estimate.steps_per_sample,
        sample=first,
        last=last,
        samples=estimate.run.settings.samples,
    )


def timeline_position_text(state: TimelineState) -> str:
    """What is looked at."""
    if state.selected_estimate is not None:
        return recorded_estimate_text(state.selected_estimate)
    return tr("Result") if state.has_result else tr("Latest estimate")


def use_estimate_tooltip(state: TimelineState) -> str:
    """What keeping the estimate that is looked at does, or why it cannot be kept."""
    if state.selected_estimate is None:
        return tr("Go back to an estimate, to make it the result")
    if state.selected_estimate.tile_mean is None:
        return tr("It can be seen but not kept: there was not enough memory and disk for all of it")
    if state.is_run_active:
        return tr("Stop the run, and make this estimate the result")
    return tr("Make this estimate the result")


def can_use_estimate(state: TimelineState) -> bool:
    """Whether the estimate that is looked at can become the result."""
    return state.selected_estimate is not None and state.selected_estimate.tile_mean is not None


class TimelineViewModel(StateViewModel[TimelineState]):
    """The timeline as one value that changes."""

    def __init__(self, run: RunViewModel, parent: QObject | None = None) -> None:
        super().__init__(TimelineState(), parent)
        self._run = run
        run.state_changed.connect(self._on_run_changed)

    def scrub(self, position: int) -> None:
        """Look at another place of the slider."""
        self._set_state(with_position(self._state, position))

    def move_by(self, offset: int) -> None:
        """So many places further, or back."""
        self.scrub(self._state.position + offset)

    def toggle_playback(self) -> None:
        """Show one estimate after the other, or rest."""
        self._set_state(with_playback_toggled(self._state))

    def advance_playback(self) -> None:
        """The next one, while it plays."""
        self._set_state(with_next_position(self._state))

    def use_selected_estimate(self) -> None:
        """Make the one that is looked at the result."""
        estimate = self._state.selected_estimate
        if estimate is not None and estimate.tile_mean is not None:
            self._run.use_recorded_estimate(estimate)

    @Slot(object)
    def _on_run_changed(self, state: RunState) -> None:
        self._set_state(with_run_state(self._state, state))
