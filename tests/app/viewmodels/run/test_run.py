"""The states of a run, and the view model that starts and stops a run."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import torch

from app.imaging.mipmap_image import MipmapImage
from app.imaging.overlay import create_deviation_overlay
from app.jobs.document.open import open_document
from app.jobs.run.restore import RunProgress, StepEstimate
from app.jobs.run.restore_request import ProblemKind
from app.jobs.run.restore_settings import RestoreSettings
from app.jobs.worker import JobOutcome
from app.viewmodels.parameters.parameters import ParametersState
from app.viewmodels.run.progress_text import run_progress_text, run_window_title
from app.viewmodels.run.restore_request import build_restore_request
from app.viewmodels.run.run import (
    NoRun,
    PreparingResult,
    ResultReady,
    RunFailed,
    RunInProgress,
    RunStopped,
    RunViewModel,
    image_of_state,
    overlay_of_state,
    state_after_job_end,
    state_after_progress,
)
from ddrm_core.cancel import CancelToken
from ddrm_core.errors import OperationCancelled, OutOfMemory
from ddrm_core.restoration.assumption import CompressionAssumption
from ddrm_core.restoration.restore import restore
from ddrm_core.restoration.run import create_jpeg_run
from ddrm_core.sampler.settings import SamplerSettings
from ddrm_core.verification.verify import verify_jpeg_pixels
from tests.support.results import result, with_settings
from tests.support.window_fixtures import settle


@pytest.fixture
def estimate(request_, engine):
    """Return the estimate of a run after 2 of 6 evaluations; 1.5 s have passed."""
    run = create_jpeg_run(request_.source, engine.load("cpu"), request_.settings.sampler, seed=4)
    step = next(restore(run, CancelToken()))
    assert (step.evaluations_done, step.total_evaluations) == (2, 6)
    return StepEstimate(run, step, 1.5)


def later(estimate, *, done, seconds):
    return StepEstimate(estimate.run, replace(estimate.step, evaluations_done=done), seconds)


def test_the_first_report_starts_the_clock_and_the_second_tells_the_time(estimate):
    picture = MipmapImage(())
    first = state_after_progress(RunInProgress(6), RunProgress(estimate, picture))
    assert first == RunInProgress(6, 2, 1.5, estimate, picture)
    assert first.seconds_left is None
    second = later(estimate, done=4, seconds=2.5)
    after = state_after_progress(first, RunProgress(second, None))
    assert after == RunInProgress(6, 2, 1.5, second, picture)
    assert after.seconds_left == pytest.approx(1.0)
    last = state_after_progress(after, RunProgress(later(estimate, done=6, seconds=3.5), None))
    assert last.seconds_left == 0


def test_a_report_keeps_the_wish_to_stop(estimate):
    state = state_after_progress(RunInProgress(6, is_cancelling=True), RunProgress(estimate, None))
    assert state.is_cancelling


@pytest.mark.parametrize("state", [NoRun(), PreparingResult(None), RunFailed(ValueError())])
def test_a_report_outside_a_run_changes_nothing(state, estimate):
    assert state_after_progress(state, RunProgress(estimate, None)) is state


def test_ends(estimate):
    restored = result()
    error = OutOfMemory("cpu", 9, 9)
    running = RunInProgress(6, 2, 1.5, estimate, restored.image)
    stopped = RunStopped(estimate, restored.image, 6)
    for state in (RunInProgress(6), running, PreparingResult(None)):
        assert state_after_job_end(state, JobOutcome(restored, None)) == ResultReady(restored)
        assert state_after_job_end(state, JobOutcome(None, error)) == RunFailed(error)
    assert state_after_job_end(running, JobOutcome(None, OperationCancelled())) == stopped
    assert state_after_job_end(RunInProgress(6), JobOutcome(None, OperationCancelled())) == NoRun()
    sharper = replace(restored, sharpness=0.5)
    assert state_after_job_end(
        ResultReady(restored, 0.5), JobOutcome(sharper, None)
    ) == ResultReady(sharper, 0.5)
    assert state_after_job_end(ResultReady(sharper, 1.0), JobOutcome(None, error)) == ResultReady(
        sharper, 0.5, error
    )
    with pytest.raises(TypeError):
        state_after_job_end(running, JobOutcome("something", None))


def test_the_picture_of_each_state(estimate):
    tints = create_deviation_overlay(np.zeros((1, 1), np.float32), left=0, top=0)
    one, restored = MipmapImage(()), result(overlay=tints)
    assert image_of_state(RunInProgress(6, image=one)) is one
    assert image_of_state(RunStopped(estimate, one, 6)) is one
    assert image_of_state(PreparingResult(one)) is one
    assert image_of_state(ResultReady(restored)) is restored.image
    assert image_of_state(NoRun()) is image_of_state(RunFailed(ValueError())) is None
    assert overlay_of_state(ResultReady(restored)) is restored.overlay
    assert overlay_of_state(RunInProgress(6, image=one)) is None


def test_progress_in_words(estimate):
    state = RunInProgress(6, 2, 1.5, later(estimate, done=4, seconds=40.5))
    assert run_progress_text(RunInProgress(6)) == "Getting ready…"
    assert run_progress_text(RunInProgress(6, is_cancelling=True)) == "Stopping…"
    assert run_progress_text(state) == "Step 1 of 3, 40 s left"
    alone = StepEstimate(estimate.run, replace(estimate.step, sample_numbers=range(2, 3)), 1.5)
    # The second sample begins at step 1 again.
    assert run_progress_text(RunInProgress(6, 2, 1.5, alone)) == "33 % done"


def test_the_title_begins_with_the_progress_of_a_run(estimate):
    """The title says how much is done and how long the rest takes (defect 39)."""
    state = RunInProgress(6, 2, 1.5, later(estimate, done=4, seconds=40.5))
    assert run_window_title(state, "a.jpg - App") == "67 %, 40 s left - a.jpg - App"
    assert run_window_title(RunInProgress(6), "a.jpg - App") == "0 % - a.jpg - App"
    assert run_window_title(NoRun(), "a.jpg - App") == "a.jpg - App"


def test_a_request_captures_the_choices(photo):
    document = open_document(photo)
    settings = SamplerSettings(steps=1, samples=1, correction="paper")
    parameters = ParametersState(
        RestoreSettings(
            settings, seed=7, device="cpu", assumption=CompressionAssumption(5, (3, 4), "4:4:4")
        )
    )
    request = build_restore_request(document, parameters)
    assert request.source is document.source
    assert request.settings == parameters.settings
    assert (request.problem, request.bits_per_channel) == (ProblemKind.JPEG, None)
    banding = replace(parameters, problem=ProblemKind.BANDING, bits=5)
    assert build_restore_request(document, banding).problem is ProblemKind.BANDING
    assert build_restore_request(document, banding).bits_per_channel == 5


@pytest.fixture
def model(runner, engine):
    return RunViewModel(runner, engine)


def test_a_run_through_the_model(qtbot, model, request_):
    model.start(request_)
    assert model.state == RunInProgress(6)
    qtbot.waitUntil(lambda: isinstance(model.state, ResultReady), timeout=20000)
    assert model.state.result.restoration.complete


def test_stop_and_keep(qtbot, model, request_):
    model.start(with_settings(request_, sampler=SamplerSettings(steps=1000, samples=2)))
    qtbot.waitUntil(lambda: image_of_state(model.state) is not None, timeout=20000)
    model.cancel()
    assert model.state.is_cancelling
    qtbot.waitUntil(lambda: isinstance(model.state, RunStopped), timeout=5000)
    picture = model.state.image
    model.use_latest_estimate()
    assert model.state == PreparingResult(picture)
    qtbot.waitUntil(lambda: isinstance(model.state, ResultReady), timeout=5000)
    assert not model.state.result.restoration.complete


def test_an_estimate_of_a_run_that_failed_can_be_kept(qtbot, model, request_, monkeypatch):
    def full(*_):
        raise MemoryError

    monkeypatch.setattr("app.jobs.run.restore.result_from_restoration", full)
    frames = []
    model.state_changed.connect(
        lambda state: frames.extend(getattr(state, "recorded_estimates", ())[-1:])
    )
    model.start(request_)
    qtbot.waitUntil(lambda: isinstance(model.state, RunFailed), timeout=20000)
    model.use_recorded_estimate(frames[-1])
    qtbot.waitUntil(lambda: isinstance(model.state, ResultReady), timeout=5000)
    assert model.state.result.restoration.evaluation_count == 6


def test_a_new_run_silences_the_old_one(qtbot, model, request_):
    model.start(with_settings(request_, sampler=SamplerSettings(steps=1000, samples=2)))
    qtbot.waitUntil(lambda: model.state.estimate is not None, timeout=20000)
    states = []
    model.state_changed.connect(states.append)
    model.start(request_)
    qtbot.waitUntil(lambda: isinstance(model.state, ResultReady), timeout=20000)
    assert all(
        isinstance(state, RunInProgress) and state.total_evaluations == 6 for state in states[:-1]
    )
    assert model.state.result.restoration.evaluation_count == 6


def test_reset_forgets_the_run(qtbot, runner, model, request_):
    model.start(request_)
    model.reset()
    states = []
    model.state_changed.connect(states.append)
    model.cancel()
    model.use_latest_estimate()
    settle(qtbot, runner)
    assert states == []
    assert model.state == NoRun()


@pytest.mark.parametrize("correction", ["bins", "paper"])
@pytest.mark.parametrize("sharpness", [0.0, 0.5, 1.0])
def test_what_is_said_of_a_sharper_picture_is_said_of_that_picture(
    qtbot, model, request_, correction, sharpness
):
    settings = SamplerSettings(steps=3, samples=2, correction=correction)
    model.start(with_settings(request_, sampler=settings))
    qtbot.waitUntil(lambda: isinstance(model.state, ResultReady), timeout=20000)
    model.set_sharpness(sharpness)
    qtbot.waitUntil(lambda: model.state.result.sharpness == sharpness, timeout=20000)
    restored = model.state.result
    result = restored.restoration
    picture = torch.lerp(result.image, torch.from_numpy(restored.samples[0].load()), sharpness)
    found = verify_jpeg_pixels(result.run.image, picture).consistency
    assert restored.exact_consistency.inside_fraction == found.inside_fraction
    assert (found.inside_fraction == 1) is (correction == "bins")


def test_only_the_latest_sharpness_is_shown(qtbot, runner, model, request_):
    model.start(request_)
    qtbot.waitUntil(lambda: isinstance(model.state, ResultReady), timeout=20000)
    safest, states = model.state.result, []
    model.state_changed.connect(states.append)
    for sharpness in (0.2, 1.0, 0.0):  # ends at the sharpness that is shown
        model.set_sharpness(sharpness)
    settle(qtbot, runner)
    assert model.state == ResultReady(safest, 0.0)
    assert {state.result for state in states} == {safest}
    for sharpness in (0.2, 0.4, 0.6):
        model.set_sharpness(sharpness)
    assert model.state == ResultReady(safest, 0.6)
    qtbot.waitUntil(lambda: model.state.result is not safest, timeout=20000)
    assert {state.result.sharpness for state in states} == {0.0, 0.6}
