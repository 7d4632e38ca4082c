"""Files to which lines are only appended."""

from __future__ import annotations

import hashlib
import os
import sys
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import BinaryIO

from ddrm_core.files.appended_lines import append_line, open_for_appending
from ddrm_core.os_errors import reading, writing

_BUFFER_BYTES = 1 << 20
_SAMPLE_COUNT, _SAMPLE_BYTES = 9, 4096


class LineFile:
    """A file of lines that any number of processes of one machine append to and read.

    A line is one write, see `append_line`. A single append is atomic on systems other than Windows;
    on Windows, a lock is held during the write. Over a network, appends of two machines are not.

    Attributes:
        path: Path of the file.
        size: Size of the file in bytes at the last call of `measure`, 0 if the file was missing.
        read_offset: Number of bytes up to the end of the last line that was read or is not to be
            read.
    """

    def __init__(self, path: Path) -> None:
        """Create the object without reading or writing anything."""
        self.path, self.size, self.read_offset = path, 0, 0

    def measure(self) -> int | None:
        """Return the size of the file in bytes, 0 if the file is missing.

        Return None if the file was removed or replaced, so that lines of earlier calls are gone.

        Raises:
            UnreadableFile: If the system refuses.
        """
        # The file is opened, because a network file system may return an old size otherwise.
        with self._open() as file:
            self.size = 0 if file is None else os.fstat(file.fileno()).st_size
        return self.size if self.size >= self.read_offset else None

    def iter_new_lines(self) -> Iterator[tuple[int, bytes]]:
        """Yield the lines behind `read_offset` that are complete and not empty.

        A line has no line feed. Each line has the number of bytes before its first one.
        `read_offset` follows the lines.

        Raises:
            UnreadableFile: If the system refuses.
        """
        with self._open() as file:
            if file is None:
                return
            file.seek(self.read_offset)
            for line in file:
                if not line.endswith(b"\n"):
                    return
                offset = self.read_offset
                self.read_offset += len(line)
                if line != b"\n":
                    yield offset, line[:-1]

    def read_lines(self, offsets: Iterable[int]) -> Iterator[bytes]:
        """Yield the lines, without line feeds, that begin after the given numbers of bytes.

        A line behind the end of the file or of a missing file is empty.

        Raises:
            UnreadableFile: If the system refuses.
        """
        with self._open(buffering=_SAMPLE_BYTES) as file:
            for offset in offsets:
                if file is None:
                    yield b""
                else:
                    file.seek(offset)
                    yield file.readline().removesuffix(b"\n")

    def compute_checksum(self, size: int) -> str:
        """Return a checksum of the first `size` bytes, by which a replaced file is recognized.

        The checksum is the SHA-256, in hexadecimal, of samples of 4 KiB: the first one, the last
        one and seven between.

        Raises:
            UnreadableFile: If the system refuses.
        """
        sha256 = hashlib.sha256()
        last_offset = max(size - _SAMPLE_BYTES, 0)
        with self._open(buffering=_SAMPLE_BYTES) as file:
            for index in range(_SAMPLE_COUNT):
                if file is None:
                    break
                offset = last_offset * index // (_SAMPLE_COUNT - 1)
                file.seek(offset)
                sha256.update(file.read(min(_SAMPLE_BYTES, size - offset)))
        return sha256.hexdigest()

    def forget(self) -> None:
        """Let the next call of `iter_new_lines` return all lines."""
        self.read_offset = 0

    @contextmanager
    def _open(self, *, buffering: int = _BUFFER_BYTES) -> Iterator[BinaryIO | None]:
        """Open the file for reading; yield None if the file is missing."""
        with reading(self.path), ExitStack() as stack:
            try:
                file = stack.enter_context(self.path.open("rb", buffering=buffering))
            # The check of the output folder reports a file in the place of the folder.
            except (FileNotFoundError, NotADirectoryError):
                file = None
            yield file

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
