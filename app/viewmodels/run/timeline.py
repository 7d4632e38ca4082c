"""View model of the timeline: the recorded estimates of the latest run."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from PySide6.QtCore import Slot

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

if TYPE_CHECKING:  # these imports load torch, see `PriorCache`
    from ddrm_core.problems.protocols import MeasuredImage
    from ddrm_core.restoration.run import Run

EstimatesOfRuns = tuple[tuple[RecordedEstimate, ...], ...]

_MAX_EARLIER_RUNS = 3


@dataclass(frozen=True, slots=True)
class TimelineState:
    """State of the timeline: the recorded estimates, one selected, and the playback.

    Attributes:
        estimates: Recorded estimates of the latest run, in the order of its steps.
        selected_number: Number of the selected estimate, from 1; None for the last position, which
            is the result or, during a run, the latest estimate.
        is_playing: Whether playback is on.
        is_run_active: Whether the run is in progress.
        has_result: Whether the last position is a result, not the latest estimate.
    """

    estimates: tuple[RecordedEstimate, ...] = ()
    selected_number: int | None = None
    is_playing: bool = False
    is_run_active: bool = False
    has_result: bool = False

    @property
    def position(self) -> int:
        """Slider position: 0 for the first estimate, `len(estimates)` for the last position."""
        return len(self.estimates) if self.selected_number is None else self.selected_number - 1

    @property
    def selected_estimate(self) -> RecordedEstimate | None:
        """The selected estimate, None at the last position."""
        return None if self.selected_number is None else self.estimates[self.selected_number - 1]


def with_run_state(state: TimelineState, run_state: RunState) -> TimelineState:
    """Return the timeline after the state of the run has changed to `run_state`."""
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
    """Return the timeline at another position of the slider, with playback stopped."""
    position = min(max(position, 0), len(state.estimates))
    return replace(
        state,
        selected_number=None if position == len(state.estimates) else position + 1,
        is_playing=False,
    )


def with_playback_toggled(state: TimelineState) -> TimelineState:
    """Return the timeline with playback toggled; playback at the last position starts over."""
    if state.is_playing or not state.estimates:
        return replace(state, is_playing=False)
    return replace(state, selected_number=state.selected_number or 1, is_playing=True)


def with_next_position(state: TimelineState) -> TimelineState:
    """Return the timeline at the next position; unchanged if playback is off.

    Playback ends at the last position.
    """
    if not state.is_playing:
        return state
    next_state = with_position(state, state.position + 1)
    return replace(next_state, is_playing=next_state.selected_number is not None)


def recorded_estimate_text(estimate: RecordedEstimate) -> str:
    """Return a text such as "Step 7 of 10, sample 3 of 8"."""
    first, last = estimate.sample_numbers[0], estimate.sample_numbers[-1]
    text = tr("Step {step} of {steps}, version {sample} of {samples}")
    if first != last:
        text = tr("Step {step} of {steps}, versions {sample} to {last} of {samples}")
    return text.format(
        step=estimate.step_number,
        steps=estimate.steps_per_sample,
        sample=first,
        last=last,
        samples=estimate.run.settings.samples,
    )


def timeline_position_text(state: TimelineState) -> str:
    """Return the name of the selected position, such as "Result" or "Step 7 of 10, …"."""
    if state.selected_estimate is not None:
        return recorded_estimate_text(state.selected_estimate)
    return tr("Result") if state.has_result else tr("Latest step")


def use_estimate_tooltip(state: TimelineState) -> str:
    """Return the tooltip of the action that makes the selected estimate the result."""
    if state.selected_estimate is None:
        return tr("Go back to a step, to make it the result")
    if state.selected_estimate.tile_mean is None:
        return tr("It can be seen but not used: there was not enough memory and disk for all of it")
    if state.is_run_active:
        return tr("Stop the run, and make this step the result")
    return tr("Make this step the result")


def can_use_estimate(state: TimelineState) -> bool:
    """Return whether an estimate is selected that can become the result."""
    return state.selected_estimate is not None and state.selected_estimate.tile_mean is not None


def with_estimates_of_earlier_run(
    earlier: EstimatesOfRuns, estimates: tuple[RecordedEstimate, ...]
) -> EstimatesOfRuns:
    """Return the estimates of earlier runs, the latest first, with those of one more run.

    Their arrays give way to newer ones. Estimates that hold pixels outside the array store, which
    those of a run by tiles do, are left out.
    """
    if any(estimate.mosaic_image is not None for estimate in estimates):
        return earlier
    _set_evictable(estimates, evictable=True)
    return (estimates, *earlier)[:_MAX_EARLIER_RUNS]


def find_estimates_of_run(
    earlier: EstimatesOfRuns, run: Run[MeasuredImage]
) -> tuple[RecordedEstimate, ...]:
    """Return the estimates of a run that are still available; their arrays stay from now on.

    An archived run is a copy of its run that shares the inverse problem.
    """
    estimates = next((e for e in earlier if e[0].run.problem is run.problem), ())
    if any(estimate.pixels.loss is not None for estimate in estimates):
        return ()
    _set_evictable(estimates, evictable=False)
    return tuple(
        replace(estimate, tile_mean=None)
        if estimate.tile_mean is not None and estimate.tile_mean.loss is not None
        else estimate
        for estimate in estimates
    )


def _set_evictable(estimates: tuple[RecordedEstimate, ...], *, evictable: bool) -> None:
    for estimate in estimates:
        for stored in (estimate.pixels, estimate.tile_mean):
            if stored is not None:
                stored.is_evictable = evictable


class TimelineViewModel(StateViewModel[TimelineState]):
    """View model of the timeline: the selected estimate and the playback."""

    def __init__(self, run: RunViewModel) -> None:
        super().__init__(TimelineState())
        self._run = run
        self._earlier_estimates: EstimatesOfRuns = ()
        run.state_changed.connect(self._on_run_changed)

    def scrub(self, position: int) -> None:
        """Select the estimate at a position of the slider, and stop playback."""
        self._set_state(with_position(self._state, position))

    def move_by(self, offset: int) -> None:
        """Move the selection by `offset` positions."""
        self.scrub(self._state.position + offset)

    def toggle_playback(self) -> None:
        """Start or stop playback."""
        self._set_state(with_playback_toggled(self._state))

    def advance_playback(self) -> None:
        """Select the next position; do nothing if playback is off."""
        self._set_state(with_next_position(self._state))

    def use_selected_estimate(self) -> None:
        """Make the selected estimate the result; a run in progress is stopped first."""
        estimate = self._state.selected_estimate
        if estimate is not None and estimate.tile_mean is not None:
            self._run.use_recorded_estimate(estimate)

    @Slot(object)
    def _on_run_changed(self, state: RunState) -> None:
        before, after = self._state, with_run_state(self._state, state)
        if before.estimates and not after.estimates:
            self._earlier_estimates = with_estimates_of_earlier_run(
                self._earlier_estimates, before.estimates
            )
        if isinstance(state, ResultReady) and not after.estimates:
            run_of_result = state.result.restoration.run
            estimates = find_estimates_of_run(self._earlier_estimates, run_of_result)
            after = replace(after, estimates=estimates)
        self._set_state(after)
