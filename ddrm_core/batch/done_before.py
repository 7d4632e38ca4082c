"""Whether a file is skipped as done before: the results that its content has already."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from ddrm_core.batch.batch_files import Others
from ddrm_core.batch.manifest import Entry, Journal
from ddrm_core.batch.output_paths import Item, own_names_of
from ddrm_core.formats.suffixes import ROOMIEST


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
        elif is_own(there, item) and not _is_anothers(there, item, others):
            (same if alike else other).append(entry)
        elif alike and (there.suffix == item.target.suffix or item.follows_format):
            elsewhere = entry
    return Earlier(next(iter(same), None), next(iter(other), None), elsewhere)


def result_that_stays(earlier: Earlier, *, redo: bool) -> Entry | None:
    """Return the result for which a file is skipped, None where the file is to be restored.

    Args:
        earlier: The results that the file has.
        redo: Whether a result of other settings or another prior gives way.
    """
    if earlier.same is not None or redo:
        return earlier.same
    return earlier.other


def _is_anothers(path: Path, item: Item, others: Others) -> bool:
    """Whether another file of the batch has this result, or only that one would look for it."""
    expected = others.expected(path)
    return others.has_result(path) or (
        expected is not None and _own_names(expected) != _own_names(item)
    )


def is_own(path: Path, item: Item) -> bool:
    """Whether a plan may give a file's result this path."""
    return re.fullmatch(_own_names(item), path.as_posix()) is not None


def _own_names(item: Item) -> str:
    return item.own_names or own_names_of(item.target, follows_format=item.follows_format)


def places(item: Item) -> tuple[Path, ...]:
    """Return the places that a file's result is planned to have, by its format."""
    return of_each_format(item, item.target)


def of_each_format(item: Item, path: Path) -> tuple[Path, ...]:
    """Return a path, and the same path of the other format where a file leaves its format open."""
    if not item.follows_format:
        return (path,)
    return path, path.with_suffix(ROOMIEST)
