"""Options of `batch` for the replacement of originals and its undoing."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import typer

from app.cli.batch.originals import ReplacedOriginals
from app.cli.batch.places import BatchPlace
from app.cli.local_paths import check_is_local
from app.config.paths import home_trash_folder
from ddrm_core.batch.output_check import check_output_folder
from ddrm_core.batch.replacement.backups import BackupFolder, BackupPlace
from ddrm_core.batch.replacement.trash import Trash, find_trash
from ddrm_core.batch.replacement.undo_log import UndoLog
from ddrm_core.errors import InvalidSetting, UnreadableFile
from ddrm_core.formats.suffixes import WRITABLE_JPEG_SUFFIXES, WRITABLE_SUFFIXES
from ddrm_core.os_errors import SystemFailure

_TRASH = "trash"
_LOSSLESS_SUFFIXES = tuple(
    suffix for suffix in WRITABLE_SUFFIXES if suffix not in WRITABLE_JPEG_SUFFIXES
)


@dataclass(frozen=True, slots=True, kw_only=True)
class ReplacementOptions:
    """The options that decide whether results replace their originals.

    Attributes:
        replace_originals: Place of the originals: "trash" or a folder; None if results do not
            replace originals.
        replace_suffix: Suffix of results, None for the names of the originals.
        undo: Whether replacements are undone instead.
    """

    replace_originals: Annotated[
        str | None,
        typer.Option(
            metavar="trash|FOLDER",
            help="Give the results the names of their originals, which move to the trash or to this"
            " folder, instead of writing the results to --output; --undo brings them back.",
        ),
    ] = None
    replace_suffix: Annotated[
        str | None,
        typer.Option(
            metavar="SUFFIX",
            help="With --replace-originals, write lossless results, whose names have this suffix"
            f" instead: {', '.join(_LOSSLESS_SUFFIXES)}.",
        ),
    ] = None
    undo: Annotated[
        bool,
        typer.Option(
            "--undo",
            help="Give replaced originals their names back; results that were changed since stay"
            " and are listed.",
        ),
    ] = False

    def __post_init__(self) -> None:
        """Raise InvalidSetting for an empty folder, for one in an object store, or for a suffix.

        A suffix must be that of a lossless format.
        """
        if self.replace_originals == "":
            raise InvalidSetting("--replace-originals", "empty", "trash, or a folder")
        if self.replace_originals is not None:
            check_is_local("--replace-originals", self.replace_originals)
        if self.replace_suffix is None:
            return
        if self.replace_suffix.lower() not in _LOSSLESS_SUFFIXES:
            allowed = ", ".join(_LOSSLESS_SUFFIXES)
            raise InvalidSetting("--replace-suffix", self.replace_suffix, allowed)
        if self.replace_originals is None:
            raise InvalidSetting(
                "--replace-suffix", "used alone", "only together with --replace-originals"
            )

    def check_undo(self, conflicts: Mapping[str, bool]) -> None:
        """Raise InvalidSetting if another option contradicts `--undo`.

        Args:
            conflicts: Whether each contradicting option was given, by name.
        """
        _check_conflicts(
            "--undo", {"--replace-originals": self.replace_originals is not None, **conflicts}
        )

    def create_originals(
        self, place: BatchPlace, conflicts: Mapping[str, bool], *, is_dry_run: bool
    ) -> ReplacedOriginals | None:
        """Return the originals that are to be replaced, None if results have an output folder.

        Args:
            place: Place of the originals.
            conflicts: Whether each contradicting option was given, by name.
            is_dry_run: Whether no trash folder is created.

        Raises:
            InvalidSetting: If another option contradicts the replacement, if the originals are in
                an object store, or if the folder of the backups is that of the originals.
            UnreadableFile: If the folder does not exist.
            TrashUnavailable: If the system has no trash that the program can use.
            UnwritableOutput: If backups cannot be written.
        """
        if self.replace_originals is None:
            return None
        _check_conflicts("--replace-originals", conflicts)
        folder = place.require_folder("--replace-originals")
        check_folder(folder)
        backup_place: BackupPlace
        if self.replace_originals == _TRASH:
            home_trash = home_trash_folder()
            backup_place = (
                Trash(home_trash) if is_dry_run else find_trash(folder.resolve(), home_trash)
            )
        else:
            backup_folder = Path(self.replace_originals)
            if backup_folder.exists() and os.path.samefile(backup_folder, folder):
                allowed = "another folder than that of the originals"
                raise InvalidSetting("--replace-originals", backup_folder, allowed)
            check_output_folder(backup_folder)
            backup_place = BackupFolder(backup_folder.resolve())
        return ReplacedOriginals(backup_place, UndoLog(folder), self.replace_suffix)


def check_folder(folder: Path) -> None:
    """Raise UnreadableFile if a folder does not exist or is a file."""
    if not folder.is_dir():
        failure = SystemFailure.ENOTDIR if folder.exists() else SystemFailure.ENOENT
        raise UnreadableFile(folder, failure)


def _check_conflicts(option: str, conflicts: Mapping[str, bool]) -> None:
    for other, is_given in conflicts.items():
        if is_given:
            raise InvalidSetting(option, f"combined with {other}", "one of the two options")
