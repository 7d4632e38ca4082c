"""A private folder for what one session of the program puts aside."""

from __future__ import annotations

import os
import re
import shutil
from pathlib import Path

import psutil

# Started at: a number may belong to another process by now.
_FOLDER_NAME_PATTERN = re.compile(r"session-([0-9]{1,10})-([0-9]{1,12})")
_START_TIME_TOLERANCE_S = 2


class TemporaryFolder:
    """Made at the first use, for the user alone; gone once `remove` was called.

    Attributes:
        parent: Where it is made.
    """

    def __init__(self, parent: Path) -> None:
        self.parent = parent
        self._path: Path | None = None

    def get_or_create(self) -> Path:
        """The folder. Raises OSError."""
        if self._path is None:
            process = psutil.Process()
            path = self.parent / f"session-{process.pid}-{round(process.create_time())}"
            path.mkdir(mode=0o700, parents=True, exist_ok=True)
            self._path = path
        return self._path

    def remove(self) -> None:
        """Delete it with all that is in it; nothing where it was never used."""
        if self._path is not None:
            shutil.rmtree(self._path, ignore_errors=True)
            self._path = None


def remove_stale_temporary_folders(parent: Path) -> None:
    """Delete the folders of sessions whose process is dead, and nothing else.

    What cannot be deleted stays for the next time.
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
    """Whoever runs the program; systems without users own all folders alike."""
    return os.getuid() if hasattr(os, "getuid") else parent.stat().st_uid


def _is_process_running(pid: int, start_time: int) -> bool:
    try:
        return abs(psutil.Process(pid).create_time() - start_time) <= _START_TIME_TOLERANCE_S
    except psutil.NoSuchProcess:
        return False
    except psutil.AccessDenied:  # somebody else's, which may be ours under another user
        return True
