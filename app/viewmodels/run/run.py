"""View model of the run."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import partial

from PySide6.QtCore import Signal, Slot

from app.imaging.mipmap_image import MipmapImage
from app.imaging.overlay import DeviationOverlay
from app.jobs.results.archived_result import ArchivedResult, load_archived_result
from app.jobs.run.estimate_recorder import RecordedEstimate, result_from_recorded_estimate
from app.jobs.run.prior_cache import PriorCache
from app.jobs.run.restore import (
    PriorLoaded,
    PriorLoadStarted,
    RunProgress,
    StepEstimate,
    load_prior_and_restore_job,
    result_from_estimate,
)
from app.jobs.run.restore_request import RestoreRequest
from app.jobs.run.result import RunResult, change_sharpness_job
from app.jobs.run.result_strength import FULL_STRENGTH, ResultStrength
from app.jobs.worker import JobOutcome, JobRunner, job_from_function
from app.viewmodels.state_view_model import JobViewModel
from ddrm_core.errors import InsufficientMemory, OperationCancelled


@dataclass(frozen=True, slots=True)
class NoRun:
    """State without a run and without a result."""


@dataclass(frozen=True, slots=True)
class RunInProgress:
    """State while a run is in progress.

    Attributes:
        total_evaluations: Evaluations of the prior in the whole run.
        first_report_evaluations: Evaluations at the time of the first report, 0 before the report.
        first_report_seconds: Seconds from the start of the run to the first report.
        estimate: The latest estimate, None before the first report.
        image: The latest preview, None before the first one.
        is_cancelling: Whether the run has been asked to stop.
        loading_prior_name: Name of the prior that is being loaded, None otherwise.
        fallback_reason: Why the prior is on the CPU instead of the device of `auto`.
        recorded_estimates: Estimates of the run that are stored for the timeline.
        chosen_estimate: The recorded estimate that becomes the result after the run has stopped.
    """

    total_evaluations: int
    first_report_evaluations: int = 0
    first_report_seconds: float = 0.0
    estimate: StepEstimate | None = None
    image: MipmapImage | None = None
    is_cancelling: bool = False
    loading_prior_name: str | None = None
    fallback_reason: InsufficientMemory | None = None
    recorded_estimates: tuple[RecordedEstimate, ...] = ()
    chosen_estimate: RecordedEstimate | None = None

    @property
    def evaluations_done(self) -> int:
        """Number of evaluations of the prior that are done."""
        return self.estimate.step.evaluations_done if self.estimate else 0

    @property
    def seconds_left(self) -> float | None:
        """Expected seconds left, from the rate since the first report; None before the second."""
        if self.estimate is None or self.evaluations_done <= self.first_report_evaluations:
            return None
        seconds_per_evaluation = (self.estimate.elapsed_seconds - self.first_report_seconds) / (
            self.evaluations_done - self.first_report_evaluations
        )
        return seconds_per_evaluation * (self.total_evaluations - self.evaluations_done)


@dataclass(frozen=True, slots=True)
class RunStopped:
    """State after the user has stopped a run that has no result but an estimate.

    Attributes:
        estimate: The latest estimate.
        image: The latest preview, None if no preview was shown.
        total_evaluations: Evaluations of the prior in the whole run.
    """

    estimate: StepEstimate
    image: MipmapImage | None
    total_evaluations: int


@dataclass(frozen=True, slots=True)
class PreparingResult:
    """State while a result is built from an estimate or loaded from an archived result.

    Attributes:
        image: Image to show until the result is ready.
        is_from_archive: Whether the result is an archived result.
    """

    image: MipmapImage | None
    is_from_archive: bool = False


@dataclass(frozen=True, slots=True)
class RunFailed:
    """State after a run has ended with an error."""

    error: Exception


@dataclass(frozen=True, slots=True)
class ResultReady:
    """State with a result that is shown.

    Attributes:
        result: The result, at the sharpness that is shown.
        sharpness: Requested sharpness from the mean (0) to a sample (1), shown as soon as it is
            computed.
        sample_number: Number, from 1, of the sample that is the result at sharpness 1.
        error: Why another sharpness or strength could not be shown, None without an error.
        strength: Requested strength and kept areas.
    """

    result: RunResult
    sharpness: float = 0.0
    error: Exception | None = None
    sample_number: int = 1
    strength: ResultStrength = FULL_STRENGTH

    @property
    def is_sharpness_adjustable(self) -> bool:
        """Whether the sharpness can be changed, for which samples must be stored."""
        return bool(self.result.samples)


RunState = NoRun | RunInProgress | RunStopped | PreparingResult | RunFailed | ResultReady


def image_of_state(state: RunState) -> MipmapImage | None:
    """Return the image of a run's state: result or latest preview; None if there is neither."""
    match state:
        case RunInProgress(image=image) | RunStopped(image=image) | PreparingResult(image=image):
            return image
        case ResultReady(result=result):
            return result.image
        case _:
            return None


def overlay_of_state(state: RunState) -> DeviationOverlay | None:
    """Return the deviation overlay of the result, None without a result or a whole block."""
    return state.result.overlay if isinstance(state, ResultReady) else None


def can_restore_remaining(state: RunState) -> bool:
    """Return whether a region is completely restored, so that the remaining image can follow."""
    if not isinstance(state, ResultReady):
        return False
    restoration = state.result.restoration
    return restoration.run.region is not None and restoration.complete


def state_after_report(
    state: RunState, report: PriorLoadStarted | PriorLoaded | RunProgress
) -> RunState:
    """Return the state after a report of the run: the prior is loading, loaded, or stepping."""
    match state, report:
        case RunInProgress(), PriorLoadStarted(prior_name=prior_name):
            return replace(state, loading_prior_name=prior_name)
        case RunInProgress(), PriorLoaded(fallback_reason=fallback_reason):
            return replace(state, loading_prior_name=None, fallback_reason=fallback_reason)
        case RunInProgress(), RunProgress():
            return state_after_progress(state, report)
        case _:
            return state


def state_after_progress(state: RunState, progress: RunProgress) -> RunState:
    """Return the state with the estimate and the preview of the latest step."""
    if not isinstance(state, RunInProgress):
        return state
    estimate = progress.estimate
    updated = replace(
        state,
        total_evaluations=estimate.step.total_evaluations,
        estimate=estimate,
        image=progress.image or state.image,
        recorded_estimates=progress.recorded_estimates,
    )
    if state.estimate is not None:
        return updated
    return replace(
        updated,
        first_report_evaluations=estimate.step.evaluations_done,
        first_report_seconds=estimate.elapsed_seconds,
    )


def state_after_job_end(state: RunState, outcome: JobOutcome) -> RunState:
    """Return the state after the end of a run, or of a job that builds or loads a result."""
    match outcome, state:
        case JobOutcome(error=None, result=RunResult() as result), _:
            return show_result(result)
        case JobOutcome(error=Exception() as error), ResultReady(result=result):
            return show_result(result, error)
        case JobOutcome(error=OperationCancelled()), RunInProgress(
            estimate=StepEstimate() as estimate
        ):
            return RunStopped(estimate, state.image, state.total_evaluations)
        case JobOutcome(error=OperationCancelled()), _:
            return NoRun()
        case JobOutcome(error=Exception() as error), _:
            return RunFailed(error)
        case _:
            raise TypeError(f"not a result: {outcome.result!r}")


def show_result(result: RunResult, error: Exception | None = None) -> ResultReady:
    """Return the state in which a result is shown as it was built."""
    return ResultReady(result, result.sharpness, error, result.sample_number, result.strength)


class RunViewModel(JobViewModel[RunState]):
    """View model that starts and stops runs and provides their results.

    Attributes:
        request: Request of the latest run, or of a past run whose result is shown.

    Signals:
        region_restored: Emitted when the complete result of a region is ready, so that the
            remaining image can be restored.
    """

    region_restored = Signal()

    def __init__(self, runner: JobRunner, prior_cache: PriorCache) -> None:
        super().__init__(NoRun(), runner)
        self._prior_cache = prior_cache
        self.request: RestoreRequest | None = None
        runner.progressed.connect(self._on_progressed)

    def start(self, request: RestoreRequest) -> None:
        """Start a run; a run or another job that is in progress is discarded."""
        self._runner.discard(self._job_id)
        # An object that stores the request must not keep a result in memory.
        self.request = replace(request, region_result=None)
        image = None if request.region_result is None else request.region_result.image
        self._set_state(RunInProgress(request.settings.sampler.evaluation_count, image=image))
        self._job_id = self._runner.start(
            partial(load_prior_and_restore_job, self._prior_cache, request)
        )

    def restore_remaining(self) -> None:
        """Start a run of the remaining image, with the settings and seed of the region's run.

        The pixels of the region stay as they are.
        """
        if (
            can_restore_remaining(self._state)
            and isinstance(self._state, ResultReady)
            and self.request is not None
        ):
            request = replace(self.request, region=None, region_result=self._state.result)
            self.start(request)

    def cancel(self) -> None:
        """Request the run to stop; its latest estimate can become the result afterwards."""
        if isinstance(self._state, RunInProgress):
            self._set_state(replace(self._state, is_cancelling=True))
            self._runner.cancel(self._job_id)

    def use_latest_estimate(self) -> None:
        """Build a result from the latest estimate of the stopped run."""
        if isinstance(self._state, RunStopped):
            estimate = self._state.estimate
            self._set_state(PreparingResult(self._state.image))
            self._job_id = self._runner.start(
                job_from_function(partial(result_from_estimate, estimate))
            )

    def use_recorded_estimate(self, estimate: RecordedEstimate) -> None:
        """Build a result from a recorded estimate; a run in progress is stopped first."""
        match self._state:
            case RunInProgress():
                self.cancel()
                self._set_state(replace(self._state, chosen_estimate=estimate))
            case RunStopped() | ResultReady() | RunFailed():
                self._runner.discard(self._job_id)
                self._set_state(PreparingResult(image_of_state(self._state)))
                self._job_id = self._runner.start(
                    job_from_function(partial(result_from_recorded_estimate, estimate))
                )

    def show_archived_result(
        self,
        archived: ArchivedResult,
        request: RestoreRequest,
        sharpness: float,
        sample_number: int,
        strength: ResultStrength = FULL_STRENGTH,
    ) -> None:
        """Show the result of a past run, loaded by a job; discard the job in progress."""
        self._runner.discard(self._job_id)
        self.request = request
        self._set_state(PreparingResult(image_of_state(self._state), is_from_archive=True))
        self._job_id = self._runner.start(
            job_from_function(
                partial(load_archived_result, archived, sharpness, sample_number, strength)
            )
        )

    def set_sharpness(self, sharpness: float) -> None:
        """Show the result at another sharpness, from the mean (0) to the selected sample (1)."""
        if isinstance(self._state, ResultReady):
            self._change_blend(replace(self._state, sharpness=sharpness))

    def select_sample(self, sample_number: int | None) -> None:
        """Show a sample as the result at sharpness 1, or the mean at sharpness 0 for None."""
        if isinstance(self._state, ResultReady):
            state = replace(self._state, sharpness=0.0 if sample_number is None else 1.0)
            self._change_blend(replace(state, sample_number=sample_number or state.sample_number))

    def set_view(self, sharpness: float, sample_number: int, strength: ResultStrength) -> None:
        """Show the result at a sharpness between the mean (0) and a sample, and at a strength."""
        if isinstance(self._state, ResultReady):
            state = replace(self._state, sharpness=sharpness, sample_number=sample_number)
            self._change_blend(replace(state, strength=strength))

    def _change_blend(self, requested: ResultReady) -> None:
        """Show the requested sharpness, sample and strength as soon as they are computed."""
        if requested == self._state:
            return
        # Only the latest request matters.
        self._runner.discard(self._job_id)
        result = requested.result
        if replace(requested, error=None) != show_result(result):
            shown = (requested.sharpness, requested.sample_number)
            job = partial(change_sharpness_job, result, *shown, strength=requested.strength)
            self._job_id = self._runner.start(job)
        self._set_state(replace(requested, error=None))

    def reset(self) -> None:
        """Discard the run in progress and the result; the state becomes `NoRun`."""
        self._runner.discard(self._job_id)
        self._set_state(NoRun())

    @Slot(int, object)
    def _on_progressed(
        self, job_id: int, report: PriorLoadStarted | PriorLoaded | RunProgress
    ) -> None:
        if job_id == self._job_id:
            self._set_state(state_after_report(self._state, report))

    def _on_job_ended(self, outcome: JobOutcome) -> None:
        previous_state = self._state
        self._set_state(state_after_job_end(previous_state, outcome))
        if not isinstance(previous_state, ResultReady) and can_restore_remaining(self._state):
            self.region_restored.emit()
        if isinstance(previous_state, RunInProgress) and previous_state.chosen_estimate is not None:
            self.use_recorded_estimate(previous_state.chosen_estimate)
