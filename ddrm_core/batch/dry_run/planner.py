"""The decisions of a batch before it starts, without a run and without writing."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from ddrm_core.batch.dry_run.outcome import PlannedAction, PlannedOutcome
from ddrm_core.batch.existing_results import (
    ExistingResults,
    find_existing_results,
    find_result_to_keep,
)
from ddrm_core.batch.file_tracker import BatchFileTracker, BatchTracker
from ddrm_core.batch.manifest.manifest import Manifest
from ddrm_core.batch.output_paths import PlannedFile
from ddrm_core.batch.placement import choose_placement, find_supported_target
from ddrm_core.batch.selection.copy_other_file import find_copy_path
from ddrm_core.batch.selection.open_selected import open_selected
from ddrm_core.batch.settings import BatchSettings
from ddrm_core.batch.source_access import FILE_SYSTEM, SourceAccess
from ddrm_core.cancel import CancelToken
from ddrm_core.errors import CompressionNotDetected, CoreError, OutputExists
from ddrm_core.export.encode_result import check_export
from ddrm_core.files.hashing import compute_file_sha256
from ddrm_core.jpeg.image import JpegImage
from ddrm_core.performance.cost_estimate import create_placeholder_image
from ddrm_core.restoration.assumption import CompressionAssumption
from ddrm_core.restoration.source import SourceImage


@dataclass(slots=True)
class BatchPlanner:
    """A planner that decides for one file after another what a batch would do.

    Every file is read, so that damaged files and earlier results are found; nothing is restored and
    nothing is written.

    Attributes:
        settings: Settings of the batch.
        prior_identity: `PriorInfo.identity` of the prior, which is not loaded.
        manifest: Manifest of the folder of the results, which need not exist.
        tracker: Files of the same batch.
        sources: Access to the sources.
    """

    settings: BatchSettings
    prior_identity: str
    manifest: Manifest
    tracker: BatchTracker = field(default_factory=BatchFileTracker)
    sources: SourceAccess = FILE_SYSTEM
    # Results of this batch by the SHA-256 of source and settings: they are copied for files of the
    # same content.
    _planned_results: dict[tuple[str, str], Path] = field(default_factory=dict, init=False)
    _token: CancelToken = field(default_factory=CancelToken, init=False)

    def plan_files(self, files: Sequence[PlannedFile]) -> Iterator[PlannedOutcome]:
        """Yield the action for each file, in the order of the batch.

        Raises:
            UnreadableFile: If the manifest cannot be read.
        """
        self.tracker.add(files)
        for file in files:
            self.tracker.start_file(file)
            try:
                outcome = self._plan_file(file)
            except CoreError as error:
                yield PlannedOutcome(file, PlannedAction.FAIL, file.target, error=error)
                continue
            if outcome.action is not PlannedAction.LEAVE:
                self.tracker.finish_file(file, outcome.target)
            yield outcome

    def _plan_file(self, file: PlannedFile) -> PlannedOutcome:
        settings = self.settings
        known_sha256 = None if settings.selection.is_active else self.sources.find_content(file)
        if known_sha256 is not None:
            kept = self._find_kept(self._find_existing(file, known_sha256, settings), file)
            if kept is not None:
                return kept
        with self.sources.open(file, self._token) as opened_file:
            outcome = self._plan_opened_file(opened_file)
        return replace(outcome, file=file)

    def _find_existing(
        self, file: PlannedFile, source_sha256: str, settings: BatchSettings
    ) -> ExistingResults:
        settings_sha256 = settings.compute_sha256(self.prior_identity, file.target.suffix)
        return find_existing_results(
            file, source_sha256, settings_sha256, self.manifest, self.tracker
        )

    def _find_kept(self, existing: ExistingResults, file: PlannedFile) -> PlannedOutcome | None:
        """Return the action for a file whose earlier result stays, None for any other file."""
        kept = find_result_to_keep(existing, redo=self.settings.redo)
        if kept is None:
            return None
        action = PlannedAction.SKIP if kept is existing.same_settings else PlannedAction.KEEP
        return PlannedOutcome(file, action, self.manifest.folder / kept.target)

    def _plan_opened_file(self, file: PlannedFile) -> PlannedOutcome:
        """Return the action for a file whose source is in the file system."""
        settings, opened = self.settings, None
        source_sha256 = compute_file_sha256(file.source)
        if settings.selection.assume_earlier:
            # The settings of the result, and so its earlier results, depend on the file's levels.
            opened = open_selected(file, settings, self._token)
            settings = opened.settings
        settings_sha256 = settings.compute_sha256(self.prior_identity, file.target.suffix)
        existing = self._find_existing(file, source_sha256, settings)
        kept = self._find_kept(existing, file)
        if kept is not None:
            return kept
        copied_from = self._planned_results.get((source_sha256, settings_sha256))
        if existing.copy_source is not None:
            copied_from = self.manifest.folder / existing.copy_source.target
        size, channels, planned_target = (0, 0), 0, file.target
        if copied_from is None:
            opened = opened or open_selected(file, settings, self._token)
            if opened.selection is not None and not opened.selection.is_selected:
                return self._plan_other_file(file, source_sha256, existing)
            size, channels = _find_shape(opened.source, settings.assumption)
            image = create_placeholder_image(file.source, size, channels)
            planned_target = find_supported_target(file, image, settings.export)
            check_export(planned_target, image, settings.export)
        elif file.has_flexible_suffix:
            planned_target = file.target.with_suffix(copied_from.suffix)
        placement = choose_placement(
            *(planned_target, file, source_sha256, existing),
            *(settings, self.manifest, self.tracker),
        )
        if self.manifest.storage.exists(placement.target) and not placement.should_overwrite:
            raise OutputExists(placement.target)
        self._planned_results.setdefault((source_sha256, settings_sha256), placement.target)
        return PlannedOutcome(
            file,
            PlannedAction.RESTORE if copied_from is None else PlannedAction.COPY_RESULT,
            placement.target,
            size,
            channels,
            copied_from=copied_from,
            conflicting_result=placement.conflicting_result,
            source_bytes=file.source.stat().st_size,
        )

    def _plan_other_file(
        self, file: PlannedFile, source_sha256: str, existing: ExistingResults
    ) -> PlannedOutcome:
        """Return the action for a file that the selection rule does not select."""
        if not self.settings.selection.copies_others or existing.other_settings is not None:
            return PlannedOutcome(file, PlannedAction.LEAVE, file.target)
        path = find_copy_path(file, source_sha256, self.manifest, self.tracker)
        return PlannedOutcome(file, PlannedAction.COPY_SOURCE, path)


def _find_shape(
    source: SourceImage, assumption: CompressionAssumption
) -> tuple[tuple[int, int], int]:
    """Return size and channels of a file. Raise CompressionNotDetected if it has no levels."""
    if isinstance(source, JpegImage):
        return source.size, source.channels
    if source.previous_compression is None and assumption.quality is None:
        raise CompressionNotDetected(source.path)
    return source.size, len(source.pixels)
