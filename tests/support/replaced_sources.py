"""A folder with a source that is replaced, without a network."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from ddrm_core.batch.replacement.backups import BackupFolder, BackupPlace
from ddrm_core.batch.replacement.replace_source import NewResult, read_source_file, replace_source
from ddrm_core.batch.replacement.trash import Trash
from ddrm_core.batch.replacement.undo import UndoOutcome, undo_replacements
from ddrm_core.batch.replacement.undo_log import UNDO_LOG_NAME, UndoEntry, UndoLog

ORIGINAL, RESULT = b"the bytes of the camera", b"the bytes of the result"
DATE_NS = 1_234_567_890_000_000_000
MODE = 0o640


@dataclass(frozen=True)
class Album:
    """A folder with the source "sub/photo.jpg", and the places of its backups.

    Attributes:
        root: Folder that contains everything.
        suffix: Suffix of the result, None for the name of the source.
    """

    root: Path
    suffix: str | None = None

    @property
    def folder(self) -> Path:
        return self.root / "album"

    @property
    def source(self) -> Path:
        return self.folder / "sub" / "photo.jpg"

    @property
    def target(self) -> Path:
        return self.source if self.suffix is None else self.source.with_suffix(self.suffix)

    @property
    def backup_folder(self) -> BackupFolder:
        return BackupFolder(self.root / "backup")

    @property
    def trash(self) -> Trash:
        return Trash(self.root / "Trash")

    def create(self) -> Album:
        """Write the source with its date and its permissions."""
        self.source.parent.mkdir(parents=True)
        self.source.write_bytes(ORIGINAL)
        self.source.chmod(MODE)
        os.utime(self.source, ns=(DATE_NS, DATE_NS))
        return self

    def replace(self, place: BackupPlace, result: bytes = RESULT) -> UndoEntry:
        """Replace the source by a result."""
        log = UndoLog(self.folder)
        with log.lock():
            new_result = NewResult((result,), self.target, lambda _path: None)
            return replace_source(read_source_file(self.source, log), new_result, place, log)

    def undo(self) -> list[UndoOutcome]:
        """Undo all replacements in the folder."""
        return list(undo_replacements(self.folder))

    def visible(self) -> dict[str, bytes]:
        """Return the bytes of the files in the folder that are not hidden, by relative path."""
        return visible_files(self.folder)


def visible_files(folder: Path) -> dict[str, bytes]:
    """Return the bytes of the files below a folder that are not hidden, by relative path."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and not path.name.startswith(".")
    }


def log_lines(folder: Path) -> list[bytes]:
    """Return the lines of a folder's undo log."""
    return [line for line in (folder / UNDO_LOG_NAME).read_bytes().split(b"\n") if line]
