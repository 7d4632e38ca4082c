"""Earlier results of a file's content, and the decision whether to skip the file."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from ddrm_core.batch.file_tracker import OtherBatchFiles
from ddrm_core.batch.manifest.entries import ManifestEntry
from ddrm_core.batch.manifest.manifest import Manifest
from ddrm_core.batch.output_paths import PlannedFile, build_target_pattern
from ddrm_core.formats.suffixes import MOST_CAPABLE_SUFFIX


@dataclass(frozen=True, slots=True)
class ExistingResults:
    """The intact results that earlier runs made from the content of a source file.

    Each attribute is the manifest's entry of a result, None if no such result exists.

    Attributes:
        same_settings: Result at a possible target of the file, with the settings and prior of the
            batch.
        other_settings: Result at a possible target of the file, with other settings or another
            prior.
        copy_source: Result at any other path, with the settings and prior of the batch, which can
            be copied to the target.
    """

    same_settings: ManifestEntry | None = None
    other_settings: ManifestEntry | None = None
    copy_source: ManifestEntry | None = None


def find_existing_results(
    file: PlannedFile,
    source_sha256: str,
    settings_sha256: str,
    manifest: Manifest,
    other_files: OtherBatchFiles,
    *,
    reads_new_lines: bool = True,
) -> ExistingResults:
    """Return the intact results that earlier runs made from the content of a source file.

    Possible targets of a file are the paths that a plan may give its result
    (`PlannedFile.target_pattern`), except results of other files of the batch. The planned target
    is preferred.

    Args:
        file: Planned file.
        source_sha256: SHA-256 of the source's bytes, in hexadecimal.
        settings_sha256: Hash of settings and prior, as in `ManifestEntry`.
        manifest: Manifest of a folder that contains the target.
        other_files: The other files of the batch.
        reads_new_lines: See `Manifest.find_results_of_source`.

    Raises the errors of `Manifest.find_results`.
    """
    same_settings: list[ManifestEntry] = []
    other_settings: list[ManifestEntry] = []
    copy_source: ManifestEntry | None = None
    entries = manifest.find_results_of_source(source_sha256, reads_new_lines=reads_new_lines)
    for entry in entries:
        result_path = manifest.folder / entry.target
        has_same_settings = entry.settings_sha256 == settings_sha256
        if result_path in list_planned_targets(file):
            (same_settings if has_same_settings else other_settings).insert(0, entry)
        elif is_possible_target(result_path, file) and not _is_result_of_other_file(
            result_path, file, other_files
        ):
            (same_settings if has_same_settings else other_settings).append(entry)
        elif has_same_settings and (
            result_path.suffix == file.target.suffix or file.has_flexible_suffix
        ):
            copy_source = entry
    return ExistingResults(
        next(iter(same_settings), None), next(iter(other_settings), None), copy_source
    )


def find_result_to_keep(existing: ExistingResults, *, redo: bool) -> ManifestEntry | None:
    """Return the earlier result to keep instead of restoring a file, None to restore the file.

    Args:
        existing: Earlier results of the file.
        redo: Whether to replace a result of other settings or another prior.
    """
    if existing.same_settings is not None or redo:
        return existing.same_settings
    return existing.other_settings


def _is_result_of_other_file(path: Path, file: PlannedFile, other_files: OtherBatchFiles) -> bool:
    """Return whether a result at `path` belongs to another file of the batch.

    The path also belongs to a pending file with the target `path`, except if the pending file has
    the same possible targets as `file`.
    """
    pending = other_files.find_pending(path)
    return other_files.has_result(path) or (
        pending is not None and _target_pattern_of(pending) != _target_pattern_of(file)
    )


def is_possible_target(path: Path, file: PlannedFile) -> bool:
    """Return whether `path` matches a file's target pattern, see `PlannedFile`."""
    return re.fullmatch(_target_pattern_of(file), path.as_posix()) is not None


def _target_pattern_of(file: PlannedFile) -> str:
    return file.target_pattern or build_target_pattern(
        file.target, flexible_suffix=file.has_flexible_suffix
    )


def list_planned_targets(file: PlannedFile) -> tuple[Path, ...]:
    """Return the planned target of a file, and its variant with another suffix if flexible."""
    return list_suffix_variants(file, file.target)


def list_suffix_variants(file: PlannedFile, path: Path) -> tuple[Path, ...]:
    """Return `path` and, if the file's suffix is flexible, the path with another suffix.

    The other suffix is that of the format that supports most images (`MOST_CAPABLE_SUFFIX`).
    """
    if not file.has_flexible_suffix:
        return (path,)
    return path, path.with_suffix(MOST_CAPABLE_SUFFIX)
