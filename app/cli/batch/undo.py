"""Undoing of replacements by `batch --undo`."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import typer

from app.cli.batch.replacement_options import check_folder
from app.cli.console import format_failure, print_note, print_progress, print_summary
from ddrm_core.batch.replacement.undo import UndoOutcome, UndoState, undo_replacements


def undo_batch(folder: Path) -> int:
    """Give the replaced originals of a folder their names back; return how many have not.

    Raises:
        UnreadableFile: If the folder does not exist.
        NothingToUndo, FolderInUse, UnwritableOutput: See `undo_replacements`.
    """
    check_folder(folder)
    counts = Counter[bool]()
    for outcome in undo_replacements(folder):
        is_done = outcome.state is UndoState.DONE
        counts[is_done] += 1
        name = outcome.source.relative_to(folder)
        if is_done:
            print_progress(f"{name}: the original is back")
            if outcome.lost_attributes:
                attributes = ", ".join(map(str, outcome.lost_attributes))
                print_note(f"{name}: not given back: {attributes}")
        else:
            typer.echo(f"Error: {name}: {_format_reason(outcome, folder)}", err=True)
    if counts:
        print_summary(f"{folder}: {_count(counts[True])} back, {counts[False]} not")
    else:
        print_summary(f"{folder}: all originals were back before")
    return counts[False]


def _count(number: int) -> str:
    return "1 original is" if number == 1 else f"{number} originals are"


def _format_reason(outcome: UndoOutcome, folder: Path) -> str:
    """Return the reason why an original is not back, and where it is."""
    if outcome.is_backup_found:
        place = "in the trash, " if outcome.in_trash else "in "
        where = f"the original is {place}{outcome.backup}"
    elif outcome.in_trash:
        where = f"the original is not in the trash any more ({outcome.backup})"
    else:
        where = f"the original is not at {outcome.backup} any more"
    target = outcome.target.relative_to(folder)
    match outcome.state:
        case UndoState.CHANGED:
            return f"{target} was changed since; {where}"
        case UndoState.MISSING:
            return f"there is no {target} any more; {where}"
        case UndoState.NAME_TAKEN:
            return f"another file has this name; {where}"
        case UndoState.OUTSIDE:
            return f"a link leads out of {folder}; {where}"
        case UndoState.NO_BACKUP:
            return where
        case UndoState.FAILED if outcome.error is not None:
            return f"{format_failure(outcome.error)} {where[:1].upper()}{where[1:]}"
        case state:
            raise ValueError(state)
