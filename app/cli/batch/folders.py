"""The folders of a batch on the command line."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path

from ddrm_core.batch.output_paths import FolderScan, find_source_images


@dataclass(frozen=True, slots=True)
class BatchFolders:
    """The folders of a batch and the rule which files are its sources.

    Attributes:
        source_folder: Folder of the images.
        output_folder: Folder of the results.
        recursive: Whether subfolders of `source_folder` are searched.
        include_all_formats: Whether PNG, TIFF, WebP and BMP files are sources besides JPEGs.
    """

    source_folder: Path
    output_folder: Path
    recursive: bool
    include_all_formats: bool

    def find_sources(self, known_results: Collection[Path] = ()) -> FolderScan:
        """Find the images in the source folder, without the output folder and `known_results`.

        Raises:
            UnreadableFile: If the source folder cannot be listed.
        """
        return find_source_images(
            self.source_folder,
            recursive=self.recursive,
            include_all_formats=self.include_all_formats,
            excluded=(self.output_folder, *known_results),
        )
