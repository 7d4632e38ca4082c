"""Undoing of replacements: sources get their names back from their backups.

Only names inside the folder are touched, and only if the file has the SHA-256 that the undo log
states. Undoing may be killed at any moment and repeated: a source is put back before its result or
its backup is removed, and a source that is back is recognized by its SHA-256.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from ddrm_core.batch.replacement.attributes import FileAttribute, apply_attributes
from ddrm_core.batch.replacement.backups import BackupDefect
from ddrm_core.batch.replacement.replace_source import has_sha256
from ddrm_core.batch.replacement.trash import parse_trash_info
from ddrm_core.batch.replacement.undo_log import BackupKind, UndoEntry, UndoLog, UndoStep
from ddrm_core.errors import CoreError, FileError, UnwritableOutput
from ddrm_core.files.atomic_write import remove_leftover_files
from ddrm_core.files.durable_files import (
    copy_to_temporary_file,
    rename_durably,
    sync_file,
    sync_folder,
)
from ddrm_core.files.free_names import move_to_free_name
from ddrm_core.messages import tr_noop
from ddrm_core.os_errors import writing


class NothingToUndo(FileError):
    """The error that no source of a folder was replaced."""

    template = tr_noop("No picture in {path} was replaced")


class UndoState(StrEnum):
    """The kind of the outcome of undoing one replacement."""

    DONE = "done"
    CHANGED = "changed"  # another file has the name of the result
    MISSING = "missing"  # no file has the name of the result
    NAME_TAKEN = "name taken"  # another file has the name of the source
    NO_BACKUP = "no backup"  # the place of the backup has no file with the bytes of the source
    OUTSIDE = "outside"  # links lead out of the folder
    FAILED = "failed"


@dataclass(frozen=True, slots=True, eq=False)
class UndoOutcome:
    """The outcome of undoing one replacement.

    Attributes:
        source: Path of the source, whose name the source has again if the state is DONE.
        target: Path of the result.
        state: Kind of the outcome.
        backup: Path at which the undo log expects the backup.
        is_backup_found: Whether the backup is at this path.
        in_trash: Whether the backup is in a trash.
        lost_attributes: Attributes that the source could not be given.
        error: Error of a failed file.
    """

    source: Path
    target: Path
    state: UndoState
    backup: Path
    is_backup_found: bool = False
    in_trash: bool = False
    lost_attributes: tuple[FileAttribute, ...] = ()
    error: CoreError | None = None


def undo_replacements(folder: Path) -> Iterator[UndoOutcome]:
    """Give the sources of a folder their names back, yielding an outcome per replacement.

    Replacements that were undone before have no outcome.

    Args:
        folder: Folder of the undo log.

    Raises:
        NothingToUndo: If no source of the folder was replaced.
        FolderInUse, UnreadableFile, UnwritableOutput: If the undo log cannot be used.
    """
    log = UndoLog(folder)
    if not log.list_latest():
        raise NothingToUndo(folder)
    with log.lock():
        cleaned_folders: set[Path] = set()
        for entry in log.list_latest():
            if entry.step != UndoStep.REPLACE:
                continue
            source_folder = (folder / entry.source).parent
            if source_folder.is_dir() and source_folder not in cleaned_folders:
                cleaned_folders.add(source_folder)
                remove_leftover_files(source_folder)
            yield _Replacement(entry, folder, log).undo()


@dataclass(frozen=True, slots=True)
class _Replacement:
    """A replacement to undo.

    Attributes:
        entry: Latest entry of the source.
        folder: Folder of the undo log.
        log: Locked undo log.
    """

    entry: UndoEntry
    folder: Path
    log: UndoLog

    @property
    def source(self) -> Path:
        return self.folder / self.entry.source

    @property
    def target(self) -> Path:
        return self.folder / self.entry.target

    @property
    def backup(self) -> Path:
        return Path(self.entry.backup)

    def undo(self) -> UndoOutcome:
        """Undo the replacement if nothing has changed since, and return the outcome."""
        try:
            state, lost_attributes = self._undo()
        except CoreError as error:
            return self._build_outcome(UndoState.FAILED, error=error)
        return self._build_outcome(state, lost_attributes)

    def _build_outcome(
        self,
        state: UndoState,
        lost_attributes: tuple[FileAttribute, ...] = (),
        error: CoreError | None = None,
    ) -> UndoOutcome:
        return UndoOutcome(
            self.source,
            self.target,
            state,
            self.backup,
            is_backup_found=state is not UndoState.DONE and self._is_backup_intact(),
            in_trash=self.entry.backup_kind == BackupKind.TRASH,
            lost_attributes=lost_attributes,
            error=error,
        )

    def _undo(self) -> tuple[UndoState, tuple[FileAttribute, ...]]:
        entry, source, target = self.entry, self.source, self.target
        real_folder = self.folder.resolve()
        if not all(path.parent.resolve().is_relative_to(real_folder) for path in (source, target)):
            return UndoState.OUTSIDE, ()
        has_new_name = target != source
        lost_attributes: tuple[FileAttribute, ...] = ()
        if not self._is_source_back():
            if has_new_name and os.path.lexists(source):
                return UndoState.NAME_TAKEN, ()
            if not os.path.lexists(target):
                return UndoState.MISSING, ()
            if not has_sha256(target, entry.result_sha256):
                return UndoState.CHANGED, ()
            if not self._is_backup_intact():
                return UndoState.NO_BACKUP, ()
            with writing(source):
                lost_attributes = self._put_back(replaces=not has_new_name)
        with writing(target):
            if has_new_name and has_sha256(target, entry.result_sha256):
                os.unlink(target)
                sync_folder(target.parent)
        self._remove_backup()
        self.log.add(entry.at_step(UndoStep.UNDO))
        return UndoState.DONE, lost_attributes

    def _is_backup_intact(self) -> bool:
        """Return whether the backup has the bytes of the source and, in a trash, its name."""
        if self.entry.trash_info:
            try:
                path = parse_trash_info(Path(self.entry.trash_info).read_bytes())
            except OSError:
                return False
            if path is None or path.name != self.source.name:
                return False
        return has_sha256(self.backup, self.entry.source_sha256)

    def _put_back(self, *, replaces: bool) -> tuple[FileAttribute, ...]:
        """Rename the backup to the name of the source, or copy it from another file system.

        The attributes are changed before the file gets the name.

        Args:
            replaces: Whether the result has the name of the source.

        Returns:
            Attributes that the source could not be given.
        """
        rename = rename_durably if replaces else move_to_free_name
        if os.stat(self.backup).st_dev == os.stat(self.source.parent).st_dev:
            with suppress(OSError):  # for example, the folder of the backup is write-protected
                lost_attributes = apply_attributes(self.backup, self.entry.attributes)
                rename(self.backup, self.source)
                return lost_attributes
        copy = copy_to_temporary_file(self.backup, self.source)
        try:
            lost_attributes = apply_attributes(copy, self.entry.attributes)
            sync_file(copy)
            if not has_sha256(copy, self.entry.source_sha256):
                raise UnwritableOutput(self.source, BackupDefect.OTHER_BYTES)
            rename(copy, self.source)
        except BaseException:
            copy.unlink(missing_ok=True)
            raise
        return lost_attributes

    def _remove_backup(self) -> None:
        """Remove what is left of the backup of a source that has its name again.

        A backup that cannot be removed stays.
        """
        with suppress(OSError):
            if self._is_source_back() and self._is_backup_intact():
                os.unlink(self.backup)
            if self.entry.trash_info and not os.path.lexists(self.backup):
                os.unlink(self.entry.trash_info)

    def _is_source_back(self) -> bool:
        """Return whether the source has its name and its bytes."""
        return has_sha256(self.source, self.entry.source_sha256)
