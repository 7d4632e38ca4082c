"""The undo log of a folder: one line per step of a replacement, from which it can be undone.

The undo log is the file `.ddrm-restore-undo.jsonl` in the folder of the sources. Lines are only
appended, each by a single write (see `append_line`) that is synchronized with the disk.
"""

from __future__ import annotations

import base64
import json
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass, field, fields, replace
from enum import StrEnum
from pathlib import Path, PurePosixPath
from typing import Any

from ddrm_core.batch.replacement.attributes import FileAttributes
from ddrm_core.errors import FileError
from ddrm_core.files.appended_lines import append_line, open_for_appending
from ddrm_core.files.durable_files import sync_folder
from ddrm_core.files.file_lock import lock_file
from ddrm_core.messages import tr_noop
from ddrm_core.os_errors import reading, writing

UNDO_LOG_NAME = ".ddrm-restore-undo.jsonl"
_MAX_MODE = 0o7777  # all permission bits


class UndoStep(StrEnum):
    """The step of a replacement that a line of the undo log is about."""

    BACKUP = "backup"  # the backup is made next
    REPLACE = "replace"  # the backup is complete, and the result gets its name next
    UNDO = "undo"  # the source has its name again


class BackupKind(StrEnum):
    """The kind of the place of a backup."""

    FOLDER = "folder"
    TRASH = "trash"  # a trash of the freedesktop.org specification


@dataclass(frozen=True, slots=True)
class UndoEntry:
    """A line of an undo log: one step of the replacement of one source.

    Attributes:
        step: The step.
        source: Path of the source relative to the folder, with slashes.
        target: Path of the result relative to the folder, with slashes; equal to `source` if the
            result takes the name of the source.
        source_sha256: SHA-256 of the source's bytes, in hexadecimal.
        result_sha256: SHA-256 of the result's bytes, in hexadecimal.
        backup_kind: Kind of the place of the backup.
        backup: Absolute path of the backup.
        trash_info: Absolute path of the backup's `.trashinfo` file; empty outside a trash.
        mode: Permission bits of the source.
        uid: User id of the source's owner.
        gid: Group id of the source's owner.
        mtime_ns: Modification time of the source in nanoseconds.
        extended: Extended attributes of the source by name, in Base64.
    """

    step: str
    source: str
    target: str
    source_sha256: str
    result_sha256: str
    backup_kind: str
    backup: str
    trash_info: str
    mode: int
    uid: int
    gid: int
    mtime_ns: int
    extended: Mapping[str, str] = field(default_factory=dict, hash=False)

    @property
    def attributes(self) -> FileAttributes:
        extended = {name: base64.b64decode(text) for name, text in self.extended.items()}
        return FileAttributes(self.mode, self.uid, self.gid, self.mtime_ns, extended)

    def at_step(self, step: UndoStep) -> UndoEntry:
        """Return the entry for another step of the same replacement."""
        return replace(self, step=step.value)


def encode_extended_attributes(extended: Mapping[str, bytes]) -> dict[str, str]:
    """Return extended attributes as texts for `UndoEntry.extended`."""
    return {name: base64.b64encode(value).decode() for name, value in extended.items()}


class FolderInUse(FileError):
    """The error that another process replaces sources of a folder, or undoes replacements."""

    template = tr_noop("Another command is replacing pictures in {path}, or is undoing that")


class UndoLog:
    """The undo log of a folder. An instance is not safe for concurrent threads.

    Attributes:
        folder: Folder of the sources.
        path: Path of the undo log's file.
    """

    def __init__(self, folder: Path) -> None:
        """Create the undo log of a folder; nothing is read or written yet."""
        self.folder, self.path = folder, folder / UNDO_LOG_NAME
        self._is_read = False
        self._by_source: dict[str, list[UndoEntry]] = {}
        self._latest_by_target: dict[str, UndoEntry] = {}
        self._descriptor: int | None = None

    @contextmanager
    def lock(self) -> Iterator[None]:
        """Create the file if it is missing, and lock the folder for this process.

        File systems without locks are used without one: the hashes in the log are compared before
        each change.

        Raises:
            FolderInUse: If another process holds the lock.
            UnwritableOutput: If the file cannot be written.
        """
        with writing(self.path):
            descriptor = open_for_appending(self.path)
        try:
            with suppress(OSError):
                try:
                    lock_file(descriptor)
                except BlockingIOError:
                    raise FolderInUse(self.folder) from None
            with writing(self.path):
                sync_folder(self.folder)
            self._descriptor = descriptor
            yield
        finally:
            self._descriptor = None
            os.close(descriptor)

    def add(self, entry: UndoEntry) -> None:
        """Append an entry and write it to the disk. The log must be locked.

        Raises:
            UnwritableOutput: If the log cannot be written.
        """
        if self._descriptor is None:
            raise ValueError("the undo log is not locked")
        self._read()
        with writing(self.path):
            append_line(self._descriptor, json.dumps(asdict(entry)).encode())
            os.fsync(self._descriptor)
        self._remember(entry)

    def list_latest(self) -> tuple[UndoEntry, ...]:
        """Return the latest entry of each source that has been replaced, or put back afterwards.

        The entries are in the order of the sources' first entries. Entries of backups do not count:
        such an entry may be that of a process that was killed before it replaced the source.

        Raises:
            UnreadableFile: If the log exists and cannot be read.
        """
        self._read()
        latest = (
            next((each for each in reversed(entries) if each.step != UndoStep.BACKUP), None)
            for entries in self._by_source.values()
        )
        return tuple(entry for entry in latest if entry is not None)

    def list_of_source(self, source: str) -> tuple[UndoEntry, ...]:
        """Return all entries of a source, a path relative to the folder with slashes.

        Raises the errors of `list_latest`.
        """
        self._read()
        return tuple(self._by_source.get(source, ()))

    def list_backups(self) -> tuple[Path, ...]:
        """Return the paths of all backups that the log names, whether they exist or not.

        Raises the errors of `list_latest`.
        """
        self._read()
        entries = (entry for each in self._by_source.values() for entry in each)
        return tuple(dict.fromkeys(Path(entry.backup) for entry in entries if entry.backup))

    def find_result(self, target: str, sha256: str) -> UndoEntry | None:
        """Return the entry of a result with a path and a SHA-256, None if there is none.

        Args:
            target: Path relative to the folder, with slashes.
            sha256: SHA-256 of the file, in hexadecimal.

        Raises the errors of `list_latest`.
        """
        self._read()
        entry = self._latest_by_target.get(target)
        is_found = (
            entry is not None and entry.step == UndoStep.REPLACE and entry.result_sha256 == sha256
        )
        return entry if is_found else None

    def _read(self) -> None:
        if self._is_read:
            return
        with reading(self.path):
            try:
                lines = self.path.read_bytes().split(b"\n")
            except FileNotFoundError:
                lines = []
        self._is_read = True
        for line in lines:
            if (entry := parse_undo_entry(line)) is not None:
                self._remember(entry)

    def _remember(self, entry: UndoEntry) -> None:
        self._by_source.setdefault(entry.source, []).append(entry)
        self._latest_by_target[entry.target] = entry


_FIELD_TYPES: Mapping[str, type] = {"str": str, "int": int, "Mapping[str, str]": dict}


def parse_undo_entry(line: bytes) -> UndoEntry | None:
    """Parse a line of an undo log; return None if the line is not a complete and valid entry.

    Unknown fields are ignored, because a later version may write more.
    """
    try:
        values: dict[str, Any] = json.loads(line)
        if not isinstance(values, dict):
            return None
        known = {each.name: values[each.name] for each in fields(UndoEntry)}
    except (KeyError, ValueError, RecursionError):
        return None
    for each in fields(UndoEntry):
        value = known[each.name]
        if isinstance(value, bool) or not isinstance(value, _FIELD_TYPES[str(each.type)]):
            return None
    entry = UndoEntry(**known)
    return entry if _is_valid(entry) else None


def _is_valid(entry: UndoEntry) -> bool:
    try:
        decoded = entry.attributes
    except (TypeError, ValueError):  # the texts are not Base64
        return False
    return (
        entry.step in list(UndoStep)
        and entry.backup_kind in list(BackupKind)
        and all(map(is_path_inside, (entry.source, entry.target)))
        and 0 <= decoded.mode <= _MAX_MODE
    )


def is_path_inside(relative_path: str) -> bool:
    """Return whether a relative path with slashes stays inside its folder."""
    path = PurePosixPath(relative_path)
    return bool(path.parts) and not path.is_absolute() and ".." not in path.parts
