"""Where a file's result goes: never in the place of another picture's result.

A file is known by its content. A result belongs to a content where the folder's journal has a whole
entry that says so; a result gives way to a restoration of its own content alone.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Protocol, runtime_checkable

from ddrm_core.batch.manifest import Entry, Journal
from ddrm_core.batch.output_paths import Item, numbered, own_names_of, path_key
from ddrm_core.batch.settings import BatchSettings
from ddrm_core.export.deliver import DeliverySettings
from ddrm_core.formats.save import check_format
from ddrm_core.formats.suffixes import ROOMIEST
from ddrm_core.formats.unsupported import UnsupportedFormat
from ddrm_core.problems.protocols import Measured


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


@dataclass(frozen=True, slots=True)
class Earlier:
    """Results that a file's content has already.

    Attributes:
        same: In one of the file's own places, with the same settings and prior.
        other: In one of the file's own places, with other settings or another prior.
        elsewhere: In another place, with the same settings and prior.
    """

    same: Entry | None = None
    other: Entry | None = None
    elsewhere: Entry | None = None


def earlier_results(
    item: Item, content: str, choices: str, journal: Journal, others: Others
) -> Earlier:
    """Return the results of a file's content that are there, whole and unchanged.

    Its own places are those that a plan may give it (`Item.own_names`), but for results of other
    files of the same batch. The planned place comes first.

    Args:
        item: The file.
        content: SHA-256 of its bytes, in hexadecimal.
        choices: Hash of its settings and prior, as entries have it.
        journal: Journal of a folder that holds the target.
        others: The other files of the batch.

    Raises as `Journal.done`.
    """
    same: list[Entry] = []
    other: list[Entry] = []
    elsewhere: Entry | None = None
    for entry in journal.made_from(content):
        there, alike = journal.folder / entry.target, entry.settings_sha256 == choices
        if there in places(item):
            (same if alike else other).insert(0, entry)
        elif _is_own(there, item) and not _is_anothers(there, item, others):
            (same if alike else other).append(entry)
        elif alike and (there.suffix == item.target.suffix or item.follows_format):
            elsewhere = entry
    return Earlier(next(iter(same), None), next(iter(other), None), elsewhere)


def _is_anothers(path: Path, item: Item, others: Others) -> bool:
    """Whether another file of the batch has this result, or only that one would look for it."""
    expected = others.expected(path)
    return others.has_result(path) or (
        expected is not None and _own_names(expected) != _own_names(item)
    )


def _is_own(path: Path, item: Item) -> bool:
    """Whether a plan may give a file's result this path."""
    return re.fullmatch(_own_names(item), path.as_posix()) is not None


def _own_names(item: Item) -> str:
    return item.own_names or own_names_of(item.target, follows_format=item.follows_format)


def places(item: Item) -> tuple[Path, ...]:
    """Return the places that a file's result is planned to have, by its format."""
    return _of_each_format(item, item.target)


def _of_each_format(item: Item, path: Path) -> tuple[Path, ...]:
    if not item.follows_format:
        return (path,)
    return path, path.with_suffix(ROOMIEST)


def planned_place(item: Item, image: Measured, delivery: DeliverySettings) -> Path:
    """Return the planned place of a result, of a format that holds it where that is left open."""
    width, height = image.size
    for place in places(item):
        with suppress(UnsupportedFormat):
            check_format(
                place, bits=delivery.bits, channels=image.channels, width=width, height=height
            )
            return place
    return item.target  # `check_delivery` says what it cannot hold


@dataclass(frozen=True, slots=True)
class Placement:
    """Where a result is written.

    Attributes:
        target: The file.
        replaces: Whether a file that is there gives way.
        kept: The result of other content that has the planned place, None where there is none.
    """

    target: Path
    replaces: bool = False
    kept: Path | None = None


def place(
    wanted: Path,
    item: Item,
    content: str,
    earlier: Earlier,
    settings: BatchSettings,
    journal: Journal,
    others: Others,
) -> Placement:
    """Decide where a file's result is written, now that nothing spares it.

    A result of the same content gives way, and so does every file where `overwrite` is set. Where
    the planned place has a result of other content, the next free number is taken. Any other file
    there is left for `check_output` to refuse.

    Args:
        wanted: The planned place, with the suffix of the result's format.
        item: The file.
        content: See `earlier_results`.
        earlier: The earlier results that `earlier_results` found.
        settings: Settings of the batch.
        journal: Journal of a folder that holds the target.
        others: The other files of the batch.

    Raises as `Journal.done`.
    """
    if earlier.other is not None:
        there = journal.folder / earlier.other.target
        if there.suffix == wanted.suffix:
            return Placement(there, replaces=True)
    if not os.path.exists(wanted):
        return Placement(wanted)
    if settings.overwrite or journal.wrote(wanted, content):
        return Placement(wanted, replaces=True)
    if not journal.wrote(wanted):
        return Placement(wanted)
    free = (path for path in _further_names(wanted, item) if _is_free(path, item, others))
    return Placement(next(free), kept=wanted)


def _further_names(wanted: Path, item: Item) -> Iterator[Path]:
    """The numbered variants of a name; one that a plan has numbered already gets no second one."""
    stem = re.sub(r" \(\d+\)$", "", wanted.stem)
    plain = wanted.with_name(f"{stem}{wanted.suffix}") if stem else wanted
    first = plain if _is_own(plain, item) else wanted
    return (numbered(first, number) for number in count(2))


def _is_free(path: Path, item: Item, others: Others) -> bool:
    if others.expected(path) is not None:
        return False
    return not any(os.path.lexists(one) for one in _of_each_format(item, path))
