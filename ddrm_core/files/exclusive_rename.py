"""A rename that fails if the new name is taken, by one operation of the system."""

from __future__ import annotations

import ctypes
import errno
import os
import sys
from functools import cache
from pathlib import Path
from typing import Any

_AT_FDCWD = -100  # relative paths refer to the working folder
_RENAME_NOREPLACE, _RENAME_EXCL = 1, 4  # flags of Linux and of macOS
# Codes for a file system or a system without such a rename.
_UNSUPPORTED_CODES = frozenset({errno.EINVAL, errno.ENOSYS, errno.ENOTSUP})


class ExclusiveRenameUnsupported(Exception):
    """The exception that the system or the file system has no exclusive rename."""


def rename_exclusively(path: Path, new_path: Path) -> None:
    """Rename a file by `renameat2` of Linux, `renamex_np` of macOS or the rename of Windows.

    Drivers of network shares may look for the new name before they ask the server to rename, so
    that two machines can get one name.

    Raises:
        FileExistsError: If a file has the new name.
        ExclusiveRenameUnsupported: If there is no such operation; nothing is renamed.
        OSError: If the system refuses.
    """
    if sys.platform == "win32":
        os.rename(path, new_path)
        return
    library, old_name, new_name = _load_c_library(), os.fsencode(path), os.fsencode(new_path)
    try:
        if sys.platform == "darwin":
            status = library.renamex_np(old_name, new_name, ctypes.c_uint(_RENAME_EXCL))
        else:
            status = library.renameat2(
                *(_AT_FDCWD, old_name, _AT_FDCWD, new_name, ctypes.c_uint(_RENAME_NOREPLACE))
            )
    except AttributeError as error:  # a C library from before the operation
        raise ExclusiveRenameUnsupported from error
    if status == 0:
        return
    code = ctypes.get_errno()
    if code in _UNSUPPORTED_CODES:
        raise ExclusiveRenameUnsupported
    raise OSError(code, os.strerror(code), str(path), None, str(new_path))


@cache
def _load_c_library() -> Any:
    return ctypes.CDLL(None, use_errno=True)
