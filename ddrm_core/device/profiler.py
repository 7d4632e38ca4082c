"""Where time goes."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import ParamSpec, TypeVar

_Arguments = ParamSpec("_Arguments")
_Result = TypeVar("_Result")


class Stopwatch:
    """Seconds by name; what is timed inside something else counts for the inner name only.

    Attributes:
        seconds: Wall time, by name.
        calls: How often each was timed.
    """

    def __init__(self, finish: Callable[[], None] | None = None) -> None:
        """Nothing is timed yet.

        Args:
            finish: Waits until a device has done what it was asked for; called before each look at
                the clock. None where work is done when its call returns.
        """
        self.seconds: dict[str, float] = {}
        self.calls: dict[str, int] = {}
        self._finish = finish
        self._inner: list[float] = []

    @contextmanager
    def timing(self, name: str) -> Iterator[None]:
        """Count the time inside for `name`."""
        began = self._now()
        self._inner.append(0.0)
        try:
            yield
        finally:
            whole, inner = self._now() - began, self._inner.pop()
            self.seconds[name] = self.seconds.get(name, 0.0) + whole - inner
            self.calls[name] = self.calls.get(name, 0) + 1
            if self._inner:
                self._inner[-1] += whole

    def around(
        self, name: str, call: Callable[_Arguments, _Result]
    ) -> Callable[_Arguments, _Result]:
        """`call`, timed."""

        def timed(*arguments: _Arguments.args, **named: _Arguments.kwargs) -> _Result:
            with self.timing(name):
                return call(*arguments, **named)

        return timed

    def _now(self) -> float:
        if self._finish is not None:
            self._finish()
        return time.perf_counter()
