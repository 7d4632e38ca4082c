"""The originals that the results of a batch replace on the command line."""

from __future__ import annotations

import shlex
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from app import COMMAND
from app.cli.console import print_note
from ddrm_core.batch.output_paths import PlannedFile
from ddrm_core.batch.replacement.backups import BackupPlace
from ddrm_core.batch.replacement.plan import plan_replacements
from ddrm_core.batch.replacement.undo_log import BackupKind, UndoLog
from ddrm_core.batch.settings import BatchSettings

if TYPE_CHECKING:  # loads torch, which invalid options do not need
    from ddrm_core.batch.replacement.dry_run import ReplacementPlanner
    from ddrm_core.batch.workers.restorer import BatchRestorer
    from ddrm_core.prior.denoiser import Prior


@dataclass(frozen=True, slots=True)
class ReplacedOriginals:
    """The originals of a batch, the place of their backups, and the names of their results.

    Attributes:
        place: Place of the backups.
        log: Undo log of the folder of the originals.
        suffix: Suffix of results, None for the names of the originals.
    """

    place: BackupPlace
    log: UndoLog
    suffix: str | None

    def list_excluded(self) -> tuple[Path, ...]:
        """Return files and folders that are not searched for originals: all backups.

        Raises UnreadableFile if the undo log cannot be read.
        """
        return self.place.folder, *self.log.list_backups()

    def plan(self, sources: Sequence[Path]) -> tuple[PlannedFile, ...]:
        """Return the originals with the paths of their results."""
        return plan_replacements(sources, self.suffix)

    def create_planner(self, settings: BatchSettings) -> ReplacementPlanner:
        """Return the planner of a dry run."""
        from ddrm_core.batch.replacement.dry_run import ReplacementPlanner

        return ReplacementPlanner(settings, self.log, self.suffix)

    def create_restorer(self, settings: BatchSettings, prior: Prior) -> BatchRestorer:
        """Return the restorer that replaces the originals.

        Raises the errors of `ReplacingRestorer`.
        """
        from ddrm_core.batch.replacement.restorer import ReplacingRestorer
        from ddrm_core.batch.replacement.run import Replacement

        return ReplacingRestorer(settings, prior, Replacement(self.place, self.log, self.suffix))

    def print_summary(self, replaced_count: int, retained_count: int) -> None:
        """Print where the originals are, and how to undo the replacements."""
        if retained_count:
            print_note(
                f"{_count(retained_count, 'stays', 'stay')} as before, for the reasons above"
            )
        if replaced_count:
            is_trash = self.place.kind is BackupKind.TRASH
            place = "the trash" if is_trash else str(self.place.folder)
            undo = f"`{COMMAND} batch {shlex.quote(str(self.log.folder))} --undo`"
            print_note(
                f"{_count(replaced_count, 'is', 'are')} in {place}; to undo this, use {undo}"
            )


def _count(number: int, singular_verb: str, plural_verb: str) -> str:
    return f"1 original {singular_verb}" if number == 1 else f"{number} originals {plural_verb}"
