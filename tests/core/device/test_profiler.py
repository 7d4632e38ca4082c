"""Every second counts once, for the innermost section, even after errors."""

from __future__ import annotations

import pytest

from ddrm_core.device.profiler import Profiler


class Clock:
    """A fake clock whose time changes only by calls of `work`."""

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
    watch = Profiler()
    with watch.measure_section("outer"):
        clock.work(1)
        with watch.measure_section("inner"):
            clock.work(10)
            with watch.measure_section("innermost"):
                clock.work(100)
        with watch.measure_section("inner"):
            clock.work(20)
        clock.work(2)
    clock.work(1000)
    assert watch.seconds_by_section == {"outer": 3, "inner": 30, "innermost": 100}
    assert watch.calls_by_section == {"outer": 1, "inner": 2, "innermost": 1}


def test_a_name_inside_itself_counts_once(clock):
    watch = Profiler()
    with watch.measure_section("part"):
        clock.work(1)
        with watch.measure_section("part"):
            clock.work(2)
    assert watch.seconds_by_section == {"part": 3}
    assert watch.calls_by_section == {"part": 2}


def test_an_exception_is_timed_and_passed_on(clock):
    watch = Profiler()

    def fail() -> None:
        clock.work(4)
        raise ValueError

    def outer() -> None:
        with watch.measure_section("outer"):
            clock.work(1)
            watch.wrap("inner", fail)()

    with pytest.raises(ValueError):  # noqa: PT011  # it is this test's own
        outer()
    with watch.measure_section("after"):  # no section is left open
        clock.work(8)
    assert watch.seconds_by_section == {"outer": 1, "inner": 4, "after": 8}


def test_a_call_keeps_its_arguments_and_result(clock):
    def call(a: int, *, b: int) -> int:
        clock.work(2)
        return 10 * a + b

    watch = Profiler()
    assert watch.wrap("call", call)(1, b=2) == 12
    assert watch.seconds_by_section == {"call": 2}


def test_a_device_is_waited_for_at_both_ends(clock):
    watch = Profiler(synchronize=lambda: clock.work(5))
    with watch.measure_section("queued"):
        clock.work(1)
    assert clock.now == 111
    assert watch.seconds_by_section == {"queued": 6}  # the first wait is for earlier work
