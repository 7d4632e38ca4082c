"""Orders of batch items by what is known about their files."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from enum import Enum, auto
from operator import itemgetter
from types import MappingProxyType

from app.jobs.batch.batch_items import BatchItem
from app.viewmodels.batch.batch_text import item_status_text
from app.viewmodels.batch.overview.batch_cost import BatchCostState
from app.viewmodels.batch.overview.file_facts import FileFactsState
from app.viewmodels.batch.overview.file_facts_text import damage_text
from ddrm_core.batch.streaming.folder_entries import natural_sort_key
from ddrm_core.batch.triage.image_facts import ImageFacts

_SortValue = float | str | tuple[object, ...]


class ItemOrder(Enum):
    """A property of batch items by which they are sorted."""

    FILE = auto()
    STATUS = auto()
    QUALITY = auto()
    EXPECTED_ERROR = auto()
    IMAGE_SIZE = auto()
    SAMPLING = auto()
    FILE_SIZE = auto()
    EXPECTED_TIME = auto()
    EARLIER_COMPRESSION = auto()
    DAMAGE = auto()
    ATTACHED_DATA = auto()
    CONSISTENCY = auto()
    SECONDS = auto()


def sort_items(
    items: Sequence[BatchItem],
    order: ItemOrder,
    facts: FileFactsState,
    cost: BatchCostState,
    *,
    is_descending: bool,
) -> tuple[int, ...]:
    """Return the ids of sorted items; items of equal or unknown values keep their order.

    Items of unknown values are last in both directions.

    Args:
        items: Items of the batch.
        order: Property to sort by.
        facts: Facts about the files.
        cost: Expected times of the items.
        is_descending: Whether the largest values are first.
    """
    find_value = _create_value_finder(order, facts, cost)
    known: list[tuple[_SortValue, int]] = []
    unknown: list[int] = []
    for item in items:
        value = find_value(item)
        if value is None:
            unknown.append(item.item_id)
        else:
            known.append((value, item.item_id))
    # A descending sort also keeps the order of equal values.
    known.sort(key=itemgetter(0), reverse=is_descending)
    return (*(item_id for _, item_id in known), *unknown)


def _create_value_finder(
    order: ItemOrder, facts: FileFactsState, cost: BatchCostState
) -> Callable[[BatchItem], _SortValue | None]:
    """Return the function that returns the value of an item by which it is sorted."""
    if order is ItemOrder.EXPECTED_TIME:
        seconds = {} if cost.cost is None else cost.cost.seconds_by_item
        return lambda item: seconds.get(item.item_id)
    if order in _ITEM_VALUES:
        return _ITEM_VALUES[order]

    def find_name_key(item: BatchItem) -> _SortValue:
        file_facts = facts.by_source.get(item.source)
        return (file_facts and file_facts.name_key) or natural_sort_key(item.source)

    if order is ItemOrder.FILE:
        return find_name_key

    def find_fact(item: BatchItem) -> _SortValue | None:
        file_facts = facts.by_source.get(item.source)
        return None if file_facts is None else _FACT_VALUES[order](file_facts.image)

    return find_fact


def _find_quality(image: ImageFacts) -> float | None:
    return None if image.quality is None else image.quality.factor


def _find_earlier_quality(image: ImageFacts) -> float | None:
    previous = image.previous_compression
    return None if previous is None else previous.quality


def _count_attached_bytes(image: ImageFacts) -> float | None:
    attachments = image.attachments
    count = attachments.unrecognized_bytes + sum(part.range.length for part in attachments.parts)
    return count or None


_ITEM_VALUES: Mapping[ItemOrder, Callable[[BatchItem], _SortValue | None]] = MappingProxyType(
    {
        ItemOrder.STATUS: lambda item: item_status_text(item, None),
        ItemOrder.CONSISTENCY: lambda item: item.consistency,
        ItemOrder.SECONDS: lambda item: item.seconds,
    }
)
_FACT_VALUES: Mapping[ItemOrder, Callable[[ImageFacts], _SortValue | None]] = MappingProxyType(
    {
        ItemOrder.QUALITY: _find_quality,
        ItemOrder.EXPECTED_ERROR: lambda image: image.quantization_error,
        ItemOrder.IMAGE_SIZE: lambda image: image.width * image.height or None,
        ItemOrder.SAMPLING: lambda image: image.chroma_sampling or None,
        ItemOrder.FILE_SIZE: lambda image: image.file_size or None,
        ItemOrder.EARLIER_COMPRESSION: _find_earlier_quality,
        ItemOrder.DAMAGE: lambda image: damage_text(image) or None,
        ItemOrder.ATTACHED_DATA: _count_attached_bytes,
    }
)
