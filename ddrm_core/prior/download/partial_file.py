"""A file on its way here: what has arrived of it, with its hash, held by one download at a time."""

from __future__ import annotations

import hashlib
import os
import shutil
import sys
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

from ddrm_core.cancel import CancelToken
from ddrm_core.errors import DownloadInProgress, InsufficientDiskSpace
from ddrm_core.files.hashing import hash_file
from ddrm_core.os_errors import writing


class PartialDownload:
    """The first bytes of a file, on disk.

    Every byte is written at once, so a kill leaves a part from which the next download goes on. One
    without bytes is not left behind.

    Attributes:
        path: Of the part.
        size: Bytes in it.
    """

    def __init__(self, path: Path) -> None:
        """Open what an earlier download left, or a new one.

        Raises:
            DownloadBusy: Another download has it open.
            UnwritableOutput: The system refused.
        """
        self.path = path
        self._hash = hashlib.sha256()
        with writing(path):
            try:
                self._file = path.open("a+b", buffering=0)
                try:
                    _lock_file(self._file.fileno())
                    file_status = os.fstat(self._file.fileno())
                    # The download that held it may have renamed it in the meantime.
                    is_current_file = path.exists() and os.path.samestat(file_status, path.stat())
                except OSError:
                    self._file.close()
                    raise
            except BlockingIOError as error:
                raise DownloadInProgress(path) from error
        if not is_current_file:
            self._file.close()
            raise DownloadInProgress(path)
        self.size = file_status.st_size

    def rehash(self, token: CancelToken) -> Iterator[int]:
        """Hash what an earlier download left, yielding how many bytes are done.

        Raises:
            Cancelled: The part stays as it is.
            UnreadableFile: The system did not give the bytes.
        """
        yield from hash_file(self.path, self._hash.update, token)

    def append(self, data: bytes) -> None:
        """Write at the end. Raises UnwritableOutput."""
        remaining = memoryview(data)
        with writing(self.path):
            while remaining:
                remaining = remaining[self._file.write(remaining) :]
        self._hash.update(data)
        self.size += len(data)

    def truncate(self) -> None:
        """Drop every byte. Raises UnwritableOutput."""
        with writing(self.path):
            self._file.truncate(0)
        self._hash = hashlib.sha256()
        self.size = 0

    def sha256(self) -> str:
        """Of all bytes so far, in hexadecimal."""
        return self._hash.hexdigest()

    def finalize(self, target: Path) -> None:
        """Close it and give it its final name. Raises UnwritableOutput."""
        with writing(target):
            os.fsync(self._file.fileno())
            self._run_and_close(lambda: os.replace(self.path, target))

    def discard(self) -> None:
        """Close and delete it."""
        with suppress(OSError):
            self._run_and_close(self.path.unlink)

    def close(self) -> None:
        """Leave it for the next download; again after `finalize` or `discard` it does nothing."""
        if not self._file.closed and not self.size:
            self.discard()
        self._file.close()

    def _run_and_close(self, action: Callable[[], object]) -> None:
        """Do a last thing and close; on Windows, which renames no open file, the reverse.

        In this order nobody opens the part in between.
        """
        if sys.platform == "win32":
            self._file.close()
            action()
        else:
            action()
            self._file.close()


def check_disk_space(folder: Path, needed_bytes: int) -> None:
    """Find out before a long download whether there is room for it.

    Raises:
        NotEnoughSpace: There is not.
        UnwritableOutput: The system does not say.
    """
    with writing(folder):
        free_bytes = shutil.disk_usage(folder).free
    if free_bytes < needed_bytes:
        raise InsufficientDiskSpace(folder, needed_bytes, free_bytes)


if sys.platform == "win32":
    import msvcrt

    # A locked byte cannot be read by anyone else; this one is past the end of any part.
    _LOCKED_BYTE_OFFSET = 1 << 40

    def _lock_file(descriptor: int) -> None:
        os.lseek(descriptor, _LOCKED_BYTE_OFFSET, os.SEEK_SET)
        try:
            msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
        except PermissionError as error:
            raise BlockingIOError from error

else:
    import fcntl

    def _lock_file(descriptor: int) -> None:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
