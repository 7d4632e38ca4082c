"""Atomic writing of files: entirely or not at all."""

from __future__ import annotations

import os
import re
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from ddrm_core.errors import OutputExists, OutputIsInput, UnwritableOutput
from ddrm_core.files.durable_files import create_temporary_file, sync_file
from ddrm_core.files.free_names import move_to_free_name
from ddrm_core.files.name_claims import CLAIM_NAME_PATTERN, remove_abandoned_claim
from ddrm_core.messages import InputFileRole
from ddrm_core.os_errors import SystemFailure, writing

_UMASK_LOCK = threading.Lock()
_TEMPORARY_NAME_PATTERN = re.compile(
    r"\..{1,40}\.((?P<owner>[A-Za-z0-9_-]{1,80})~)?[a-z0-9_]{8}\.part", re.DOTALL
)
_SINGLE_WRITER_MARK = "building"  # in the place of random characters
# Age since the last write; a temporary file is written in a few seconds. Clocks of other machines
# may differ, and a network may stand still.
_LEFTOVER_AGE_SECONDS, _FOREIGN_LEFTOVER_AGE_SECONDS = 600.0, 86_400.0


def check_output_path(
    path: Path, *, source: Path, overwrite: bool, role: InputFileRole = InputFileRole.SOURCE
) -> None:
    """Check before a long computation that its result can be written to `path`.

    Args:
        path: Output file.
        source: Input file, which must not be overwritten.
        overwrite: Whether an existing file may be replaced.
        role: Purpose for which `source` is read.

    Raises:
        OutputIsInput: If `path` is `source`, under this or another name.
        OutputExists: If `path` exists and `overwrite` is False.
        UnwritableOutput: If the folder of `path` is missing or not writable, or if `path` is a
            folder.
    """
    with writing(path):
        if path.exists() and source.exists() and path.samefile(source):
            raise OutputIsInput(path, role)
        if path.is_dir():
            raise UnwritableOutput(path, SystemFailure.EISDIR)
        if os.path.lexists(path) and not overwrite:
            raise OutputExists(path)
        with tempfile.TemporaryFile(dir=path.parent):
            pass


def write_atomically(path: Path, data: bytes) -> None:
    """Write `data` to `path` atomically.

    If the program is killed while writing, the file has its old or its new content, or is still
    missing if it was missing before.

    Raises:
        UnwritableOutput: If the system refuses; no temporary file remains.
    """
    with atomic_writer(path) as temporary_path:
        temporary_path.write_bytes(data)


@contextmanager
def atomic_writer(path: Path, *, overwrite: bool = True, owner: str = "") -> Iterator[Path]:
    """Yield the path of a temporary file that replaces `path` at the end of the `with` block.

    If the block raises an exception, the temporary file is deleted instead.

    Args:
        path: Target file.
        overwrite: Whether a file that exists at the end is replaced.
        owner: Name of the program in the temporary file's name, of letters, digits, "-" and "_";
            empty if only programs of this machine write to the folder.

    Raises:
        OutputExists: If a file exists at the end and `overwrite` is False; no temporary file
            remains.
        UnwritableOutput: If the system refuses; no temporary file remains.
    """
    with writing(path):
        temporary_path = create_temporary_file(path, owner)
        try:
            yield temporary_path
            sync_file(temporary_path)
            _set_default_permissions(temporary_path, path)
            if overwrite:
                os.replace(temporary_path, path)
            else:
                _move_to_free_name(temporary_path, path)
        except BaseException:
            # The error that is reported is the first one, for example an interruption that arrives
            # when the file has its name already.
            with suppress(OSError):
                os.unlink(temporary_path)
            raise


@contextmanager
def single_writer(path: Path) -> Iterator[Path | None]:
    """Yield the path of a temporary file that replaces `path`, for one process at a time.

    Yield None while another process is writing. The temporary file has the same name for all
    processes, so that its creation decides. A process that was killed counts as writing for ten
    minutes.

    Args:
        path: Target file, which is replaced.

    Raises:
        UnwritableOutput: If the system refuses; no temporary file remains.
    """
    temporary_path = path.with_name(f".{path.name[:40]}.{_SINGLE_WRITER_MARK}.part")
    with writing(path):
        if not _create_exclusively(temporary_path):
            yield None
            return
        try:
            yield temporary_path
            sync_file(temporary_path)
            os.replace(temporary_path, path)
        except BaseException:
            temporary_path.unlink(missing_ok=True)
            raise


def _create_exclusively(path: Path) -> bool:
    """Create a file, in place of one that was left over; return whether no other process has it."""
    with suppress(FileNotFoundError):
        file_stat = path.stat()
        if time.time() - max(file_stat.st_mtime, file_stat.st_ctime) > _LEFTOVER_AGE_SECONDS:
            path.unlink()
    try:
        path.touch(exist_ok=False)
    except FileExistsError:
        return False
    return True


def remove_leftover_files(folder: Path, owner: str = "") -> None:
    """Delete temporary files of `atomic_writer` in `folder` that are at least ten minutes old.

    A killed process leaves such files behind. Those of another owner are deleted after a day. The
    age is counted from the later of modification and change, since a result gets the modification
    time of its source before it is renamed. Claims of names are deleted if their programs have
    ended, whatever their age. What must not be deleted, such as a file of another user in a folder
    with the sticky bit, is left.

    Args:
        folder: Folder of the files.
        owner: Owner whose files, like those without an owner, are deleted after ten minutes.

    Raises:
        UnwritableOutput: If the system refuses.
    """
    with writing(folder), suppress(FileNotFoundError), os.scandir(folder) as entries:
        for entry in entries:
            # Another process may delete the same files, and those of another user may be protected.
            with suppress(FileNotFoundError, PermissionError):
                _remove_left_over(entry, owner)


def _remove_left_over(entry: os.DirEntry[str], owner: str) -> None:
    """Delete a file or a claim if `remove_leftover_files` deletes it. Raise OSError if refused."""
    if CLAIM_NAME_PATTERN.fullmatch(entry.name) is not None:
        remove_abandoned_claim(Path(entry.path))
    found = _TEMPORARY_NAME_PATTERN.fullmatch(entry.name)
    if found is None or not entry.is_file(follow_symlinks=False):
        return
    file_stat = entry.stat(follow_symlinks=False)
    age = time.time() - max(file_stat.st_mtime, file_stat.st_ctime)
    is_foreign = found["owner"] not in (None, owner)
    if age > (_FOREIGN_LEFTOVER_AGE_SECONDS if is_foreign else _LEFTOVER_AGE_SECONDS):
        os.unlink(entry.path)


def _move_to_free_name(temporary_path: Path, path: Path) -> None:
    """Rename a file; raise OutputExists if the new name is taken."""
    try:
        move_to_free_name(temporary_path, path, durably=False)
    except FileExistsError:
        raise OutputExists(path) from None


def _set_default_permissions(temporary_path: Path, path: Path) -> None:
    """Give a temporary file the permissions of the file at `path`, or of a new file without one.

    mkstemp creates files that only their owner may access.
    """
    if path.exists():
        mode = path.stat().st_mode
    else:
        # The umask can only be read by setting it, for all threads at once.
        with _UMASK_LOCK:
            mask = os.umask(0)
            os.umask(mask)
        mode = 0o666 & ~mask
    os.chmod(temporary_path, mode)
