"""Texts about the expected cost of a batch."""

from __future__ import annotations

from app.i18n.formatting import format_approximate_duration, format_approximate_size
from app.i18n.translation import tr
from app.jobs.batch.batch_items import BatchItem
from app.viewmodels.batch.overview.batch_cost import BatchCostState


def expected_time_text(cost: BatchCostState) -> str:
    """Return the expected time of the pending items in a few words, empty if it is not known."""
    if cost.cost is not None and cost.cost.seconds is not None:
        duration = format_approximate_duration(cost.cost.seconds)
        return tr("about {time}").format(time=duration)
    return tr("estimating time…") if cost.is_estimating else ""


def item_time_text(cost: BatchCostState, item: BatchItem) -> str:
    """Return the expected time of an item, empty if it is not known."""
    seconds = None if cost.cost is None else cost.cost.seconds_by_item.get(item.item_id)
    return "" if seconds is None else format_approximate_duration(seconds)


def expected_size_text(cost: BatchCostState) -> str:
    """Return the expected size of the results in a few words, empty if it is not known."""
    if cost.cost is None or not cost.cost.result_bytes:
        return ""
    return tr("about {size}").format(size=format_approximate_size(cost.cost.result_bytes))


def batch_cost_tooltip(cost: BatchCostState) -> str:
    """Return the tooltip that explains the expected time and size, empty if neither is known."""
    if cost.cost is None:
        return ""
    if cost.cost.is_prior_unloaded:
        return tr("Time and size: known once this model has been used")
    if cost.cost.seconds is None:
        return ""
    lines = [tr("From the size of each picture and how fast a step of the model is.")]
    if cost.cost.result_bytes:
        text = tr("The files have {before}; the results will have about {after}.")
        before = format_approximate_size(cost.cost.source_bytes)
        after = format_approximate_size(cost.cost.result_bytes)
        lines.append(text.format(before=before, after=after))
    return "\n".join(lines)
