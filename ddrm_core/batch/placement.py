"""Where a file's result goes: never in the place of another picture's result.

A file is known by its content. A result belongs to a content where the folder's journal has a whole
entry that says so; a result gives way to a restoration of its own content alone.
"""

from __future__ import annotations

import os
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
from ddrm_core.batch.manifest import Manifest
from ddrm_core.batch.output_paths import PlannedFile, add_number
from ddrm_core.batch.settings import BatchSettings
from ddrm_core.export.settings import ExportSettings
from ddrm_core.formats.capabilities import check_format
from ddrm_core.formats.unsupported_format import UnsupportedFormat
from ddrm_core.problems.protocols import MeasuredImage


def find_supported_target(
    file: PlannedFile, image: MeasuredImage, export_settings: ExportSettings
) -> Path:
    """Return the planned place of a result, of a format that holds it where that is left open."""
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
    return file.target  # `check_export` says what it cannot hold


@dataclass(frozen=True, slots=True)
class OutputPlacement:
    """Where a result is written.

    Attributes:
        target: The file.
        should_overwrite: Whether a file that is there gives way.
        conflicting_result: The result of other content that has the planned place, None where there
            is none.
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
    """Decide where a file's result is written, now that nothing spares it.

    A result of the same content gives way, and so does every file where `overwrite` is set. Where
    the planned place has a result of other content, the next free number is taken. Any other file
    there is left for `check_output_path` to refuse.

    Args:
        planned_target: The planned place, with the suffix of the result's format.
        file: The file.
        source_sha256: See `find_existing_results`.
        existing: The earlier results that `find_existing_results` found.
        settings: Settings of the batch.
        manifest: Journal of a folder that holds the target.
        other_files: The other files of the batch.

    Raises as `Manifest.find_results`.
    """
    if existing.other_settings is not None:
        existing_path = manifest.folder / existing.other_settings.target
        if existing_path.suffix == planned_target.suffix:
            return OutputPlacement(existing_path, should_overwrite=True)
    if not os.path.exists(planned_target):
        return OutputPlacement(planned_target)
    if settings.overwrite or manifest.is_our_result(planned_target, source_sha256):
        return OutputPlacement(planned_target, should_overwrite=True)
    if not manifest.is_our_result(planned_target):
        return OutputPlacement(planned_target)
    free_paths = (
        path
        for path in _generate_numbered_paths(planned_target, file)
        if _is_path_free(path, file, other_files)
    )
    return OutputPlacement(next(free_paths), conflicting_result=planned_target)


def _generate_numbered_paths(planned_target: Path, file: PlannedFile) -> Iterator[Path]:
    """The numbered variants of a name; one that a plan has numbered already gets no second one."""
    stem = re.sub(r" \(\d+\)$", "", planned_target.stem)
    unnumbered = (
        planned_target.with_name(f"{stem}{planned_target.suffix}") if stem else planned_target
    )
    base_path = unnumbered if is_possible_target(unnumbered, file) else planned_target
    return (add_number(base_path, number) for number in count(2))


def _is_path_free(path: Path, file: PlannedFile, other_files: OtherBatchFiles) -> bool:
    if other_files.find_pending(path) is not None:
        return False
    return not any(os.path.lexists(variant) for variant in list_suffix_variants(file, path))
