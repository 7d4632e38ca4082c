"""A plan of the files of a folder tree that holds one folder at a time in memory.

Targets of a streamed plan depend on their source alone, so that several programs can restore parts
of one plan: there are no numbers, and sources with the same target fail.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from ddrm_core.allowed_values import AllowedValues
from ddrm_core.batch.name_template import has_flexible_suffix, has_template_field
from ddrm_core.batch.output_paths import OutputNaming, PlannedFile, path_key
from ddrm_core.batch.streaming.folder_listing import FolderListing, ListedImage, LocalListing
from ddrm_core.batch.streaming.reasons import SharedTarget
from ddrm_core.batch.streaming.shard import Shard
from ddrm_core.cancel import CancelToken
from ddrm_core.errors import FileError, InvalidSetting
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
        listing: Listing of the images by the rules above; None for a folder of the file system.
    """

    source_folder: Path
    output_folder: Path
    naming: OutputNaming
    recursive: bool = False
    include_all_formats: bool = False
    shard: Shard | None = None
    listing: FolderListing | None = None

    def __post_init__(self) -> None:
        """Raise InvalidSetting for {number}, and for an output folder that contains the sources."""
        if has_template_field(self.naming.template, _NUMBER_FIELD):
            facts = {"field": f"{{{_NUMBER_FIELD}}}"}
            allowed = Message(AllowedValues.NAMES_WITHOUT_NUMBER, facts)
            raise InvalidSetting("template", self.naming.template, allowed)
        if self._listing.contains_sources(self.output_folder):
            allowed_folder = AllowedValues.FOLDER_WITHOUT_SOURCES
            raise InvalidSetting("output", self.output_folder, allowed_folder)

    def check_source_folder(self) -> None:
        """Check that the source folder exists and can be listed, with a single request to a store.

        Raises:
            UnreadableFile: If the source folder itself cannot be listed.
        """
        self._listing.check_source_folder()

    def iter_files(self) -> Iterator[PlannedFile | UnplannedFile]:
        """Yield the files of the plan folder by folder, and those that cannot be planned.

        If two files of the folder tree have the same target, neither is planned; each is yielded by
        the shard that contains it.

        Raises:
            UnreadableFile: If the source folder itself cannot be listed.
        """
        for group in self._listing.iter_groups():
            for listed in group.errors:
                if listed.relative_path is None or self._contains(listed.relative_path):
                    yield UnplannedFile(listed.error)
            yield from self._plan_images(group.images)

    def count_files(self, token: CancelToken) -> int:
        """Return the number of files of the plan, including those that cannot be planned.

        Args:
            token: Cancel token, checked for each file.

        Raises:
            OperationCancelled: If `token` is cancelled.
        """
        return self._listing.count_images(self.shard, token)

    def _plan_images(self, images: Sequence[ListedImage]) -> Iterator[PlannedFile | UnplannedFile]:
        """Plan the images of one group.

        Only these can have the same target: subfolders are repeated in the output folder, and the
        template adds the same number of folders to all of them.
        """
        files = [self._plan_image(image) for image in images]
        sources_by_key: dict[str, list[Path]] = defaultdict(list)
        for file in files:
            sources_by_key[self._target_key(file.target)].append(file.source)
        for file in files:
            if not self._contains(file.source.relative_to(self.source_folder)):
                continue
            others = [s for s in sources_by_key[self._target_key(file.target)] if s != file.source]
            yield UnplannedFile(SharedTarget(file.source, others[0])) if others else file

    def list_neighbors(self, file: PlannedFile) -> tuple[PlannedFile, ...]:
        """Return the other files of a file's folder, with targets, in whatever shard they are.

        Raises:
            UnreadableFile: If the folder cannot be listed.
        """
        images = self._listing.list_images(file.source.parent)
        return tuple(self._plan_image(image) for image in images if image.path != file.source)

    @property
    def _listing(self) -> FolderListing:
        return self.listing or LocalListing(
            self.source_folder, self.output_folder, self.recursive, self.include_all_formats
        )

    def _plan_image(self, image: ListedImage) -> PlannedFile:
        folder = self.output_folder / image.path.relative_to(self.source_folder).parent
        target, pattern = self.naming.build_target(image.path, folder)
        has_suffix = has_flexible_suffix(self.naming.template)
        return PlannedFile(image.path, target, has_suffix, pattern, image.version)

    def _contains(self, relative_path: Path) -> bool:
        return self.shard is None or self.shard.contains(relative_path)

    def _target_key(self, target: Path) -> str:
        return path_key(target, ignore_suffix=has_flexible_suffix(self.naming.template))


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
