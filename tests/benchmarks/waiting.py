"""How the scripts here wait while a window goes on."""

from __future__ import annotations

import inspect
from collections.abc import Callable

from PySide6.QtCore import QDeadlineTimer, QEventLoop, QTimer


def pause(milliseconds: int) -> None:
    """QTest's own would keep Python's lock from the threads."""
    loop = QEventLoop()
    QTimer.singleShot(milliseconds, loop.quit)
    loop.exec()


def wait_until(what: Callable[[], bool], *, seconds: int = 120) -> None:
    """Raises TimeoutError."""
    patience = QDeadlineTimer(1000 * seconds)
    while not what():
        if patience.hasExpired():
            raise TimeoutError(inspect.getsource(what))
        pause(20)
