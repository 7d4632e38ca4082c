"""Images in an object store as a streamed plan."""

from __future__ import annotations

import os
from collections import defaultdict
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path

from ddrm_core.allowed_values import AllowedValues
from ddrm_core.batch.name_template import has_template_field
from ddrm_core.batch.object_path import ObjectPath
from ddrm_core.batch.output_paths import OutputNaming, list_source_suffixes, path_key
from ddrm_core.batch.stores.address import find_key_problem, find_max_name_bytes
from ddrm_core.batch.stores.clients.client import ObjectFacts, ObjectFolder
from ddrm_core.batch.stores.object_store import ObjectStore
from ddrm_core.batch.stores.reasons import (
    InvalidObjectKey,
    StoreAccessDenied,
    StoreError,
    StoreFailure,
)
from ddrm_core.batch.stores.store_errors import reading_store
from ddrm_core.batch.streaming.folder_entries import is_hidden_name, natural_sort_key
from ddrm_core.batch.streaming.folder_listing import ImageGroup, ListedError, ListedImage
from ddrm_core.batch.streaming.shard import Shard
from ddrm_core.batch.streaming.streamed_plan import StreamedPlan
from ddrm_core.cancel import CancelToken
from ddrm_core.errors import InvalidSetting, UnreadableFile
from ddrm_core.messages import Message

_QUALITY_FIELD = "quality"
# Folders with these names make a key that is no path; their images are listed as errors.
_HOSTILE_NAMES = frozenset({"", ".", ".."})


@dataclass(frozen=True, slots=True)
class _FolderContent:
    """The entries directly in a folder of a store.

    Attributes:
        images: Images in natural order.
        errors: Errors of images whose keys are no paths.
        folders: Keys of the folders to search.
    """

    images: tuple[ListedImage, ...]
    errors: tuple[ListedError, ...]
    folders: tuple[str, ...]


@dataclass(eq=False)
class ObjectListing:
    """The images of a folder in an object store, which is listed one folder at a time.

    Hidden objects and folders of operating systems are left out, as in local folders. An image
    whose key is no path is an error of its own.

    This class implements `FolderListing`.

    Attributes:
        store: Folder of the images.
        output_folder: Folder of the results, which is left out.
        recursive: Whether to list subfolders, too.
        include_all_formats: Whether to find PNG, TIFF, WebP and BMP in addition to JPEG.
    """

    store: ObjectStore
    output_folder: Path
    recursive: bool
    include_all_formats: bool
    # The latest folder of `list_images`: all files of a folder ask for the images beside them.
    _listed: tuple[Path, tuple[ListedImage, ...]] | None = field(default=None, init=False)

    @cached_property
    def _suffixes(self) -> frozenset[str]:
        return list_source_suffixes(include_all_formats=self.include_all_formats)

    @cached_property
    def source_folder(self) -> ObjectPath:
        """Path of the folder of the images."""
        return ObjectPath(str(self.store.address))

    def contains_sources(self, output_folder: Path) -> bool:
        """Return whether the source folder is `output_folder` or inside it."""
        # An address begins like a relative path, which is in the current folder.
        return isinstance(output_folder, ObjectPath) and self.source_folder.is_relative_to(
            output_folder
        )

    def check_source_folder(self) -> None:
        """Raise UnreadableFile if the source folder cannot be listed; see `FolderListing`."""
        with reading_store(self.source_folder):
            is_empty = next(self.store.iter_folder(), None) is None
        if is_empty:
            self._check_exists()

    def iter_groups(self) -> Iterator[ImageGroup]:
        """Yield the images of all folders in natural order; see `FolderListing`.

        Subfolders to which the store denies access are errors.

        Raises:
            UnreadableFile: If the source folder does not exist, or if the store fails.
        """
        pending: list[Sequence[str]] = [("",)]
        while pending:
            images: list[ListedImage] = []
            errors: list[ListedError] = []
            subfolders: dict[str, list[str]] = defaultdict(list)
            for folder in pending.pop():
                content = self._list_folder(folder)
                images += content.images
                errors += content.errors
                for subfolder in content.folders:
                    subfolders[path_key(Path(subfolder), ignore_suffix=False)].append(subfolder)
            yield ImageGroup(tuple(images), tuple(errors))
            if self.recursive:
                groups = sorted(
                    subfolders.values(), key=lambda g: natural_sort_key(Path(g[0], "_"))
                )
                pending += reversed(groups)

    def list_images(self, folder: Path) -> tuple[ListedImage, ...]:
        """Return the images directly in a folder; see `FolderListing`."""
        listed = self._listed
        if listed is None or listed[0] != folder:
            key = folder.relative_to(self.source_folder).as_posix()
            content = self._list_folder("" if key == "." else f"{key}/")
            listed = self._listed = (folder, content.images)
        return listed[1]

    def count_images(self, shard: Shard | None, token: CancelToken) -> int:
        """Return the number of images by their keys; see `FolderListing`."""
        count, pending = 0, [""]
        while pending:
            folder = pending.pop()
            with suppress(StoreError):
                for entry in self.store.iter_folder(folder):
                    token.raise_if_cancelled()
                    name = _find_name(entry.key, folder)
                    if isinstance(entry, ObjectFolder):
                        if self.recursive and self._is_searched(entry.key, name):
                            pending.append(entry.key)
                    elif self._is_image(entry.key, name) and (
                        not is_hidden_name(name) or self._find_error(entry)
                    ):
                        count += shard is None or shard.contains(Path(entry.key))
        return count

    def _list_folder(self, folder: str) -> _FolderContent:
        """Return the entries of a folder; an error of a subfolder without access is among them.

        Raise UnreadableFile if the store fails, or if the source folder does not exist.
        """
        found: list[ObjectFacts] = []
        errors: list[ListedError] = []
        folders: list[str] = []
        is_empty = True
        try:
            for entry in self.store.iter_folder(folder):
                is_empty = False
                name = _find_name(entry.key, folder)
                if isinstance(entry, ObjectFolder):
                    if self._is_searched(entry.key, name):
                        folders.append(entry.key)
                elif self._is_image(entry.key, name):
                    error = self._find_error(entry)
                    if error is not None:
                        errors.append(error)
                    elif not is_hidden_name(name):
                        found.append(entry)
        except StoreError as error:
            unreadable = UnreadableFile(self.source_folder / folder, error.reason)
            if not (folder and isinstance(error, StoreAccessDenied)):
                raise unreadable from error
            return _FolderContent((), (ListedError(unreadable),), ())
        if is_empty and not folder:
            self._check_exists()
        found.sort(key=lambda facts: natural_sort_key(Path(_find_name(facts.key, folder))))
        path = self.source_folder / folder
        images = tuple(
            ListedImage(path / _find_name(facts.key, folder), facts.version) for facts in found
        )
        return _FolderContent(images, tuple(errors), tuple(folders))

    def _check_exists(self) -> None:
        """Raise UnreadableFile unless the source folder, which has no entry, is a whole bucket."""
        address = self.store.address
        if not address.prefix:
            return
        bucket = ObjectStore(replace(address, prefix=""))
        is_object = bucket.find(address.prefix) is not None
        reason = StoreFailure.OBJECT if is_object else StoreFailure.MISSING
        raise UnreadableFile(self.source_folder, reason)

    def _is_searched(self, key: str, name: str) -> bool:
        """Return whether a folder is listed, too: not if it is hidden, or that of the results."""
        if name in _HOSTILE_NAMES:
            return True
        return not is_hidden_name(name) and self.source_folder / key != self.output_folder

    def _is_image(self, key: str, name: str) -> bool:
        """Return whether an object is an image of a format that is restored, hidden or not."""
        is_object = bool(name) and not key.endswith("/")  # other ones stand for folders
        return is_object and os.path.splitext(name)[1].lower() in self._suffixes

    def _find_error(self, facts: ObjectFacts) -> ListedError | None:
        """Return the error of an object whose key is no path, None for any other object."""
        problem = find_key_problem(facts.key, find_max_name_bytes())
        if problem is None:
            return None
        address = self.store.address.format_object(facts.key)
        return ListedError(InvalidObjectKey(ObjectPath(address), address, problem), Path(facts.key))


def _find_name(key: str, folder: str) -> str:
    """Return the last part of the key of an object or a folder in `folder`."""
    return key[len(folder) :].removesuffix("/")


def plan_objects(
    store: ObjectStore,
    output_folder: Path,
    naming: OutputNaming,
    *,
    recursive: bool,
    include_all_formats: bool,
    shard: Shard | None = None,
) -> StreamedPlan:
    """Return the plan of the images of a folder in an object store.

    Args:
        store: Folder of the images.
        output_folder: Folder of the results: a local path or an `ObjectPath`.
        naming: Naming rule of the results, without {number}, and without {quality} unless a quality
            factor is assumed.
        recursive: Whether to search subfolders, too.
        include_all_formats: Whether to plan PNG, TIFF, WebP and BMP in addition to JPEG.
        shard: Part of the images that is planned, None for all of them.

    Raises:
        InvalidSetting: If the naming rule has an excluded field, or if the output folder contains
            the images.
    """
    if has_template_field(naming.template, _QUALITY_FIELD) and naming.assumed_quality is None:
        facts = {"field": f"{{{_QUALITY_FIELD}}}"}
        allowed = Message(AllowedValues.NAMES_WITHOUT_QUALITY, facts)
        raise InvalidSetting("template", naming.template, allowed)
    listing = ObjectListing(store, output_folder, recursive, include_all_formats)
    return StreamedPlan(
        listing.source_folder,
        output_folder,
        naming,
        recursive=recursive,
        include_all_formats=include_all_formats,
        shard=shard,
        listing=listing,
    )
