"""Measurement of the wall time of a run's sections."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import ParamSpec, TypeVar

_Arguments = ParamSpec("_Arguments")
_Result = TypeVar("_Result")


class Profiler:
    """A profiler that sums wall time by named section of a program.

    The time of a nested section counts for the nested section only.

    Attributes:
        seconds_by_section: Wall time in seconds by name of the section.
        calls_by_section: Number of measurements by name of the section.
    """

    def __init__(self, synchronize: Callable[[], None] | None = None) -> None:
        """Create a profiler without measurements.

        Args:
            synchronize: Function that waits until the device has finished its work, called before
                each reading of the clock; None if work is finished when a call returns.
        """
        self.seconds_by_section: dict[str, float] = {}
        self.calls_by_section: dict[str, int] = {}
        self._synchronize = synchronize
        self._nested_seconds: list[float] = []

    @contextmanager
    def measure_section(self, section: str) -> Iterator[None]:
        """Add the wall time of the body of the with statement to `section`."""
        began = self._read_clock()
        self._nested_seconds.append(0.0)
        try:
            yield
        finally:
            total_seconds, nested_seconds = self._read_clock() - began, self._nested_seconds.pop()
            self.seconds_by_section[section] = (
                self.seconds_by_section.get(section, 0.0) + total_seconds - nested_seconds
            )
            self.calls_by_section[section] = self.calls_by_section.get(section, 0) + 1
            if self._nested_seconds:
                self._nested_seconds[-1] += total_seconds

    def wrap(
        self, section: str, call: Callable[_Arguments, _Result]
    ) -> Callable[_Arguments, _Result]:
        """Return a function that runs `call` and adds its wall time to `section`."""

        def timed_call(*args: _Arguments.args, **kwargs: _Arguments.kwargs) -> _Result:
            with self.measure_section(section):
                return call(*args, **kwargs)

        return timed_call

    def _read_clock(self) -> float:
        if self._synchronize is not None:
            self._synchronize()
        return time.perf_counter()
