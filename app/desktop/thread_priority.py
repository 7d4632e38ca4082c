"""The priority of the program's computing threads."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import psutil

_NICENESS = 10
_THREADS_FOLDER = Path("/proc/self/task")


def lower_computing_priority() -> None:
    """Let other programs come before the threads that compute.

    On Linux, the main thread keeps its priority, so that the window stays responsive; threads that
    are started later inherit the priority of their creator. Windows and macOS change the whole
    process; not yet run there. A lowered priority can be raised again on Windows only.
    """
    match sys.platform:
        case "win32":
            psutil.Process().nice(getattr(psutil, "BELOW_NORMAL_PRIORITY_CLASS"))  # noqa: B009
        case "darwin":
            os.setpriority(os.PRIO_PROCESS, 0, _NICENESS)
        case _:
            for thread_id in list_computing_threads():
                _lower_priority(thread_id)


def lower_process_priority() -> None:
    """Let other programs come before this whole process, including its main thread.

    Processes and threads that are started later inherit the priority.
    """
    lower_computing_priority()
    if sys.platform.startswith("linux"):
        _lower_priority(os.getpid())


def list_computing_threads() -> tuple[int, ...]:
    """Return the identifiers of the threads of this process without the main thread, on Linux."""
    thread_ids = (int(path.name) for path in _THREADS_FOLDER.iterdir())
    return tuple(sorted(thread_id for thread_id in thread_ids if thread_id != os.getpid()))


def _lower_priority(thread_id: int) -> None:
    try:
        if os.getpriority(os.PRIO_PROCESS, thread_id) < _NICENESS:
            os.setpriority(os.PRIO_PROCESS, thread_id, _NICENESS)
    except ProcessLookupError:  # the thread has ended meanwhile
        return
