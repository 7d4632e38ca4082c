"""Which files have arrived in a folder that is looked at again and again."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Seen:
    """A file at one look.

    Attributes:
        size: In bytes.
        mtime_ns: When it was last written, as the system counts.
    """

    size: int
    mtime_ns: int


Listing = Mapping[Path, Seen]


@dataclass(frozen=True, slots=True)
class Watched:
    """What is known of a folder between two looks.

    Attributes:
        taken: Files that have arrived, as they were then. One that changes after that arrives
            again.
        waiting: The others at the last look.
    """

    taken: Listing = field(default_factory=dict)
    waiting: Listing = field(default_factory=dict)

    def after(
        self, listing: Listing, can_be_read: Callable[[Path], bool]
    ) -> tuple[Watched, tuple[Path, ...]]:
        """What is known after another look, and which files have arrived with it, in its order.

        A file has arrived once it is as it was at the look before, not empty, and can be read:
        until then somebody may still be writing it.

        Args:
            listing: What is in the folder now.
            can_be_read: Asked of what would have arrived.
        """
        taken = {path: seen for path, seen in self.taken.items() if path in listing}
        waiting: dict[Path, Seen] = {}
        arrived: list[Path] = []
        for path, seen in listing.items():
            if taken.get(path) == seen:
                continue
            if seen.size and self.waiting.get(path) == seen and can_be_read(path):
                taken[path] = seen
                arrived.append(path)
            else:
                waiting[path] = seen
        return Watched(taken, waiting), tuple(arrived)


def look_at(paths: Iterable[Path]) -> dict[Path, Seen]:
    """These files as they are now; those that are gone are left out."""
    listing: dict[Path, Seen] = {}
    for path in paths:
        try:
            found = path.stat()
        except OSError:
            continue
        listing[path] = Seen(found.st_size, found.st_mtime_ns)
    return listing


def can_be_read(path: Path) -> bool:
    """Whether the system gives its bytes; Windows does not while another program writes it."""
    try:
        with path.open("rb") as file:
            return bool(file.read(1))
    except OSError:
        return False
