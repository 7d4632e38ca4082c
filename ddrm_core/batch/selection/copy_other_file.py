"""Copies of the files that the selection rule of a batch leaves as they are."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import count
from pathlib import Path

from ddrm_core.allowed_values import AllowedValues
from ddrm_core.batch.existing_results import list_planned_targets
from ddrm_core.batch.file_tracker import OtherBatchFiles
from ddrm_core.batch.manifest.entries import CopyEntry
from ddrm_core.batch.manifest.manifest import Manifest
from ddrm_core.batch.output_paths import PlannedFile, add_number, path_key
from ddrm_core.batch.result_storage import ResultStorage
from ddrm_core.batch.selection.rule import OthersPolicy
from ddrm_core.errors import InvalidSetting, OutputExists, UnreadableFile
from ddrm_core.export.result_content import FileSpan, write_content
from ddrm_core.export.source_date import apply_source_date
from ddrm_core.messages import Description
from ddrm_core.os_errors import reading


@dataclass(frozen=True, slots=True)
class FileCopy:
    """The copy of a file that the selection rule leaves as it is.

    Attributes:
        path: Path of the copy.
        notes: Note if the copy does not have the modification time of its source.
    """

    path: Path
    notes: tuple[Description, ...] = ()


def find_copy_target(file: PlannedFile) -> Path:
    """Return the path that is planned for the copy of a file.

    The copy is in the folder of the planned result and has the name of the source: a copy is no
    result, and is not named like one.
    """
    return file.target.with_name(file.source.name)


def check_copies(files: Iterable[PlannedFile]) -> None:
    """Check that no file would be copied to the path of a file of the batch.

    Raises:
        InvalidSetting: If a copy would have the path of a file.
    """
    files = tuple(files)
    sources = {_resolved_key(file.source) for file in files}
    if any(_resolved_key(find_copy_target(file)) in sources for file in files):
        raise InvalidSetting("others", OthersPolicy.COPY, AllowedValues.OTHERS_BESIDE_SOURCES)


def _resolved_key(path: Path) -> str:
    return path_key(Path(os.path.realpath(path)), ignore_suffix=False)


def copy_other_file(
    file: PlannedFile,
    source_sha256: str,
    manifest: Manifest,
    other_files: OtherBatchFiles,
    *,
    keep_date: bool,
) -> FileCopy:
    """Copy a file byte for byte to the folder of the results, unless a copy is there.

    No file is ever replaced. If any other file has the planned path, or if the path is planned for
    the result of another file, the copy gets a numbered name.

    Args:
        file: Planned file.
        source_sha256: SHA-256 of the source's bytes, in hexadecimal.
        manifest: Manifest of a folder that contains the target.
        other_files: The other files of the batch.
        keep_date: Whether the copy gets the modification time of its source.

    Raises:
        UnreadableFile: If the source cannot be read or has changed.
        UnwritableOutput: If the system refuses.
    """
    planned_path = find_copy_target(file)
    manifest.storage.prepare_folder_of(planned_path)
    with reading(file.source):
        size = file.source.stat().st_size
    content = FileSpan(file.source, 0, size, source_sha256)
    while True:
        path = find_copy_path(file, source_sha256, manifest, other_files)
        if manifest.storage.exists(path):
            return FileCopy(path)
        try:
            return _write_copy(path, content, manifest, keep_date=keep_date)
        except OutputExists:
            continue  # another process has created the file in the meantime


def find_copy_path(
    file: PlannedFile, source_sha256: str, manifest: Manifest, other_files: OtherBatchFiles
) -> Path:
    """Return the path of a file's copy: that of an existing copy, or else a free one.

    Args:
        file: Planned file.
        source_sha256: SHA-256 of the source's bytes, in hexadecimal.
        manifest: Manifest of a folder that contains the target.
        other_files: The other files of the batch.

    Raises:
        UnreadableFile: If the source cannot be read.
    """
    with reading(file.source):
        content = FileSpan(file.source, 0, file.source.stat().st_size, source_sha256)
    for path in _generate_paths(find_copy_target(file)):
        if other_files.has_result(path) or _is_planned_for_another(path, file, other_files):
            continue
        if not manifest.storage.exists(path) or (
            manifest.is_our_copy(path, source_sha256)
            or _has_content(path, content, manifest.storage)
        ):
            return path
    raise AssertionError("the numbers of names do not end")


def _write_copy(path: Path, content: FileSpan, manifest: Manifest, *, keep_date: bool) -> FileCopy:
    """Write a copy atomically; its manifest entry is written before the copy has its name.

    Raise OutputExists if a file was created at the path in the meantime.
    """
    with manifest.storage.writer(path, overwrite=False) as output:
        write_content((content,), output.path)
        notes = apply_source_date(output.path, content.path) if keep_date else ()
        file_stat = output.path.stat()
        manifest.add(
            CopyEntry(
                source_sha256=content.sha256,
                target=manifest.to_relative_path(path),
                size=file_stat.st_size,
                mtime_ns=file_stat.st_mtime_ns,
                finished=datetime.now(UTC).isoformat(timespec="seconds"),
            )
        )
    manifest.add_version(path, output.version, content.sha256)
    return FileCopy(path, notes)


def _generate_paths(planned_path: Path) -> Iterator[Path]:
    """Yield the planned path and then, endlessly, its numbered variants."""
    yield planned_path
    for number in count(2):
        yield add_number(planned_path, number)


def _is_planned_for_another(path: Path, file: PlannedFile, other_files: OtherBatchFiles) -> bool:
    """Return whether `path` is the planned result of another pending file."""
    pending = other_files.find_pending(path)
    if pending is None or pending.source == file.source:
        return False
    targets = {path_key(target, ignore_suffix=False) for target in list_planned_targets(pending)}
    return path_key(path, ignore_suffix=False) in targets


def _has_content(path: Path, content: FileSpan, storage: ResultStorage) -> bool:
    """Return whether a file at a path has the bytes of the source, such as the source itself."""
    file = storage.find(path)
    if file is None or file.size != content.length:
        return False
    try:
        return storage.compute_sha256(path) == content.sha256
    except UnreadableFile:
        return False
