"""Batch items with results of other settings, about which the user will be asked."""

from __future__ import annotations

from dataclasses import dataclass, replace

from app.jobs.batch.batch_items import BatchItem, CommonSettings, ItemStatus


@dataclass(frozen=True, slots=True)
class RedoCandidates:
    """Batch items with results of other settings that the user may want to replace.

    Attributes:
        found_ids: Identifiers of the items found since the last question.
        asked_ids: Identifiers of the items in the open question; empty without an open question.
        common_settings: Common settings with which the items would be restored again.
    """

    found_ids: tuple[int, ...] = ()
    asked_ids: tuple[int, ...] = ()
    common_settings: CommonSettings | None = None


def add_redo_candidate(
    candidates: RedoCandidates, item: BatchItem, common_settings: CommonSettings | None
) -> RedoCandidates:
    """Return the candidates, with `item` added if its result of other settings was kept."""
    if item.status is not ItemStatus.KEPT:
        return candidates
    return replace(
        candidates, found_ids=(*candidates.found_ids, item.item_id), common_settings=common_settings
    )


def open_redo_question(candidates: RedoCandidates) -> RedoCandidates:
    """Return the candidates with all found items moved to the open question.

    The candidates are not changed if a question is open already.
    """
    return (
        candidates
        if candidates.asked_ids
        else replace(candidates, found_ids=(), asked_ids=candidates.found_ids)
    )


def close_redo_question(candidates: RedoCandidates) -> RedoCandidates:
    """Return the candidates without the open question."""
    return replace(candidates, asked_ids=())
