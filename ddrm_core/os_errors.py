"""Conversion of OSError to errors that name a file and a translatable reason."""

import errno
import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from ddrm_core.errors import UnreadableFile, UnwritableOutput
from ddrm_core.messages import Reason, Text, tr_noop


class SystemFailure(Reason):
    """The reason of an OSError; each member is named like the error code in `errno`."""

    ENOENT = tr_noop("no such file or directory")
    EACCES = tr_noop("permission denied")
    EPERM = tr_noop("operation not permitted")
    EISDIR = tr_noop("is a directory")
    ENOTDIR = tr_noop("not a directory")
    ENOSPC = tr_noop("no space left on device")
    EROFS = tr_noop("read-only file system")
    ENAMETOOLONG = tr_noop("file name too long")
    EIO = tr_noop("input/output error")
    EDQUOT = tr_noop("disk quota exceeded")
    ECONNREFUSED = tr_noop("connection refused")
    ENETUNREACH = tr_noop("network is unreachable")


class UnreadableKind(Reason):
    """Kind of an existing file that is not read, because reading might never end."""

    PIPE_OR_DEVICE = tr_noop("it is a pipe or a device, not a file")


DISK_FULL_FAILURES = frozenset({SystemFailure.ENOSPC, SystemFailure.EDQUOT})


def describe_failure(error: BaseException) -> Text:
    """Return the reason of an error of the operating system, for the middle of a sentence.

    For an error without a `SystemFailure`, the reason is the system's own text.
    """
    code = getattr(error, "errno", None)
    if code is not None:
        for failure in SystemFailure:
            if code == getattr(errno, failure.name, None):
                return failure
    words = getattr(error, "strerror", None) or str(error)
    return words[:1].lower() + words[1:] or type(error).__name__


@contextmanager
def reading(path: Path) -> Iterator[None]:
    """Convert an OSError inside the `with` block to UnreadableFile for `path`.

    Raise UnreadableFile before the block for a pipe, a socket and a device.
    """
    with suppress(OSError):  # the block itself reports a missing file
        mode = os.stat(path).st_mode
        if not (stat.S_ISREG(mode) or stat.S_ISDIR(mode)):
            raise UnreadableFile(path, UnreadableKind.PIPE_OR_DEVICE)
    try:
        yield
    except OSError as error:
        raise UnreadableFile(path, describe_failure(error)) from error


@contextmanager
def writing(path: Path) -> Iterator[None]:
    """Convert an OSError inside the `with` block to UnwritableOutput for `path`."""
    try:
        yield
    except OSError as error:
        raise UnwritableOutput(path, describe_failure(error)) from error
