"""The transitions of a batch, tested without Qt."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from app.i18n.error_messages import UserMessage
from app.jobs.batch.batch_items import (
    CommonSettings,
    FoundFile,
    ItemStatus,
    OutputLocation,
)
from app.jobs.run.restore_settings import RestoreSettings
from app.jobs.worker import JobOutcome
from app.viewmodels.batch import batch_transitions as transitions
from app.viewmodels.batch.autosave import saved_batch_from_state
from app.viewmodels.batch.batch_counts import BatchCounts
from app.viewmodels.batch.batch_state import (
    BatchPhase,
    BatchState,
    CurrentItem,
    WatchedFolder,
    find_next_item,
)
from app.viewmodels.batch.redo_candidates import (
    RedoCandidates,
    add_redo_candidate,
    close_redo_question,
    open_redo_question,
)
from app.viewmodels.batch.restore_outcome import apply_restore_outcome
from ddrm_core.errors import OperationCancelled, UnreadableFile
from ddrm_core.export.settings import ExportSettings
from ddrm_core.restoration.assumption import CompressionAssumption
from ddrm_core.sampler.settings import PRESETS, Preset

FAST = RestoreSettings(PRESETS[Preset.FAST], 0, "auto")
BEST = RestoreSettings(PRESETS[Preset.BEST], 7, "cpu", assumption=CompressionAssumption(10))
SETTINGS = CommonSettings(FAST)
HERE = Path("/pictures")


def of(*statuses, **changes):
    """Return a batch with one item for each of `statuses`, with ids from 1.

    `changes` are changed fields of the batch's state.
    """
    found = [FoundFile(HERE / f"{n}.jpg", HERE) for n in range(1, len(statuses) + 1)]
    state = transitions.add_files(BatchState(default_settings=SETTINGS), found)
    rows = [replace(row, status=status) for row, status in zip(state.items, statuses, strict=True)]
    return replace(transitions.replace_items(state, rows), **changes)


def numbers(state):
    return [row.item_id for row in state.items]


def statuses(state):
    return [row.status for row in state.items]


W, R, D, S, F, X, K = (
    ItemStatus.WAITING,
    ItemStatus.WORKING,
    ItemStatus.DONE,
    ItemStatus.SKIPPED,
    ItemStatus.FAILED,
    ItemStatus.STOPPED,
    ItemStatus.KEPT,
)


def test_added_files_wait_behind_the_others_each_once():
    state = of(D, W)
    again = [FoundFile(HERE / "2.jpg"), FoundFile(HERE / "9.jpg"), FoundFile(HERE / "9.jpg")]
    state = transitions.add_files(state, again)
    assert numbers(state) == [1, 2, 3]
    assert statuses(state) == [D, W, W]
    assert state.counts == BatchCounts(total=3, done=1)


def test_settings_go_with_the_last_file_that_was_to_be_restored_with_them():
    state = of(D, X, W, captured_settings=SETTINGS)
    assert transitions.remove_items(state, {2}).captured_settings == SETTINGS
    assert transitions.remove_items(state, {2, 3}).captured_settings is None
    assert (
        transitions.remove_items(replace(state, phase=BatchPhase.RUNNING), {2, 3}).captured_settings
        == SETTINGS
    )
    watched = transitions.set_watched_folder(replace(state, phase=BatchPhase.RUNNING), HERE)
    assert (
        transitions.remove_items(replace(watched, phase=BatchPhase.IDLE), {2, 3}).captured_settings
        == SETTINGS
    )


def test_a_proposed_target_folder_goes_with_the_files_that_it_was_proposed_for():
    state, elsewhere = of(D, F), [FoundFile(Path("/other/1.jpg"), Path("/other"))]
    assert transitions.clear_finished_items(state).output_location.folder == Path(
        "/pictures restored"
    )
    empty = transitions.remove_items(transitions.clear_finished_items(state), {2})
    assert empty.output_location.folder is None
    assert transitions.add_files(empty, elsewhere).output_location.folder == Path("/other restored")
    chosen = transitions.clear_finished_items(
        replace(of(D, D), output_location=OutputLocation(Path("/chosen")))
    )
    assert transitions.add_files(chosen, elsewhere).output_location.folder == Path("/chosen")
    watched = transitions.clear_finished_items(transitions.set_watched_folder(of(D, D), HERE))
    assert watched.output_location.folder == Path("/pictures restored")


def test_only_kept_results_that_were_asked_about_wait_again():
    state = of(D, K, K, F, captured_settings=None)
    assert state.counts == BatchCounts(total=4, done=1, failed=1, kept_results=2)
    assert state.counts.remaining == 0
    asked = RedoCandidates(asked_ids=(1, 2, 4), common_settings=SETTINGS)
    again = transitions.redo_items(state, asked)
    assert statuses(again) == [D, W, K, F]
    assert [row.redo for row in again.items] == [False, True, False, False]
    assert again.captured_settings == SETTINGS
    working = transitions.start_item(again, 2)
    assert working.find_item(2).redo
    failed = transitions.finish_item(working, replace(working.find_item(2), status=F))
    assert transitions.retry_failed_items(failed).find_item(2).redo


def test_a_question_is_about_all_that_was_found_since_the_last_one():
    kept = RedoCandidates()
    for row in of(D, K, S, K).items:
        kept = add_redo_candidate(kept, row, SETTINGS)
    assert kept == RedoCandidates(found_ids=(2, 4), common_settings=SETTINGS)
    kept = open_redo_question(kept)
    assert (kept.found_ids, kept.asked_ids) == ((), (2, 4))
    kept = open_redo_question(add_redo_candidate(kept, of(K).items[0], SETTINGS))
    assert (kept.found_ids, kept.asked_ids) == ((1,), (2, 4))  # only one question is open
    assert open_redo_question(close_redo_question(kept)).asked_ids == (1,)


def test_a_number_is_never_given_again():
    state = transitions.remove_items(of(W, W, W), {3})
    assert numbers(transitions.add_files(state, [FoundFile(HERE / "9.jpg")])) == [1, 2, 4]


@pytest.mark.parametrize(
    ("found", "folder"),
    [
        (FoundFile(HERE / "sub" / "a.jpg", HERE), Path("/pictures restored")),
        (FoundFile(HERE / "a.jpg"), HERE / "restored"),
        (FoundFile(Path("/a.jpg"), Path("/")), Path("/restored")),
    ],
)
def test_results_go_beside_what_is_added_unless_the_user_has_chosen(found, folder):
    assert transitions.add_files(BatchState(), [found]).output_location.folder == folder
    chosen = BatchState(output_location=OutputLocation(Path("/elsewhere")))
    assert transitions.add_files(chosen, [found]).output_location.folder == Path("/elsewhere")


@pytest.mark.parametrize(
    ("chosen", "by", "expected"),
    [
        ({2}, -1, [2, 1, 3, 4]),
        ({2}, 1, [1, 3, 2, 4]),
        ({1}, -1, [1, 2, 3, 4]),
        ({4}, 1, [1, 2, 3, 4]),
        ({1, 2}, -1, [1, 2, 3, 4]),
        ({2, 3}, -1, [2, 3, 1, 4]),
        ({1, 3}, 1, [2, 1, 4, 3]),
        ({3, 4}, 1, [1, 2, 3, 4]),
    ],
)
def test_moving(chosen, by, expected):
    assert numbers(transitions.move_items(of(W, W, W, W), chosen, by)) == expected


@pytest.mark.parametrize(
    ("chosen", "before", "expected"),
    [
        ({4}, 1, [4, 1, 2, 3]),
        ({1}, None, [2, 3, 4, 1]),
        ({1, 3}, 3, [2, 1, 3, 4]),
        ({1, 3}, 4, [2, 1, 3, 4]),
        ({2}, 99, [1, 3, 4, 2]),
        ({2}, 2, [1, 2, 3, 4]),
    ],
)
def test_dragging(chosen, before, expected):
    assert numbers(transitions.move_items_before(of(W, W, W, W), chosen, before)) == expected


def test_the_file_in_work_can_be_neither_removed_nor_changed():
    state = transitions.start_item(of(W, W), 1)
    assert numbers(transitions.remove_items(state, {1, 2})) == [1]
    assert transitions.set_own_settings(state, {1}, BEST).items[0].own_settings is None


def test_own_settings_have_a_finished_file_wait_again_and_can_be_taken_back():
    state = transitions.set_own_settings(of(D, F, W), {1, 2}, BEST)
    assert statuses(state) == [W, W, W]
    assert [state.restore_settings_of(row) for row in state.items] == [BEST, BEST, FAST]
    state = transitions.set_own_settings(state, {1, 2}, None)
    assert [state.restore_settings_of(row) for row in state.items] == [FAST, FAST, FAST]


def test_only_failed_files_are_retried_and_only_those_with_a_result_cleared():
    state = of(W, D, S, F, X)
    assert statuses(transitions.retry_failed_items(state)) == [W, D, S, W, X]
    assert statuses(transitions.clear_finished_items(state)) == [W, F, X]


def test_it_takes_the_windows_settings_at_the_start_and_keeps_them_until_nothing_is_left():
    state = transitions.start_batch(of(W, W))
    assert (state.phase, state.captured_settings) == (BatchPhase.RUNNING, SETTINGS)
    other = CommonSettings(BEST, ExportSettings(bits=16))
    paused = transitions.set_idle(transitions.pause_batch(replace(state, default_settings=other)))
    assert transitions.start_batch(paused).captured_settings == SETTINGS
    done = replace(state, default_settings=other)
    for row in done.items:
        done = transitions.finish_item(
            transitions.start_item(done, row.item_id), replace(row, status=D)
        )
    assert transitions.set_idle(done).captured_settings is None
    assert transitions.set_idle(done).effective_settings == other


@pytest.mark.parametrize(
    ("state", "may"),
    [
        (of(W), True),
        (of(X), True),
        (of(D, S, F), False),
        (of(), False),
        (of(W, phase=BatchPhase.RUNNING), False),
        (of(W, phase=BatchPhase.PAUSING), True),
        (of(W, phase=BatchPhase.STOPPING), False),
        (of(W, output_location=OutputLocation(None)), False),
        (of(W, output_problem=UserMessage("No", "Really.")), False),
        (of(W, default_settings=None), False),
    ],
)
def test_whether_start_does_something(state, may):
    assert state.can_start is may
    assert (transitions.start_batch(state) != state) is may


@pytest.mark.parametrize(
    ("state", "number"),
    [
        (of(D, W, X, phase=BatchPhase.RUNNING), 2),
        (of(D, X, W, phase=BatchPhase.RUNNING), 2),
        (of(D, S, F, phase=BatchPhase.RUNNING), None),
        (of(W, phase=BatchPhase.PAUSING), None),
        (of(W, phase=BatchPhase.STOPPING), None),
        (of(W), None),
    ],
)
def test_which_file_is_next(state, number):
    row = find_next_item(state)
    assert (None if row is None else row.item_id) == number


def test_the_time_left_follows_the_latest_restored_files():
    state = transitions.start_batch(of(W, W, W, W))
    assert state.seconds_left is None
    for number, (status, seconds) in enumerate([(D, 4.0), (F, 100.0), (S, None)], 1):
        state = transitions.start_item(state, number)
        row = state.find_item(number)
        state = transitions.finish_item(state, replace(row, status=status, seconds=seconds))
    assert state.seconds_left == 4.0
    state = transitions.start_item(state, 4)
    state = replace(state, current_item=replace(state.current_item, done_steps=3, total_steps=4))
    assert state.seconds_left == 1.0


def test_another_place_counts_for_what_is_left_only():
    targets = {n: Path(f"/out/{n}.png") for n in (1, 2)}
    state = transitions.set_targets(of(W, W), targets)
    state = transitions.finish_item(state, replace(state.items[0], status=D))
    state = transitions.set_output_location(state, OutputLocation(Path("/other")))
    assert [row.target for row in state.items] == [Path("/out/1.png"), None]


@pytest.mark.parametrize("saved_folder", [None, HERE / "results"])
def test_a_folder_is_watched_whether_the_saved_list_is_loaded_before_or_after(saved_folder):
    saved = saved_batch_from_state(of(D, W, output_location=OutputLocation(saved_folder)))
    first, watched = BatchState(default_settings=SETTINGS), HERE / "new"
    later = transitions.load_saved_batch(transitions.set_watched_folder(first, watched), saved)
    assert later == transitions.set_watched_folder(
        transitions.load_saved_batch(first, saved), watched
    )
    assert later.watched_folder == WatchedFolder(watched)


def test_what_is_known_of_a_watched_folder_outlasts_the_loading_of_the_list():
    gone = WatchedFolder(HERE / "new", is_unavailable=True)
    state = BatchState(default_settings=SETTINGS, watched_folder=gone)
    loaded = transitions.load_saved_batch(state, saved_batch_from_state(of(W)))
    assert loaded.watched_folder == gone


class TestOutcomesOfAJob:
    def test_an_item_that_cannot_be_restored_is_failed_and_said_why(self):
        state = replace(of(R, W), current_item=CurrentItem(1))
        error = UnreadableFile(HERE / "1.jpg", "No such file or directory")
        after, event = apply_restore_outcome(state, JobOutcome(None, error=error))
        assert (statuses(after), after.current_item, event) == ([F, W], None, None)
        assert "Cannot read the file: No such file" in after.items[0].message
        assert after.counts.failed == 1

    def test_an_item_that_was_stopped_begins_again_later(self):
        state = replace(of(R, W), current_item=CurrentItem(1), phase=BatchPhase.STOPPING)
        after, event = apply_restore_outcome(state, JobOutcome(None, error=OperationCancelled()))
        assert (statuses(after), after.current_item, event) == ([X, W], None, None)

    def test_stopping_before_the_first_file_changes_no_file(self):
        state = replace(of(W, W), phase=BatchPhase.STOPPING)
        after, event = apply_restore_outcome(state, JobOutcome(None, error=OperationCancelled()))
        assert (after, event) == (state, None)

    def test_what_is_no_outcome_of_a_batch_is_no_success(self):
        state = replace(of(R, W), current_item=CurrentItem(1))
        with pytest.raises(TypeError, match="not an outcome of a batch"):
            apply_restore_outcome(state, JobOutcome("done", None))
