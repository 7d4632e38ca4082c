"""How many files of a queue are how far."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from app.jobs.batch.batch_items import Row, Status


@dataclass(frozen=True, slots=True)
class Tally:
    """How many files are how far.

    Attributes:
        total: All of them.
        done: Restored.
        skipped: Done before.
        failed: Files that could not be restored.
        kept: Done before with other settings; those results stay.
    """

    total: int = 0
    done: int = 0
    skipped: int = 0
    failed: int = 0
    kept: int = 0

    @property
    def finished(self) -> int:
        return self.done + self.skipped + self.failed + self.kept

    @property
    def left(self) -> int:
        """Waiting, stopped and worked on."""
        return self.total - self.finished


def tally_of(rows: Iterable[Row]) -> Tally:
    """Count them."""
    counts = Counter(row.status for row in rows)
    return Tally(
        counts.total(),
        done=counts[Status.DONE],
        skipped=counts[Status.SKIPPED],
        failed=counts[Status.FAILED],
        kept=counts[Status.KEPT],
    )
