"""The estimates of a run: which are kept, and how one goes through them."""

from __future__ import annotations

import itertools
from dataclasses import replace
from types import SimpleNamespace

import pytest
import torch

from app.config.resources import BUNDLED_PRIOR
from app.jobs.document.open import open_document
from app.jobs.run.estimate_recorder import MOST_FRAMES, fetch_frame, keep_frame
from app.jobs.run.prior_cache import Engine
from app.jobs.run.restore import Estimate, restoring
from app.viewmodels.parameters.parameters import ParametersState
from app.viewmodels.run.run import Done, Failed, Idle, Keeping, Running, Stopped, request_for
from app.viewmodels.run.timeline import (
    TimelineState,
    advanced,
    followed,
    frame_words,
    keep_words,
    may_keep,
    place_words,
    played,
    scrubbed,
)
from ddrm_core.cancel import CancelToken
from ddrm_core.device.execution_limits import PixelLimits
from ddrm_core.imaging.rectangle import Rectangle
from ddrm_core.restoration.restore import keep_estimate
from ddrm_core.sampler.settings import SamplerSettings
from tests.support.window_fixtures import pixels_of

# Where only their number counts.
FOUR = tuple(SimpleNamespace(number=number) for number in range(1, 5))


def reports_of(engine, path, settings, region=None):
    document = open_document(path)
    request = request_for(document, ParametersState(settings, device="cpu"), region)
    steps, reports = restoring(engine, request, CancelToken()), []
    while True:
        try:
            reports.append(next(steps))
        except StopIteration as stop:
            return document, reports, stop.value


@pytest.fixture
def run(engine, photo):
    """Document, reports and result of 4 steps of 3 samples, which are taken at once."""
    return reports_of(engine, photo, SamplerSettings(steps=4, samples=3, turned_views=False))


@pytest.fixture
def frames(run):
    return run[1][-1].frames


def state(frames, at=None, **changes):
    return TimelineState(tuple(frames), at, **changes)


def test_every_step_of_a_short_run_is_kept(run, frames):
    _, reports, _ = run
    assert [frame.number for frame in frames] == [1, 2, 3, 4]
    assert [frame.step for frame in frames] == [1, 2, 3, 4]
    assert [len(report.frames) for report in reports] == [1, 2, 3, 4]
    assert [frame.done for frame in frames] == [3, 6, 9, 12]


def test_of_a_long_run_so_many_are_kept_evenly(engine, photo):
    settings = SamplerSettings(steps=90, samples=1)
    _, reports, _ = reports_of(engine, photo, settings)
    frames = reports[-1].frames
    assert len(frames) == MOST_FRAMES
    gaps = {b.step - a.step for a, b in itertools.pairwise(frames)}
    assert gaps == {2, 3}


def test_only_some_can_be_kept_where_there_is_not_room_for_all(engine, photo):
    mean = 4 * 3 * 104 * 64  # whole MCUs
    engine.vault.memory_bytes, engine.vault.disk_bytes = 6 * mean, 0
    settings = SamplerSettings(steps=5, samples=1)
    _, reports, _ = reports_of(engine, photo, settings)
    frames = reports[-1].frames
    keepable = [frame.number for frame in frames if frame.mean is not None]
    assert len(frames) == 5
    assert keepable in ([3], [2, 4])


@pytest.mark.parametrize("region", [None, Rectangle(21, 10, 50, 33)])
def test_a_frame_gives_the_picture_and_the_result_of_its_step(engine, photo, region):
    settings = SamplerSettings(steps=3, samples=2)
    document, reports, _ = reports_of(engine, photo, settings, region)
    for frame, report in zip(reports[-1].frames, reports, strict=True):
        if report.picture is not None and region is None:
            assert (pixels_of(fetch_frame(frame, document)) == pixels_of(report.picture)).all()
        kept = keep_frame(frame).restoration
        step = report.estimate.step
        alone = replace(step, assembly=replace(step.assembly, picture=None, found=[]))
        expected = keep_estimate(frame.run, alone, seconds=1.0)
        assert torch.equal(kept.picture, expected.picture)
        assert not kept.complete
        shown = pixels_of(fetch_frame(frame, document))
        rows, columns = frame.place.seen_from(Rectangle(0, 0, 97, 64))
        assert (shown[rows, columns] == frame.pixels.array()).all()


def test_parts_of_a_large_picture_are_shown_as_they_were(tmp_path, original):
    path = tmp_path / "large.jpg"
    original.resize((388, 256)).save(path, quality=10)
    engine = Engine(BUNDLED_PRIOR, limits=PixelLimits(part=40_000))
    document, reports, restored = reports_of(engine, path, SamplerSettings(steps=2, samples=1))
    frames = reports[-1].frames
    assert len({frame.place for frame in frames}) > 1
    last = frames[-1]
    shown = pixels_of(fetch_frame(last, document)).astype(int)
    result = pixels_of(restored.picture).astype(int)
    rows, columns = last.place.seen_from(Rectangle(0, 0, 388, 256))
    result[rows, columns] = last.pixels.array()
    assert (shown == result).all()
    kept = keep_frame(frames[0]).restoration.picture
    assert kept.shape == restored.restoration.picture.shape


def test_places_of_the_slider():
    everything = state(FOUR)
    assert everything.place == 4
    assert everything.frame is None
    for place, at in [(0, 1), (3, 4), (4, None), (9, None), (-1, 1)]:
        moved = scrubbed(replace(everything, playing=True), place)
        assert (moved.at, moved.playing) == (at, False)
    assert scrubbed(TimelineState(), 0) == TimelineState()


@pytest.mark.parametrize(
    ("at", "playing", "after"),
    [(None, False, (1, True)), (3, False, (3, True)), (3, True, (3, False))],
)
def test_play_and_pause(at, playing, after):
    played_ = played(state(FOUR, at, playing=playing))
    assert (played_.at, played_.playing) == after


def test_nothing_to_play():
    assert played(TimelineState()) == TimelineState()


@pytest.mark.parametrize(
    ("at", "playing", "after"),
    [(1, True, (2, True)), (4, True, (None, False)), (2, False, (2, False))],
)
def test_the_next_one(at, playing, after):
    further = advanced(state(FOUR, at, playing=playing))
    assert (further.at, further.playing) == after


def test_the_timeline_follows_the_run(run, frames):
    _, reports, restored = run
    estimate = Estimate(reports[-1].estimate.run, reports[-1].estimate.step, 1.0)
    running = Running(12, estimate=estimate, frames=frames)
    looked_at = state(frames, 2, live=True)
    fresh = TimelineState(live=True)
    assert followed(state(frames, 2), Running(12)) == fresh
    assert followed(looked_at, replace(running, frames=frames[:3])).frames == frames[:3]
    assert followed(looked_at, replace(running, cancelling=True)).at == 2
    stopped = followed(looked_at, Stopped(estimate, None, 12))
    assert (stopped.at, stopped.live, stopped.result) == (2, False, False)
    assert followed(looked_at, Failed(ValueError())) == replace(looked_at, live=False)
    done = followed(looked_at, Done(restored))
    assert (done.at, done.live, done.result) == (2, False, True)
    assert followed(looked_at, Keeping(None)).at is None
    assert followed(looked_at, Idle()) == TimelineState()
    assert followed(looked_at, Keeping(None, earlier=True)) == TimelineState()


def test_the_result_of_another_run_has_no_estimates_here(frames, engine, photo):
    _, _, other = reports_of(engine, photo, SamplerSettings(steps=1, samples=1))
    assert followed(state(frames, 2), Done(other)) == TimelineState(result=True)


def test_words(frames):
    assert frame_words(frames[2]) == "Step 3 of 4, samples 1 to 3 of 3"
    alone = replace(frames[2], samples=range(2, 3))
    assert frame_words(alone) == "Step 3 of 4, sample 2 of 3"
    assert place_words(state(frames, 3)) == frame_words(frames[2])
    assert place_words(state(frames, live=True)) == "Latest estimate"
    assert place_words(state(frames, result=True)) == "Result"
    assert keep_words(state(frames)).startswith("Go back")
    assert keep_words(state(frames, 1)) == "Make this estimate the result"
    assert keep_words(state(frames, 1, live=True)).startswith("Stop the run")
    seen_only = [replace(frame, mean=None) for frame in frames]
    assert "can be seen but not kept" in keep_words(state(seen_only, 1))
    assert [may_keep(s) for s in (state(frames), state(frames, 1), state(seen_only, 1))] == [
        False,
        True,
        False,
    ]


@pytest.mark.parametrize(("pictures", "shown", "kept"), [(1, 12, 12), (5, 4, 12), (0, 1, 0)])
def test_fewer_pictures_are_made_where_fewer_are_wanted(
    engine, photo, monkeypatch, pictures, shown, kept
):
    clock = [0.0]
    # A step takes a second and its picture no time, so that each could have one.
    monkeypatch.setattr("app.jobs.run.restore.time.monotonic", lambda: clock[0])
    document = open_document(photo)
    parameters = ParametersState(SamplerSettings(steps=12, samples=1), device="cpu")
    request = replace(request_for(document, parameters), pictures=pictures)
    reports = []
    for report in restoring(engine, request, CancelToken()):
        clock[0] += 1
        reports.append(report)
    pictured = [report.picture is not None for report in reports]
    assert pictured.count(True) == shown
    assert pictured[-1]
    assert len(reports[-1].frames) == kept
