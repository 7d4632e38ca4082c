"""What has arrived in a folder."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from app.jobs.batch.batch_items import FoundFile
from app.jobs.batch.batch_worker import list_result_paths
from ddrm_core.batch.manifest import Manifest
from ddrm_core.batch.output_paths import find_source_images
from ddrm_core.batch.watch import FolderWatchState, is_readable_file, read_file_stamps
from ddrm_core.errors import UnreadableFile


@dataclass(frozen=True, slots=True)
class WatchedFolderScan:
    """What one look into a folder has found.

    Attributes:
        new_files: Pictures that are complete, and have come or changed since the last look.
        is_unavailable: Whether the folder could not be read.
    """

    new_files: tuple[FoundFile, ...]
    is_unavailable: bool


class FolderWatcher:
    """Looks into a folder again and again; for one thread at a time."""

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
        """What has arrived.

        Args:
            recursive: See `search_paths_job`.
            include_all_formats: Likewise.
            results_folder: Likewise.
            current_path: The file that is being restored; changed meanwhile, it arrives after that.

        Raises as `search_paths_job`.
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
