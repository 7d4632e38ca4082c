"""The folders of a batch on the command line."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path

from app.cli.console import print_note
from app.i18n.formatting import format_format_counts
from ddrm_core.batch.manifest.manifest import Manifest
from ddrm_core.batch.output_paths import FolderScan, find_source_images
from ddrm_core.batch.stores.batch_stores import NO_STORES, BatchStores
from ddrm_core.batch.streaming.streamed_plan import StreamedPlan
from ddrm_core.formats.suffixes import OTHER_IMAGE_SUFFIXES, UNSUPPORTED_IMAGE_SUFFIXES


@dataclass(frozen=True, slots=True)
class BatchFolders:
    """The folders of a batch and the rule that selects source files."""

    source_folder: Path
    output_folder: Path
    recursive: bool
    include_all_formats: bool
    excluded: tuple[Path, ...] = ()
    stores: BatchStores = NO_STORES

    def find_sources(self, known_results: Collection[Path] = ()) -> FolderScan:
        """Search the source folder for images to restore.

        The output folder, the files in `known_results`, and excluded files and folders are left
        out.

        Raises:
            UnreadableFile: If the source folder cannot be listed.
        """
        return find_source_images(
            self.source_folder,
            recursive=self.recursive,
            include_all_formats=self.include_all_formats,
            excluded=(self.output_folder, *known_results, *self.excluded),
        )

    def check_sources(self, streamed_plan: StreamedPlan | None) -> None:
        """Check before the slow start of a batch that the source folder can be listed.

        Raises:
            UnreadableFile: If the source folder cannot be listed.
        """
        if streamed_plan is None:
            self.find_sources()
        else:
            streamed_plan.check_source_folder()

    def find_new_sources(self, manifest: Manifest) -> FolderScan:
        """Search the source folder for images that are no results in a manifest.

        Raises:
            UnreadableFile: If the source folder cannot be listed, or the manifest be read.
        """
        # A search excludes the output folder as a whole. Only if the sources are inside the output
        # folder, results and copies can be among them.
        source_folder, output_folder = self.source_folder.resolve(), self.output_folder.resolve()
        is_inside = source_folder.is_relative_to(output_folder)
        results = (*manifest.list_results(), *manifest.list_copies()) if is_inside else ()
        return self.find_sources(results)

    def print_no_images(self) -> None:
        """Print that the source folder has no images to restore."""
        kind = "images" if self.include_all_formats else "JPEGs"
        advice = "" if self.recursive else "; --recursive searches its subfolders, too"
        print_note(f"{self.source_folder} contains no {kind}{advice}")

    def print_notes(self, found: FolderScan) -> None:
        """Print whether no images were found, and how many are left out because of their format."""
        if not found.image_paths:
            self.print_no_images()
        if counts := format_format_counts(found.omitted_counts, OTHER_IMAGE_SUFFIXES):
            print_note(f"left out: {counts}; --all-pictures restores them, too")
        if counts := format_format_counts(found.omitted_counts, UNSUPPORTED_IMAGE_SUFFIXES):
            print_note(f"left out: {counts}, which cannot be restored")
