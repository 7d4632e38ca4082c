"""The timeline: the estimates that are recorded, and the selection of one."""

from __future__ import annotations

import itertools
from dataclasses import replace
from types import SimpleNamespace

import pytest
import torch

from app.jobs.document.open import open_document
from app.jobs.run.estimate_recorder import (
    MAX_RECORDED_ESTIMATES,
    compose_estimate_image,
    result_from_recorded_estimate,
)
from app.jobs.run.prior_cache import PriorCache
from app.jobs.run.restore import StepEstimate, restore_job
from app.jobs.run.restore_settings import RestoreSettings
from app.jobs.storage.array_store import LossReason
from app.viewmodels.parameters.parameters import ParametersState
from app.viewmodels.run.restore_request import build_restore_request
from app.viewmodels.run.run import (
    NoRun,
    PreparingResult,
    ResultReady,
    RunFailed,
    RunInProgress,
    RunStopped,
)
from app.viewmodels.run.timeline import (
    TimelineState,
    can_use_estimate,
    find_estimates_of_run,
    recorded_estimate_text,
    timeline_position_text,
    use_estimate_tooltip,
    with_estimates_of_earlier_run,
    with_next_position,
    with_playback_toggled,
    with_position,
    with_run_state,
)
from ddrm_core.cancel import CancelToken
from ddrm_core.device.execution_limits import PixelLimits
from ddrm_core.imaging.rectangle import Rectangle
from ddrm_core.prior.bundled import BUNDLED_PRIOR_PATH
from ddrm_core.restoration.restore import restoration_from_step
from ddrm_core.sampler.settings import SamplerSettings
from ddrm_core.step_iterator import StepIterator
from tests.support.window_fixtures import pixels_of

# For tests that use only the number of each estimate.
FOUR = tuple(SimpleNamespace(number=number) for number in range(1, 5))


def reports_of(engine, path, settings, region=None):
    document = open_document(path)
    request = build_restore_request(
        document, ParametersState(RestoreSettings(settings, seed=0, device="cpu")), region
    )
    steps = StepIterator(restore_job(engine, request, CancelToken()))
    return document, list(steps), steps.result


@pytest.fixture
def run(engine, photo):
    """Return the document, the progress reports and the result of a run.

    The run has 4 steps of 3 samples, which are computed together.
    """
    return reports_of(engine, photo, SamplerSettings(steps=4, samples=3, turned_views=False))


@pytest.fixture
def frames(run):
    return run[1][-1].recorded_estimates


def state(frames, at=None, **changes):
    return TimelineState(tuple(frames), at, **changes)


def test_every_step_of_a_short_run_is_kept(run, frames):
    _, reports, _ = run
    assert [frame.number for frame in frames] == [1, 2, 3, 4]
    assert [frame.step_number for frame in frames] == [1, 2, 3, 4]
    assert [len(report.recorded_estimates) for report in reports] == [1, 2, 3, 4]
    assert [frame.evaluations_done for frame in frames] == [3, 6, 9, 12]


def test_of_a_long_run_so_many_are_kept_evenly(scripted, engine, photo):
    settings = SamplerSettings(steps=90, samples=1)
    _, reports, _ = reports_of(engine, photo, settings)
    frames = reports[-1].recorded_estimates
    assert len(frames) == MAX_RECORDED_ESTIMATES
    gaps = {b.step_number - a.step_number for a, b in itertools.pairwise(frames)}
    assert gaps == {2, 3}
    assert scripted.evaluations == 90


def test_only_some_can_be_kept_where_there_is_not_room_for_all(engine, photo):
    mean = 4 * 3 * 104 * 64  # bytes of the canvas, which has whole MCUs
    engine.array_store.max_memory_bytes, engine.array_store.max_disk_bytes = 6 * mean, 0
    settings = SamplerSettings(steps=5, samples=1)
    _, reports, _ = reports_of(engine, photo, settings)
    frames = reports[-1].recorded_estimates
    keepable = [frame.number for frame in frames if frame.tile_mean is not None]
    assert len(frames) == 5
    assert keepable in ([3], [2, 4])


@pytest.mark.parametrize("region", [None, Rectangle(21, 10, 50, 33)])
def test_a_frame_gives_the_picture_and_the_result_of_its_step(engine, photo, region):
    settings = SamplerSettings(steps=3, samples=2)
    document, reports, _ = reports_of(engine, photo, settings, region)
    for frame, report in zip(reports[-1].recorded_estimates, reports, strict=True):
        if report.image is not None and region is None:
            assert (
                pixels_of(compose_estimate_image(frame, document)) == pixels_of(report.image)
            ).all()
        kept = result_from_recorded_estimate(frame).restoration
        step = report.estimate.step
        alone = replace(step, mosaic=replace(step.mosaic, image=None, tile_consistencies=[]))
        expected = restoration_from_step(frame.run, alone, seconds=1.0)
        assert torch.equal(kept.image, expected.image)
        assert not kept.complete
        shown = pixels_of(compose_estimate_image(frame, document))
        rows, columns = frame.tile_region.slices_in(Rectangle(0, 0, 97, 64))
        assert (shown[rows, columns] == frame.pixels.load()).all()


def test_parts_of_a_large_picture_are_shown_as_they_were(scripted, tmp_path, original):
    path = tmp_path / "large.jpg"
    original.resize((388, 256)).save(path, quality=10)
    engine = PriorCache(BUNDLED_PRIOR_PATH, pixel_limits=PixelLimits(sampled_pixels=40_000))
    document, reports, restored = reports_of(engine, path, SamplerSettings(steps=2, samples=1))
    frames = reports[-1].recorded_estimates
    assert len({frame.tile_region for frame in frames}) > 1
    last = frames[-1]
    shown = pixels_of(compose_estimate_image(last, document)).astype(int)
    result = pixels_of(restored.image).astype(int)
    rows, columns = last.tile_region.slices_in(Rectangle(0, 0, 388, 256))
    result[rows, columns] = last.pixels.load()
    assert (shown == result).all()
    kept = result_from_recorded_estimate(frames[0]).restoration.image
    assert kept.shape == restored.restoration.image.shape
    assert scripted.evaluations == len(reports)


def test_places_of_the_slider():
    everything = state(FOUR)
    assert everything.position == 4
    assert everything.selected_estimate is None
    for place, at in [(0, 1), (3, 4), (4, None), (9, None), (-1, 1)]:
        moved = with_position(replace(everything, is_playing=True), place)
        assert (moved.selected_number, moved.is_playing) == (at, False)
    assert with_position(TimelineState(), 0) == TimelineState()


@pytest.mark.parametrize(
    ("at", "playing", "after"),
    [(None, False, (1, True)), (3, False, (3, True)), (3, True, (3, False))],
)
def test_play_and_pause(at, playing, after):
    played_ = with_playback_toggled(state(FOUR, at, is_playing=playing))
    assert (played_.selected_number, played_.is_playing) == after


def test_nothing_to_play():
    assert with_playback_toggled(TimelineState()) == TimelineState()


@pytest.mark.parametrize(
    ("at", "playing", "after"),
    [(1, True, (2, True)), (4, True, (None, False)), (2, False, (2, False))],
)
def test_the_next_one(at, playing, after):
    further = with_next_position(state(FOUR, at, is_playing=playing))
    assert (further.selected_number, further.is_playing) == after


def test_the_timeline_follows_the_run(run, frames):
    _, reports, restored = run
    estimate = StepEstimate(reports[-1].estimate.run, reports[-1].estimate.step, 1.0)
    running = RunInProgress(12, estimate=estimate, recorded_estimates=frames)
    looked_at = state(frames, 2, is_run_active=True)
    fresh = TimelineState(is_run_active=True)
    assert with_run_state(state(frames, 2), RunInProgress(12)) == fresh
    assert (
        with_run_state(looked_at, replace(running, recorded_estimates=frames[:3])).estimates
        == frames[:3]
    )
    assert with_run_state(looked_at, replace(running, is_cancelling=True)).selected_number == 2
    stopped = with_run_state(looked_at, RunStopped(estimate, None, 12))
    assert (stopped.selected_number, stopped.is_run_active, stopped.has_result) == (2, False, False)
    assert with_run_state(looked_at, RunFailed(ValueError())) == replace(
        looked_at, is_run_active=False
    )
    done = with_run_state(looked_at, ResultReady(restored))
    assert (done.selected_number, done.is_run_active, done.has_result) == (2, False, True)
    assert with_run_state(looked_at, PreparingResult(None)).selected_number is None
    assert with_run_state(looked_at, NoRun()) == TimelineState()
    assert with_run_state(looked_at, PreparingResult(None, is_from_archive=True)) == TimelineState()


def test_the_result_of_another_run_has_no_estimates_here(frames, engine, photo):
    _, _, other = reports_of(engine, photo, SamplerSettings(steps=1, samples=1))
    assert with_run_state(state(frames, 2), ResultReady(other)) == TimelineState(has_result=True)


def test_words(frames):
    assert recorded_estimate_text(frames[2]) == "Step 3 of 4, versions 1 to 3 of 3"
    alone = replace(frames[2], sample_numbers=range(2, 3))
    assert recorded_estimate_text(alone) == "Step 3 of 4, version 2 of 3"
    assert timeline_position_text(state(frames, 3)) == recorded_estimate_text(frames[2])
    assert timeline_position_text(state(frames, is_run_active=True)) == "Latest step"
    assert timeline_position_text(state(frames, has_result=True)) == "Result"
    assert use_estimate_tooltip(state(frames)).startswith("Go back")
    assert use_estimate_tooltip(state(frames, 1)) == "Make this step the result"
    assert use_estimate_tooltip(state(frames, 1, is_run_active=True)).startswith("Stop the run")
    seen_only = [replace(frame, tile_mean=None) for frame in frames]
    assert "can be seen but not used" in use_estimate_tooltip(state(seen_only, 1))
    assert [
        can_use_estimate(s) for s in (state(frames), state(frames, 1), state(seen_only, 1))
    ] == [
        False,
        True,
        False,
    ]


@pytest.mark.parametrize(("pictures", "shown", "kept"), [(1, 12, 12), (5, 4, 12), (0, 1, 0)])
def test_fewer_pictures_are_made_where_fewer_are_wanted(
    scripted, engine, photo, monkeypatch, pictures, shown, kept
):
    clock = [0.0]
    # A step takes a second and a preview takes no time, so that each step could have one.
    monkeypatch.setattr("app.jobs.run.restore.time.monotonic", lambda: clock[0])
    document = open_document(photo)
    parameters = ParametersState(
        RestoreSettings(SamplerSettings(steps=12, samples=1), seed=0, device="cpu")
    )
    request = replace(build_restore_request(document, parameters), preview_interval=pictures)
    reports = []
    for report in restore_job(engine, request, CancelToken()):
        clock[0] += 1
        reports.append(report)
    pictured = [report.image is not None for report in reports]
    assert scripted.evaluations == 12
    assert pictured.count(True) == shown
    assert pictured[-1]
    assert len(reports[-1].recorded_estimates) == kept


def test_estimates_of_an_earlier_run_give_way_and_are_not_shown_without_their_pixels(frames):
    earlier = with_estimates_of_earlier_run((), frames)
    assert all(frame.pixels.is_evictable and frame.tile_mean.is_evictable for frame in frames)
    assert find_estimates_of_run(earlier, frames[0].run) == frames
    assert not any(frame.pixels.is_evictable for frame in frames)
    assert find_estimates_of_run(earlier, SimpleNamespace(problem=object())) == ()
    frames[1].tile_mean.lose(LossReason.NEWER_ARRAYS)
    found = find_estimates_of_run(earlier, frames[0].run)
    assert [frame.tile_mean is None for frame in found] == [False, True, False, False]
    frames[2].pixels.lose(LossReason.NEWER_ARRAYS)
    assert find_estimates_of_run(earlier, frames[0].run) == ()


def test_estimates_of_few_runs_are_kept_and_none_that_hold_a_mosaic(frames):
    earlier = ()
    for _ in range(5):
        earlier = with_estimates_of_earlier_run(earlier, frames)
    assert len(earlier) == 3
    tiled = (replace(frames[0], mosaic_image=torch.zeros(3, 4, 4)),)
    assert with_estimates_of_earlier_run((), tiled) == ()
