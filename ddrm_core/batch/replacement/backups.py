"""Places of backups: a folder that the user names, and the trash of the desktop."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from itertools import count
from pathlib import Path, PurePosixPath
from typing import Protocol, runtime_checkable

from ddrm_core.batch.replacement.attributes import apply_attributes, read_attributes
from ddrm_core.batch.replacement.undo_log import BackupKind
from ddrm_core.errors import UnwritableOutput
from ddrm_core.files.durable_files import create_folders, sync_file
from ddrm_core.files.free_names import link_or_copy
from ddrm_core.files.hashing import compute_file_sha256
from ddrm_core.messages import Reason, tr_noop
from ddrm_core.os_errors import writing

_MAX_NAME_BYTES = 255  # limit of most file systems


class BackupDefect(Reason):
    """The reason why a backup is not a copy of its source."""

    OTHER_BYTES = tr_noop("the backup has other bytes than the picture")


@dataclass(frozen=True, slots=True)
class Backup:
    """The path that is reserved for the backup of a source.

    Attributes:
        path: Path of the backup.
        trash_info: Path of the backup's `.trashinfo` file, None outside a trash.
    """

    path: Path
    trash_info: Path | None = None


@runtime_checkable
class BackupPlace(Protocol):
    """The interface to a place of backups."""

    @property
    def kind(self) -> BackupKind:
        """Kind of the place."""
        ...

    @property
    def folder(self) -> Path:
        """Absolute path of the folder that contains the backups."""
        ...

    def reserve(self, source: Path, relative_path: PurePosixPath) -> Backup:
        """Return a free path for the backup of a source.

        Args:
            source: Absolute path of the source, in a folder without links.
            relative_path: Path of the source relative to the folder of the batch.

        Raises:
            UnwritableOutput: If the system refuses.
        """
        ...


@dataclass(frozen=True, slots=True)
class BackupFolder:
    """A folder in which backups have the names and subfolders of their sources.

    Attributes:
        folder: Absolute path of the folder, which need not exist.
    """

    folder: Path

    @property
    def kind(self) -> BackupKind:
        """`BackupKind.FOLDER`."""
        return BackupKind.FOLDER

    def reserve(self, source: Path, relative_path: PurePosixPath) -> Backup:  # noqa: ARG002
        """Return a free path, with a number if the path of the source is taken."""
        path = self.folder / relative_path
        with writing(path):
            create_folders(path.parent)
            paths = list_numbered_names(path, " ({})", 0)
            return Backup(next(each for each in paths if not os.path.lexists(each)))


def list_numbered_names(path: Path, number_format: str, suffix_bytes: int) -> Iterator[Path]:
    """Yield the path, then paths with the numbers 2, 3, 4 ... after the stem of the name.

    Args:
        path: Path with the preferred name.
        number_format: Text of a number, such as " ({})".
        suffix_bytes: Bytes that are appended to each name; stems are shortened accordingly.
    """
    max_bytes = _MAX_NAME_BYTES - suffix_bytes
    for number in count(1):
        ending = ("" if number == 1 else number_format.format(number)) + path.suffix
        stem = path.stem
        while stem and len(os.fsencode(stem + ending)) > max_bytes:
            stem = stem[:-1]
        yield path.with_name(stem + ending)


def make_backup(source: Path, backup: Backup, sha256: str) -> bool:
    """Link or copy a source to its backup, synchronize the backup, and compare its bytes.

    Args:
        source: The source.
        backup: Reserved path of the backup.
        sha256: SHA-256 of the bytes from which the result was made, in hexadecimal.

    Returns:
        False if another file has got the reserved path in the meantime.

    Raises:
        UnwritableOutput: If the system refuses, or if the backup has other bytes than `sha256`.
    """
    with writing(backup.path):
        attributes = read_attributes(source)

        def prepare_copy(copy: Path) -> None:
            # The undo log has the attributes, too, since not every file system can hold them.
            with suppress(OSError):
                apply_attributes(copy, attributes)

        try:
            link_or_copy(source, backup.path, prepare_copy)
        except FileExistsError:
            return False
        sync_file(backup.path)
    if compute_file_sha256(backup.path) != sha256:
        raise UnwritableOutput(backup.path, BackupDefect.OTHER_BYTES)
    return True
