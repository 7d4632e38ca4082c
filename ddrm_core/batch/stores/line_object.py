"""The numbered objects with the lines of a store's manifest, and the choice of those to read."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from ddrm_core.batch.manifest.lines import MACHINES_FOLDER_NAME
from ddrm_core.batch.stores.clients.client import ObjectFacts

LINES_FOLDER = f"{MACHINES_FOLDER_NAME}/"
"""Beginning of the keys of all objects with lines, relative to the folder of the results."""
_NAME = re.compile(
    r"(?P<writer>[A-Za-z0-9_-]+)-(?P<last>[0-9]{9,18})(_(?P<count>[0-9]{9,18}))?\.jsonl"
)
# A program that is killed while it reads a large manifest leaves so many bytes to read again.
_ROUND_BYTES = 32 << 20


@dataclass(frozen=True, slots=True)
class LineObject:
    """An object with the lines of one append, or of successive appends, of one writer.

    Attributes:
        writer: Name of the writer.
        last: Number of the last append, from 1.
        count: Number of appends.
        facts: Facts about a listed object.
    """

    writer: str
    last: int
    count: int
    facts: ObjectFacts | None = field(default=None, compare=False)

    @property
    def key(self) -> str:
        """Key of the object.

        In the order of keys, a merged object is behind all objects that it replaces.
        """
        suffix = "" if self.count == 1 else f"_{self.count:09}"
        return f"{LINES_FOLDER}{self.writer}-{self.last:09}{suffix}.jsonl"

    @property
    def first(self) -> int:
        """Number of the first append."""
        return self.last - self.count + 1


def choose_new_objects(
    objects: Mapping[str, Sequence[LineObject]], numbers: Mapping[str, int]
) -> list[LineObject]:
    """Return the objects of all writers that together have each new append once.

    Args:
        objects: Objects of each writer.
        numbers: Number of the last append of each writer that is not new.
    """
    chosen: list[LineObject] = []
    for writer, own_objects in objects.items():
        number = numbers.get(writer, 0)
        for found in sorted(own_objects, key=lambda item: (item.first, -item.last)):
            if found.last > number:
                chosen.append(found)
                number = found.last
    return chosen


def choose_first_objects(objects: Sequence[LineObject]) -> Sequence[LineObject]:
    """Return the first objects, of a little more than 32 MiB if there are as many bytes."""
    size = 0
    for count, found in enumerate(objects, 1):
        size += 0 if found.facts is None else found.facts.size
        if size > _ROUND_BYTES:
            return objects[:count]
    return objects


def has_gap(chosen: Sequence[LineObject], numbers: Mapping[str, int]) -> bool:
    """Return whether an append of a writer is in none of the objects of `choose_new_objects`."""
    last = dict(numbers)
    for found in chosen:
        if found.first > last.get(found.writer, 0) + 1:
            return True
        last[found.writer] = found.last
    return False


def parse_line_object(facts: ObjectFacts) -> LineObject | None:
    """Return the object of a key, None for the key of something else."""
    found = _NAME.fullmatch(facts.key.removeprefix(LINES_FOLDER))
    if found is None:
        return None
    return LineObject(found["writer"], int(found["last"]), int(found["count"] or 1), facts)
