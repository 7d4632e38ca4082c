"""The restoration run."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import partial

from PySide6.QtCore import QObject, Slot

from app.imaging.overlay import Overlay
from app.imaging.pyramid import Pyramid
from app.jobs.document.open import Document
from app.jobs.results.archived_result import ArchivedResult, load_archived_result
from app.jobs.run.estimate_recorder import Frame, keep_frame
from app.jobs.run.prior_cache import Engine
from app.jobs.run.restore import (
    Estimate,
    LoadingPrior,
    PriorLoaded,
    Progress,
    keep,
    loading_and_restoring,
)
from app.jobs.run.restore_request import RestoreRequest
from app.jobs.run.result import Restored, sharpening
from app.jobs.worker import Outcome, Runner, once
from app.viewmodels.parameters.parameters import ParametersState
from app.viewmodels.state_view_model import StateViewModel
from ddrm_core.errors import Cancelled, NoRoomForPrior
from ddrm_core.imaging.rectangle import Rectangle


@dataclass(frozen=True, slots=True)
class Idle:
    """No run, and no result."""


@dataclass(frozen=True, slots=True)
class Running:
    """A run is under way.

    Attributes:
        total: Evaluations of the prior in the whole run.
        first_done: Evaluations after the first report, 0 before it.
        first_seconds: When that was, since the run began.
        estimate: Where the run stands, None before the first report.
        picture: The latest picture, None before the first.
        cancelling: Whether it was asked to stop.
        loading: Name of the prior that is being loaded, None once that is done.
        instead: Why the prior is on the CPU, where `auto` would have taken another device.
        frames: Those of its estimates that are kept.
        keeping: The one of them that is to be the result, once the run has stopped.
    """

    total: int
    first_done: int = 0
    first_seconds: float = 0.0
    estimate: Estimate | None = None
    picture: Pyramid | None = None
    cancelling: bool = False
    loading: str | None = None
    instead: NoRoomForPrior | None = None
    frames: tuple[Frame, ...] = ()
    keeping: Frame | None = None

    @property
    def done(self) -> int:
        """Evaluations so far."""
        return self.estimate.step.done if self.estimate else 0

    @property
    def seconds_left(self) -> float | None:
        """At the pace since the first report, None before the second."""
        if self.estimate is None or self.done <= self.first_done:
            return None
        pace = (self.estimate.seconds - self.first_seconds) / (self.done - self.first_done)
        return pace * (self.total - self.done)


@dataclass(frozen=True, slots=True)
class Stopped:
    """The user stopped a run that had an estimate already.

    Attributes:
        estimate: The latest.
        picture: The latest that was shown.
        total: Evaluations in the whole run.
    """

    estimate: Estimate
    picture: Pyramid | None
    total: int


@dataclass(frozen=True, slots=True)
class Keeping:
    """A result is being made of an estimate, or of an earlier run.

    Attributes:
        picture: What is shown until then.
        earlier: Whether it is an earlier run's.
    """

    picture: Pyramid | None
    earlier: bool = False


@dataclass(frozen=True, slots=True)
class Failed:
    """The run ended with an error."""

    error: Exception


@dataclass(frozen=True, slots=True)
class Done:
    """There is a result.

    Attributes:
        restored: As it is shown.
        sharpness: Asked for and soon shown, from safest (0) to sharpest (1).
        sample: What is sharpest: a sample's number, from 1; likewise.
        error: Why another sharpness could not be shown, None where nothing is wrong.
    """

    restored: Restored
    sharpness: float = 0.0
    error: Exception | None = None
    sample: int = 1

    @property
    def adjustable(self) -> bool:
        """Whether there is more than one sharpness to choose from."""
        return bool(self.restored.samples)


RunState = Idle | Running | Stopped | Keeping | Failed | Done


def picture_of(state: RunState) -> Pyramid | None:
    """The best picture there is in this state."""
    match state:
        case Running(picture=picture) | Stopped(picture=picture) | Keeping(picture=picture):
            return picture
        case Done(restored=restored):
            return restored.picture
        case _:
            return None


def overlay_of(state: RunState) -> Overlay | None:
    """The tints for a result's blocks, None where there is no result, or no whole block in it."""
    return state.restored.overlay if isinstance(state, Done) else None


def has_rest(state: RunState) -> bool:
    """Whether the result is of a region, and what is around it can be restored, too."""
    if not isinstance(state, Done):
        return False
    restoration = state.restored.restoration
    return restoration.run.region is not None and restoration.complete


def after_report(state: RunState, report: LoadingPrior | PriorLoaded | Progress) -> RunState:
    """The state once the run has reported anything."""
    match state, report:
        case Running(), LoadingPrior(name=name):
            return replace(state, loading=name)
        case Running(), PriorLoaded(instead=instead):
            return replace(state, loading=None, instead=instead)
        case Running(), Progress():
            return after_progress(state, report)
        case _:
            return state


def after_progress(state: RunState, progress: Progress) -> RunState:
    """The state once the run has reported a step."""
    if not isinstance(state, Running):
        return state
    estimate = progress.estimate
    moved = replace(
        state,
        total=estimate.step.total,
        estimate=estimate,
        picture=progress.picture or state.picture,
        frames=progress.frames,
    )
    if state.estimate is not None:
        return moved
    return replace(moved, first_done=estimate.step.done, first_seconds=estimate.seconds)


def after_end(state: RunState, outcome: Outcome) -> RunState:
    """The state once the job has ended."""
    match outcome, state:
        case Outcome(error=None, result=Restored() as restored), _:
            return Done(restored, restored.sharpness, sample=restored.sample)
        case Outcome(error=Exception() as error), Done(restored=restored):
            return Done(restored, restored.sharpness, error, restored.sample)
        case Outcome(error=Cancelled()), Running(estimate=Estimate() as estimate):
            return Stopped(estimate, state.picture, state.total)
        case Outcome(error=Cancelled()), _:
            return Idle()
        case Outcome(error=Exception() as error), _:
            return Failed(error)
        case _:
            raise TypeError(f"not a result: {outcome.result!r}")


def request_for(
    document: Document, parameters: ParametersState, region: Rectangle | None = None
) -> RestoreRequest:
    """The run that the window asks for now, of a region of the picture as stored or all of it."""
    return RestoreRequest(
        document.source,
        parameters.settings,
        parameters.quality,
        parameters.seed,
        parameters.device,
        parameters.grid,
        parameters.sampling,
        parameters.problem,
        parameters.bits,
        region,
        parameters.prior,
    )


class RunViewModel(StateViewModel[RunState]):
    """The run as one value that changes.

    Attributes:
        request: Of the run that was started last, or of the earlier one that was brought back.
    """

    def __init__(self, runner: Runner, engine: Engine, parent: QObject | None = None) -> None:
        super().__init__(Idle(), parent)
        self._runner = runner
        self._engine = engine
        self._run_id = 0
        self.request: RestoreRequest | None = None
        runner.progressed.connect(self._on_progressed)
        runner.ended.connect(self._on_ended)

    def start(self, request: RestoreRequest) -> None:
        """Restore; what runs is given up."""
        self._runner.withdraw(self._run_id)
        # Whoever keeps it is not to keep a result with it.
        self.request = replace(request, finished=None)
        shown = None if request.finished is None else request.finished.picture
        self._set(Running(request.settings.evaluations, picture=shown))
        self._run_id = self._runner.start(partial(loading_and_restoring, self._engine, request))

    def restore_rest(self) -> None:
        """The whole picture with all that the run of a region had; it is shown meanwhile."""
        if has_rest(self._state) and isinstance(self._state, Done) and self.request is not None:
            whole = replace(self.request, region=None, finished=self._state.restored)
            self.start(whole)

    def cancel(self) -> None:
        """Ask the run to stop; its latest estimate can be kept."""
        if isinstance(self._state, Running):
            self._set(replace(self._state, cancelling=True))
            self._runner.cancel(self._run_id)

    def keep_estimate(self) -> None:
        """Make a result of the stopped run's latest estimate."""
        if isinstance(self._state, Stopped):
            estimate = self._state.estimate
            self._set(Keeping(self._state.picture))
            self._run_id = self._runner.start(once(partial(keep, estimate)))

    def keep_frame(self, frame: Frame) -> None:
        """Make a result of exactly that estimate; a run is stopped for it first."""
        match self._state:
            case Running():
                self.cancel()
                self._set(replace(self._state, keeping=frame))
            case Stopped() | Done() | Failed():
                self._runner.withdraw(self._run_id)
                self._set(Keeping(picture_of(self._state)))
                self._run_id = self._runner.start(once(partial(keep_frame, frame)))

    def bring_back(
        self, put: ArchivedResult, request: RestoreRequest, sharpness: float, sample: int
    ) -> None:
        """Make an earlier result the present one; what runs is given up."""
        self._runner.withdraw(self._run_id)
        self.request = request
        self._set(Keeping(picture_of(self._state), earlier=True))
        self._run_id = self._runner.start(
            once(partial(load_archived_result, put, sharpness, sample))
        )

    def sharpen(self, sharpness: float) -> None:
        """Show the result at another place between safest (0) and sharpest (1)."""
        if isinstance(self._state, Done):
            self._show_between(self._state, sharpness, self._state.sample)

    def pick(self, sample: int | None) -> None:
        """Take a sample as the result, the sharp end of what can be chosen; None for the mean."""
        if isinstance(self._state, Done):
            picked = self._state.sample if sample is None else sample
            self._show_between(self._state, 0.0 if sample is None else 1.0, picked)

    def _show_between(self, done: Done, sharpness: float, sample: int) -> None:
        if (sharpness, sample) == (done.sharpness, done.sample):
            return
        # Only the latest place matters.
        self._runner.withdraw(self._run_id)
        restored = done.restored
        if (sharpness, sample) != (restored.sharpness, restored.sample):
            job = partial(sharpening, restored, sharpness, sample)
            self._run_id = self._runner.start(job)
        self._set(Done(restored, sharpness, sample=sample))

    def reset(self) -> None:
        """Give up the run and forget its result."""
        self._runner.withdraw(self._run_id)
        self._set(Idle())

    @Slot(int, object)
    def _on_progressed(self, run_id: int, report: LoadingPrior | PriorLoaded | Progress) -> None:
        if run_id == self._run_id:
            self._set(after_report(self._state, report))

    @Slot(int, object)
    def _on_ended(self, run_id: int, outcome: Outcome) -> None:
        if run_id != self._run_id:
            return
        before = self._state
        self._set(after_end(before, outcome))
        if isinstance(before, Running) and before.keeping is not None:
            self.keep_frame(before.keeping)
