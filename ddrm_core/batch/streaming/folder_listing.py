"""Listing of the images of a streamed plan, folder by folder: the interface, and local folders."""

from __future__ import annotations

import os
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol, runtime_checkable

from ddrm_core.batch.object_path import ObjectPath
from ddrm_core.batch.output_paths import find_source_images, list_source_suffixes, path_key
from ddrm_core.batch.streaming.folder_entries import (
    is_file_entry,
    natural_sort_key,
    walk_folders,
)
from ddrm_core.batch.streaming.shard import Shard
from ddrm_core.cancel import CancelToken
from ddrm_core.errors import FileError, UnreadableFile
from ddrm_core.os_errors import reading


@dataclass(frozen=True, slots=True)
class ListedImage:
    """An image that was found in a folder.

    Attributes:
        path: Path of the image.
        version: See `PlannedFile.source_version`.
    """

    path: Path
    version: str = ""


@dataclass(frozen=True, slots=True)
class ListedError:
    """An error about a file or a folder that was found, or about a folder that cannot be listed.

    Attributes:
        error: Error with the path.
        relative_path: Path of a file relative to the source folder, by which one shard reports the
            error; None for an error that every shard reports.
    """

    error: FileError
    relative_path: Path | None = None


@dataclass(frozen=True, slots=True)
class ImageGroup:
    """The images of a folder, and of folders whose paths differ from its path by form only.

    Forms are letter case and Unicode form. Two images of a plan can have the same target only if
    they are in one group.

    Attributes:
        images: Images in natural order.
        errors: Errors of folders and of files.
    """

    images: tuple[ListedImage, ...]
    errors: tuple[ListedError, ...] = ()


@runtime_checkable
class FolderListing(Protocol):
    """The interface to the images of a source folder, of which one group at a time is in memory."""

    def contains_sources(self, output_folder: Path) -> bool:
        """Return whether the source folder is `output_folder` or inside it."""
        ...

    def check_source_folder(self) -> None:
        """Check before a batch that the source folder exists and can be listed.

        Raises:
            UnreadableFile: If the source folder itself cannot be listed.
        """
        ...

    def iter_groups(self) -> Iterator[ImageGroup]:
        """Yield the images of all folders in natural order.

        Raises:
            UnreadableFile: If the source folder itself cannot be listed.
        """
        ...

    def list_images(self, folder: Path) -> tuple[ListedImage, ...]:
        """Return the images directly in a folder, in natural order.

        Raises:
            UnreadableFile: If the folder cannot be listed.
        """
        ...

    def count_images(self, shard: Shard | None, token: CancelToken) -> int:
        """Return the number of images by their names; folders that cannot be listed have none.

        Args:
            shard: Part of the images that is counted, None for all.
            token: Cancel token, checked for each image.

        Raises:
            OperationCancelled: If `token` is cancelled.
        """
        ...


@dataclass(frozen=True, slots=True)
class LocalListing:
    """The images of a folder of the file system.

    This class implements `FolderListing`.

    Attributes:
        source_folder: Folder of the images.
        output_folder: Folder of the results, which is left out.
        recursive: Whether to search subfolders, too.
        include_all_formats: Whether to find PNG, TIFF, WebP and BMP in addition to JPEG.
    """

    source_folder: Path
    output_folder: Path
    recursive: bool
    include_all_formats: bool

    def contains_sources(self, output_folder: Path) -> bool:
        """Return whether the source folder is `output_folder` or inside it."""
        if isinstance(output_folder, ObjectPath):
            return False
        return self.source_folder.resolve().is_relative_to(output_folder.resolve())

    def check_source_folder(self) -> None:
        """Raise UnreadableFile if the source folder cannot be listed; see `FolderListing`."""
        with reading(self.source_folder), os.scandir(self.source_folder):
            pass

    def iter_groups(self) -> Iterator[ImageGroup]:
        """Yield the images of all folders in natural order; see `FolderListing`.

        A group of folders that cannot be listed is first.
        """
        folders, errors = self._list_folders()
        if errors:
            yield ImageGroup((), tuple(map(ListedError, errors)))
        groups: dict[str, list[Path]] = defaultdict(list)
        for folder in folders:
            groups[path_key(folder, ignore_suffix=False)].append(folder)
        for group in groups.values():
            yield self._list_group(group)

    def list_images(self, folder: Path) -> tuple[ListedImage, ...]:
        """Return the images directly in a folder; see `FolderListing`."""
        found = find_source_images(
            folder, recursive=False, include_all_formats=self.include_all_formats
        )
        return tuple(map(ListedImage, found.image_paths))

    def count_images(self, shard: Shard | None, token: CancelToken) -> int:
        """Return the number of images by their names; see `FolderListing`."""
        suffixes = list_source_suffixes(include_all_formats=self.include_all_formats)
        count = 0
        for listed in walk_folders(
            self.source_folder, recursive=self.recursive, excluded=self._list_excluded()
        ):
            if isinstance(listed, UnreadableFile):
                continue
            relative_folder = listed.path.relative_to(self.source_folder)
            for entry in listed.entries:
                token.raise_if_cancelled()
                if os.path.splitext(entry.name)[1].lower() in suffixes and is_file_entry(entry):
                    count += shard is None or shard.contains(relative_folder / entry.name)
        return count

    def _list_group(self, folders: list[Path]) -> ImageGroup:
        images: list[ListedImage] = []
        errors: list[ListedError] = []
        for folder in folders:
            try:
                images += self.list_images(folder)
            except UnreadableFile as error:  # removed in the meantime
                errors.append(ListedError(error))
        return ImageGroup(tuple(images), tuple(errors))

    def _list_folders(self) -> tuple[list[Path], list[UnreadableFile]]:
        """Return the folders of the images in natural order, and errors of unreadable ones.

        Raise UnreadableFile if the source folder itself cannot be listed.
        """
        if not self.recursive:
            return [self.source_folder], []
        found: list[Path] = []
        errors: list[UnreadableFile] = []
        for listed in walk_folders(
            self.source_folder, recursive=True, excluded=self._list_excluded()
        ):
            if isinstance(listed, UnreadableFile):
                errors.append(listed)
            else:
                found.append(listed.path)
        if not found:
            raise errors[0]
        return sorted(found, key=lambda folder: natural_sort_key(folder / "_")), errors

    def _list_excluded(self) -> set[str]:
        """Return the real path of the output folder, unless it is in an object store."""
        if isinstance(self.output_folder, ObjectPath):
            return set()
        return {os.path.realpath(self.output_folder)}
