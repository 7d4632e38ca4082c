"""The files of a batch, and which of them has its result where."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Protocol, runtime_checkable

from ddrm_core.batch.output_paths import Item, path_key


@runtime_checkable
class Others(Protocol):
    """The other files of a batch."""

    def has_result(self, path: Path) -> bool:
        """Whether another file, whose turn is over, has its result there."""
        ...

    def expected(self, path: Path) -> Item | None:
        """Return the file whose turn is to come and whose result is planned there, if any.

        Where the file leaves its format open, the suffix tells no paths apart.
        """
        ...


class BatchFiles:
    """The files of a batch on the command line: who is to come, and who has a result where."""

    def __init__(self) -> None:
        """No file is known yet."""
        self._coming: dict[str, Item] = {}
        self._open: dict[str, Item] = {}  # files that leave their format open, without suffixes
        self._results: dict[str, Path] = {}  # whose they are
        self._source: Path | None = None

    def add(self, items: Iterable[Item]) -> None:
        """Have these files wait for their turns."""
        for item in items:
            self._waiting(item)[path_key(item.target, free=item.follows_format)] = item

    def begin(self, item: Item) -> None:
        """Begin a file's turn: from now on its place is not expected."""
        self._source = item.source
        self._waiting(item).pop(path_key(item.target, free=item.follows_format), None)

    def end(self, item: Item, result: Path) -> None:
        """End the turn of a file that has its result there."""
        self._results[path_key(result, free=False)] = item.source

    def has_result(self, path: Path) -> bool:
        """See `Others`."""
        return self._results.get(path_key(path, free=False), self._source) != self._source

    def expected(self, path: Path) -> Item | None:
        """See `Others`."""
        return self._coming.get(path_key(path, free=False)) or self._open.get(
            path_key(path, free=True)
        )

    def _waiting(self, item: Item) -> dict[str, Item]:
        return self._open if item.follows_format else self._coming
