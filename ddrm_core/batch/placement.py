"""Where a file's result goes: never in the place of another picture's result.

A file is known by its content. A result belongs to a content where the folder's journal has a whole
entry that says so; a result gives way to a restoration of its own content alone.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from itertools import count
from pathlib import Path

from ddrm_core.batch.batch_files import Others
from ddrm_core.batch.done_before import Earlier, is_own, of_each_format, places
from ddrm_core.batch.manifest import Journal
from ddrm_core.batch.output_paths import Item, numbered
from ddrm_core.batch.settings import BatchSettings
from ddrm_core.export.deliver import DeliverySettings
from ddrm_core.formats.save import check_format
from ddrm_core.formats.unsupported import UnsupportedFormat
from ddrm_core.problems.protocols import Measured


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
    first = plain if is_own(plain, item) else wanted
    return (numbered(first, number) for number in count(2))


def _is_free(path: Path, item: Item, others: Others) -> bool:
    if others.expected(path) is not None:
        return False
    return not any(os.path.lexists(one) for one in of_each_format(item, path))
