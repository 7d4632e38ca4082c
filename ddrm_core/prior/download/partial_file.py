"""Partial download: received bytes and their checksum, owned by one download at a time."""

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
from ddrm_core.files.file_lock import lock_file
from ddrm_core.files.hashing import hash_file
from ddrm_core.os_errors import writing


class PartialDownload:
    """The file of a download, open for appending, with the bytes received so far.

    Received bytes are written immediately, so that the next download can continue after the program
    was killed. A file without bytes is deleted.

    Attributes:
        path: Path of the partial download.
        size: Size in bytes.
    """

    def __init__(self, path: Path) -> None:
        """Open the file of an earlier, interrupted download, or create an empty file.

        Raises:
            DownloadInProgress: If another download has the file open.
            UnwritableOutput: If the system cannot open the file.
        """
        self.path = path
        self._hash = hashlib.sha256()
        with writing(path):
            try:
                self._file = path.open("a+b", buffering=0)
                try:
                    lock_file(self._file.fileno())
                    file_status = os.fstat(self._file.fileno())
                    # The download that held the lock may have renamed the file in the meantime.
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
        """Hash the bytes of an earlier download and yield the number of hashed bytes.

        Raises:
            OperationCancelled: If `token` was cancelled; the file stays as it is.
            UnreadableFile: If the system cannot read the file.
        """
        yield from hash_file(self.path, self._hash.update, token)

    def append(self, data: bytes) -> None:
        """Append `data` to the file. Raise UnwritableOutput if the system cannot write."""
        remaining = memoryview(data)
        with writing(self.path):
            while remaining:
                remaining = remaining[self._file.write(remaining) :]
        self._hash.update(data)
        self.size += len(data)

    def truncate(self) -> None:
        """Remove all bytes from the file. Raise UnwritableOutput if the system refuses."""
        with writing(self.path):
            self._file.truncate(0)
        self._hash = hashlib.sha256()
        self.size = 0

    def sha256(self) -> str:
        """Return the SHA-256 of all bytes of the file so far, in hexadecimal."""
        return self._hash.hexdigest()

    def finalize(self, target: Path) -> None:
        """Close the file and rename it to `target`.

        Raise UnwritableOutput if the system cannot rename the file.
        """
        with writing(target):
            os.fsync(self._file.fileno())
            self._run_and_close(lambda: os.replace(self.path, target))

    def discard(self) -> None:
        """Close and delete the file."""
        with suppress(OSError):
            self._run_and_close(self.path.unlink)

    def close(self) -> None:
        """Close the file and keep it for the next download; delete it if it is empty.

        The method does nothing after `finalize` or `discard`.
        """
        # An interrupt between writing and counting leaves more bytes in the file than in `size`.
        if not self._file.closed and not os.fstat(self._file.fileno()).st_size:
            self.discard()
        self._file.close()

    def _run_and_close(self, action: Callable[[], object]) -> None:
        """Run an action that renames or deletes the file, then close the file.

        On Windows, the file is closed first, because an open file cannot be renamed. On other
        systems, closing last prevents another download from opening the file in between.
        """
        if sys.platform == "win32":
            self._file.close()
            action()
        else:
            action()
            self._file.close()


def check_disk_space(folder: Path, needed_bytes: int) -> None:
    """Check before a long download that the disk has enough free space.

    Raises:
        InsufficientDiskSpace: If the disk has less than `needed_bytes` free bytes.
        UnwritableOutput: If the system does not report free space.
    """
    with writing(folder):
        free_bytes = shutil.disk_usage(folder).free
    if free_bytes < needed_bytes:
        raise InsufficientDiskSpace(folder, needed_bytes, free_bytes)
