"""The run history's transitions, as tables."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from types import SimpleNamespace

import pytest
from PIL import Image

from app.jobs.document.open import open_document
from app.jobs.run.restore_request import RestoreRequest
from app.jobs.run.restore_settings import RestoreSettings
from app.viewmodels.results.history_text import (
    past_run_cells,
    past_run_label,
    run_extent_text,
    run_settings_text,
)
from app.viewmodels.results.past_runs import (
    MAX_PAST_RUN_FILES,
    MAX_PAST_RUNS,
    PastRun,
    RunHistoryState,
    is_same_content,
    with_current_run,
    with_open_file,
    with_past_run,
    with_removal_undone,
    with_saved_path,
    with_sharpness,
    without_run,
)
from app.viewmodels.results.pending_runs import PendingRun
from ddrm_core.sampler.settings import PRESETS, Preset, SamplerSettings

SAVED = Path("a_restored.png")


def past(
    number,
    path="a.jpg",
    *,
    gone=False,
    complete=True,
    region=None,
    settings=None,
    saved=SAVED,
    beyond=False,
):
    settings = settings or SamplerSettings(steps=3, samples=2)
    source = SimpleNamespace(path=Path(path), size=(number, 1))
    info = SimpleNamespace(name="compact")
    prior = SimpleNamespace(info=info, device="cpu")
    run = SimpleNamespace(
        prior=prior, region=region, seed=7, image=SimpleNamespace(path=Path(path))
    )
    put = SimpleNamespace(
        is_lost=gone,
        complete=complete,
        run=run,
        seconds=61.0,
        is_over_budget=beyond,
        set_evictable=lambda **_: None,
    )
    request = RestoreRequest(source, RestoreSettings(settings, 7, "cpu"))
    return PastRun(number, datetime(2026, 1, 2, 3, 4, 5), request, put, 0.5, saved_path=saved)


def numbers(state):
    return [run.number for run in state.runs]


def test_the_newest_is_first_and_their_number_is_bounded():
    state = RunHistoryState()
    for number in range(1, MAX_PAST_RUNS + 4):
        state = with_past_run(state, past(number))
    assert numbers(state) == list(range(MAX_PAST_RUNS + 3, 3, -1))


def test_those_that_made_room_are_left_out():
    state = with_past_run(RunHistoryState((past(2, gone=True), past(1))), past(3))
    assert numbers(state) == [3, 1]


def test_runs_of_too_many_files_are_forgotten():
    state = RunHistoryState()
    for number in range(1, MAX_PAST_RUN_FILES + 3):
        state = with_past_run(state, past(number, f"{number}.jpg"))
    assert numbers(state) == list(range(MAX_PAST_RUN_FILES + 2, 2, -1))


def test_an_unsaved_result_never_gives_way_to_a_newer_one():
    state = with_past_run(RunHistoryState(), past(1, "first.jpg", saved=None))
    for number in range(2, 2 * MAX_PAST_RUNS):
        state = with_past_run(state, past(number, f"{number % (2 * MAX_PAST_RUN_FILES)}.jpg"))
    assert numbers(state)[-1] == 1
    saved = with_saved_path(state, 1, SAVED)
    assert saved.runs[-1].saved_path == SAVED
    assert 1 not in numbers(with_past_run(saved, past(2 * MAX_PAST_RUNS)))


def test_all_unsaved_ones_stay_however_many_they_are():
    state = RunHistoryState()
    for number in range(1, 2 * MAX_PAST_RUNS):
        state = with_past_run(state, past(number, f"{number}.jpg", saved=None))
    assert numbers(state) == list(range(2 * MAX_PAST_RUNS - 1, 0, -1))


def test_what_is_being_put_away_counts_as_unsaved_until_it_is_saved():
    pending = PendingRun(3, 9, past(3).request)
    state = RunHistoryState((past(2, saved=None), past(1)), pending_runs=(pending,))
    assert [run.number for run in state.unsaved_runs] == [3, 2]
    assert [run.number for run in with_saved_path(state, 3, SAVED).unsaved_runs] == [2]


def test_a_removed_run_comes_back_to_its_place():
    state = RunHistoryState((past(3), past(2), past(1)))
    assert numbers(with_removal_undone(without_run(state, 2), past(2))) == [3, 2, 1]


def test_room_that_was_found_later_ends_the_hint():
    runs = (past(2, beyond=True, saved=None), past(1, beyond=True, saved=None))
    runs[0].archived_result.is_over_budget = False
    state = with_current_run(RunHistoryState(runs), None)
    assert state.is_over_budget
    assert not with_current_run(with_saved_path(state, 1, SAVED), None).is_over_budget
    runs[1].archived_result.is_over_budget = False
    assert not with_current_run(state, None).is_over_budget


@pytest.mark.parametrize(("removed", "left", "current"), [(1, [2], 2), (2, [1], None)])
def test_removing(removed, left, current):
    state = without_run(RunHistoryState((past(2), past(1)), 2), removed)
    assert (numbers(state), state.current_number) == (left, current)


def test_only_the_current_one_is_shown_differently():
    state = RunHistoryState((past(2), past(1)), 1)
    changed = with_sharpness(state, 0.5, 3)
    assert [(run.sharpness, run.sample_number) for run in changed.runs] == [(0, 1), (0.5, 3)]
    assert with_sharpness(changed, 0.5, 3) == changed
    assert changed.runs[0] is state.runs[0]


def test_a_file_is_known_by_path_and_content(photo, tmp_path, screenshot):
    one, again = open_document(photo).source, open_document(photo).source
    copy = tmp_path / "copy.jpg"
    copy.write_bytes(photo.read_bytes())
    pixels, pixels_again = open_document(screenshot).source, open_document(screenshot).source
    assert is_same_content(one, one)
    assert is_same_content(one, again)
    assert is_same_content(pixels, pixels_again)
    assert not is_same_content(one, open_document(copy).source)
    assert not is_same_content(one, pixels)

    with Image.open(photo) as image:
        Image.eval(image, lambda v: v // 2).save(photo, quality=10, subsampling=2)
    assert not is_same_content(one, open_document(photo).source)


def test_another_file_hides_what_is_not_of_it(photo):
    source = open_document(photo).source
    mine = PastRun(
        3, datetime.now(), RestoreRequest(source, RestoreSettings(None, 0, "cpu")), None, 1.0
    )
    state = with_open_file(RunHistoryState((mine, past(2)), 3), source)
    assert [run.is_of_open_file for run in state.runs] == [True, False]
    assert state.current_number is None


def test_words():
    assert run_settings_text(past(1).request) == "3 steps, 2 versions"
    one = past(1, settings=SamplerSettings(steps=3, samples=1))
    assert run_settings_text(one.request) == "3 steps, 1 version"
    fast = past(1, settings=PRESETS[Preset.FAST])
    assert run_settings_text(fast.request) == "Fast"
    assert past_run_label(fast) == "Run 1: Fast"
    assert past_run_label(past(2, complete=False)) == "Run 2: 3 steps, 2 versions, intermediate"
    extents = [past(1), past(1, region=object()), past(1, region=object(), complete=False)]
    assert [run_extent_text(run) for run in extents] == ["Whole", "Part", "Intermediate"]
    now = datetime(2026, 1, 2, 23, 0, 0)
    assert past_run_cells(past(4), now) == (
        *("4", "03:04:05", "3 steps, 2 versions", "Whole", "a_restored.png", "1:01 min", "50.00 %"),
        *("7", "compact on cpu", "a.jpg"),
    )
    assert past_run_cells(past(4, saved=None), now)[4] == "not saved"
    assert past_run_cells(past(4), datetime(2026, 1, 3))[1] == "2026-01-02 03:04:05"
