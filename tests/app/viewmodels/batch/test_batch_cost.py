"""The view model of the expected cost of a batch."""

from __future__ import annotations

from dataclasses import replace
from threading import Event

import pytest

from app.jobs.batch.batch_cost import BatchCostEstimator
from app.jobs.batch.batch_items import CommonSettings
from app.jobs.run.throughput_cache import ThroughputCache
from app.jobs.worker import JobRunner
from app.viewmodels.batch.overview.batch_cost import NO_COST, BatchCostViewModel
from app.viewmodels.run.run import NoRun, RunFailed, RunInProgress
from app.viewmodels.state_view_model import StateViewModel
from tests.support.batch_queue import QUICK, add, over
from tests.support.window_fixtures import settle


class RunStates(StateViewModel):
    """The state of a run, set by a test."""

    def show(self, state):
        self._set_state(state)


@pytest.fixture
def run():
    return RunStates(NoRun())


@pytest.fixture
def inspection(qapp):
    runner = JobRunner(qapp)
    yield runner
    runner.shutdown()


@pytest.fixture
def cost(inspection, queue, engine, run):
    cost = BatchCostViewModel(
        inspection, queue, run, BatchCostEstimator(engine, ThroughputCache()), idle_delay_ms=0
    )
    yield cost
    cost.stop()


def is_known(cost):
    return not cost.state.is_estimating and cost.state.cost is not None


def test_the_cost_follows_the_files_and_the_settings(qtbot, queue, cost, pictures):
    add(qtbot, queue, pictures)
    assert cost.state.is_estimating
    qtbot.waitUntil(lambda: is_known(cost))
    first = cost.state.cost
    assert first.file_count == 3
    assert first.result_bytes > 0
    many_steps = replace(QUICK, sampler=replace(QUICK.sampler, steps=9))
    queue.set_default_settings(CommonSettings(many_steps))
    assert cost.state.cost is None
    qtbot.waitUntil(lambda: is_known(cost))
    assert cost.state.cost.seconds > first.seconds
    queue.remove_items([queue.state.items[0].item_id])
    assert cost.state.cost is not None
    qtbot.waitUntil(lambda: is_known(cost) and cost.state.cost.file_count == 2)


def test_nothing_is_estimated_while_the_batch_runs_and_after_it(
    qtbot, queue, cost, pictures, tmp_path
):
    queue.set_output_location(replace(queue.state.output_location, folder=tmp_path / "out"))
    add(qtbot, queue, pictures)
    queue.start()
    assert cost.state == NO_COST
    over(qtbot, queue)
    assert queue.state.counts.done == 3
    assert cost.state == NO_COST
    sizes = queue.state.counts.sizes
    assert sizes.source == sum(path.stat().st_size for path in pictures)
    assert sizes.result == sum(item.target.stat().st_size for item in queue.state.items)


class WaitingEstimator(BatchCostEstimator):
    """An estimator whose estimates begin when a test lets them."""

    def __init__(self, *arguments):
        super().__init__(*arguments)
        self.may_begin, self.count = Event(), 0

    def estimate(self, request, token):
        self.count += 1
        assert self.may_begin.wait(10)
        return (yield from super().estimate(request, token))


def test_an_estimate_goes_on_while_a_result_changes(
    qtbot, queue, engine, inspection, run, pictures
):
    estimator = WaitingEstimator(engine, ThroughputCache())
    cost = BatchCostViewModel(inspection, queue, run, estimator, idle_delay_ms=0)
    add(qtbot, queue, pictures)
    qtbot.waitUntil(lambda: estimator.count == 1)
    run.show(RunFailed(ValueError()))
    estimator.may_begin.set()
    qtbot.waitUntil(lambda: is_known(cost))
    assert estimator.count == 1


def test_a_run_in_the_window_comes_first(qtbot, queue, cost, inspection, run, pictures):
    run.show(RunInProgress(8))
    add(qtbot, queue, pictures)
    settle(qtbot, inspection)
    assert cost.state.is_estimating
    assert cost.state.cost is None
    run.show(NoRun())
    qtbot.waitUntil(lambda: is_known(cost))
