"""Locks of files, which the system releases when the process that holds them ends."""

from __future__ import annotations

import sys

if sys.platform == "win32":
    import msvcrt
    import os

    # Windows forbids others to read a locked byte; this one is past the end of any file.
    _LOCKED_BYTE_OFFSET = 1 << 40

    def lock_file(descriptor: int) -> None:
        """Lock an open file for this process until the file is closed.

        Raises:
            BlockingIOError: If the file is locked, through another descriptor or process.
            OSError: If the file system has no locks.
        """
        os.lseek(descriptor, _LOCKED_BYTE_OFFSET, os.SEEK_SET)
        try:
            msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
        except PermissionError as error:
            raise BlockingIOError from error

else:
    import fcntl

    def lock_file(descriptor: int) -> None:
        """Lock an open file for this process until the file is closed.

        Raises:
            BlockingIOError: If the file is locked, through another descriptor or process.
            OSError: If the file system has no locks.
        """
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
