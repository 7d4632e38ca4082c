"""The outcome of a file that the selection rule of a batch leaves as it is."""

from __future__ import annotations

from ddrm_core.batch.existing_results import ExistingResults
from ddrm_core.batch.file_tracker import OtherBatchFiles
from ddrm_core.batch.manifest.manifest import Manifest
from ddrm_core.batch.outcome import FileOutcome, FileState
from ddrm_core.batch.output_paths import PlannedFile
from ddrm_core.batch.selection.copy_other_file import copy_other_file
from ddrm_core.batch.selection.select_file import Selection
from ddrm_core.batch.settings import BatchSettings


def leave_other_file(
    file: PlannedFile,
    settings: BatchSettings,
    selection: Selection,
    source_sha256: str,
    existing: ExistingResults,
    manifest: Manifest,
    other_files: OtherBatchFiles,
) -> FileOutcome:
    """Return the outcome of a file that is not selected, after copying the file if required.

    A file whose content has a result of other settings needs no copy.

    Args:
        file: Planned file.
        settings: Settings of the batch.
        selection: Decision about the file.
        source_sha256: SHA-256 of the source's bytes, in hexadecimal.
        existing: Earlier results of the file.
        manifest: Manifest of a folder that contains the target.
        other_files: The other files of the batch.

    Raises the errors of `copy_other_file`.
    """
    if not settings.selection.copies_others or existing.other_settings is not None:
        return FileOutcome(file, file.target, FileState.OTHER, selection=selection)
    copy = copy_other_file(file, source_sha256, manifest, other_files, keep_date=settings.keep_date)
    return FileOutcome(file, copy.path, FileState.COPIED, notes=copy.notes, selection=selection)
