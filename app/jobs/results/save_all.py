"""Writing several results to files that do not exist yet."""

from __future__ import annotations

from collections.abc import Generator, Sequence
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING

from app.jobs.results.archived_result import PutAway, export_put_away
from ddrm_core.batch.output_paths import numbered
from ddrm_core.cancel import CancelToken
from ddrm_core.errors import CoreError, OutputExists

# Imports torch, see `Engine`.
if TYPE_CHECKING:
    from ddrm_core.export.deliver import DeliverySettings


@dataclass(frozen=True, slots=True, eq=False)
class SaveOrder:
    """One result that is to be written.

    Attributes:
        number: Number of the run.
        put: The result.
        path: Proposed file; where it exists, the file gets the next free name.
        settings: How the result is written.
    """

    number: int
    put: PutAway
    path: Path
    settings: DeliverySettings


@dataclass(frozen=True, slots=True)
class Written:
    """A result that is in a file now.

    Attributes:
        number: Number of the run.
        path: The file.
    """

    number: int
    path: Path


@dataclass(frozen=True, slots=True)
class NotWritten:
    """A result that could not be written.

    Attributes:
        number: Number of the run.
        source: The picture that was restored.
        error: Why the file could not be written.
    """

    number: int
    source: Path
    error: CoreError


def saving_all(
    orders: Sequence[SaveOrder], _token: CancelToken
) -> Generator[Written | NotWritten, None, tuple[Written | NotWritten, ...]]:
    """Write the results one after another, and go on after one that cannot be written."""
    ends = []
    for order in orders:
        end = _written(order)
        ends.append(end)
        yield end
    return tuple(ends)


def _written(order: SaveOrder) -> Written | NotWritten:
    for number in count(1):
        path = order.path if number == 1 else numbered(order.path, number)
        try:
            exported = export_put_away(order.put, path, order.settings)
        except OutputExists:
            continue
        except CoreError as error:
            return NotWritten(order.number, order.put.run.image.path, error)
        return Written(order.number, exported.path)
    raise AssertionError("unreachable")
