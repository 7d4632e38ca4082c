"""Waits of the benchmarks while a window is running."""

from __future__ import annotations

import inspect
from collections.abc import Callable

from PySide6.QtCore import QDeadlineTimer, QEventLoop, QTimer


def pause(milliseconds: int) -> None:
    """Process Qt's events for a number of milliseconds.

    QTest's wait is not used, because it would keep Python's lock from other threads.
    """
    loop = QEventLoop()
    QTimer.singleShot(milliseconds, loop.quit)
    loop.exec()


def wait_until(what: Callable[[], bool], *, seconds: int = 120) -> None:
    """Process events until the condition `what()` is true; raise TimeoutError after `seconds`."""
    patience = QDeadlineTimer(1000 * seconds)
    while not what():
        if patience.hasExpired():
            raise TimeoutError(inspect.getsource(what))
        pause(20)
