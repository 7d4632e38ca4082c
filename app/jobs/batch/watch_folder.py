"""What has arrived in a folder."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from app.jobs.batch.batch_items import Found
from app.jobs.batch.batch_worker import results_in
from ddrm_core.batch.manifest import Journal
from ddrm_core.batch.output_paths import find_pictures
from ddrm_core.batch.watch import Watched, can_be_read, look_at
from ddrm_core.errors import UnreadableFile


@dataclass(frozen=True, slots=True)
class Arrivals:
    """What one look into a folder has found.

    Attributes:
        found: Pictures that are complete, and have come or changed since the last look.
        gone: Whether the folder could not be read.
    """

    found: tuple[Found, ...]
    gone: bool


class Watcher:
    """Looks into a folder again and again; for one thread at a time."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._watched = Watched()
        self._journal: Journal | None = None

    def look(
        self, *, recursive: bool, every: bool, results: Path | None, busy: Path | None = None
    ) -> Arrivals:
        """What has arrived.

        Args:
            recursive: See `searching`.
            every: Likewise.
            results: Likewise.
            busy: The file that is being restored; changed meanwhile, it arrives after that.

        Raises as `searching`.
        """
        if results is not None and (self._journal is None or self._journal.folder != results):
            self._journal = Journal(results)
        leave_out = results_in(self._journal)
        try:
            inside = find_pictures(
                self._folder, recursive=recursive, every=every, leave_out=leave_out
            )
        except UnreadableFile:
            return Arrivals((), gone=True)
        self._watched, arrived = self._watched.after(
            look_at(inside.pictures), lambda path: path != busy and can_be_read(path)
        )
        return Arrivals(tuple(Found(path, self._folder) for path in arrived), gone=False)
