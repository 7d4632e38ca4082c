"""Notes of `batch` about files that show signs of an earlier compression."""

from __future__ import annotations

from pathlib import Path

from app.cli.console import print_note
from ddrm_core.batch.outcome import FileOutcome
from ddrm_core.batch.selection.rule import SelectionRule


class SelectionNotes:
    """The files of a batch that could be restored for an earlier compression."""

    def __init__(self, rule: SelectionRule, *, is_watching: bool) -> None:
        """Create notes without files.

        Args:
            rule: Selection rule of the batch.
            is_watching: Whether a file can have several outcomes.
        """
        self._rule, self._count_with_signs = rule, 0
        self._watched_with_signs: set[Path] | None = set() if is_watching else None

    def add(self, outcome: FileOutcome) -> None:
        """Count the file of an outcome if its signs would select it where they are assumed."""
        sign = None if outcome.selection is None else outcome.selection.sign
        limit = self._rule.below_quality
        if sign is not None and (limit is None or sign.quality < limit):
            self._count_with_signs += 1
            if self._watched_with_signs is not None:
                self._watched_with_signs.add(outcome.file.source)
                self._count_with_signs = len(self._watched_with_signs)

    def print_note(self) -> None:
        """Print how many files could be restored for an earlier compression, if any."""
        count = self._count_with_signs
        if not count or self._rule.assume_earlier:
            return
        files = "1 file shows" if count == 1 else f"{count} files show"
        print_note(
            f"{files} signs of an earlier compression at lower quality; --assume-earlier restores"
            f" {'it' if count == 1 else 'them'} for that quality, which is estimated"
        )
