"""Every second counts once, for the innermost name, whatever happens inside."""

from __future__ import annotations

import pytest

from ddrm_core.device.profiler import Stopwatch


class Clock:
    """Stands still until it is moved."""

    def __init__(self) -> None:
        self.now = 100.0

    def perf_counter(self) -> float:
        return self.now

    def work(self, seconds: float) -> None:
        self.now += seconds


@pytest.fixture
def clock(monkeypatch) -> Clock:
    clock = Clock()
    monkeypatch.setattr("ddrm_core.device.profiler.time", clock)
    return clock


def test_what_is_nested_counts_once(clock):
    watch = Stopwatch()
    with watch.timing("outer"):
        clock.work(1)
        with watch.timing("inner"):
            clock.work(10)
            with watch.timing("innermost"):
                clock.work(100)
        with watch.timing("inner"):
            clock.work(20)
        clock.work(2)
    clock.work(1000)
    assert watch.seconds == {"outer": 3, "inner": 30, "innermost": 100}
    assert watch.calls == {"outer": 1, "inner": 2, "innermost": 1}


def test_a_name_inside_itself_counts_once(clock):
    watch = Stopwatch()
    with watch.timing("part"):
        clock.work(1)
        with watch.timing("part"):
            clock.work(2)
    assert watch.seconds == {"part": 3}
    assert watch.calls == {"part": 2}


def test_an_exception_is_timed_and_passed_on(clock):
    watch = Stopwatch()

    def fail() -> None:
        clock.work(4)
        raise ValueError

    def outer() -> None:
        with watch.timing("outer"):
            clock.work(1)
            watch.around("inner", fail)()

    with pytest.raises(ValueError):  # noqa: PT011  # it is this test's own
        outer()
    with watch.timing("after"):  # nothing is left open
        clock.work(8)
    assert watch.seconds == {"outer": 1, "inner": 4, "after": 8}


def test_a_call_keeps_its_arguments_and_result(clock):
    def call(a: int, *, b: int) -> int:
        clock.work(2)
        return 10 * a + b

    watch = Stopwatch()
    assert watch.around("call", call)(1, b=2) == 12
    assert watch.seconds == {"call": 2}


def test_a_device_is_waited_for_at_both_ends(clock):
    watch = Stopwatch(finish=lambda: clock.work(5))
    with watch.timing("queued"):
        clock.work(1)
    assert clock.now == 111
    assert watch.seconds == {"queued": 6}  # the first wait is for what came before
