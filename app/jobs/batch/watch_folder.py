"""Search for new images in a watched folder."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from app.jobs.batch.batch_items import FoundFile
from app.jobs.batch.search_files import list_result_paths
from ddrm_core.batch.manifest.manifest import Manifest
from ddrm_core.batch.output_paths import find_source_images
from ddrm_core.batch.watch import FolderWatchState, is_readable_file, read_file_stamps
from ddrm_core.errors import UnreadableFile


@dataclass(frozen=True, slots=True)
class WatchedFolderScan:
    """The outcome of one scan of a watched folder.

    Attributes:
        new_files: Complete images that are new or have changed since the previous scan.
        is_unavailable: Whether the folder could not be read.
    """

    new_files: tuple[FoundFile, ...]
    is_unavailable: bool


class FolderWatcher:
    """A scanner that finds images that are new in a folder since the previous scan.

    Not thread-safe.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._watch_state = FolderWatchState()
        self._manifest: Manifest | None = None

    def scan(
        self,
        *,
        recursive: bool,
        include_all_formats: bool,
        results_folder: Path | None,
        current_path: Path | None = None,
    ) -> WatchedFolderScan:
        """Scan the folder for images that are new or have changed.

        Args:
            recursive: See `search_paths_job`.
            include_all_formats: See `search_paths_job`.
            results_folder: See `search_paths_job`.
            current_path: File that is being restored, which only a later scan reports if changed.

        Raises:
            UnreadableFile: If the manifest of `results_folder` cannot be read.
        """
        if results_folder is not None and (
            self._manifest is None or self._manifest.folder != results_folder
        ):
            self._manifest = Manifest(results_folder)
        excluded_paths = list_result_paths(self._manifest)
        try:
            folder_scan = find_source_images(
                self._folder,
                recursive=recursive,
                include_all_formats=include_all_formats,
                excluded=excluded_paths,
            )
        except UnreadableFile:
            return WatchedFolderScan((), is_unavailable=True)
        self._watch_state, new_paths = self._watch_state.update(
            read_file_stamps(folder_scan.image_paths),
            lambda path: path != current_path and is_readable_file(path),
        )
        return WatchedFolderScan(
            tuple(FoundFile(path, self._folder) for path in new_paths), is_unavailable=False
        )
