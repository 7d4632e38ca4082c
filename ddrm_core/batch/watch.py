"""Detection of new files in a watched folder."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path


@dataclass(frozen=True, slots=True)
class FileStamp:
    """Size and modification time of a file at one scan.

    Attributes:
        size: Size in bytes.
        mtime_ns: Modification time in nanoseconds, `st_mtime_ns`.
    """

    size: int
    mtime_ns: int


FolderListing = Mapping[Path, FileStamp]


@dataclass(frozen=True, slots=True)
class FolderWatchState:
    """The state of a watched folder between two scans.

    Attributes:
        known_files: Files that were reported as new, with their size and time at that scan. A file
            that changes is reported again.
        pending_files: Files of the last scan that were not reported yet.
    """

    known_files: FolderListing = field(default_factory=dict)
    pending_files: FolderListing = field(default_factory=dict)

    def update(
        self, listing: FolderListing, is_readable: Callable[[Path], bool]
    ) -> tuple[FolderWatchState, tuple[Path, ...]]:
        """Return the state after another scan, and the new files in the order of the scan.

        A file is new if it is unchanged since the previous scan, not empty and readable: before, a
        program may still be writing the file.

        Args:
            listing: Files in the folder at this scan.
            is_readable: Predicate that says whether a file can be read.
        """
        known_files = {path: stamp for path, stamp in self.known_files.items() if path in listing}
        pending_files: dict[Path, FileStamp] = {}
        new_files: list[Path] = []
        for path, stamp in listing.items():
            if known_files.get(path) == stamp:
                continue
            if stamp.size and self.pending_files.get(path) == stamp and is_readable(path):
                known_files[path] = stamp
                new_files.append(path)
            else:
                pending_files[path] = stamp
        return FolderWatchState(known_files, pending_files), tuple(new_files)


def read_file_stamps(paths: Iterable[Path]) -> dict[Path, FileStamp]:
    """Return the current size and modification time of files; missing files are left out."""
    listing: dict[Path, FileStamp] = {}
    for path in paths:
        try:
            file_stat = path.stat()
        except OSError:
            continue
        listing[path] = FileStamp(file_stat.st_size, file_stat.st_mtime_ns)
    return listing


def is_readable_file(path: Path) -> bool:
    """Return whether a file can be opened and is not empty.

    On Windows, a file cannot be opened while another program writes it.
    """
    try:
        with path.open("rb") as file:
            return bool(file.read(1))
    except OSError:
        return False
