"""A plan of the files of a folder tree that holds one folder at a time in memory.

Targets of a streamed plan depend on their source alone, so that several programs can restore parts
of one plan: there are no numbers, and sources with the same target fail.
"""

from __future__ import annotations

import os
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from ddrm_core.allowed_values import AllowedValues
from ddrm_core.batch.name_template import has_flexible_suffix, has_template_field
from ddrm_core.batch.output_paths import (
    OutputNaming,
    PlannedFile,
    find_source_images,
    list_source_suffixes,
    path_key,
)
from ddrm_core.batch.streaming.folder_entries import (
    is_file_entry,
    natural_sort_key,
    walk_folders,
)
from ddrm_core.batch.streaming.reasons import SharedTarget
from ddrm_core.batch.streaming.shard import Shard
from ddrm_core.cancel import CancelToken
from ddrm_core.errors import FileError, InvalidSetting, UnreadableFile
from ddrm_core.messages import Message

_NUMBER_FIELD = "number"


@dataclass(frozen=True, slots=True)
class UnplannedFile:
    """A file or folder that cannot be planned.

    Attributes:
        error: Reason, with the path.
    """

    error: FileError


@dataclass(frozen=True, slots=True)
class StreamedPlan:
    """A plan of the files of a folder tree, or of a part of them, validated on creation.

    Attributes:
        source_folder: Folder of the images.
        output_folder: Folder of the results, which does not contain the source folder.
        naming: Naming rule of the results, without {number}.
        recursive: Whether to search subfolders, too.
        include_all_formats: Whether to plan PNG, TIFF, WebP and BMP in addition to JPEG.
        shard: Part of the files that is planned, None for all files.
    """

    source_folder: Path
    output_folder: Path
    naming: OutputNaming
    recursive: bool = False
    include_all_formats: bool = False
    shard: Shard | None = None

    def __post_init__(self) -> None:
        """Raise InvalidSetting for {number}, and for an output folder that contains the sources."""
        if has_template_field(self.naming.template, _NUMBER_FIELD):
            facts = {"field": f"{{{_NUMBER_FIELD}}}"}
            allowed = Message(AllowedValues.NAMES_WITHOUT_NUMBER, facts)
            raise InvalidSetting("template", self.naming.template, allowed)
        if self.source_folder.resolve().is_relative_to(self.output_folder.resolve()):
            allowed_folder = AllowedValues.FOLDER_WITHOUT_SOURCES
            raise InvalidSetting("output", self.output_folder, allowed_folder)

    def iter_files(self) -> Iterator[PlannedFile | UnplannedFile]:
        """Yield the files of the plan folder by folder, and those that cannot be planned.

        If two files of the folder tree have the same target, neither is planned; each is yielded by
        the shard that contains it.

        Raises:
            UnreadableFile: If the source folder itself cannot be listed.
        """
        folders, errors = self._list_folders()
        yield from map(UnplannedFile, errors)
        groups: dict[str, list[Path]] = defaultdict(list)
        for folder in folders:
            groups[path_key(folder, ignore_suffix=False)].append(folder)
        for group in groups.values():
            yield from self._plan_group(group)

    def count_files(self, token: CancelToken) -> int:
        """Return the number of files of the plan, including those that cannot be planned.

        Args:
            token: Cancel token, checked for each file.

        Raises:
            OperationCancelled: If `token` is cancelled.
        """
        suffixes = list_source_suffixes(include_all_formats=self.include_all_formats)
        excluded, count = {os.path.realpath(self.output_folder)}, 0
        folders = walk_folders(self.source_folder, recursive=self.recursive, excluded=excluded)
        for listed in folders:
            if isinstance(listed, UnreadableFile):
                continue
            relative_folder = listed.path.relative_to(self.source_folder)
            for entry in listed.entries:
                token.raise_if_cancelled()
                if os.path.splitext(entry.name)[1].lower() in suffixes and is_file_entry(entry):
                    count += self.shard is None or self.shard.contains(relative_folder / entry.name)
        return count

    def _plan_group(self, folders: Sequence[Path]) -> Iterator[PlannedFile | UnplannedFile]:
        """Plan the files of folders whose names differ by letter case or Unicode form only.

        Only their files can have the same target: subfolders are repeated in the output folder,
        and the template adds the same number of folders to all of them.
        """
        sources: list[Path] = []
        for folder in folders:
            try:
                sources += self._list_images(folder)
            except UnreadableFile as error:  # removed in the meantime
                yield UnplannedFile(error)
        files = [self.plan_file(source) for source in sources]
        sources_by_key: dict[str, list[Path]] = defaultdict(list)
        for file in files:
            sources_by_key[self._target_key(file.target)].append(file.source)
        for file in files:
            if self.shard and not self.shard.contains(file.source.relative_to(self.source_folder)):
                continue
            others = [s for s in sources_by_key[self._target_key(file.target)] if s != file.source]
            yield UnplannedFile(SharedTarget(file.source, others[0])) if others else file

    def plan_file(self, source: Path) -> PlannedFile:
        """Return a file with its planned target."""
        folder = self.output_folder / source.relative_to(self.source_folder).parent
        target, pattern = self.naming.build_target(source, folder)
        return PlannedFile(source, target, has_flexible_suffix(self.naming.template), pattern)

    def list_neighbors(self, file: PlannedFile) -> tuple[PlannedFile, ...]:
        """Return the other files of a file's folder, with targets, in whatever shard they are.

        Raises:
            UnreadableFile: If the folder cannot be listed.
        """
        sources = self._list_images(file.source.parent)
        return tuple(self.plan_file(source) for source in sources if source != file.source)

    def _target_key(self, target: Path) -> str:
        return path_key(target, ignore_suffix=has_flexible_suffix(self.naming.template))

    def _list_images(self, folder: Path) -> tuple[Path, ...]:
        return find_source_images(
            folder, recursive=False, include_all_formats=self.include_all_formats
        ).image_paths

    def _list_folders(self) -> tuple[list[Path], list[UnreadableFile]]:
        """Return the folders of the plan in natural order, and errors of unreadable ones.

        Raise UnreadableFile if the source folder itself cannot be listed.
        """
        if not self.recursive:
            return [self.source_folder], []
        found: list[Path] = []
        errors: list[UnreadableFile] = []
        excluded = {os.path.realpath(self.output_folder)}
        for listed in walk_folders(self.source_folder, recursive=True, excluded=excluded):
            if isinstance(listed, UnreadableFile):
                errors.append(listed)
            else:
                found.append(listed.path)
        if not found:
            raise errors[0]
        return sorted(found, key=lambda folder: natural_sort_key(folder / "_")), errors


class StreamedFileTracker:
    """The other files of a streamed plan, which are looked up in the folder of the current file.

    This class implements `BatchTracker` without holding the files of the plan: a path belongs to
    another file if it is the planned target of a file in the same folder.
    """

    def __init__(self, plan: StreamedPlan) -> None:
        """Create a tracker for files of a plan."""
        self._current: PlannedFile | None = None
        self._list_neighbors = lru_cache(maxsize=1)(plan.list_neighbors)

    def add(self, files: Iterable[PlannedFile]) -> None:
        """Do nothing, since the folder of a file tells the other files."""

    def start_file(self, file: PlannedFile) -> None:
        """Make a file the current file of the batch."""
        self._current = file

    def resume_file(self, file: PlannedFile) -> None:
        """Make a file that another process restores the current file of the batch."""
        self._current = file

    def finish_file(self, file: PlannedFile, result: Path) -> None:
        """Do nothing, since results are found in the manifest."""

    def has_result(self, path: Path) -> bool:
        """Return whether `path` is the planned target of another file, finished or not."""
        return self.find_pending(path) is not None

    def find_pending(self, path: Path) -> PlannedFile | None:
        """Return the other file, finished or not, whose planned target is `path`."""
        assert self._current is not None
        ignore_suffix = self._current.has_flexible_suffix
        key = path_key(path, ignore_suffix=ignore_suffix)
        for file in self._list_neighbors(self._current):
            if path_key(file.target, ignore_suffix=ignore_suffix) == key:
                return file
        return None
