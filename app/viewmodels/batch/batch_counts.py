"""Number of batch items per status."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

from app.jobs.batch.batch_items import BatchItem, FileSizes, ItemStatus


@dataclass(frozen=True, slots=True)
class BatchCounts:
    """Number of batch items per status.

    Attributes:
        total: All items.
        done: Items that were restored.
        skipped: Items that already had a result with the same settings.
        failed: Items that could not be restored.
        kept_results: Items that already had a result with other settings, which was kept.
        partial: Restored items, counted in `done`, of which only a part was readable.
        others: Items that the selection rule left as they are, without copies.
        copied: Items that the selection rule did not select, and that were copied.
        retained: Items whose sources were not replaced by their results.
        sizes: Total sizes of all sources that have a result, and of their results.
    """

    total: int = 0
    done: int = 0
    skipped: int = 0
    failed: int = 0
    kept_results: int = 0
    partial: int = 0
    others: int = 0
    copied: int = 0
    retained: int = 0
    sizes: FileSizes = field(default_factory=lambda: FileSizes(0, 0))

    @property
    def finished(self) -> int:
        others = self.others + self.copied + self.retained
        return self.done + self.skipped + self.failed + self.kept_results + others

    @property
    def remaining(self) -> int:
        """Number of items that are waiting, stopped or working."""
        return self.total - self.finished


def count_items(items: Iterable[BatchItem]) -> BatchCounts:
    """Count the items by status."""
    counted = tuple(items)
    by_status = Counter(item.status for item in counted)
    known_sizes = [item.sizes for item in counted if item.sizes is not None]
    return BatchCounts(
        by_status.total(),
        done=by_status[ItemStatus.DONE],
        skipped=by_status[ItemStatus.SKIPPED],
        failed=by_status[ItemStatus.FAILED],
        kept_results=by_status[ItemStatus.KEPT],
        others=by_status[ItemStatus.OTHER],
        copied=by_status[ItemStatus.COPIED],
        retained=by_status[ItemStatus.NOT_REPLACED],
        partial=sum(item.is_partial for item in counted),
        sizes=FileSizes(
            sum(sizes.source for sizes in known_sizes), sum(sizes.result for sizes in known_sizes)
        ),
    )
