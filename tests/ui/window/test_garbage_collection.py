"""Cyclic garbage is destroyed on the GUI thread and on no other thread."""

from __future__ import annotations

import gc
import threading
import weakref

import pytest
from PySide6.QtCore import QObject

from app.jobs.worker import job_from_function
from app.ui.window.garbage_collection import GuiThreadGarbageCollector


class Ring(QObject):
    """A QObject in a reference cycle that records the thread on which it is destroyed."""

    gone: list[int]

    def __init__(self) -> None:
        super().__init__()
        self.ring = self

    def __del__(self) -> None:
        self.gone.append(threading.get_ident())


@pytest.fixture
def gone(monkeypatch):
    """Return a list to which each destroyed `Ring` appends the id of the current thread."""
    noted = []
    monkeypatch.setattr(Ring, "gone", noted, raising=False)
    return noted


@pytest.fixture
def collected(monkeypatch):
    """Replace Python's garbage collection by a record, with thresholds 700, 10 and 10.

    Return the list of the generations that were to be collected.
    """
    numbers = []
    monkeypatch.setattr(gc, "get_threshold", lambda: (700, 10, 10))
    monkeypatch.setattr(gc, "collect", lambda number=2: numbers.append(number) or 0)
    return numbers


def allocate():
    """Create so many reference cycles that a garbage collection is due."""
    for _ in range(20_000):
        ring = []
        ring.append(ring)


def test_what_a_worker_allocates_has_nothing_of_qt_destroyed_on_its_thread(qtbot, runner, gone):
    gc.collect()  # no collection is due soon after this
    with qtbot.waitSignal(runner.ended, timeout=5000):
        for _ in range(20):
            Ring()
        runner.start(job_from_function(allocate))
    qtbot.waitUntil(lambda: len(gone) == 20, timeout=5000)
    assert set(gone) == {threading.get_ident()}


def test_a_workers_garbage_is_collected_while_it_goes_on(qtbot, runner):
    class Large:
        pass

    def job(token):
        large = Large()
        large.ring = large
        kept.append(weakref.ref(large))
        del large
        while True:
            allocate()
            yield None
            token.raise_if_cancelled()

    kept, ended = [], []
    runner.ended.connect(lambda *outcome: ended.append(outcome))
    run_id = runner.start(job)
    qtbot.waitUntil(lambda: bool(kept) and kept[0]() is None, timeout=10000)
    assert not ended
    runner.discard(run_id)


def grow(collector, monkeypatch, count):
    """Let the collector count `count` more objects as moved into the oldest generation."""
    with monkeypatch.context() as young:
        young.setattr(gc, "get_count", lambda: (0, 11, 0))
        young.setattr(gc, "get_objects", lambda generation: [None] * count * (generation == 1))
        collector.collect_due()


@pytest.fixture
def collector(qapp, monkeypatch):
    """Yield a started collector, which counted 400 objects in the oldest generation."""
    collector = GuiThreadGarbageCollector(qapp)
    monkeypatch.setattr(gc, "get_objects", lambda generation: [None] * 400 * (generation == 2))
    collector.start()
    yield collector
    collector.stop()


@pytest.mark.parametrize("generation", [0, 1, 2])
def test_the_oldest_generation_that_is_due_is_collected(
    collector, collected, monkeypatch, generation
):
    grow(collector, monkeypatch, 1000)
    collected.clear()
    counts = (701, *[11] * generation, *[0] * (2 - generation))
    monkeypatch.setattr(gc, "get_count", lambda: counts)
    collector.collect_due()
    assert collected == [generation]
    monkeypatch.setattr(gc, "get_threshold", lambda: (0, 0, 0))  # 0 disables collection
    collector.collect_due()
    assert collected == [generation]


def test_a_full_collection_waits_until_there_is_a_quarter_more(collector, collected, monkeypatch):
    grow(collector, monkeypatch, 100)
    monkeypatch.setattr(gc, "get_count", lambda: (0, 0, 11))
    collector.collect_due()
    assert collected == [1]
    grow(collector, monkeypatch, 1)
    collector.collect_due()
    collector.collect_due()
    assert collected == [1, 1, 2]


def test_python_collects_by_itself_before_and_after(qapp):
    before = gc.isenabled()
    gc.enable()
    collector = GuiThreadGarbageCollector(qapp)
    collector.start()
    assert not gc.isenabled()
    collector.stop()
    assert gc.isenabled()
    gc.disable()
    collector.start()
    collector.stop()
    assert not gc.isenabled()
    if before:
        gc.enable()
