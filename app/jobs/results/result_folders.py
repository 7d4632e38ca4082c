"""The folders in which windows store their results beyond their end, one folder per window.

A folder is locked by its window. The system releases the lock when the process ends, even if the
process is killed, so that an unlocked folder is that of an earlier session. Only files and folders
with the names below are ever deleted.
"""

from __future__ import annotations

import errno
import os
import re
import secrets
import stat
import sys
from collections.abc import Iterator
from contextlib import suppress
from io import BufferedRandom
from pathlib import Path

from app.config.paths import state_folder
from ddrm_core.files.file_lock import lock_file

RESULT_FILE_NAME, VIEW_FILE_NAME, SOURCE_FILE_NAME = "result.json", "view.json", "source.bin"
MEAN_FILE_NAME, SPREAD_FILE_NAME = "mean.npy", "spread.npy"
_LOCK_FILE_NAME = "lock"
_WINDOW_NAME_PATTERN = re.compile(r"window-[0-9a-f]{16}")
_RESULT_NAME_PATTERN = re.compile(r"result-[0-9a-f]{16}")
_UNFINISHED_NAME_PATTERN = re.compile(r"unfinished-[0-9a-f]{16}")
_FILE_NAME_PATTERN = re.compile(
    r"(result|view)\.json|source\.bin|(mean|spread|sample-[0-9]{1,4})\.npy"
    r"|\.(result|view)\.json\.[a-z0-9_]{8}\.part"  # left behind by an atomic write
)
_CREATE_ATTEMPTS = 3


def results_folder() -> Path:
    """Return the folder in the user's state folder that holds a folder for each window."""
    return state_folder() / "results"


def sample_file_name(number: int) -> str:
    """Return the name of the file of a sample, whose number counts from 1."""
    return f"sample-{number}.npy"


class WindowFolder:
    """A folder with the results of one window, locked by this process until it is released.

    Attributes:
        path: Path of the folder.
    """

    def __init__(self, path: Path, locked_file: BufferedRandom) -> None:
        """Create the object for a folder whose open lock file is locked."""
        self.path = path
        self._locked_file = locked_file

    @classmethod
    def create(cls, parent: Path) -> WindowFolder:
        """Create and lock a new folder that only the user can access.

        Raises:
            OSError: If the system refuses, or if the file system has no locks.
        """
        _create_private_folder(parent)
        for _attempt in range(_CREATE_ATTEMPTS):
            path = parent / f"window-{secrets.token_hex(8)}"
            path.mkdir(mode=0o700)
            # Another window may take the new folder for an empty one of an earlier session.
            with suppress(FileNotFoundError, BlockingIOError):
                (path / _LOCK_FILE_NAME).touch(mode=0o600)
                return cls(path, _open_locked(path))
        raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT), os.fspath(parent))

    @classmethod
    def lock_existing(cls, path: Path) -> WindowFolder | None:
        """Lock the folder of an earlier session; return None if a window uses the folder."""
        try:
            return cls(path, _open_locked(path))
        except OSError:
            return None

    def list_results(self) -> list[Path]:
        """Return the folders of complete results, in no particular order."""
        return [p for p in _list_own_folders(self.path) if _RESULT_NAME_PATTERN.fullmatch(p.name)]

    def create_unfinished(self) -> Path:
        """Create a folder in which a result is written. Raise OSError if the system refuses."""
        path = self.path / f"unfinished-{secrets.token_hex(8)}"
        path.mkdir(mode=0o700)
        return path

    def finish(self, unfinished: Path) -> Path:
        """Turn a folder of `create_unfinished` into a complete result, and return its path.

        Raises:
            OSError: If the system refuses.
        """
        return unfinished.rename(self.path / unfinished.name.replace("unfinished", "result"))

    def take(self, result: Path) -> Path:
        """Move the folder of a result to this folder, and return its path.

        Raises:
            OSError: If the system refuses.
        """
        return result.rename(self.path / result.name)

    def remove_unfinished(self) -> None:
        """Delete results that a killed window had not written completely."""
        for path in _list_own_folders(self.path):
            if _UNFINISHED_NAME_PATTERN.fullmatch(path.name):
                delete_result(path)

    def release(self) -> None:
        """Unlock the folder; delete the folder if it holds no results."""
        is_empty, lock_path = not self.list_results(), self.path / _LOCK_FILE_NAME
        # The lock file is deleted while it is locked, so that no other window has the lock of a
        # deleted file. Windows deletes no open file.
        if is_empty and sys.platform != "win32":
            with suppress(OSError):
                lock_path.unlink(missing_ok=True)
        self._locked_file.close()
        if is_empty and sys.platform == "win32":
            with suppress(OSError):
                lock_path.unlink(missing_ok=True)
        with suppress(OSError):  # the folder holds results or files of other programs
            self.path.rmdir()


def list_window_folders(parent: Path) -> list[Path]:
    """Return the folders of all windows, including those of earlier sessions."""
    return [path for path in _list_own_folders(parent) if _WINDOW_NAME_PATTERN.fullmatch(path.name)]


def delete_result(path: Path) -> None:
    """Delete the files of a result and, if no other files are in it, the folder.

    A file that cannot be deleted stays. The target of a symbolic link stays, too.
    """
    for entry in _scan(path):
        if _FILE_NAME_PATTERN.fullmatch(entry.name):
            with suppress(OSError):  # a folder has this name, or another process deletes the file
                os.unlink(entry.path)
    with suppress(OSError):
        path.rmdir()


def measure_bytes(window_folder: Path) -> int:
    """Return the bytes of all results in a folder of a window."""
    return sum(
        measure_result_bytes(path)
        for path in _list_own_folders(window_folder)
        if _RESULT_NAME_PATTERN.fullmatch(path.name)
        or _UNFINISHED_NAME_PATTERN.fullmatch(path.name)
    )


def measure_result_bytes(path: Path) -> int:
    """Return the bytes of the files of one result."""
    total = 0
    for entry in _scan(path):
        with suppress(OSError):  # deleted meanwhile
            if entry.is_file(follow_symlinks=False):
                total += entry.stat(follow_symlinks=False).st_size
    return total


def _scan(path: Path) -> Iterator[os.DirEntry[str]]:
    """Yield the entries of a folder, none if the folder cannot be read."""
    with suppress(OSError), os.scandir(path) as entries:
        yield from entries


def _list_own_folders(path: Path) -> list[Path]:
    """Return the folders in `path` that belong to the user, without symbolic links."""
    folders = []
    for entry in _scan(path):
        with suppress(OSError):
            is_folder = entry.is_dir(follow_symlinks=False)
            if is_folder and _is_own(entry.stat(follow_symlinks=False)):
                folders.append(Path(entry.path))
    return folders


def _is_own(status: os.stat_result) -> bool:
    """Return whether a file belongs to the user; True on a system without user ids."""
    return not hasattr(os, "getuid") or status.st_uid == os.getuid()


def _create_private_folder(path: Path) -> None:
    """Create a folder that only the user can access, or restrict the existing one to the user.

    Raises:
        OSError: If the system refuses, or if the path is a link or belongs to another user.
    """
    path.mkdir(mode=0o700, parents=True, exist_ok=True)
    status = path.lstat()
    if not stat.S_ISDIR(status.st_mode):
        raise NotADirectoryError(errno.ENOTDIR, os.strerror(errno.ENOTDIR), os.fspath(path))
    if not _is_own(status):
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), os.fspath(path))
    if status.st_mode & 0o077:
        path.chmod(0o700)


def _open_locked(folder: Path) -> BufferedRandom:
    """Open and lock the lock file of a folder.

    Raises:
        BlockingIOError: If the file is locked.
        OSError: If the file is missing, or if the file system has no locks.
    """
    path = folder / _LOCK_FILE_NAME
    file = path.open("r+b")
    try:
        lock_file(file.fileno())
        # The process that held the lock may have deleted the file in the meantime.
        if not os.path.samestat(os.fstat(file.fileno()), path.lstat()):
            raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT), os.fspath(path))
    except OSError:
        file.close()
        raise
    return file
