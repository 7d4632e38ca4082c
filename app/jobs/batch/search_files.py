"""The search for files to add to a batch."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Generator, Sequence
from dataclasses import dataclass
from pathlib import Path

from app.i18n.error_messages import message_from_error
from app.jobs.batch.batch_items import FoundFile
from ddrm_core.batch.manifest.manifest import Manifest
from ddrm_core.batch.output_paths import find_source_images
from ddrm_core.cancel import CancelToken
from ddrm_core.errors import CoreError

# Found files are added to the batch in groups, so that the window stays responsive.
_FOUND_FILES_PER_REPORT = 500


@dataclass(frozen=True, slots=True)
class FolderSearchSummary:
    """Summary of a search for files to add to a batch.

    Attributes:
        file_count: Number of files found.
        folder_errors: One line for each folder that could not be read.
        paths: Files and folders that were searched.
        omitted_counts: See `FolderScan`.
        known_count: Number of found files that were in the batch already.
    """

    file_count: int
    folder_errors: tuple[str, ...]
    paths: tuple[Path, ...] = ()
    omitted_counts: tuple[tuple[str, int], ...] = ()
    known_count: int = 0


def list_result_paths(manifest: Manifest | None) -> tuple[Path, ...]:
    """Return the output folder, its results and its copies, which are no sources.

    The tuple is empty without a manifest.

    Raises the errors of `Manifest.list_results`.
    """
    if manifest is None:
        return ()
    return (manifest.folder, *manifest.list_results(), *manifest.list_copies())


def search_paths_job(
    paths: Sequence[Path],
    token: CancelToken,
    *,
    recursive: bool,
    include_all_formats: bool,
    results_folder: Path | None,
) -> Generator[tuple[FoundFile, ...], None, FolderSearchSummary]:
    """Yield, in groups, the files in `paths` and the images in the folders in `paths`.

    Images of a folder are in natural order. The returned summary contains the folders that could
    not be read.

    Args:
        paths: Files and folders.
        token: Token that is checked between folders.
        recursive: Whether subfolders are searched.
        include_all_formats: Whether PNG, TIFF, WebP and BMP files in folders are found, too.
        results_folder: Output folder, which is excluded from the search like the results in it.

    Raises:
        OperationCancelled: If `token` was cancelled.
        UnreadableFile: If the manifest of `results_folder` cannot be read.
    """
    excluded_paths = list_result_paths(None if results_folder is None else Manifest(results_folder))
    found_files: list[FoundFile] = []
    folder_errors: list[str] = []
    omitted_counts: Counter[str] = Counter()
    for path in paths:
        token.raise_if_cancelled()
        if not os.path.isdir(path):  # Path.is_dir raises if permission is missing
            found_files.append(FoundFile(path))
            continue
        try:
            folder_scan = find_source_images(
                path,
                recursive=recursive,
                include_all_formats=include_all_formats,
                excluded=excluded_paths,
            )
        except CoreError as error:
            folder_errors.append(message_from_error(error).as_line())
            continue
        found_files += [FoundFile(image_path, path) for image_path in folder_scan.image_paths]
        omitted_counts.update(dict(folder_scan.omitted_counts))
        folder_errors += [
            message_from_error(error).as_line() for error in folder_scan.unreadable_folders
        ]
    for start in range(0, len(found_files), _FOUND_FILES_PER_REPORT):
        yield tuple(found_files[start : start + _FOUND_FILES_PER_REPORT])
    return FolderSearchSummary(
        len(found_files), tuple(folder_errors), tuple(paths), tuple(omitted_counts.most_common())
    )
