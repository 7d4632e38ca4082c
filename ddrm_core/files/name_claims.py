"""Claims of file names, for file systems without hard links: hidden files that are locked.

Windows needs no claims, since its rename fails if the new name is taken.
"""

from __future__ import annotations

import hashlib
import os
import re
import stat
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from ddrm_core.files.file_lock import lock_file

if sys.platform != "win32":
    import fcntl

CLAIM_NAME_PATTERN = re.compile(r"\..{1,40}\.[0-9a-f]{8}\.claim", re.DOTALL)
"""Pattern of the names of claim files."""
# Without locks, nothing else tells that the program of a claim has ended.
_UNLOCKED_CLAIM_AGE_SECONDS = 86_400.0


@contextmanager
def hold_claim(path: Path) -> Iterator[int]:
    """Hold the claim of a name during the `with` block, after other programs have released it.

    The claim is a locked file in the folder of the name. The system releases the lock of a killed
    program, and the next program takes over the file or removes it. On a file system without
    locks, several programs can hold the claim.

    Args:
        path: File that is to get the name.

    Yields:
        File descriptor of the claim, for `take_name_by_empty_file`.

    Raises:
        OSError: If the system refuses to create the claim file.
    """
    claim_path = path.with_name(_build_claim_name(path.name))
    descriptor = _open_and_lock(claim_path)
    try:
        yield descriptor
    finally:
        # The lock lasts until the name of the claim is gone.
        with suppress(OSError):
            os.unlink(claim_path)
        os.close(descriptor)


def take_name_by_empty_file(path: Path, claim_descriptor: int) -> None:
    """Create an empty file, which the holder of the claim replaces at once.

    The name is written into the claim first, so that `remove_abandoned_claim` removes the empty
    file of a killed program.

    Raises:
        FileExistsError: If a file has the name.
        OSError: If the system refuses.
    """
    os.ftruncate(claim_descriptor, 0)
    os.pwrite(claim_descriptor, os.fsencode(path.name), 0)
    os.fsync(claim_descriptor)
    os.close(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o666))


def remove_empty_file(path: Path) -> None:
    """Remove a file if it is regular and empty. Raise OSError if the system refuses."""
    with suppress(FileNotFoundError):
        file_stat = os.lstat(path)
        if stat.S_ISREG(file_stat.st_mode) and file_stat.st_size == 0:
            os.unlink(path)


def remove_abandoned_claim(claim_path: Path) -> None:
    """Remove the claim of a program that has ended, and the empty file by which it took the name.

    The claim of a running program stays. On a file system without locks, a claim stays for a day.
    Windows leaves the claims of other systems.

    Args:
        claim_path: File whose name has `CLAIM_NAME_PATTERN`.

    Raises:
        OSError: If the system refuses.
    """
    if sys.platform == "win32":
        return
    try:
        descriptor = os.open(claim_path, os.O_RDWR)
    except (FileNotFoundError, PermissionError):  # removed meanwhile, or of another user
        return
    try:
        try:
            lock_file(descriptor)
        except BlockingIOError:
            return
        except OSError:
            if time.time() - os.fstat(descriptor).st_mtime < _UNLOCKED_CLAIM_AGE_SECONDS:
                return
        # Another program may have removed or released this claim, and made one of its own.
        if not _has_path(descriptor, claim_path):
            return
        name = os.fsdecode(os.pread(descriptor, 1 << 12, 0))
        if os.path.basename(name) == name and _build_claim_name(name) == claim_path.name:
            remove_empty_file(claim_path.with_name(name))
        os.unlink(claim_path)
    finally:
        os.close(descriptor)


def _build_claim_name(name: str) -> str:
    name_hash = hashlib.sha256(os.fsencode(name)).hexdigest()
    return f".{name[:40]}.{name_hash[:8]}.claim"


def _open_and_lock(claim_path: Path) -> int:
    """Open a claim file and wait for its lock; return the file descriptor."""
    while True:
        descriptor = os.open(claim_path, os.O_RDWR | os.O_CREAT, 0o666)
        try:
            with suppress(OSError):  # a file system without locks
                fcntl.flock(descriptor, fcntl.LOCK_EX)
            # The program that had the lock has removed the file.
            if _has_path(descriptor, claim_path):
                return descriptor
        except BaseException:
            os.close(descriptor)
            raise
        os.close(descriptor)


def _has_path(descriptor: int, path: Path) -> bool:
    with suppress(FileNotFoundError):
        return os.path.samestat(os.fstat(descriptor), os.stat(path))
    return False
