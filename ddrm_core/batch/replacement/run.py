"""Restoration of a batch whose results replace their sources, file by file."""

from __future__ import annotations

import time
from collections.abc import Generator, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from ddrm_core.batch.outcome import FileOutcome, FileState, strip_traceback
from ddrm_core.batch.output_paths import PlannedFile
from ddrm_core.batch.replacement.backups import BackupPlace
from ddrm_core.batch.replacement.prepare import EarlierReplacement, prepare_source
from ddrm_core.batch.replacement.reasons import RetentionReason, SourceRetained
from ddrm_core.batch.replacement.replace_source import NewResult, remove_source, replace_source
from ddrm_core.batch.replacement.undo_log import BackupKind, UndoLog
from ddrm_core.batch.replacement.verify_file import verify_written_file
from ddrm_core.batch.restore_and_encode import restore_and_encode
from ddrm_core.batch.runner import FileRestoreProgress
from ddrm_core.batch.settings import BatchSettings
from ddrm_core.batch.write_result import FATAL_FAILURES
from ddrm_core.cancel import CancelToken
from ddrm_core.errors import OperationCancelled, UnwritableOutput
from ddrm_core.export.encode_result import EncodedResult
from ddrm_core.files.atomic_write import remove_leftover_files
from ddrm_core.formats.capabilities import SaveFormat, save_format_from_path
from ddrm_core.jpeg.image import JpegImage
from ddrm_core.messages import Message
from ddrm_core.os_errors import writing
from ddrm_core.prior.denoiser import Prior
from ddrm_core.restoration.restore import Restoration
from ddrm_core.restoration.source import PixelImage
from ddrm_core.restoration.step import RunStep
from ddrm_core.restoration.verdict import VerdictReason
from ddrm_core.step_iterator import StepIterator

# The user has chosen the format, and levels that are estimated from pixels are no loss.
_ACCEPTED_REASONS: tuple[object, ...] = (VerdictReason.LOSSY, VerdictReason.NO_JPEG)


@dataclass(frozen=True, slots=True)
class Replacement:
    """The rule by which results replace their sources.

    Attributes:
        place: Place of the backups.
        log: Locked undo log of the folder of all sources.
        suffix: Suffix of the results, see `plan_replacements`.
    """

    place: BackupPlace
    log: UndoLog
    suffix: str | None = None


def replace_files(
    files: Iterable[PlannedFile],
    settings: BatchSettings,
    prior: Prior,
    replacement: Replacement,
    token: CancelToken,
) -> Iterator[FileRestoreProgress | FileOutcome]:
    """Restore each file and replace it by its result; yield progress and outcomes.

    The batch continues after a file that fails or stays, unless no further file can be written
    (`FileOutcome.should_stop_batch`).

    Args:
        files: Planned files of `plan_replacements`.
        settings: Settings of all files.
        prior: Denoiser.
        replacement: Place of the backups, and undo log.
        token: Cancel token, checked several times a second.

    Raises:
        OperationCancelled: If `token` is cancelled; the current file stays as it is.
    """
    cleaned_folders: set[Path] = set()
    for number, file in enumerate(files, 1):
        yield FileRestoreProgress(number, file, None)
        _remove_leftovers_once(file.source.parent, cleaned_folders)
        steps = StepIterator(replace_file(file, settings, prior, replacement, token))
        for step in steps:
            fraction = step.evaluations_done / step.total_evaluations
            yield FileRestoreProgress(number, file, step, fraction)
        outcome = steps.result
        if outcome.backup is not None and replacement.place.kind is BackupKind.FOLDER:
            _remove_leftovers_once(outcome.backup.parent, cleaned_folders)
        yield outcome
        if outcome.should_stop_batch:
            return


def _remove_leftovers_once(folder: Path, cleaned_folders: set[Path]) -> None:
    """Delete temporary files that a killed process left in a folder, once per batch."""
    if folder not in cleaned_folders:
        cleaned_folders.add(folder)
        with suppress(UnwritableOutput):  # the file is reported if its result cannot be written
            remove_leftover_files(folder)


def replace_file(
    file: PlannedFile,
    settings: BatchSettings,
    prior: Prior,
    replacement: Replacement,
    token: CancelToken,
) -> Generator[RunStep, None, FileOutcome]:
    """Restore one file and replace it by its result, yielding every step of the run.

    The generator's return value is the file's outcome. A file that was replaced before is skipped,
    and a source that cannot be replaced stays as it is (`FileOutcome.retention_reason`).

    Args:
        file: Planned file of `plan_replacements`.
        settings: Settings of the batch.
        prior: Denoiser.
        replacement: Place of the backups, and undo log.
        token: Cancel token, checked several times a second.

    Raises:
        OperationCancelled: If `token` is cancelled; the file stays as it is.
    """
    began = time.monotonic()
    task = _ReplacementTask(file, settings, replacement, began)
    try:
        return (yield from task.run(prior, token))
    except OperationCancelled:
        raise
    except SourceRetained as retained:
        return FileOutcome(
            file,
            file.source,
            FileState.NOT_REPLACED,
            seconds=time.monotonic() - began,
            notes=retained.notes,
            retention_reason=retained.reason,
        )
    # No error of one file may end the batch.
    except Exception as error:  # noqa: BLE001
        return FileOutcome(
            file,
            file.target,
            FileState.FAILED,
            error=strip_traceback(error),
            seconds=time.monotonic() - began,
            should_stop_batch=(
                isinstance(error, UnwritableOutput) and error.reason in FATAL_FAILURES
            ),
        )


@dataclass(frozen=True, slots=True)
class _ReplacementTask:
    """The replacement of one file."""

    file: PlannedFile
    settings: BatchSettings
    replacement: Replacement
    began: float

    def run(self, prior: Prior, token: CancelToken) -> Generator[RunStep, None, FileOutcome]:
        """Restore the file and replace it, unless that was done before."""
        file, log, suffix = self.file, self.replacement.log, self.replacement.suffix
        prepared = prepare_source(file, self.settings, log, suffix, token)
        if isinstance(prepared, EarlierReplacement):
            return self._finish_earlier(prepared)
        opened, format_path = prepared.opened, prepared.format_path
        if prepared.image is None:
            return FileOutcome(file, file.source, FileState.OTHER, selection=opened.selection)
        result, encoded = yield from restore_and_encode(
            prepared.image, format_path, opened.settings, prior, token
        )
        _check_without_loss(encoded)
        new_result = NewResult(
            encoded.spans, file.target, lambda path: self._verify(path, result, format_path)
        )
        entry = replace_source(prepared.source, new_result, self.replacement.place, log)
        previous_compression = None
        if isinstance(opened.source, PixelImage) and opened.settings.assumption.quality is None:
            previous_compression = opened.source.previous_compression
        return FileOutcome(
            file,
            file.target,
            FileState.DONE,
            consistency=encoded.consistency,
            verdict=encoded.verdict,
            seconds=time.monotonic() - self.began,
            evaluations=result.evaluation_count,
            previous_compression=previous_compression,
            fallbacks=result.fallbacks,
            backup=Path(entry.backup),
            selection=opened.selection,
        )

    def _finish_earlier(self, earlier: EarlierReplacement) -> FileOutcome:
        """Return the outcome of a file that was replaced before.

        If a killed process has written a result with a new name, the name of the source, whose
        backup is complete, is removed.
        """
        if earlier.interrupted is not None:
            with writing(self.file.source):
                remove_source(earlier.source, self.replacement.log)
        return FileOutcome(self.file, self.file.target, FileState.SKIPPED)

    def _verify(self, path: Path, result: Restoration[JpegImage], format_path: Path) -> None:
        is_lossy = save_format_from_path(format_path) is SaveFormat.JPEG
        verify_written_file(path, result, self.settings.export, is_lossy=is_lossy)


def _check_without_loss(encoded: EncodedResult) -> None:
    """Raise SourceRetained if a result lacks something of its source, or disagrees with it."""
    if encoded.notes:
        raise SourceRetained(RetentionReason.LOSS, encoded.notes)
    for each in encoded.verdict.reasons:
        if each not in _ACCEPTED_REASONS:
            raise SourceRetained(Message(RetentionReason.NOT_FAITHFUL, {"reason": each}))
