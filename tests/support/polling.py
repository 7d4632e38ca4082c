"""Waiting for what another process or thread does, which tells nobody of it."""

from __future__ import annotations

import time
from collections.abc import Callable

# The least that a wait lasts before it fails, however slow the machine is.
_PATIENCE_S = 60.0
_INTERVAL_S = 0.002


def until(holds: Callable[[], bool]) -> None:
    """Return as soon as this holds. Where something can be waited for, wait for that instead."""
    end = time.monotonic() + _PATIENCE_S
    while not holds():
        assert time.monotonic() < end, "it never held"
        time.sleep(_INTERVAL_S)
