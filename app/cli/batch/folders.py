"""Where the pictures of a batch are, and where their results go."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path

from ddrm_core.batch.output_paths import FolderScan, find_source_images


@dataclass(frozen=True, slots=True)
class BatchFolders:
    """Folders, and what is looked for in them.

    Attributes:
        source_folder: With the pictures.
        output_folder: For the results.
        recursive: Whether folders inside `source_folder` are looked into.
        include_all_formats: Whether other pictures than JPEGs are looked for.
    """

    source_folder: Path
    output_folder: Path
    recursive: bool
    include_all_formats: bool

    def find_sources(self, known_results: Collection[Path] = ()) -> FolderScan:
        """The pictures that are there, without results. Raises UnreadableFile."""
        return find_source_images(
            self.source_folder,
            recursive=self.recursive,
            include_all_formats=self.include_all_formats,
            excluded=(self.output_folder, *known_results),
        )
