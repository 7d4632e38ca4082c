"""The pause of a computation while the computer runs on its battery."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TypeVar

T = TypeVar("T")

CHECK_INTERVAL_S = 5.0
"""Seconds between two checks of the power source."""


class PauseChange(StrEnum):
    """The beginning or the end of a pause."""

    PAUSED = "paused"
    RESUMED = "resumed"


@dataclass(slots=True, kw_only=True)
class BatteryPause:
    """A pause between two steps of a computation, which lasts until the computer is plugged in.

    Attributes:
        is_on_battery: Function that returns whether the computer runs on its battery.
        report: Function that is called when a pause begins and when it ends.
        check_interval: Seconds between two checks of the power source.
        sleep: Function that waits for a number of seconds.
    """

    is_on_battery: Callable[[], bool]
    report: Callable[[PauseChange], None]
    check_interval: float
    sleep: Callable[[float], None] = time.sleep
    _next_check: float = field(default=0.0, init=False)  # on the monotonic clock

    def wait(self) -> None:
        """Return when the computer is not on battery, at once if a check was made recently."""
        if time.monotonic() < self._next_check:
            return
        if self.is_on_battery():
            self.report(PauseChange.PAUSED)
            self.sleep(self.check_interval)
            while self.is_on_battery():
                self.sleep(self.check_interval)
            self.report(PauseChange.RESUMED)
        self._next_check = time.monotonic() + self.check_interval


def pause_between(events: Iterable[T], pause: BatteryPause | None) -> Iterator[T]:
    """Yield events, and wait in the pause before the next one is computed; None never waits."""
    for event in events:
        yield event
        if pause is not None:
            pause.wait()
