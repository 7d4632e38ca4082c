"""The states of a run, and the view model that starts, stops and sharpens it."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import torch

from app.imaging.overlay import overlay
from app.imaging.pyramid import Pyramid
from app.jobs.document.open import open_document
from app.jobs.run.restore import Estimate, Progress
from app.jobs.run.restore_request import ProblemKind
from app.jobs.worker import Outcome
from app.viewmodels.parameters.parameters import ParametersState
from app.viewmodels.run.progress_text import progress_words
from app.viewmodels.run.run import (
    Done,
    Failed,
    Idle,
    Keeping,
    Running,
    RunViewModel,
    Stopped,
    after_end,
    after_progress,
    overlay_of,
    picture_of,
    request_for,
)
from ddrm_core.cancel import CancelToken
from ddrm_core.errors import Cancelled, OutOfMemory
from ddrm_core.restoration.restore import restore
from ddrm_core.restoration.run import make_run
from ddrm_core.sampler.settings import CorrectionKind, SamplerSettings
from ddrm_core.verification.verify import verify_picture
from tests.support.results import result
from tests.support.window_fixtures import settle


@pytest.fixture
def estimate(request_, engine):
    """After 2 of the 6 evaluations, 1.5 s into the run."""
    run = make_run(request_.source, engine.prior("cpu"), request_.settings, seed=4)
    step = next(restore(run, CancelToken()))
    assert (step.done, step.total) == (2, 6)
    return Estimate(run, step, 1.5)


def later(estimate, *, done, seconds):
    return Estimate(estimate.run, replace(estimate.step, done=done), seconds)


def test_the_first_report_starts_the_clock_and_the_second_tells_the_time(estimate):
    picture = Pyramid(())
    first = after_progress(Running(6), Progress(estimate, picture))
    assert first == Running(6, 2, 1.5, estimate, picture)
    assert first.seconds_left is None
    second = later(estimate, done=4, seconds=2.5)
    after = after_progress(first, Progress(second, None))
    assert after == Running(6, 2, 1.5, second, picture)
    assert after.seconds_left == pytest.approx(1.0)
    last = after_progress(after, Progress(later(estimate, done=6, seconds=3.5), None))
    assert last.seconds_left == 0


def test_a_report_keeps_the_wish_to_stop(estimate):
    state = after_progress(Running(6, cancelling=True), Progress(estimate, None))
    assert state.cancelling


@pytest.mark.parametrize("state", [Idle(), Keeping(None), Failed(ValueError())])
def test_a_report_outside_a_run_changes_nothing(state, estimate):
    assert after_progress(state, Progress(estimate, None)) is state


def test_ends(estimate):
    restored = result()
    error = OutOfMemory("cpu", 9, 9)
    running = Running(6, 2, 1.5, estimate, restored.picture)
    stopped = Stopped(estimate, restored.picture, 6)
    for state in (Running(6), running, Keeping(None)):
        assert after_end(state, Outcome(restored, None)) == Done(restored)
        assert after_end(state, Outcome(None, error)) == Failed(error)
    assert after_end(running, Outcome(None, Cancelled())) == stopped
    assert after_end(Running(6), Outcome(None, Cancelled())) == Idle()
    sharper = replace(restored, sharpness=0.5)
    assert after_end(Done(restored, 0.5), Outcome(sharper, None)) == Done(sharper, 0.5)
    assert after_end(Done(sharper, 1.0), Outcome(None, error)) == Done(sharper, 0.5, error)
    with pytest.raises(TypeError):
        after_end(running, Outcome("something", None))


def test_the_picture_of_each_state(estimate):
    tints = overlay(np.zeros((1, 1), np.float32), left=0, top=0)
    one, restored = Pyramid(()), result(overlay=tints)
    assert picture_of(Running(6, picture=one)) is one
    assert picture_of(Stopped(estimate, one, 6)) is one
    assert picture_of(Keeping(one)) is one
    assert picture_of(Done(restored)) is restored.picture
    assert picture_of(Idle()) is picture_of(Failed(ValueError())) is None
    assert overlay_of(Done(restored)) is restored.overlay
    assert overlay_of(Running(6, picture=one)) is None


def test_progress_in_words(estimate):
    state = Running(6, 2, 1.5, later(estimate, done=4, seconds=40.5))
    assert progress_words(Running(6)) == "Getting ready…"
    assert progress_words(Running(6, cancelling=True)) == "Stopping…"
    assert progress_words(state) == "Sample 1-2 of 2, step 1 of 3, 0:39 left"
    alone = Estimate(estimate.run, replace(estimate.step, samples=range(2, 3)), 1.5)
    assert progress_words(Running(6, 2, 1.5, alone)) == "Sample 2 of 2, step 1 of 3"


def test_a_request_captures_the_choices(photo):
    document = open_document(photo)
    settings = SamplerSettings(steps=1, samples=1, correction=CorrectionKind.PAPER)
    parameters = ParametersState(settings, 5, 7, "cpu", grid=(3, 4), sampling="4:4:4")
    request = request_for(document, parameters)
    assert request.source is document.source
    assert (request.settings, request.quality, request.seed) == (settings, 5, 7)
    assert (request.grid, request.sampling) == ((3, 4), "4:4:4")
    assert request.device == "cpu"
    assert (request.problem, request.bits) == (ProblemKind.JPEG, None)
    banding = replace(parameters, problem=ProblemKind.BANDING, bits=5)
    assert request_for(document, banding).problem is ProblemKind.BANDING
    assert request_for(document, banding).bits == 5


@pytest.fixture
def model(runner, engine):
    return RunViewModel(runner, engine)


def test_a_run_through_the_model(qtbot, model, request_):
    model.start(request_)
    assert model.state == Running(6)
    qtbot.waitUntil(lambda: isinstance(model.state, Done), timeout=20000)
    assert model.state.restored.restoration.complete


def test_stop_and_keep(qtbot, model, request_):
    model.start(replace(request_, settings=SamplerSettings(steps=1000, samples=2)))
    qtbot.waitUntil(lambda: picture_of(model.state) is not None, timeout=20000)
    model.cancel()
    assert model.state.is_cancelling
    qtbot.waitUntil(lambda: isinstance(model.state, Stopped), timeout=5000)
    picture = model.state.picture
    model.keep_estimate()
    assert model.state == Keeping(picture)
    qtbot.waitUntil(lambda: isinstance(model.state, Done), timeout=5000)
    assert not model.state.restored.restoration.complete


def test_an_estimate_of_a_run_that_failed_can_be_kept(qtbot, model, request_, monkeypatch):
    def full(*_):
        raise MemoryError

    monkeypatch.setattr("app.jobs.run.restore.finished", full)
    frames = []
    model.state_changed.connect(lambda state: frames.extend(getattr(state, "frames", ())[-1:]))
    model.start(request_)
    qtbot.waitUntil(lambda: isinstance(model.state, Failed), timeout=20000)
    model.keep_frame(frames[-1])
    qtbot.waitUntil(lambda: isinstance(model.state, Done), timeout=5000)
    assert model.state.restored.restoration.evaluations == 6


def test_a_new_run_silences_the_old_one(qtbot, model, request_):
    model.start(replace(request_, settings=SamplerSettings(steps=1000, samples=2)))
    qtbot.waitUntil(lambda: model.state.estimate is not None, timeout=20000)
    states = []
    model.state_changed.connect(states.append)
    model.start(request_)
    qtbot.waitUntil(lambda: isinstance(model.state, Done), timeout=20000)
    assert all(isinstance(state, Running) and state.total == 6 for state in states[:-1])
    assert model.state.restored.restoration.evaluations == 6


def test_reset_forgets_the_run(qtbot, runner, model, request_):
    model.start(request_)
    model.reset()
    states = []
    model.state_changed.connect(states.append)
    model.cancel()
    model.keep_estimate()
    settle(qtbot, runner)
    assert states == []
    assert model.state == Idle()


@pytest.mark.parametrize("correction", CorrectionKind)
@pytest.mark.parametrize("sharpness", [0.0, 0.5, 1.0])
def test_what_is_said_of_a_sharper_picture_is_said_of_that_picture(
    qtbot, model, request_, correction, sharpness
):
    settings = SamplerSettings(steps=3, samples=2, correction=correction)
    model.start(replace(request_, settings=settings))
    qtbot.waitUntil(lambda: isinstance(model.state, Done), timeout=20000)
    model.sharpen(sharpness)
    qtbot.waitUntil(lambda: model.state.restored.sharpness == sharpness, timeout=20000)
    restored = model.state.restored
    result = restored.restoration
    picture = torch.lerp(result.picture, torch.from_numpy(restored.samples[0].array()), sharpness)
    found = verify_picture(result.run.image, picture).consistency
    assert restored.exact.inside == found.inside
    assert (found.inside == 1) is (correction is CorrectionKind.BINS)


def test_only_the_latest_sharpness_is_shown(qtbot, runner, model, request_):
    model.start(request_)
    qtbot.waitUntil(lambda: isinstance(model.state, Done), timeout=20000)
    safest, states = model.state.restored, []
    model.state_changed.connect(states.append)
    for sharpness in (0.2, 1.0, 0.0):  # and back to what is shown
        model.sharpen(sharpness)
    settle(qtbot, runner)
    assert model.state == Done(safest, 0.0)
    assert {state.restored for state in states} == {safest}
    for sharpness in (0.2, 0.4, 0.6):
        model.sharpen(sharpness)
    assert model.state == Done(safest, 0.6)
    qtbot.waitUntil(lambda: model.state.restored is not safest, timeout=20000)
    assert {state.restored.sharpness for state in states} == {0.0, 0.6}
