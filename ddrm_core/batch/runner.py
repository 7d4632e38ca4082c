"""Restoration of a batch, file by file."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable, Collection, Generator, Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from ddrm_core.batch.existing_results import (
    ExistingResults,
    find_existing_results,
    find_result_to_keep,
)
from ddrm_core.batch.file_tracker import BatchFileTracker, BatchTracker, OtherBatchFiles
from ddrm_core.batch.manifest.manifest import Manifest
from ddrm_core.batch.outcome import FileOutcome, FileState, strip_traceback
from ddrm_core.batch.output_paths import PlannedFile
from ddrm_core.batch.placement import OutputPlacement, find_supported_target, prepare_placement
from ddrm_core.batch.restore_and_encode import restore_and_encode
from ddrm_core.batch.selection.leave_other_file import leave_other_file
from ddrm_core.batch.selection.open_selected import SelectedFile, add_known_sign, select_source
from ddrm_core.batch.selection.search_log import SearchLog
from ddrm_core.batch.settings import BatchSettings
from ddrm_core.batch.source_access import FILE_SYSTEM, SourceAccess
from ddrm_core.batch.write_result import ResultOrigin, find_fatal_write_error, write_result
from ddrm_core.cancel import CancelToken
from ddrm_core.errors import OperationCancelled, OutputExists, UnreadableFile
from ddrm_core.export.encode_result import check_export
from ddrm_core.export.result_content import ContentSpan
from ddrm_core.files.hashing import hash_file
from ddrm_core.jpeg.reasons import ReadFailure
from ddrm_core.messages import Description
from ddrm_core.os_errors import reading
from ddrm_core.prior.denoiser import Prior
from ddrm_core.restoration.source import PixelImage, jpeg_image_from_source
from ddrm_core.restoration.step import RunStep
from ddrm_core.step_iterator import StepIterator

_MAX_WRITE_TRIES = 100


@dataclass(frozen=True, slots=True, eq=False)
class FileRestoreProgress:
    """Progress of a batch within one file.

    Attributes:
        number: Number of the file, from 1.
        file: Planned file.
        step: Latest step of the file's run, None before the first one and for a file that another
            process restores.
        fraction: Share of the evaluations that are done, 0 to 1.
    """

    number: int
    file: PlannedFile
    step: RunStep | None
    fraction: float = 0.0


def restore_files(
    files: Iterable[PlannedFile],
    settings: BatchSettings,
    prior: Prior,
    manifest: Manifest,
    token: CancelToken,
    tracker: BatchTracker | None = None,
    sources: SourceAccess = FILE_SYSTEM,
) -> Iterator[FileRestoreProgress | FileOutcome]:
    """Restore each file, yielding the progress of every step and the outcome of every file.

    The batch continues after a file that fails, unless no further result can be written
    (`FileOutcome.should_stop_batch`).

    Args:
        files: Files to restore; each is requested when the one before has ended.
        settings: Settings of all files.
        prior: Denoiser.
        manifest: Manifest of a folder that contains the targets.
        token: Cancel token, checked several times a second.
        tracker: Files of the same batch, None without any others; `files` are added if they are a
            collection.
        sources: Access to the sources.

    Raises:
        OperationCancelled: If `token` is cancelled; nothing is written for the current file.
    """
    tracker = tracker or BatchFileTracker()
    if isinstance(files, Collection):
        tracker.add(files)
    for number, file in enumerate(files, 1):
        yield FileRestoreProgress(number, file, None)
        tracker.start_file(file)
        steps = StepIterator(
            restore_file(file, settings, prior, manifest, token, tracker, sources=sources)
        )
        for step in steps:
            fraction = step.evaluations_done / step.total_evaluations
            yield FileRestoreProgress(number, file, step, fraction)
        outcome = steps.result
        if outcome.state.has_target:
            tracker.finish_file(file, outcome.target)
        yield outcome
        if outcome.should_stop_batch:
            return


def restore_file(
    file: PlannedFile,
    settings: BatchSettings,
    prior: Prior,
    manifest: Manifest,
    token: CancelToken,
    other_files: OtherBatchFiles | None = None,
    claim_content: Callable[[str], object] | None = None,
    sources: SourceAccess = FILE_SYSTEM,
) -> Generator[RunStep, None, FileOutcome]:
    """Restore one file, yielding every step; the generator's return value is the file's outcome.

    A file whose content was restored before with the same settings is not restored again: the file
    is skipped if the result is at one of its possible targets, otherwise the result is copied to
    the planned target. A result of the same content with other settings is kept, or replaced if
    `redo` is set. If the planned target is a result of other content, the new result gets a
    numbered name. Any other file at the target, such as a result that was changed, is an error. If
    `overwrite` is set, every file at the planned target is replaced instead. Missing folders of the
    target are created. A file that the selection rule does not select, and that has no result, is
    left as it is or copied.

    Args:
        file: Planned file.
        settings: Settings of the batch.
        prior: Denoiser.
        manifest: Manifest of a folder that contains the target.
        token: Cancel token, checked several times a second.
        other_files: The other files of the batch, None without any.
        claim_content: Function that is called with the SHA-256 of the source's bytes, in
            hexadecimal, before the file is restored. The function raises ContentInProgress if
            another process is restoring a file of this content, whose result can be copied. None
            if no other process restores files of the batch.
        sources: Access to the sources.

    Raises:
        OperationCancelled: If `token` is cancelled; no result is written.
        ContentInProgress: See `claim_content`; no result is written.
    """
    began = time.monotonic()
    task = _FileTask(file, settings, manifest, other_files or BatchFileTracker(), claim_content)
    try:
        return (yield from _find_or_restore(task, prior, token, sources))
    except OperationCancelled:
        raise
    # No error of one file may end the batch.
    except Exception as error:  # noqa: BLE001
        seconds = time.monotonic() - began
        fatal_error = find_fatal_write_error(error, manifest)
        return FileOutcome(
            file,
            file.target,
            FileState.FAILED,
            error=strip_traceback(fatal_error or error),
            seconds=seconds,
            should_stop_batch=fatal_error is not None,
        )


@dataclass(frozen=True, slots=True)
class _FileTask:
    """The arguments of `restore_file` that every function for one file needs.

    Attributes:
        file: Planned file with a source in the file system.
        settings: See `restore_file`.
        manifest: See `restore_file`.
        other_files: See `restore_file`.
        claim_content: See `restore_file`.
    """

    file: PlannedFile
    settings: BatchSettings
    manifest: Manifest
    other_files: OtherBatchFiles
    claim_content: Callable[[str], object] | None

    def hash_source(self, token: CancelToken) -> str:
        """Return the SHA-256 of the source in hexadecimal, after its content is claimed.

        Raise ContentInProgress if another process is restoring a file of this content.
        """
        digest = hashlib.sha256()
        for _ in hash_file(self.file.source, digest.update, token):
            pass
        source_sha256 = digest.hexdigest()
        if self.claim_content is not None:
            self.claim_content(source_sha256)
        return source_sha256

    def select_source(self, source_sha256: str, token: CancelToken) -> SelectedFile:
        """Return the decision of the selection rule; see the function of this name."""
        log = SearchLog(self.manifest)
        return select_source(self.file, source_sha256, self.settings, log, token)

    def prepare_placement(
        self, planned_target: Path, source_sha256: str, existing: ExistingResults
    ) -> OutputPlacement:
        """Choose the path of the result; see the function of this name."""
        return prepare_placement(
            *(planned_target, self.file, source_sha256, existing, self.settings, self.manifest),
            self.other_files,
        )


def _find_or_restore(
    task: _FileTask, prior: Prior, token: CancelToken, sources: SourceAccess
) -> Generator[RunStep, None, FileOutcome]:
    """Return the outcome of an earlier result if no byte need be read for it, else restore."""
    outcome = _find_known_outcome(task, prior, sources)
    if outcome is not None:
        return outcome

    def note_and_claim(source_sha256: str) -> None:
        sources.note_content(task.file, source_sha256)
        if task.claim_content is not None:
            task.claim_content(source_sha256)

    with sources.open(task.file, token) as opened_file:
        opened_task = replace(task, file=opened_file, claim_content=note_and_claim)
        outcome = yield from _restore_and_write(opened_task, prior, token)
    return replace(outcome, file=task.file)


def _restore_and_write(
    task: _FileTask, prior: Prior, token: CancelToken
) -> Generator[RunStep, None, FileOutcome]:
    file, rule, selected = task.file, task.settings.selection, None
    began, initial_stat = time.monotonic(), _read_size_and_mtime(file.source)
    source_sha256 = task.hash_source(token)
    if rule.assume_earlier:
        # The settings of the result, and so its earlier results, depend on the file's levels.
        selected = task.select_source(source_sha256, token)
        task = replace(task, settings=selected.settings)
    settings = task.settings
    settings_sha256 = settings.compute_sha256(prior.info.identity, file.target.suffix)
    existing = find_existing_results(
        file, source_sha256, settings_sha256, task.manifest, task.other_files
    )
    earlier = _reuse_existing_result(task, source_sha256, settings_sha256, existing)
    if earlier is not None:
        return add_known_sign(earlier, source_sha256, settings, rule, SearchLog(task.manifest))
    selected = selected or task.select_source(source_sha256, token)
    selection = selected.selection
    if selection is not None and not selection.is_selected:
        return leave_other_file(
            *(file, settings, selection, source_sha256, existing),
            *(task.manifest, task.other_files),
        )
    source = selected.open_source()
    image, export_settings = jpeg_image_from_source(source, settings.assumption), settings.export
    planned_target = find_supported_target(file, image, export_settings)
    check_export(planned_target, image, export_settings)
    task.prepare_placement(planned_target, source_sha256, existing)
    result, encoded = yield from restore_and_encode(image, planned_target, settings, prior, token)
    if _read_size_and_mtime(file.source) != initial_stat:
        raise UnreadableFile(file.source, ReadFailure.CHANGED)
    seconds = time.monotonic() - began
    origin = ResultOrigin(
        source_sha256, settings_sha256, encoded.consistency, result.evaluation_count, seconds
    )
    written = _choose_target_and_write(encoded.spans, planned_target, task, origin)
    if isinstance(written, FileOutcome):
        return written
    placement, date_notes = written
    previous_compression = None
    if isinstance(source, PixelImage) and settings.assumption.quality is None:
        previous_compression = source.previous_compression
    return FileOutcome(
        file,
        placement.target,
        FileState.DONE,
        consistency=encoded.consistency,
        verdict=encoded.verdict,
        seconds=seconds,
        evaluations=result.evaluation_count,
        notes=(*encoded.notes, *date_notes),
        damage=None if image.damage is None else image.damage.description,
        previous_compression=previous_compression,
        fallbacks=result.fallbacks,
        conflicting_result=placement.conflicting_result,
        selection=selection,
    )


def _find_known_outcome(task: _FileTask, prior: Prior, sources: SourceAccess) -> FileOutcome | None:
    """Return the outcome of a file whose earlier result is kept without reading the source.

    Return None if the source must be read: its content is not known, it has no result, or the
    selection rule needs its levels.
    """
    file, settings = task.file, task.settings
    source_sha256 = None if settings.selection.is_active else sources.find_content(file)
    if source_sha256 is None:
        return None
    settings_sha256 = settings.compute_sha256(prior.info.identity, file.target.suffix)
    # Without a request for each of a million files. A result that is not known yet is found when
    # the source was read.
    existing = find_existing_results(
        *(file, source_sha256, settings_sha256, task.manifest, task.other_files),
        reads_new_lines=False,
    )
    return _outcome_from_existing(task, existing)


def _outcome_from_existing(task: _FileTask, existing: ExistingResults) -> FileOutcome | None:
    """Return the outcome of a file whose earlier result is kept, None to restore the file."""
    entry = find_result_to_keep(existing, redo=task.settings.redo)
    if entry is None:
        return None
    state = FileState.SKIPPED if entry is existing.same_settings else FileState.KEPT_OTHER_SETTINGS
    result_path = task.manifest.folder / entry.target
    return FileOutcome(task.file, result_path, state, consistency=entry.consistency)


def _reuse_existing_result(
    task: _FileTask, source_sha256: str, settings_sha256: str, existing: ExistingResults
) -> FileOutcome | None:
    """Keep or copy an earlier result and return the outcome; None if the file is to be restored."""
    copy_source, file = existing.copy_source, task.file
    existing_outcome = _outcome_from_existing(task, existing)
    if existing_outcome is not None or copy_source is None:
        return existing_outcome
    result_path = task.manifest.folder / copy_source.target
    planned_target = (
        file.target.with_suffix(result_path.suffix) if file.has_flexible_suffix else file.target
    )
    task.prepare_placement(planned_target, source_sha256, existing)
    data = task.manifest.storage.read(result_path)
    if hashlib.sha256(data).hexdigest() != copy_source.sha256:
        return None
    consistency, evaluations = copy_source.consistency, copy_source.evaluations
    origin = ResultOrigin(
        source_sha256, settings_sha256, consistency, evaluations, copy_source.seconds
    )
    written = _choose_target_and_write((data,), planned_target, task, origin)
    if isinstance(written, FileOutcome):
        return written
    placement, date_notes = written
    return FileOutcome(
        file,
        placement.target,
        FileState.DONE,
        consistency=consistency,
        notes=date_notes,
        copied_from=result_path,
        conflicting_result=placement.conflicting_result,
    )


def _choose_target_and_write(
    spans: Sequence[ContentSpan], planned_target: Path, task: _FileTask, origin: ResultOrigin
) -> tuple[OutputPlacement, tuple[Description, ...]] | FileOutcome:
    """Choose a result's path anew, because files may have changed, and write the result.

    Returns:
        The path that was written, with a note if the source's date could not be kept; or the file's
        outcome if another process has written a result that makes this one unnecessary.

    Raise OutputExists if other processes write to each chosen path, again and again.
    """
    dated_by = task.file.source if task.settings.keep_date else None
    find_existing = partial(
        find_existing_results,
        *(task.file, origin.source_sha256, origin.settings_sha256, task.manifest),
        task.other_files,
    )
    for _ in range(_MAX_WRITE_TRIES):
        existing = find_existing()
        existing_outcome = _outcome_from_existing(task, existing)
        if existing_outcome is not None:
            return existing_outcome
        placement = task.prepare_placement(planned_target, origin.source_sha256, existing)
        if placement.should_overwrite and find_existing() != existing:
            continue  # the file to replace is a result that another process has just written
        with suppress(OutputExists):  # another process has created the file in the meantime
            return placement, write_result(spans, placement, task.manifest, origin, dated_by)
    raise OutputExists(planned_target)


def _read_size_and_mtime(path: Path) -> tuple[int, int]:
    with reading(path):
        file_stat = path.stat()
    return file_stat.st_size, file_stat.st_mtime_ns
