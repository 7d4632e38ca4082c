"""Undoing of replacements by `batch --undo`."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import typer

from app.cli.batch.replacement_options import check_folder
from app.cli.console import format_failure, print_note, print_progress, print_summary
from app.i18n.undo_text import undo_failure_text
from ddrm_core.batch.replacement.undo import UndoState, undo_replacements


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
            typer.echo(
                f"Error: {name}: {undo_failure_text(outcome, folder, format_failure)}", err=True
            )
    if counts:
        print_summary(f"{folder}: {_count(counts[True])} back, {counts[False]} not")
    else:
        print_summary(f"{folder}: all originals were back before")
    return counts[False]


def _count(number: int) -> str:
    return "1 original is" if number == 1 else f"{number} originals are"
