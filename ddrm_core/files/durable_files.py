"""Copies and names of files that outlast a crash of the system."""

from __future__ import annotations

import errno
import os
import tempfile
from pathlib import Path

_CHUNK_BYTES = 1 << 20
_O_BINARY = getattr(os, "O_BINARY", 0)
_O_DIRECTORY = getattr(os, "O_DIRECTORY", 0)


def sync_file(path: Path) -> None:
    """Write the content and the attributes of a file from the cache of the system to the disk.

    Raise OSError if the system refuses.
    """
    # Windows synchronizes a file only through a descriptor that may write.
    descriptor = os.open(path, (os.O_RDWR if os.name == "nt" else os.O_RDONLY) | _O_BINARY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def sync_folder(folder: Path) -> None:
    """Write the names in a folder from the cache of the system to the disk.

    Windows has no such operation, so nothing is done there. Raise OSError if the system refuses.
    """
    if os.name == "nt":
        return
    descriptor = os.open(folder, os.O_RDONLY | _O_DIRECTORY)
    try:
        os.fsync(descriptor)
    except OSError as error:
        # Some network file systems have no such operation, and keep names without it.
        if error.errno not in (errno.EINVAL, errno.ENOTSUP):
            raise
    finally:
        os.close(descriptor)


def create_folders(folder: Path) -> None:
    """Create a folder with the missing folders above, each of them durably.

    Raise OSError if the system refuses, or if a file has the name of a folder.
    """
    if folder.is_dir():
        return
    create_folders(folder.parent)
    try:
        os.mkdir(folder)
    except FileExistsError:
        if not folder.is_dir():
            raise
    sync_folder(folder.parent)


def rename_durably(path: Path, new_path: Path) -> None:
    """Rename a file, replacing the file at `new_path`. Raise OSError if the system refuses."""
    os.replace(path, new_path)
    sync_folder(new_path.parent)
    if path.parent != new_path.parent:
        sync_folder(path.parent)


def create_temporary_file(path: Path, owner: str = "") -> Path:
    """Create an empty file in the folder of `path`, and return its path.

    `remove_leftover_files` recognizes the name. Raise OSError if the system refuses.

    Args:
        path: File that the temporary file is to replace.
        owner: See `atomic_writer`.
    """
    descriptor, name = tempfile.mkstemp(
        prefix=f".{path.name[:40]}.{owner and owner + '~'}", suffix=".part", dir=path.parent
    )
    os.close(descriptor)
    return Path(name)


def copy_to_temporary_file(path: Path, target: Path) -> Path:
    """Copy the bytes of a file to a temporary file in the folder of `target`.

    Raise OSError if the system refuses; no incomplete copy remains.
    """
    temporary_path = create_temporary_file(target)
    try:
        with path.open("rb") as source, temporary_path.open("wb") as copy:
            while chunk := source.read(_CHUNK_BYTES):
                copy.write(chunk)
    except BaseException:
        temporary_path.unlink(missing_ok=True)
        raise
    return temporary_path
