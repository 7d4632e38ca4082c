"""Files with results of other settings, about which the user is still to be asked."""

from __future__ import annotations

from dataclasses import dataclass, replace

from app.jobs.batch.batch_items import BatchItem, CommonSettings, ItemStatus


@dataclass(frozen=True, slots=True)
class RedoCandidates:
    """Files whose results other settings made, from being found to an answer about them.

    Attributes:
        found_ids: Numbers of the files found since the last question.
        asked_ids: Numbers of the files that the open question is about; empty where none is open.
        common_settings: The queue's, with which they would be restored again.
    """

    found_ids: tuple[int, ...] = ()
    asked_ids: tuple[int, ...] = ()
    common_settings: CommonSettings | None = None


def add_redo_candidate(
    candidates: RedoCandidates, item: BatchItem, common_settings: CommonSettings | None
) -> RedoCandidates:
    """Return the value after a file's turn, which has found such a result or not."""
    if item.status is not ItemStatus.KEPT:
        return candidates
    return replace(
        candidates, found_ids=(*candidates.found_ids, item.item_id), common_settings=common_settings
    )


def open_redo_question(candidates: RedoCandidates) -> RedoCandidates:
    """Return the value with a question about all that was found, unless one is open already."""
    return (
        candidates
        if candidates.asked_ids
        else replace(candidates, found_ids=(), asked_ids=candidates.found_ids)
    )


def close_redo_question(candidates: RedoCandidates) -> RedoCandidates:
    """Return the value without the open question."""
    return replace(candidates, asked_ids=())
