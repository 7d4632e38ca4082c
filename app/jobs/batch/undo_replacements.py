"""The job that undoes the replacements in a folder."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from app.i18n.error_messages import message_from_error
from app.i18n.translation import translate
from app.i18n.undo_text import undo_failure_text
from ddrm_core.batch.replacement.undo import UndoState, undo_replacements
from ddrm_core.errors import CoreError, UnreadableFile
from ddrm_core.os_errors import SystemFailure


@dataclass(frozen=True, slots=True)
class UndoReport:
    """The outcome of undoing all replacements in a folder.

    Attributes:
        folder: Folder of the originals.
        restored: Originals that have their names back.
        failures: A line for each original that is not back, with the reason.
        losses: A line for each original that is back without some of its attributes.
    """

    folder: Path
    restored: tuple[Path, ...]
    failures: tuple[str, ...]
    losses: tuple[str, ...]


def undo_replacements_job(folder: Path) -> UndoReport:
    """Give the replaced originals of a folder their names back.

    Raises:
        UnreadableFile: If the folder does not exist.
        NothingToUndo, FolderInUse, UnwritableOutput: See `undo_replacements`.
    """
    if not folder.is_dir():
        raise UnreadableFile(folder, SystemFailure.ENOENT)
    restored: list[Path] = []
    failures: list[str] = []
    losses: list[str] = []
    for outcome in undo_replacements(folder):
        name = outcome.source.relative_to(folder)
        if outcome.state is not UndoState.DONE:
            failures.append(f"{name}: {undo_failure_text(outcome, folder, _format_error)}")
            continue
        restored.append(outcome.source)
        if outcome.lost_attributes:
            losses.append(f"{name}: {', '.join(map(translate, outcome.lost_attributes))}")
    return UndoReport(folder, tuple(restored), tuple(failures), tuple(losses))


def _format_error(error: CoreError) -> str:
    return message_from_error(error).as_line()
