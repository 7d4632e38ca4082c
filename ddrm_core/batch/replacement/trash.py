"""The trash of a desktop. Source: freedesktop.org Trash specification 1.0."""

from __future__ import annotations

import errno
import os
import stat
import sys
from configparser import ConfigParser, Error
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path, PurePosixPath
from urllib.parse import quote_from_bytes, unquote_to_bytes

from ddrm_core.batch.replacement.backups import Backup, list_numbered_names
from ddrm_core.batch.replacement.undo_log import BackupKind
from ddrm_core.errors import FileError
from ddrm_core.files.durable_files import create_folders, sync_folder
from ddrm_core.messages import tr_noop
from ddrm_core.os_errors import writing

INFO_SUFFIX = ".trashinfo"
_FILES_FOLDER, _INFO_FOLDER = "files", "info"
_INFO_SECTION = "Trash Info"
_PRIVATE_MODE = 0o700


class TrashUnavailable(FileError):
    """The error that the program cannot use the trash of this system."""

    template = tr_noop("There is no trash for {path} that this program can use")


@dataclass(frozen=True, slots=True)
class Trash:
    """A trash folder of the specification.

    Attributes:
        folder: Absolute path of the trash folder.
        top_folder: Top folder of the volume, relative to which the trash names its files; None for
            the home trash, which names absolute paths.
    """

    folder: Path
    top_folder: Path | None = None

    @property
    def kind(self) -> BackupKind:
        """`BackupKind.TRASH`."""
        return BackupKind.TRASH

    def reserve(self, source: Path, relative_path: PurePosixPath) -> Backup:  # noqa: ARG002
        """Create the `.trashinfo` file of a source, which reserves the name of its backup.

        The specification demands that this file is created first, and only if it does not exist.

        Raises:
            UnwritableOutput: If the system refuses.
        """
        names = list_numbered_names(Path(source.name), ".{}", len(INFO_SUFFIX))
        content = format_trash_info(self._path_in_info(source), datetime.now())
        with writing(self.folder):
            for subfolder in (_FILES_FOLDER, _INFO_FOLDER):
                create_folders(self.folder / subfolder)
            for name in names:
                path = self.folder / _FILES_FOLDER / name
                info = self.folder / _INFO_FOLDER / f"{name}{INFO_SUFFIX}"
                # A file without its information is left by programs that were killed.
                if not os.path.lexists(path) and _create_file(info, content):
                    sync_folder(info.parent)
                    return Backup(path, info)
        raise AssertionError("the numbers have no end")

    def _path_in_info(self, source: Path) -> bytes:
        if self.top_folder is None:
            return os.fsencode(source)
        return os.fsencode(source.relative_to(self.top_folder))


def format_trash_info(path: bytes, deleted: datetime) -> bytes:
    """Return the content of a `.trashinfo` file.

    Args:
        path: Path of the file before it was moved to the trash: absolute, or relative to the top
            folder of its volume.
        deleted: Local date and time.
    """
    return (
        f"[{_INFO_SECTION}]\n"
        f"Path={quote_from_bytes(path)}\n"
        f"DeletionDate={deleted.isoformat(timespec='seconds')}\n"
    ).encode("ascii")


def parse_trash_info(content: bytes) -> Path | None:
    """Return the path in the content of a `.trashinfo` file, None if the content is invalid."""
    parser = ConfigParser(interpolation=None, strict=False)
    try:
        parser.read_string(content.decode())
        path = unquote_to_bytes(parser[_INFO_SECTION]["Path"])
    except (Error, KeyError, UnicodeDecodeError):
        return None
    return Path(os.fsdecode(path)) if path else None


def is_trash_supported() -> bool:
    """Return whether this system's trash follows the specification."""
    return sys.platform not in ("win32", "darwin")


def find_trash(folder: Path, home_trash: Path) -> Trash:
    """Return the trash for the files in a folder; nothing is created except a trash folder.

    The home trash is for files on its own volume. Other volumes have a trash in their top folder:
    `.Trash/UID`, if an administrator has created `.Trash`, otherwise `.Trash-UID`. If none can be
    created there, files are copied to the home trash, as the specification allows.

    Args:
        folder: Absolute path of the folder, which exists.
        home_trash: Absolute path of the home trash, which need not exist.

    Raises:
        TrashUnavailable: On Windows and macOS, whose trash has other rules.
        UnwritableOutput: If the system refuses.
    """
    if not is_trash_supported():
        raise TrashUnavailable(folder)
    with writing(home_trash):
        _create_private_folder(home_trash)
        home_device = os.stat(home_trash).st_dev
    with writing(folder):
        folder_device = os.stat(folder).st_dev
    if folder_device == home_device:
        return Trash(home_trash)
    top_folder = find_top_folder(folder)
    return find_volume_trash(top_folder, os.getuid()) or Trash(home_trash)


def find_top_folder(folder: Path) -> Path:
    """Return the mount point of the volume that contains a folder, with links resolved."""
    resolved = folder.resolve()
    return next(path for path in (resolved, *resolved.parents) if os.path.ismount(path))


def find_volume_trash(top_folder: Path, uid: int) -> Trash | None:
    """Return the trash of a user in the top folder of a volume; None if it cannot be created.

    Args:
        top_folder: Absolute path of the top folder, without links.
        uid: User id.
    """
    shared = top_folder / ".Trash"
    with suppress(OSError):
        shared_mode = os.lstat(shared).st_mode
        # The specification forbids a link, and demands the sticky bit.
        if stat.S_ISDIR(shared_mode) and shared_mode & stat.S_ISVTX:
            _create_private_folder(shared / str(uid))
            return Trash(shared / str(uid), top_folder)
    own = top_folder / f".Trash-{uid}"
    with suppress(OSError):
        _create_private_folder(own)
        own_stat = os.lstat(own)
        if stat.S_ISDIR(own_stat.st_mode) and own_stat.st_uid == uid:
            return Trash(own, top_folder)
    return None


def _create_private_folder(folder: Path) -> None:
    create_folders(folder.parent)
    with suppress(FileExistsError):
        os.mkdir(folder, _PRIVATE_MODE)
        sync_folder(folder.parent)
    for subfolder in (_FILES_FOLDER, _INFO_FOLDER):
        with suppress(FileExistsError):
            os.mkdir(folder / subfolder, _PRIVATE_MODE)


def _create_file(path: Path, content: bytes) -> bool:
    """Create a file with its content durably; return False if a file has its name.

    Raise OSError if the system refuses; no incomplete file remains.
    """
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return False
    try:
        if os.write(descriptor, content) < len(content):
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        os.fsync(descriptor)
    except OSError:
        os.unlink(path)
        raise
    finally:
        os.close(descriptor)
    return True
