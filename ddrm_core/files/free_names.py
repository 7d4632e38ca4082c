"""Names that a file gets only if no other file has them."""

from __future__ import annotations

import errno
import os
import sys
from collections.abc import Callable
from pathlib import Path

from ddrm_core.files.durable_files import copy_to_temporary_file, sync_file, sync_folder
from ddrm_core.files.exclusive_rename import ExclusiveRenameUnsupported, rename_exclusively
from ddrm_core.files.name_claims import hold_claim, remove_empty_file, take_name_by_empty_file

# Codes of `link` for file systems without hard links, another file system, a file with too many
# links, and a file of another user (protected_hardlinks of Linux).
_NO_LINK_CODES = frozenset(
    getattr(errno, name)
    for name in ("EXDEV", "EPERM", "EACCES", "EMLINK", "ENOSYS", "ENOTSUP", "EOPNOTSUPP", "EINVAL")
)


def move_to_free_name(path: Path, new_path: Path, *, durably: bool = True) -> None:
    """Rename a file to a name that no file has.

    The name is taken by a hard link, also between machines that share a folder. On file systems
    without hard links (FAT, exFAT, some network shares), it is taken under a claim, by an exclusive
    rename or by an empty file that is created exclusively and replaced.

    Args:
        path: The file.
        new_path: Path with the new name, on the same file system.
        durably: Whether the name is on the disk when the function returns.

    Raises:
        FileExistsError: If a file has the name.
        OSError: If the system refuses.
    """
    if sys.platform == "win32":
        rename_exclusively(path, new_path)
        return
    try:
        os.link(path, new_path, follow_symlinks=False)
    except OSError as error:
        if error.errno in _NO_LINK_CODES:
            _move_without_link(path, new_path)
        # A network share may have made the link, and have lost the answer to the first request.
        elif isinstance(error, FileExistsError) and _is_same_file(path, new_path):
            os.unlink(path)
        else:
            raise
    else:
        if durably:
            sync_folder(new_path.parent)
        os.unlink(path)
    if durably:
        sync_folder(new_path.parent)


def _move_without_link(path: Path, new_path: Path) -> None:
    """Rename a file to a name that no file has, on a file system without hard links."""
    with hold_claim(new_path) as claim_descriptor:
        try:
            rename_exclusively(path, new_path)
        except ExclusiveRenameUnsupported:
            take_name_by_empty_file(new_path, claim_descriptor)
            try:
                os.replace(path, new_path)
            except OSError:
                remove_empty_file(new_path)
                raise


def _is_same_file(path: Path, other_path: Path) -> bool:
    file_stat = os.lstat(path)
    return file_stat.st_nlink > 1 and os.path.samestat(file_stat, os.lstat(other_path))


def link_or_copy(path: Path, new_path: Path, prepare_copy: Callable[[Path], object]) -> None:
    """Give a file a second name, or copy the file if the file system cannot do that.

    Args:
        path: The file.
        new_path: Second name, or path of the copy.
        prepare_copy: Function that changes the attributes of the copy before the copy gets its
            name.

    Raises:
        FileExistsError: If a file has the name `new_path`.
        OSError: If the system refuses; no incomplete copy remains.
    """
    try:
        os.link(path, new_path, follow_symlinks=False)
    except OSError as error:
        if error.errno not in _NO_LINK_CODES:
            raise
    else:
        sync_folder(new_path.parent)
        return
    temporary_path = copy_to_temporary_file(path, new_path)
    try:
        prepare_copy(temporary_path)
        sync_file(temporary_path)
        move_to_free_name(temporary_path, new_path)
    except BaseException:
        temporary_path.unlink(missing_ok=True)
        raise
