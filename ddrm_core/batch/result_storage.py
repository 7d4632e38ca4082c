"""Storage of results: the interface, and a folder of the file system."""

from __future__ import annotations

import os
from collections.abc import Hashable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol, runtime_checkable

from ddrm_core.files.atomic_write import atomic_writer, check_output_path, remove_leftover_files
from ddrm_core.files.hashing import compute_file_sha256
from ddrm_core.os_errors import reading, writing


@dataclass(frozen=True, slots=True)
class StoredFile:
    """The state of a stored file, from which changes are recognized.

    Attributes:
        size: Size in bytes.
        mtime_ns: Modification time in nanoseconds, None if the storage does not keep the time of a
            written file.
        version: Value that differs whenever the content has changed.
    """

    size: int
    mtime_ns: int | None
    version: Hashable


@dataclass(slots=True, eq=False)
class OutputFile:
    """A file that is being written to a storage.

    Attributes:
        path: Path of an empty temporary file for the content.
        version: `StoredFile.version` of the stored file; None before the end, and if the storage
            recognizes files by their modification time.
    """

    path: Path
    version: str | None = None


@runtime_checkable
class ResultStorage(Protocol):
    """The interface to the storage of results, whose paths are below one folder.

    For an object store, the folder stands for the place of the results, and need not exist.
    """

    def find(self, path: Path) -> StoredFile | None:
        """Return the state of a file, None if no file has the path or the file is unreadable."""
        ...

    def exists(self, path: Path) -> bool:
        """Return whether anything has the path, such as a file, a folder or a broken link."""
        ...

    def prepare_folder_of(self, path: Path) -> None:
        """Create the folder of a path, and delete temporary files that killed programs left there.

        Raises:
            UnwritableOutput: If the storage refuses.
        """
        ...

    def check_path(self, path: Path, *, source: Path, overwrite: bool) -> None:
        """Check before a long computation that its result can be written to a path.

        Args:
            path: Path of the result, in a folder that exists.
            source: File that the result is made from.
            overwrite: Whether an existing file may be replaced.

        Raises:
            OutputIsInput: If `path` is `source`, under this or another name.
            OutputExists: If `path` exists and `overwrite` is False.
            UnwritableOutput: If no file can be written to `path`.
        """
        ...

    @contextmanager
    def writer(self, path: Path, *, overwrite: bool) -> Iterator[OutputFile]:
        """Yield a temporary file that is stored at `path` at the end of the block.

        If the block raises an exception, nothing is stored.

        Args:
            path: Path of the result.
            overwrite: Whether a file that exists at the end is replaced.

        Raises:
            OutputExists: If a file exists at the end and `overwrite` is False.
            UnwritableOutput: If the storage refuses.
        """
        ...

    def read(self, path: Path) -> bytes:
        """Return the bytes of a stored file.

        Raises:
            UnreadableFile: If the storage refuses.
        """
        ...

    def compute_sha256(self, path: Path) -> str:
        """Return the SHA-256 of a stored file, in hexadecimal.

        Raises:
            UnreadableFile: If the storage refuses.
        """
        ...


class FolderStorage:
    """The storage of results in a folder of the file system.

    This class implements `ResultStorage`.
    """

    def __init__(self, file_owner: str = "") -> None:
        """Create the storage without reading or writing anything.

        Args:
            file_owner: Owner in the names of temporary files, see `atomic_writer`.
        """
        self._file_owner = file_owner
        self._cleaned_folders: set[Path] = set()

    def find(self, path: Path) -> StoredFile | None:
        """Return the state of a file, None if no file has the path or the file is unreadable.

        A change that keeps the modification time changes the time of the last change, `st_ctime`.
        """
        try:
            file_stat = path.stat()
        except OSError:
            return None
        version = (file_stat.st_mtime_ns, file_stat.st_ctime_ns, file_stat.st_ino)
        return StoredFile(file_stat.st_size, file_stat.st_mtime_ns, version)

    def exists(self, path: Path) -> bool:
        """Return whether anything has the path, such as a file, a folder or a broken link."""
        return os.path.lexists(path)

    def prepare_folder_of(self, path: Path) -> None:
        """Create the folder of a path, and delete old temporary files there, once per folder.

        Raises the errors of `remove_leftover_files`.
        """
        with writing(path):
            path.parent.mkdir(parents=True, exist_ok=True)
        if path.parent not in self._cleaned_folders:
            self._cleaned_folders.add(path.parent)
            remove_leftover_files(path.parent, self._file_owner)

    def check_path(self, path: Path, *, source: Path, overwrite: bool) -> None:
        """Check that a result can be written to a path; see `check_output_path`."""
        check_output_path(path, source=source, overwrite=overwrite)

    @contextmanager
    def writer(self, path: Path, *, overwrite: bool) -> Iterator[OutputFile]:
        """Yield a temporary file that is renamed to `path`; see `atomic_writer`."""
        with atomic_writer(path, overwrite=overwrite, owner=self._file_owner) as temporary_path:
            yield OutputFile(temporary_path)

    def read(self, path: Path) -> bytes:
        """Return the bytes of a file; raises UnreadableFile if the system refuses."""
        with reading(path):
            return path.read_bytes()

    def compute_sha256(self, path: Path) -> str:
        """Return the SHA-256 of a file in hexadecimal; raises UnreadableFile."""
        return compute_file_sha256(path)
