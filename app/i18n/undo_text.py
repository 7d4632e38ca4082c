"""Texts about replacements that could not be undone, for the window and the command line."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from app.i18n.translation import tr
from ddrm_core.batch.replacement.undo import UndoOutcome, UndoState
from ddrm_core.errors import CoreError


def undo_failure_text(
    outcome: UndoOutcome, folder: Path, format_error: Callable[[CoreError], str]
) -> str:
    """Return the reason why an original is not back, and where the original is.

    Args:
        outcome: Outcome of a replacement that was not undone.
        folder: Folder of the undo log.
        format_error: Function that words an error and its advice as one line.
    """
    where = _backup_text(outcome)
    match outcome.state:
        case UndoState.CHANGED:
            text = tr("{target} was changed since; {where}")
        case UndoState.MISSING:
            text = tr("there is no {target} any more; {where}")
        case UndoState.NAME_TAKEN:
            text = tr("another file has this name; {where}")
        case UndoState.OUTSIDE:
            text = tr("a link leads out of {folder}; {where}")
        case UndoState.NO_BACKUP:
            return where
        case UndoState.FAILED if outcome.error is not None:
            return f"{format_error(outcome.error)} {where[:1].upper()}{where[1:]}"
        case state:
            raise ValueError(state)
    target = outcome.target.relative_to(folder)
    return text.format(target=target, folder=folder, where=where)


def _backup_text(outcome: UndoOutcome) -> str:
    """Return where the original is, without a period."""
    if outcome.is_backup_found and outcome.in_trash:
        text = tr("the original is in the trash, {backup}")
    elif outcome.is_backup_found:
        text = tr("the original is in {backup}")
    elif outcome.in_trash:
        text = tr("the original is not in the trash any more ({backup})")
    else:
        text = tr("the original is not at {backup} any more")
    return text.format(backup=outcome.backup)
