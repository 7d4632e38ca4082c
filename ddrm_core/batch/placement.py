"""Choice of the path for a result, so that no result of another image is replaced.

Files are identified by their content. A result belongs to a content if the folder's manifest has an
entry that matches both, and is replaced by a restoration of the same content only.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from itertools import count
from pathlib import Path

from ddrm_core.batch.existing_results import (
    ExistingResults,
    is_possible_target,
    list_planned_targets,
    list_suffix_variants,
)
from ddrm_core.batch.file_tracker import OtherBatchFiles
from ddrm_core.batch.manifest.manifest import Manifest
from ddrm_core.batch.output_paths import PlannedFile, add_number
from ddrm_core.batch.result_storage import ResultStorage
from ddrm_core.batch.settings import BatchSettings
from ddrm_core.errors import OutputExists
from ddrm_core.export.settings import ExportSettings
from ddrm_core.formats.capabilities import check_format
from ddrm_core.formats.unsupported_format import UnsupportedFormat
from ddrm_core.problems.protocols import MeasuredImage


def find_supported_target(
    file: PlannedFile, image: MeasuredImage, export_settings: ExportSettings
) -> Path:
    """Return the planned target of a result, with a suffix whose format supports the image.

    The suffix is changed only if it is flexible.
    """
    width, height = image.size
    for target in list_planned_targets(file):
        with suppress(UnsupportedFormat):
            check_format(
                target,
                bits=export_settings.bits,
                channels=image.channels,
                width=width,
                height=height,
            )
            return target
    return file.target  # `check_export` raises the error


@dataclass(frozen=True, slots=True)
class OutputPlacement:
    """The path that a result is written to.

    Attributes:
        target: Path of the result.
        should_overwrite: Whether an existing file is replaced.
        conflicting_result: Result of other content that has the planned target, None without such a
            conflict.
    """

    target: Path
    should_overwrite: bool = False
    conflicting_result: Path | None = None


def choose_placement(
    planned_target: Path,
    file: PlannedFile,
    source_sha256: str,
    existing: ExistingResults,
    settings: BatchSettings,
    manifest: Manifest,
    other_files: OtherBatchFiles,
) -> OutputPlacement:
    """Choose the path of a new result, and whether an existing file there is replaced.

    An earlier result or a copy of the same content is replaced; if `overwrite` is set, every file
    is. If a result or a copy of other content is at the planned target, the next free number is
    appended to the name. Any other file at the planned target is refused later by
    `check_output_path`.

    Args:
        planned_target: Planned target, with the suffix of the result's format.
        file: Planned file.
        source_sha256: See `find_existing_results`.
        existing: Earlier results from `find_existing_results`.
        settings: Settings of the batch.
        manifest: Manifest of a folder that contains the target.
        other_files: The other files of the batch.

    Raises the errors of `Manifest.find_results`.
    """
    if existing.other_settings is not None:
        existing_path = manifest.folder / existing.other_settings.target
        if existing_path.suffix == planned_target.suffix:
            return OutputPlacement(existing_path, should_overwrite=True)
    if not manifest.storage.exists(planned_target):
        return OutputPlacement(planned_target)
    if settings.overwrite or manifest.is_our_file(planned_target, source_sha256):
        return OutputPlacement(planned_target, should_overwrite=True)
    if not manifest.is_our_file(planned_target):
        return OutputPlacement(planned_target)
    free_paths = (
        path
        for path in _generate_numbered_paths(planned_target, file)
        if _is_path_free(path, file, manifest.storage, other_files)
    )
    return OutputPlacement(next(free_paths), conflicting_result=planned_target)


def prepare_placement(
    planned_target: Path,
    file: PlannedFile,
    source_sha256: str,
    existing: ExistingResults,
    settings: BatchSettings,
    manifest: Manifest,
    other_files: OtherBatchFiles,
) -> OutputPlacement:
    """Choose the path of a new result, create its folder and check that the path is writable.

    If another process creates a file at the path meanwhile, the path is chosen once more.

    Args:
        planned_target: See `choose_placement`, as all other arguments.
        file: File with a source in the file system.
        source_sha256: See `choose_placement`.
        existing: See `choose_placement`.
        settings: See `choose_placement`.
        manifest: See `choose_placement`.
        other_files: See `choose_placement`.

    Raises the errors of `choose_placement` and `ResultStorage.check_path`.
    """
    storage, target = manifest.storage, planned_target
    arguments = (file, source_sha256, existing, settings, manifest, other_files)
    for is_last_try in (False, True):
        storage.prepare_folder_of(target)
        placement = choose_placement(planned_target, *arguments)
        target = placement.target
        storage.prepare_folder_of(target)
        try:
            storage.check_path(target, source=file.source, overwrite=placement.should_overwrite)
        except OutputExists:
            if is_last_try:
                raise
        else:
            break
    return placement


def _generate_numbered_paths(planned_target: Path, file: PlannedFile) -> Iterator[Path]:
    """Return an endless iterator over numbered variants: "a (2).png", "a (3).png", etc.

    If the planned target ends in a number that the plan has added, the number is replaced.
    """
    stem = re.sub(r" \(\d+\)$", "", planned_target.stem)
    unnumbered = (
        planned_target.with_name(f"{stem}{planned_target.suffix}") if stem else planned_target
    )
    base_path = unnumbered if is_possible_target(unnumbered, file) else planned_target
    return (add_number(base_path, number) for number in count(2))


def _is_path_free(
    path: Path, file: PlannedFile, storage: ResultStorage, other_files: OtherBatchFiles
) -> bool:
    if other_files.find_pending(path) is not None:
        return False
    return not any(storage.exists(variant) for variant in list_suffix_variants(file, path))
