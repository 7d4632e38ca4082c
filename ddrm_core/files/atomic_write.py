"""Files written whole or not at all."""

from __future__ import annotations

import os
import re
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from ddrm_core.errors import InputFileRole, OutputExists, OutputIsInput, UnwritableOutput
from ddrm_core.os_errors import SystemFailure, writing

"""Error numbers of a full disk, and of a used-up share of one."""
_UMASK_LOCK = threading.Lock()
_TEMPORARY_NAME_PATTERN = re.compile(r"\..{1,40}\.[a-z0-9_]{8}\.part", re.DOTALL)
# Since a part was last written to; one is written in a go, in seconds.
_LEFTOVER_AGE_SECONDS = 600.0


def check_output_path(
    path: Path, *, source: Path, overwrite: bool, role: InputFileRole = InputFileRole.SOURCE
) -> None:
    """Find out before a long run whether `path` can be written after it.

    Args:
        path: The output file.
        source: A file that is read, and stays as it is.
        overwrite: Whether another file of that name may be replaced.
        role: The purpose for which `source` is read.

    Raises:
        OutputIsSource: It is `source`, under this or another name.
        OutputExists: It exists, and `overwrite` is not set.
        UnwritableOutput: Its folder is missing or takes no files, or it is a folder itself.
    """
    with writing(path):
        if path.exists() and source.exists() and path.samefile(source):
            raise OutputIsInput(path, role)
        if path.is_dir():
            raise UnwritableOutput(path, SystemFailure.EISDIR)
        if path.exists() and not overwrite:
            raise OutputExists(path)
        with tempfile.TemporaryFile(dir=path.parent):
            pass


def write_atomically(path: Path, data: bytes) -> None:
    """Give `path` this content; a kill leaves the old file, the new one, or none.

    Raises:
        UnwritableOutput: The system refused; nothing is left behind.
    """
    with atomic_writer(path) as temporary_path:
        temporary_path.write_bytes(data)


@contextmanager
def atomic_writer(path: Path, *, overwrite: bool = True) -> Iterator[Path]:
    """A file beside `path` to write to, which takes its place at the end if nothing was raised.

    Args:
        path: The file.
        overwrite: Whether a file that is there at the end gives way.

    Raises:
        OutputExists: A file is there at the end, and `overwrite` is not set; nothing is left
            behind.
        UnwritableOutput: The system refused; nothing is left behind.
    """
    with writing(path):
        descriptor, temporary_name = tempfile.mkstemp(
            prefix=f".{path.name[:40]}.", suffix=".part", dir=path.parent
        )
        os.close(descriptor)
        try:
            yield Path(temporary_name)
            with open(temporary_name, "rb+") as file:
                os.fsync(file.fileno())
            _set_default_permissions(temporary_name, path)
            if overwrite:
                os.replace(temporary_name, path)
            else:
                _rename_without_overwriting(temporary_name, path)
        except BaseException:
            os.unlink(temporary_name)
            raise


def remove_leftover_files(folder: Path) -> None:
    """Delete the parts of files that a kill left in a folder of results, ten minutes ago or more.

    Raises:
        UnwritableOutput: The system refused.
    """
    # Another process may do the same.
    with writing(folder), suppress(FileNotFoundError):
        for entry in os.scandir(folder):
            if _TEMPORARY_NAME_PATTERN.fullmatch(entry.name) and entry.is_file(
                follow_symlinks=False
            ):
                age = time.time() - entry.stat(follow_symlinks=False).st_mtime
                if age > _LEFTOVER_AGE_SECONDS:
                    os.unlink(entry.path)


if sys.platform == "win32":

    def _rename_without_overwriting(temporary_name: str, path: Path) -> None:
        """Rename a file unless the new name is taken. Raises OutputExists."""
        try:
            os.rename(temporary_name, path)
        except FileExistsError:
            raise OutputExists(path) from None

else:

    def _rename_without_overwriting(name: str, path: Path) -> None:
        """Rename a file unless the new name is taken. Raises OutputExists.

        A second link fails where the name is taken; a rename would replace the file. File systems
        without hard links (FAT, exFAT, some network shares) get a check and a rename: there a file
        that appears between the two is replaced.
        """
        try:
            os.link(name, path)
        except OSError:
            if os.path.exists(path):
                raise OutputExists(path) from None
            os.replace(name, path)
        else:
            os.unlink(name)


def _set_default_permissions(temporary_name: str, path: Path) -> None:
    """The replaced file's, else a new file's; mkstemp's are for the owner alone."""
    if path.exists():
        mode = path.stat().st_mode
    else:
        # It can only be read by setting it, for all threads at once.
        with _UMASK_LOCK:
            mask = os.umask(0)
            os.umask(mask)
        mode = 0o666 & ~mask
    os.chmod(temporary_name, mode)
