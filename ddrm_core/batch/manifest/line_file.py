"""Files to which lines are only appended."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from ddrm_core.files.appended_lines import append_line, open_for_appending
from ddrm_core.os_errors import reading, writing


class LineFile:
    """A file of lines that any number of processes of one machine append to and read.

    A line is one write, see `append_line`. A single append is atomic on systems other than Windows;
    on Windows, a lock is held during the write. Over a network, appends of two machines are not.

    Attributes:
        path: Path of the file.
    """

    def __init__(self, path: Path) -> None:
        """Create the object without reading or writing anything."""
        self.path = path
        self._read_offset = 0  # bytes up to the end of the last complete line

    def read_new_lines(self) -> list[bytes] | None:
        """Return the lines that any process has appended since the last call, without line feeds.

        Return None if the file was removed or replaced, so that lines of earlier calls are gone;
        the next call returns all lines.

        Raises:
            UnreadableFile: If the system refuses.
        """
        with reading(self.path):
            try:
                with self.path.open("rb") as file:
                    size = os.fstat(file.fileno()).st_size
                    if size < self._read_offset:  # the file was replaced
                        self.forget()
                        return None
                    if size == self._read_offset:
                        return []
                    file.seek(self._read_offset)
                    data = file.read()
            # The check of the output folder reports a file in the place of the folder.
            except (FileNotFoundError, NotADirectoryError):
                was_read = self._read_offset > 0
                self.forget()
                return None if was_read else []
        complete_lines = data[: data.rfind(b"\n") + 1]
        self._read_offset += len(complete_lines)
        return complete_lines.split(b"\n")

    def forget(self) -> None:
        """Let the next call of `read_new_lines` return all lines."""
        self._read_offset = 0

    def append(self, text: bytes) -> None:
        """Append a line and flush it to the disk.

        Raises:
            UnwritableOutput: If the system refuses.
        """
        with self._open_for_append() as descriptor:
            with _exclusive_lock(descriptor):
                append_line(descriptor, text)
            os.fsync(descriptor)

    def check_writable(self) -> None:
        """Check that lines can be appended; create the file if it is missing.

        Raises:
            UnwritableOutput: If the system refuses.
        """
        with self._open_for_append():
            pass

    @contextmanager
    def _open_for_append(self) -> Iterator[int]:
        """Open the file for appending and provide its file descriptor.

        Raise UnwritableOutput if an operation on the file fails in the with statement.
        """
        with writing(self.path):
            descriptor = open_for_appending(self.path)
            try:
                yield descriptor
            finally:
                os.close(descriptor)


if sys.platform == "win32":
    import msvcrt

    _LOCK_OFFSET = 1 << 40  # past the end, since other processes cannot read a locked byte

    @contextmanager
    def _exclusive_lock(descriptor: int) -> Iterator[None]:
        """Hold a lock on the file. Raise OSError if another process holds it for ten seconds."""
        os.lseek(descriptor, _LOCK_OFFSET, os.SEEK_SET)
        msvcrt.locking(descriptor, msvcrt.LK_LOCK, 1)
        try:
            yield
        finally:
            os.lseek(descriptor, _LOCK_OFFSET, os.SEEK_SET)
            msvcrt.locking(descriptor, msvcrt.LK_UNLCK, 1)

else:

    @contextmanager
    def _exclusive_lock(descriptor: int) -> Iterator[None]:  # noqa: ARG001
        """Do nothing, since a single append is atomic."""
        yield
