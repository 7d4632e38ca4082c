"""A queue's transitions, without Qt."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from app.i18n.error_messages import Message
from app.jobs.batch.batch_items import FileSettings, Found, Place, QueueSettings, Saving, Status
from app.viewmodels.batch import batch_state as q
from app.viewmodels.batch.batch_counts import Tally
from app.viewmodels.batch.batch_state import Phase, QueueState
from app.viewmodels.batch.kept_results import KeptResults, answered, asking, finding
from ddrm_core.sampler.settings import PRESETS, Preset

FAST = FileSettings(PRESETS[Preset.FAST], 0, "auto")
BEST = FileSettings(PRESETS[Preset.BEST], 7, "cpu", quality=10)
SETTINGS = QueueSettings(FAST, Saving())
HERE = Path("/pictures")


def of(*statuses, **changes):
    """A queue with a row per status, numbered from 1."""
    found = [Found(HERE / f"{n}.jpg", HERE) for n in range(1, len(statuses) + 1)]
    state = q.added(QueueState(proposal=SETTINGS), found)
    rows = [replace(row, status=status) for row, status in zip(state.rows, statuses, strict=True)]
    return replace(q.with_rows(state, rows), **changes)


def numbers(state):
    return [row.number for row in state.rows]


def statuses(state):
    return [row.status for row in state.rows]


W, R, D, S, F, X, K = (
    Status.WAITING,
    Status.WORKING,
    Status.DONE,
    Status.SKIPPED,
    Status.FAILED,
    Status.STOPPED,
    Status.KEPT,
)


def test_added_files_wait_behind_the_others_each_once():
    state = of(D, W)
    again = [Found(HERE / "2.jpg"), Found(HERE / "9.jpg"), Found(HERE / "9.jpg")]
    state = q.added(state, again)
    assert numbers(state) == [1, 2, 3]
    assert statuses(state) == [D, W, W]
    assert state.tally == Tally(total=3, done=1)


def test_settings_go_with_the_last_file_that_was_to_be_restored_with_them():
    state = of(D, X, W, settings=SETTINGS)
    assert q.removed(state, {2}).settings == SETTINGS
    assert q.removed(state, {2, 3}).settings is None
    assert q.removed(replace(state, phase=Phase.RUNNING), {2, 3}).settings == SETTINGS
    watched = q.watching(replace(state, phase=Phase.RUNNING), HERE)
    assert q.removed(replace(watched, phase=Phase.RESTING), {2, 3}).settings == SETTINGS


def test_a_proposed_target_folder_goes_with_the_files_that_it_was_proposed_for():
    state, elsewhere = of(D, F), [Found(Path("/other/1.jpg"), Path("/other"))]
    assert q.cleared(state).place.folder == Path("/pictures restored")
    empty = q.removed(q.cleared(state), {2})
    assert empty.place.folder is None
    assert q.added(empty, elsewhere).place.folder == Path("/other restored")
    chosen = q.cleared(replace(of(D, D), place=Place(Path("/chosen"))))
    assert q.added(chosen, elsewhere).place.folder == Path("/chosen")
    watched = q.cleared(q.watching(of(D, D), HERE))
    assert watched.place.folder == Path("/pictures restored")


def test_only_kept_results_that_were_asked_about_wait_again():
    state = of(D, K, K, F, settings=None)
    assert state.tally == Tally(total=4, done=1, failed=1, kept=2)
    assert state.tally.left == 0
    asked = KeptResults(asked=(1, 2, 4), settings=SETTINGS)
    again = q.redone(state, asked)
    assert statuses(again) == [D, W, K, F]
    assert [row.redo for row in again.rows] == [False, True, False, False]
    assert again.settings == SETTINGS
    working = q.taken_up(again, 2)
    assert working.find(2).redo
    failed = q.put_down(working, replace(working.find(2), status=F))
    assert q.retried(failed).find(2).redo


def test_a_question_is_about_all_that_was_found_since_the_last_one():
    kept = KeptResults()
    for row in of(D, K, S, K).rows:
        kept = finding(kept, row, SETTINGS)
    assert kept == KeptResults(found=(2, 4), settings=SETTINGS)
    kept = asking(kept)
    assert (kept.found, kept.asked) == ((), (2, 4))
    kept = asking(finding(kept, of(K).rows[0], SETTINGS))
    assert (kept.found, kept.asked) == ((1,), (2, 4))  # one question at a time
    assert asking(answered(kept)).asked == (1,)


def test_a_number_is_never_given_again():
    state = q.removed(of(W, W, W), {3})
    assert numbers(q.added(state, [Found(HERE / "9.jpg")])) == [1, 2, 4]


@pytest.mark.parametrize(
    ("found", "folder"),
    [
        (Found(HERE / "sub" / "a.jpg", HERE), Path("/pictures restored")),
        (Found(HERE / "a.jpg"), HERE / "restored"),
        (Found(Path("/a.jpg"), Path("/")), Path("/restored")),
    ],
)
def test_results_go_beside_what_is_added_unless_the_user_has_chosen(found, folder):
    assert q.added(QueueState(), [found]).place.folder == folder
    chosen = QueueState(place=Place(Path("/elsewhere")))
    assert q.added(chosen, [found]).place.folder == Path("/elsewhere")


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
    assert numbers(q.moved(of(W, W, W, W), chosen, by)) == expected


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
    assert numbers(q.moved_before(of(W, W, W, W), chosen, before)) == expected


def test_the_file_in_work_can_be_neither_removed_nor_changed():
    state = q.taken_up(of(W, W), 1)
    assert numbers(q.removed(state, {1, 2})) == [1]
    assert q.with_settings(state, {1}, BEST).rows[0].own is None


def test_own_settings_have_a_finished_file_wait_again_and_can_be_taken_back():
    state = q.with_settings(of(D, F, W), {1, 2}, BEST)
    assert statuses(state) == [W, W, W]
    assert [state.settings_of(row) for row in state.rows] == [BEST, BEST, FAST]
    state = q.with_settings(state, {1, 2}, None)
    assert [state.settings_of(row) for row in state.rows] == [FAST, FAST, FAST]


def test_only_failed_files_are_retried_and_only_those_with_a_result_cleared():
    state = of(W, D, S, F, X)
    assert statuses(q.retried(state)) == [W, D, S, W, X]
    assert statuses(q.cleared(state)) == [W, F, X]


def test_it_takes_the_windows_settings_at_the_start_and_keeps_them_until_nothing_is_left():
    state = q.begun(of(W, W))
    assert (state.phase, state.settings) == (Phase.RUNNING, SETTINGS)
    other = QueueSettings(BEST, Saving(bits=16))
    paused = q.rested(q.pausing(replace(state, proposal=other)))
    assert q.begun(paused).settings == SETTINGS
    done = replace(state, proposal=other)
    for row in done.rows:
        done = q.put_down(q.taken_up(done, row.number), replace(row, status=D))
    assert q.rested(done).settings is None
    assert q.rested(done).in_force == other


@pytest.mark.parametrize(
    ("state", "may"),
    [
        (of(W), True),
        (of(X), True),
        (of(D, S, F), False),
        (of(), False),
        (of(W, phase=Phase.RUNNING), False),
        (of(W, phase=Phase.PAUSING), True),
        (of(W, phase=Phase.STOPPING), False),
        (of(W, place=Place(None)), False),
        (of(W, problem=Message("No", "Really.")), False),
        (of(W, proposal=None), False),
    ],
)
def test_whether_start_does_something(state, may):
    assert state.may_start is may
    assert (q.begun(state) != state) is may


@pytest.mark.parametrize(
    ("state", "number"),
    [
        (of(D, W, X, phase=Phase.RUNNING), 2),
        (of(D, X, W, phase=Phase.RUNNING), 2),
        (of(D, S, F, phase=Phase.RUNNING), None),
        (of(W, phase=Phase.PAUSING), None),
        (of(W, phase=Phase.STOPPING), None),
        (of(W), None),
    ],
)
def test_which_file_is_next(state, number):
    row = q.next_row(state)
    assert (None if row is None else row.number) == number


def test_the_time_left_follows_the_latest_restored_files():
    state = q.begun(of(W, W, W, W))
    assert state.seconds_left is None
    for number, (status, seconds) in enumerate([(D, 4.0), (F, 100.0), (S, None)], 1):
        state = q.taken_up(state, number)
        row = state.find(number)
        state = q.put_down(state, replace(row, status=status, seconds=seconds))
    assert state.seconds_left == 4.0
    state = q.taken_up(state, 4)
    state = replace(state, working=replace(state.working, done=3, total=4))
    assert state.seconds_left == 1.0


def test_another_place_counts_for_what_is_left_only():
    targets = {n: Path(f"/out/{n}.png") for n in (1, 2)}
    state = q.planned(of(W, W), targets)
    state = q.put_down(state, replace(state.rows[0], status=D))
    state = q.with_place(state, Place(Path("/other")))
    assert [row.target for row in state.rows] == [Path("/out/1.png"), None]
