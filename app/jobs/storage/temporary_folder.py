"""The private temporary folder of one running program."""

from __future__ import annotations

import os
import re
import shutil
from pathlib import Path

import psutil

# Process id and start time; the time tells the process from a later one with the same id.
_FOLDER_NAME_PATTERN = re.compile(r"session-([0-9]{1,10})-([0-9]{1,12})")
_START_TIME_TOLERANCE_S = 2


class TemporaryFolder:
    """A temporary folder that is created when first used; other users cannot access it.

    Attributes:
        parent: Folder in which the temporary folder is created.
    """

    def __init__(self, parent: Path) -> None:
        self.parent = parent
        self._path: Path | None = None

    def get_or_create(self) -> Path:
        """Return the folder's path; create the folder at the first call.

        Raises:
            OSError: If the folder cannot be created.
        """
        if self._path is None:
            process = psutil.Process()
            path = self.parent / f"session-{process.pid}-{round(process.create_time())}"
            path.mkdir(mode=0o700, parents=True, exist_ok=True)
            self._path = path
        return self._path

    def remove(self) -> None:
        """Delete the folder with its content. Do nothing if the folder was never created."""
        if self._path is not None:
            shutil.rmtree(self._path, ignore_errors=True)
            self._path = None


def remove_stale_temporary_folders(parent: Path) -> None:
    """Delete this user's temporary folders in `parent` whose processes have ended.

    A folder that cannot be deleted is left for the next start of the program.
    """
    if not parent.is_dir():
        return
    for path in parent.iterdir():
        name_match = _FOLDER_NAME_PATTERN.fullmatch(path.name)
        if name_match is None or path.is_symlink() or not path.is_dir():
            continue
        if path.stat().st_uid == _current_user_id(parent) and not _is_process_running(
            int(name_match[1]), int(name_match[2])
        ):
            shutil.rmtree(path, ignore_errors=True)


def _current_user_id(parent: Path) -> int:
    """Return the current user's id or, on a system without user ids, that of `parent`'s owner.

    The caller compares the id with the owner of a subfolder of `parent`. Without user ids, the
    comparison is therefore always true.
    """
    return os.getuid() if hasattr(os, "getuid") else parent.stat().st_uid


def _is_process_running(pid: int, start_time: int) -> bool:
    try:
        return abs(psutil.Process(pid).create_time() - start_time) <= _START_TIME_TOLERANCE_S
    except psutil.NoSuchProcess:
        return False
    except psutil.AccessDenied:  # another user's process may be this program, too
        return True
