"""The replacement of the sources of batch items on a worker thread."""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from app.config.paths import home_trash_folder
from ddrm_core.batch.outcome import FileOutcome, FileState
from ddrm_core.batch.output_check import check_output_folder
from ddrm_core.batch.replacement.backups import BackupFolder, BackupPlace
from ddrm_core.batch.replacement.plan import plan_replacements
from ddrm_core.batch.replacement.reasons import RetentionReason
from ddrm_core.batch.replacement.trash import find_trash
from ddrm_core.batch.replacement.undo_log import UndoLog
from ddrm_core.batch.settings import BatchSettings
from ddrm_core.cancel import CancelToken

if TYPE_CHECKING:  # imports torch, which takes seconds
    from ddrm_core.prior.denoiser import Prior
    from ddrm_core.restoration.step import RunStep


@dataclass(frozen=True, slots=True)
class ReplacementChoice:
    """The choice that the results of a batch replace their originals.

    Attributes:
        backup_folder: Folder to which the originals move, None for the trash.
    """

    backup_folder: Path | None = None


@dataclass(frozen=True, slots=True)
class ReplacementPlan:
    """The originals that one start of a batch replaces.

    Attributes:
        folder: Folder that contains all originals, and their undo log.
        choice: Place to which the originals move.
        item_ids: Numbers of the batch items that the user has agreed to replace.
    """

    folder: Path
    choice: ReplacementChoice
    item_ids: frozenset[int]


class SourceReplacer:
    """An object that replaces sources by results, and keeps the undo log in memory.

    Not thread-safe.
    """

    def __init__(self) -> None:
        self._log: UndoLog | None = None
        self._log_size = 0
        self._earlier_backups: frozenset[Path] = frozenset()

    def prepare(self, plan: ReplacementPlan) -> None:
        """Check whether the place of the backups and the undo log can be used.

        Raises:
            TrashUnavailable: If the system has no trash that the program can use.
            UnwritableOutput: If backups or the undo log cannot be written.
            UnreadableFile: If the undo log cannot be read.
            FolderInUse: If another process replaces sources of the folder.
        """
        if plan.choice.backup_folder is not None:
            check_output_folder(plan.choice.backup_folder)
        find_backup_place(plan)
        with self._find_log(plan.folder).lock():
            self._remember_size()

    def replace(
        self,
        source: Path,
        plan: ReplacementPlan,
        settings: BatchSettings,
        prior: Prior,
        token: CancelToken,
    ) -> Generator[RunStep, None, FileOutcome]:
        """Restore a source and replace it by its result; see `replace_file`.

        The folder is locked meanwhile. A source that is the backup of another one stays.

        Raises:
            FolderInUse: If another process replaces sources of the folder.
            OperationCancelled: If `token` was cancelled; the source stays as it is.
        """
        from ddrm_core.batch.replacement.run import Replacement, replace_file

        [file] = plan_replacements([source], None)
        log = self._find_log(plan.folder)
        if source.resolve() in self._earlier_backups:
            return FileOutcome(
                file, source, FileState.NOT_REPLACED, retention_reason=RetentionReason.BACKUP
            )
        with log.lock():
            replacement = Replacement(find_backup_place(plan), log)
            try:
                return (yield from replace_file(file, settings, prior, replacement, token))
            finally:
                self._remember_size()

    def _find_log(self, folder: Path) -> UndoLog:
        """Return the log in memory, or a new one if another program has changed the file."""
        log = self._log
        if log is None or log.folder != folder or _measure(log.path) != self._log_size:
            log = self._log = UndoLog(folder)
            self._earlier_backups = frozenset(log.list_backups())
            self._remember_size()
        return log

    def _remember_size(self) -> None:
        assert self._log is not None
        self._log_size = _measure(self._log.path)


def find_backup_place(plan: ReplacementPlan) -> BackupPlace:
    """Return the place to which the originals of a plan move.

    Raises TrashUnavailable or UnwritableOutput if there is no such place.
    """
    if plan.choice.backup_folder is not None:
        return BackupFolder(plan.choice.backup_folder.resolve())
    return find_trash(plan.folder.resolve(), home_trash_folder())


def _measure(path: Path) -> int:
    """Return the size of a file in bytes, 0 if there is none."""
    return path.stat().st_size if path.exists() else 0
