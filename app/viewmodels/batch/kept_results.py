"""Files with results of other settings, about which the user is still to be asked."""

from __future__ import annotations

from dataclasses import dataclass, replace

from app.jobs.batch.batch_items import QueueSettings, Row, Status


@dataclass(frozen=True, slots=True)
class KeptResults:
    """Files whose results other settings made, from being found to an answer about them.

    Attributes:
        found: Numbers of the files found since the last question.
        asked: Numbers of the files that the open question is about; empty where none is open.
        settings: The queue's, with which they would be restored again.
    """

    found: tuple[int, ...] = ()
    asked: tuple[int, ...] = ()
    settings: QueueSettings | None = None


def finding(kept: KeptResults, row: Row, settings: QueueSettings | None) -> KeptResults:
    """Return the value after a file's turn, which has found such a result or not."""
    if row.status is not Status.KEPT:
        return kept
    return replace(kept, found=(*kept.found, row.number), settings=settings)


def asking(kept: KeptResults) -> KeptResults:
    """Return the value with a question about all that was found, unless one is open already."""
    return kept if kept.asked else replace(kept, found=(), asked=kept.found)


def answered(kept: KeptResults) -> KeptResults:
    """Return the value without the open question."""
    return replace(kept, asked=())
