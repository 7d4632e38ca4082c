"""The decisions of a batch that replaces its sources, without a run and without writing."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from ddrm_core.batch.dry_run.outcome import PlannedAction, PlannedOutcome
from ddrm_core.batch.output_paths import PlannedFile
from ddrm_core.batch.replacement.prepare import EarlierReplacement, prepare_source
from ddrm_core.batch.replacement.reasons import SourceRetained
from ddrm_core.batch.replacement.undo_log import UndoLog
from ddrm_core.batch.settings import BatchSettings
from ddrm_core.cancel import CancelToken
from ddrm_core.errors import CoreError


@dataclass(frozen=True, slots=True)
class ReplacementPlanner:
    """A planner that decides for one source after another what a batch would do.

    A loss of metadata and a disagreement with the source are known only after a run.

    Attributes:
        settings: Settings of the batch.
        log: Undo log of the folder of all sources, which is only read.
        suffix: Suffix of the results, see `plan_replacements`.
    """

    settings: BatchSettings
    log: UndoLog
    suffix: str | None

    def plan_files(self, files: Iterable[PlannedFile]) -> Iterator[PlannedOutcome]:
        """Yield the action for each planned file of `plan_replacements`.

        Raises:
            UnreadableFile: If the undo log cannot be read.
        """
        self.log.list_latest()
        for file in files:
            try:
                yield self._plan_file(file)
            except SourceRetained as retained:
                reason = retained.reason
                yield PlannedOutcome(
                    file, PlannedAction.RETAIN, file.source, retention_reason=reason
                )
            except CoreError as error:
                yield PlannedOutcome(file, PlannedAction.FAIL, file.target, error=error)

    def _plan_file(self, file: PlannedFile) -> PlannedOutcome:
        prepared = prepare_source(file, self.settings, self.log, self.suffix, CancelToken())
        if isinstance(prepared, EarlierReplacement):
            return PlannedOutcome(file, PlannedAction.SKIP, file.target)
        image = prepared.image
        if image is None:
            return PlannedOutcome(file, PlannedAction.LEAVE, file.source)
        return PlannedOutcome(file, PlannedAction.RESTORE, file.target, image.size, image.channels)
