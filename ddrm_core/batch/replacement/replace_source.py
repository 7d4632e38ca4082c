"""The order in which one source is replaced, so that its name always has a complete image.

1. The result is written to a temporary file with the attributes of the source, synchronized, read
   back and verified.
2. The undo log gets a line, and the source is linked or copied to its backup, whose bytes are
   compared.
3. The undo log gets a second line.
4. The temporary file is renamed to the name of the source. If the result has a new name, the name
   of the source is removed afterwards.

Each step is on the disk before the next one begins.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from ddrm_core.batch.replacement.attributes import (
    FileAttributes,
    apply_attributes,
    read_attributes,
)
from ddrm_core.batch.replacement.backups import Backup, BackupPlace, make_backup
from ddrm_core.batch.replacement.reasons import (
    ResultNotVerified,
    RetentionReason,
    SourceRetained,
    VerificationFailure,
)
from ddrm_core.batch.replacement.undo_log import (
    UndoEntry,
    UndoLog,
    UndoStep,
    encode_extended_attributes,
)
from ddrm_core.errors import CoreError, UnreadableFile
from ddrm_core.export.result_content import ContentSpan, write_content
from ddrm_core.files.durable_files import (
    create_temporary_file,
    rename_durably,
    sync_file,
    sync_folder,
)
from ddrm_core.files.free_names import move_to_free_name
from ddrm_core.files.hashing import compute_file_sha256
from ddrm_core.jpeg.reasons import ReadFailure
from ddrm_core.messages import Message
from ddrm_core.os_errors import reading, writing


@dataclass(frozen=True, slots=True)
class SourceFile:
    """A source as it was when it was read.

    Attributes:
        path: Path of the file.
        relative_path: Path relative to the folder of the undo log, with slashes.
        sha256: SHA-256 of the bytes, in hexadecimal.
        identity: Device, inode, size and modification time.
    """

    path: Path
    relative_path: str
    sha256: str
    identity: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class NewResult:
    """A result that is to replace its source.

    Attributes:
        spans: Content of the file.
        target: Path of the result: that of the source, or a new one in the same folder.
        verify: Function that reads the written file and raises ResultNotVerified if the file is not
            the result.
    """

    spans: Sequence[ContentSpan]
    target: Path
    verify: Callable[[Path], object]


def read_source_file(path: Path, log: UndoLog) -> SourceFile:
    """Return a source in its present state.

    Raises:
        SourceRetained: If the source is a link or is reached by one, or has further names than its
            backups in the log.
        UnreadableFile: If the file cannot be read.
    """
    relative_path = path.relative_to(log.folder).as_posix()
    identity = _check_names(path, relative_path, log)
    if not path.parent.resolve().is_relative_to(log.folder.resolve()):
        raise SourceRetained(RetentionReason.LINKED_FOLDER)
    return SourceFile(path, relative_path, compute_file_sha256(path), identity)


def _check_names(path: Path, relative_path: str, log: UndoLog) -> tuple[int, ...]:
    """Return the identity of a file. Raise SourceRetained if it is a link or has several names."""
    with reading(path):
        file_stat = os.lstat(path)
    if not stat.S_ISREG(file_stat.st_mode):
        raise SourceRetained(RetentionReason.LINK)
    if file_stat.st_nlink > 1:
        # A process that was killed may have linked the source to its backup.
        entries = log.list_of_source(relative_path)
        own = {entry.backup for entry in entries if _is_same_file(entry.backup, file_stat)}
        if file_stat.st_nlink > 1 + len(own):
            count = file_stat.st_nlink - len(own)
            raise SourceRetained(Message(RetentionReason.SEVERAL_NAMES, {"count": count}))
    return file_stat.st_dev, file_stat.st_ino, file_stat.st_size, file_stat.st_mtime_ns


def _is_same_file(path: str, file_stat: os.stat_result) -> bool:
    try:
        return os.path.samestat(os.lstat(path), file_stat)
    except OSError:
        return False


def check_unchanged(source: SourceFile, log: UndoLog) -> None:
    """Raise UnreadableFile or SourceRetained if a source is not as it was when it was read."""
    if _check_names(source.path, source.relative_path, log) != source.identity:
        raise UnreadableFile(source.path, ReadFailure.CHANGED)


def check_target(source: SourceFile, target: Path) -> None:
    """Raise SourceRetained if another file has the path of a result."""
    if target != source.path and os.path.lexists(target):
        raise SourceRetained(Message(RetentionReason.NAME_TAKEN, {"name": target.name}))


def replace_source(
    source: SourceFile, result: NewResult, place: BackupPlace, log: UndoLog
) -> UndoEntry:
    """Replace a source by its result, see the module's documentation.

    Args:
        source: The source as it was when it was read.
        result: The result.
        place: Place of the backup.
        log: Locked undo log.

    Returns:
        The entry of the undo log.

    Raises:
        SourceRetained: If the source cannot be replaced.
        ResultNotVerified: If the file is not what was to be written.
        UnreadableFile: If the source has changed.
        UnwritableOutput: If the system refuses, or if the backup is not a copy of the source.
    """
    check_target(source, result.target)
    with writing(result.target):
        temporary_path = create_temporary_file(result.target)
    try:
        attributes, result_sha256 = _write_and_verify(source, result, temporary_path)
        check_unchanged(source, log)
        entry = _back_up(source, result, result_sha256, attributes, place, log)
        check_unchanged(source, log)
        log.add(entry.at_step(UndoStep.REPLACE))
        _check_unchanged_after_log(source, entry, log)
        with writing(result.target):
            if result.target == source.path:
                rename_durably(temporary_path, result.target)
            else:
                try:
                    move_to_free_name(temporary_path, result.target)
                except FileExistsError:
                    check_target(source, result.target)
                    raise
                remove_source(source, log)
    except BaseException:
        temporary_path.unlink(missing_ok=True)
        raise
    return entry.at_step(UndoStep.REPLACE)


def _check_unchanged_after_log(source: SourceFile, entry: UndoEntry, log: UndoLog) -> None:
    """Check a source immediately before its name changes, since a synchronized line takes time.

    If the source has changed, another line says that there is nothing to undo.
    """
    try:
        check_unchanged(source, log)
    except (SourceRetained, UnreadableFile):
        log.add(entry.at_step(UndoStep.UNDO))
        raise


def remove_source(source: SourceFile, log: UndoLog) -> None:
    """Remove the name of a source whose result has a new name and whose backup is complete.

    Raises:
        UnreadableFile, SourceRetained: If the source is not as it was when it was read.
        OSError: If the system refuses.
    """
    check_unchanged(source, log)
    os.unlink(source.path)
    sync_folder(source.path.parent)


def _write_and_verify(
    source: SourceFile, result: NewResult, path: Path
) -> tuple[FileAttributes, str]:
    """Write a result to a file; return the attributes of its source and the result's SHA-256."""
    with writing(result.target):
        attributes = read_attributes(source.path)
        sha256 = write_content(result.spans, path)
        if missing := apply_attributes(path, attributes):
            reason = Message(RetentionReason.ATTRIBUTES, {"attribute": missing[0]})
            raise SourceRetained(reason)
        sync_file(path)
    if compute_file_sha256(path) != sha256:
        raise ResultNotVerified(source.path, VerificationFailure.BYTES)
    try:
        result.verify(path)
    except ResultNotVerified:
        raise
    except CoreError as error:
        raise ResultNotVerified(source.path, str(error)) from error
    return attributes, sha256


def _back_up(
    source: SourceFile,
    result: NewResult,
    result_sha256: str,
    attributes: FileAttributes,
    place: BackupPlace,
    log: UndoLog,
) -> UndoEntry:
    """Make the backup of a source, after a line in the undo log; return that line.

    A backup that a killed process has made is used again.
    """
    backup = find_complete_backup(source, place, log)
    is_complete = backup is not None
    absolute_path = source.path.parent.resolve() / source.path.name
    while True:
        backup = backup or place.reserve(absolute_path, PurePosixPath(source.relative_path))
        entry = UndoEntry(
            step=UndoStep.BACKUP.value,
            source=source.relative_path,
            target=result.target.relative_to(log.folder).as_posix(),
            source_sha256=source.sha256,
            result_sha256=result_sha256,
            backup_kind=place.kind.value,
            backup=str(backup.path),
            trash_info="" if backup.trash_info is None else str(backup.trash_info),
            mode=attributes.mode,
            uid=attributes.uid,
            gid=attributes.gid,
            mtime_ns=attributes.mtime_ns,
            extended=encode_extended_attributes(attributes.extended),
        )
        log.add(entry)
        if is_complete or make_backup(source.path, backup, source.sha256):
            return entry
        backup = None


def find_complete_backup(source: SourceFile, place: BackupPlace, log: UndoLog) -> Backup | None:
    """Return a complete backup that a killed process has made at a place, None without one.

    Raises the errors of `UndoLog.list_latest`.
    """
    for entry in log.list_of_source(source.relative_path):
        path, info = Path(entry.backup), Path(entry.trash_info) if entry.trash_info else None
        if (
            entry.source_sha256 == source.sha256
            and entry.backup_kind == place.kind
            and path.is_relative_to(place.folder)
            and (info is None or info.is_file())
            and has_sha256(path, source.sha256)
        ):
            return Backup(path, info)
    return None


def has_sha256(path: Path, sha256: str) -> bool:
    """Return whether a path is a regular file, not a link, with a SHA-256 in hexadecimal."""
    try:
        return stat.S_ISREG(os.lstat(path).st_mode) and compute_file_sha256(path) == sha256
    except (OSError, UnreadableFile):
        return False
