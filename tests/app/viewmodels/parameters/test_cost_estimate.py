"""The cost estimate of a run."""

from __future__ import annotations

from dataclasses import replace

import pytest

from app.i18n.formatting import format_approximate_duration
from app.jobs.document.open import open_document
from app.jobs.parameters.cost_estimate import (
    CostEstimate,
    estimate_cost_job,
    record_throughput,
)
from app.jobs.run.restore_request import RestoreRequest, create_run_from_request
from app.jobs.run.restore_settings import RestoreSettings
from app.jobs.run.throughput_cache import ThroughputCache
from app.viewmodels.parameters.cost_estimate import (
    CostEstimateState,
    cost_estimate_text,
    cost_estimate_tooltip,
)
from ddrm_core.cancel import CancelToken
from ddrm_core.errors import OperationCancelled
from ddrm_core.performance.cost_estimate import MemoryRequirement, Workload, estimate_memory
from ddrm_core.sampler.settings import PRESETS, Preset
from ddrm_core.step_iterator import StepIterator
from tests.support.results import with_settings


def request_for(path, preset=Preset.FAST, prior=None):
    source = open_document(path).source
    return RestoreRequest(source, RestoreSettings(PRESETS[preset], 0, "cpu", prior=prior))


def drain(job):
    return StepIterator(job).drain()


def state(seconds=130.0, needed=1_432_000_000, free=20_000_000_000, parts=1, from_run=False):
    work, memory = Workload(parts, 24, 10), MemoryRequirement(needed, free)
    return CostEstimateState(CostEstimate(seconds, work, memory, from_run))


def test_a_line_says_time_and_memory():
    assert cost_estimate_text(state()) == "About 2 min 10 s and 1.4 GB of memory"
    assert "timed on a small part" in cost_estimate_tooltip(state())
    assert "last run" in cost_estimate_tooltip(state(from_run=True))
    assert "in 3 parts" in cost_estimate_tooltip(state(parts=3))


def test_too_little_memory_is_said():
    words = cost_estimate_text(state(free=1_000_000_000))
    assert words.endswith("That is more than is free: it will take less at a time.")


def test_nothing_is_said_of_what_is_not_known():
    assert cost_estimate_text(CostEstimateState()) == ""
    assert cost_estimate_text(CostEstimateState(is_estimating=True)).endswith("…")
    assert "once this model has been used" in cost_estimate_text(
        CostEstimateState(is_prior_unloaded=True)
    )
    assert cost_estimate_tooltip(CostEstimateState()) == ""


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (0.01, "1 s"),
        (4.4, "4 s"),
        (33, "35 s"),
        (58, "1 min"),
        (130.4, "2 min 10 s"),
        (599, "10 min"),
        (1234, "21 min"),
        (3599, "1 h"),
        (5000, "1 h 25 min"),
    ],
)
def test_durations_have_no_more_digits_than_are_known(seconds, words):
    assert format_approximate_duration(seconds) == words


def test_a_pace_is_timed_once_and_then_known(engine, photo, monkeypatch):
    timed = []
    from ddrm_core.performance import cost_estimate as forecast

    time_steps = forecast.measure_throughput
    monkeypatch.setattr(
        forecast, "measure_throughput", lambda *a: timed.append(a) or time_steps(*a)
    )
    paces = ThroughputCache()
    first = drain(estimate_cost_job(engine, paces, request_for(photo), CancelToken()))
    assert first.seconds > 0
    longer = drain(estimate_cost_job(engine, paces, request_for(photo, Preset.BEST), CancelToken()))
    assert len(timed) == 1
    assert longer.seconds / first.seconds == pytest.approx(
        longer.workload.network_pixels / first.workload.network_pixels
    )
    drain(estimate_cost_job(engine, paces, request_for(photo, Preset.PAPER), CancelToken()))
    assert len(timed) == 2  # another correction is measured again


@pytest.mark.parametrize("preset", [Preset.DRAFT, Preset.BEST])
def test_the_time_of_a_preset_is_that_of_a_run_with_it(engine, photo, preset):
    paces = ThroughputCache()
    here = drain(estimate_cost_job(engine, paces, request_for(photo), CancelToken()))
    there = drain(estimate_cost_job(engine, paces, request_for(photo, preset), CancelToken()))
    assert here.preset_seconds[preset] == pytest.approx(there.seconds)
    assert here.preset_seconds == there.preset_seconds
    assert set(here.preset_seconds) == set(Preset)


@pytest.mark.usefixtures("packaged_priors")
def test_a_packaged_prior_is_loaded_for_an_estimate(engine, photo):
    request = request_for(photo, prior="ffdnet-color")
    found = drain(estimate_cost_job(engine, ThroughputCache(), request, CancelToken()))
    assert found.preset_seconds[Preset.DRAFT] < found.preset_seconds[Preset.BEST]


def test_a_run_that_has_ended_is_what_counts(engine, photo, monkeypatch):
    from app.jobs.run.restore import restore_job

    paces = ThroughputCache()
    restored = drain(restore_job(engine, request_for(photo), CancelToken()))
    record_throughput(paces, restored)
    monkeypatch.setattr("ddrm_core.performance.cost_estimate.measure_throughput", None)
    known = drain(estimate_cost_job(engine, paces, request_for(photo), CancelToken()))
    assert known.is_from_earlier_run
    assert known.seconds == pytest.approx(restored.restoration.seconds)


def test_pictures_that_are_no_jpeg_are_forecast_without_their_levels(engine, screenshot):
    found = drain(
        estimate_cost_job(engine, ThroughputCache(), request_for(screenshot), CancelToken())
    )
    assert found.workload.evaluations == PRESETS[Preset.FAST].evaluation_count


def test_memory_counts_the_samples_that_are_kept(engine, photo):
    more = replace(PRESETS[Preset.FAST], samples=40)
    request = with_settings(request_for(photo), sampler=more)
    found = drain(estimate_cost_job(engine, ThroughputCache(), request, CancelToken()))
    alone = estimate_memory(create_run_from_request(engine, request))
    pixels = 4 * 3 * 97 * 64
    assert (
        found.memory.needed_bytes - alone.needed_bytes >= 2 * 40 * pixels
    )  # each sample as floats and as pixels


def test_a_cancelled_forecast_is_none(engine, photo):
    token = CancelToken()
    token.cancel()
    with pytest.raises(OperationCancelled):
        drain(estimate_cost_job(engine, ThroughputCache(), request_for(photo), token))


def test_a_prior_that_is_not_loaded_is_not_loaded_for_this(engine, photo):
    request = request_for(photo, prior="large")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(type(engine), "is_loaded", lambda *_: False)
        assert drain(estimate_cost_job(engine, ThroughputCache(), request, CancelToken())) is None
