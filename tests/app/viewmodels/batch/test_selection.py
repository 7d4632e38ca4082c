"""Which items a selection rule leaves as they are, and what that saves."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from app.jobs.batch.batch_cost import BatchCost
from app.jobs.batch.batch_items import BatchItem, ItemStatus
from app.jobs.batch.file_facts import FileFacts
from app.viewmodels.batch import batch_transitions as transitions
from app.viewmodels.batch.batch_counts import BatchCounts
from app.viewmodels.batch.batch_events import BatchFinished
from app.viewmodels.batch.batch_state import BatchPhase, BatchState
from app.viewmodels.batch.batch_text import batch_finished_message
from app.viewmodels.batch.overview.batch_cost import NO_COST, BatchCostState
from app.viewmodels.batch.overview.file_facts import FileFactsState
from app.viewmodels.batch.overview.selection import selection_text, summarize_selection
from ddrm_core.batch.selection.rule import ALL_FILES, OthersPolicy, SelectionRule
from ddrm_core.batch.triage.image_facts import ImageFacts

ITEMS = [BatchItem(n, Path(f"{n}.jpg")) for n in range(5)]
# Files of the qualities 20, 50, 90 and 90, and one that is not an image.
LIMITS = (21, 51, 91, 91)
FACTS = FileFactsState(
    {
        **{
            Path(f"{n}.jpg"): FileFacts(ImageFacts(Path(f"{n}.jpg"), 9, "JPEG", 8, 8), limit)
            for n, limit in enumerate(LIMITS)
        },
        Path("4.jpg"): FileFacts(ImageFacts(Path("4.jpg"))),
    }
)
COST = BatchCostState(
    BatchCost(
        5, 45, 1000, 100.0, {0: 10.0, 1: 20.0, 2: 30.0, 3: 40.0}, {0: 100, 1: 200, 2: 300, 3: 400}
    )
)


def state_of(rule, items=ITEMS):
    return transitions.set_selection(transitions.replace_items(BatchState(), items), rule)


def test_files_of_a_higher_quality_are_left_and_their_time_is_saved():
    summary = summarize_selection(state_of(SelectionRule(60)), FACTS, COST)
    assert (summary.selected_count, summary.other_count) == (3, 2)
    assert summary.saved_seconds == 70
    assert summary.cost.cost.seconds == 30
    assert summary.cost.cost.result_bytes == 300
    assert selection_text(summary) == "3 of 5 files, saves about 1 min 10 s"


def test_without_a_limit_nothing_is_left():
    summary = summarize_selection(state_of(ALL_FILES), FACTS, COST)
    assert (summary.selected_count, summary.other_count) == (5, 0)
    assert summary.cost is COST


def test_what_is_not_known_yet_counts_as_restored():
    early = summarize_selection(state_of(SelectionRule(60)), FileFactsState(), COST)
    assert (early.selected_count, early.other_count) == (5, 0)
    unknown = summarize_selection(state_of(SelectionRule(60)), FACTS, NO_COST)
    assert unknown.saved_seconds is None
    assert selection_text(unknown) == "3 of 5 files"
    assert selection_text(summarize_selection(BatchState(), FACTS, NO_COST)) == ""


def test_another_rule_makes_the_left_files_pending_again_and_no_others():
    items = [
        BatchItem(1, Path("a.jpg"), status=ItemStatus.OTHER, message="Not below 60"),
        BatchItem(2, Path("b.jpg"), status=ItemStatus.COPIED, target=Path("/out/b.jpg")),
        BatchItem(3, Path("c.jpg"), status=ItemStatus.DONE, target=Path("/out/c.png")),
    ]
    state = transitions.replace_items(BatchState(), items)
    assert (state.counts.others, state.counts.copied, state.counts.remaining) == (1, 1, 0)
    changed = transitions.set_selection(state, SelectionRule(90, OthersPolicy.SKIP))
    assert [item.status for item in changed.items] == [
        ItemStatus.WAITING,
        ItemStatus.WAITING,
        ItemStatus.DONE,
    ]
    assert changed.items[0].message == ""
    assert changed.counts.remaining == 2


def test_left_files_shorten_the_time_that_is_left():
    state = replace(state_of(SelectionRule(60)), phase=BatchPhase.RUNNING)
    left = replace(ITEMS[0], status=ItemStatus.OTHER)
    state = transitions.finish_item(transitions.start_item(state, 0), left)
    assert state.seconds_left is None
    done = replace(ITEMS[1], status=ItemStatus.DONE, seconds=8.0)
    state = transitions.finish_item(transitions.start_item(state, 1), done)
    assert state.seconds_left == 3 * 4.0


def test_the_end_counts_the_left_files():
    counts = BatchCounts(9, done=2, others=4, copied=3)
    assert counts.remaining == 0
    message = batch_finished_message(BatchFinished(counts))
    assert message.title == "The folder is finished: 2 restored, 4 not needed, 3 copied"
