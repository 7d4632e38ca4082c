"""Appending of lines to files that other processes may append to at the same time."""

from __future__ import annotations

import errno
import os
from pathlib import Path

_O_BINARY = getattr(os, "O_BINARY", 0)


def open_for_appending(path: Path) -> int:
    """Open a file to which lines are appended, and return its file descriptor.

    The file is created if it is missing. Raise OSError if the system refuses.
    """
    return os.open(path, os.O_RDWR | os.O_APPEND | os.O_CREAT | _O_BINARY, 0o666)


def append_line(descriptor: int, text: bytes) -> None:
    """Append a line by a single write that begins and ends with a line feed.

    An incomplete line of a killed process or of a full disk does not damage other lines: readers
    skip it.

    Args:
        descriptor: File descriptor of `open_for_appending`.
        text: The line, without line feeds.

    Raises:
        OSError: If the system refuses, or if there is no space for the whole line.
    """
    line = b"\n" + text + b"\n"
    if os.write(descriptor, line) < len(line):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
