"""Waiting for another process or thread that sends no signal."""

from __future__ import annotations

import time
from collections.abc import Callable

# Minimum time after which a wait fails, even on a slow machine.
_PATIENCE_S = 60.0
_INTERVAL_S = 0.002


def until(holds: Callable[[], bool]) -> None:
    """Wait until a condition holds, which is checked again and again.

    Wait for a signal instead if there is one.
    """
    end = time.monotonic() + _PATIENCE_S
    while not holds():
        assert time.monotonic() < end, "it never held"
        time.sleep(_INTERVAL_S)
