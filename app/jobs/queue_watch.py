"""What has arrived in a folder."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path

from app.jobs.queue_rows import Found
from ddrm_core.batch.plan import find_pictures
from ddrm_core.errors import UnreadableFile


@dataclass(frozen=True, slots=True)
class Arrivals:
    """What one look into a folder has found.

    Attributes:
        found: Pictures that are complete and were not told of before.
        gone: Whether the folder could not be read.
    """

    found: tuple[Found, ...]
    gone: bool


class Watcher:
    """Looks into a folder again and again; for one thread at a time.

    A picture is complete once it is the same at two looks: what is being copied grows.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._told: set[Path] = set()
        self._before: dict[Path, tuple[int, int]] = {}

    def look(self, *, recursive: bool, every: bool, leave_out: Collection[Path]) -> Arrivals:
        """What has arrived; see `find_pictures` for the arguments."""
        try:
            inside = find_pictures(
                self._folder, recursive=recursive, every=every, leave_out=leave_out
            )
        except UnreadableFile:
            return Arrivals((), gone=True)
        now = {}
        for path in inside.pictures:
            if path in self._told:
                continue
            try:
                state = path.stat()
            except OSError:  # it has gone meanwhile
                continue
            if state.st_size:
                now[path] = (state.st_size, state.st_mtime_ns)
        complete = [path for path, seen in now.items() if self._before.get(path) == seen]
        self._told.update(complete)
        self._before = now
        return Arrivals(tuple(Found(path, self._folder) for path in complete), gone=False)
