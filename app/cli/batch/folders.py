"""Where the pictures of a batch are, and where their results go."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path

from ddrm_core.batch.output_paths import Found, find_pictures


@dataclass(frozen=True, slots=True)
class Place:
    """Folders, and what is looked for in them.

    Attributes:
        folder: With the pictures.
        output: For the results.
        recursive: Whether folders inside `folder` are looked into.
        every: Whether other pictures than JPEGs are looked for.
    """

    folder: Path
    output: Path
    recursive: bool
    every: bool

    def find(self, results: Collection[Path] = ()) -> Found:
        """The pictures that are there, without results. Raises UnreadableFile."""
        return find_pictures(
            self.folder,
            recursive=self.recursive,
            every=self.every,
            leave_out=(self.output, *results),
        )
