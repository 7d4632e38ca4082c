"""The folders of a batch on the command line."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path

from ddrm_core.batch.output_paths import FolderScan, find_source_images


@dataclass(frozen=True, slots=True)
class BatchFolders:
    """The folders of a batch and the rule that selects source files."""

    source_folder: Path
    output_folder: Path
    recursive: bool
    include_all_formats: bool

    def find_sources(self, known_results: Collection[Path] = ()) -> FolderScan:
        """Search the source folder for images to restore.

        The output folder and the files in `known_results` are left out.

        Raises:
            UnreadableFile: If the source folder cannot be listed.
        """
        return find_source_images(
            self.source_folder,
            recursive=self.recursive,
            include_all_formats=self.include_all_formats,
            excluded=(self.output_folder, *known_results),
        )
