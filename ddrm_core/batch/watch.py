"""Which files have arrived in a folder that is looked at again and again."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path


@dataclass(frozen=True, slots=True)
class FileStamp:
    """A file at one look.

    Attributes:
        size: In bytes.
        mtime_ns: When it was last written, as the system counts.
    """

    size: int
    mtime_ns: int


FolderListing = Mapping[Path, FileStamp]


@dataclass(frozen=True, slots=True)
class FolderWatchState:
    """What is known of a folder between two looks.

    Attributes:
        known_files: Files that have arrived, as they were then. One that changes after that arrives
            again.
        pending_files: The others at the last look.
    """

    known_files: FolderListing = field(default_factory=dict)
    pending_files: FolderListing = field(default_factory=dict)

    def update(
        self, listing: FolderListing, is_readable: Callable[[Path], bool]
    ) -> tuple[FolderWatchState, tuple[Path, ...]]:
        """What is known after another look, and which files have arrived with it, in its order.

        A file has arrived once it is as it was at the look before, not empty, and can be read:
        until then somebody may still be writing it.

        Args:
            listing: What is in the folder now.
            is_readable: Asked of what would have arrived.
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
    """These files as they are now; those that are gone are left out."""
    listing: dict[Path, FileStamp] = {}
    for path in paths:
        try:
            file_stat = path.stat()
        except OSError:
            continue
        listing[path] = FileStamp(file_stat.st_size, file_stat.st_mtime_ns)
    return listing


def is_readable_file(path: Path) -> bool:
    """Whether the system gives its bytes; Windows does not while another program writes it."""
    try:
        with path.open("rb") as file:
            return bool(file.read(1))
    except OSError:
        return False
