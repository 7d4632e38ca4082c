"""Choosing a sample, comparing past runs and activating one, with real mouse and keys."""

from __future__ import annotations

import threading

import numpy as np
import pytest
import torch
from PIL import Image
from PySide6.QtCore import Qt

from app.jobs.export.save import SavedFile
from app.jobs.storage.array_store import LossReason
from app.viewmodels.compare.compare import AFTER_SLOT, BEFORE_SLOT
from app.viewmodels.compare.gallery import MeanKey, PastRunKey, ResultKey, SampleKey
from app.viewmodels.document.document import OpenRequest
from app.viewmodels.run.run import ResultReady, RunInProgress, RunStopped
from ddrm_core.export.replay import read_run_record
from ddrm_core.imaging.quantize_pixels import to_uint8
from ddrm_core.sampler.settings import Preset
from tests.support.history_stories import CONTROL, click, restored, share_of_equal_levels, until
from tests.support.scripted_denoiser import until_held
from tests.support.window_fixtures import pixels_of


def shown(window, slot=AFTER_SLOT):
    return window.view_models.compare.state.slot_keys[slot]


def picture(window, key):
    return pixels_of(window.view_models.gallery.state.find(key).image)


def open_page(qtbot, window, key):
    qtbot.keyClick(window, key, CONTROL)
    # The splitter lays the page out a moment later.
    qtbot.waitUntil(lambda: window.bottom_panel.currentWidget().height() > 50)


def run_of(qtbot, window, number, **settings):
    """Restore with the given settings and return the result.

    Wait until the run history lists the run under `number`.
    """
    for name, value in settings.items():
        getattr(window.view_models.parameters, f"set_{name}")(value)
    result = restored(qtbot, window)
    runs = window.view_models.run_history
    qtbot.waitUntil(lambda: runs.state.current_number == number, timeout=5000)
    return result


@pytest.fixture
def quick(open_photo):
    """Return the window with the photo open and runs set to two steps and three samples."""
    open_photo.view_models.parameters.set_steps(2)
    open_photo.view_models.parameters.set_samples(3)
    return open_photo


def test_a_sample_is_looked_at_used_and_saved(qtbot, quick, answers, photo, tmp_path):
    window, page = quick, quick.results_controller.samples_page
    result = run_of(qtbot, window, 1)
    open_page(qtbot, window, Qt.Key.Key_L)
    assert page.isVisible()
    assert page.sample_list.count() == 4
    assert page.status_label.text().startswith("The mean of the versions is the result.")
    qtbot.mouseClick(
        page.sample_list.viewport(),
        Qt.MouseButton.LeftButton,
        pos=page.sample_list.visualItemRect(page.sample_list.item(3)).center(),
    )
    qtbot.waitUntil(lambda: shown(window) == SampleKey(3))
    third = to_uint8(torch.from_numpy(result.samples[2].load()))
    assert np.array_equal(picture(window, SampleKey(3)), third)
    qtbot.keyClick(page.sample_list, Qt.Key.Key_Left)
    qtbot.waitUntil(lambda: shown(window) == SampleKey(2))
    qtbot.keyClick(page.sample_list, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: window.view_models.run.state.result.sample_number == 2)
    assert shown(window) == ResultKey()
    second = to_uint8(torch.from_numpy(result.samples[1].load()))
    assert np.array_equal(picture(window, ResultKey()), second)
    assert page.status_label.text().startswith("Version 2 is the result. Faithful to your file.")
    assert not page.use_button.isEnabled()
    slider = window.side_panel.result_panel.sharpness_slider.slider
    assert slider.value() == slider.maximum()
    assert (
        window.side_panel.result_panel.sharpness_slider.high_label.text() == "Sharpest: version 2"
    )
    verdict_view = window.side_panel.result_panel.verdict_view
    assert verdict_view.title_label.text() == "Faithful to your file\N{NO-BREAK SPACE}✓"

    answers.to_save = tmp_path / "sample.png"
    qtbot.keyClick(window, Qt.Key.Key_S, CONTROL | Qt.KeyboardModifier.ShiftModifier)
    until(qtbot, window.view_models.saving, SavedFile)
    with Image.open(answers.to_save) as saved:
        assert np.array_equal(np.asarray(saved), second)
    record = read_run_record(answers.to_save)
    assert (record.sample, record.sharpness, record.complete) == (2, 1.0, True)
    assert share_of_equal_levels(answers.to_save, photo, tmp_path) > 0.99

    slider.setFocus()
    qtbot.keyClick(slider, Qt.Key.Key_PageDown)
    halfway = window.view_models.run.state.sharpness
    assert 0 < halfway < 1
    qtbot.waitUntil(lambda: window.view_models.run.state.result.sharpness == halfway)
    between = torch.lerp(
        result.restoration.image, torch.from_numpy(result.samples[1].load()), halfway
    )
    assert np.array_equal(picture(window, ResultKey()), to_uint8(between))
    page.sample_list.setFocus()
    qtbot.keyClick(page.sample_list, Qt.Key.Key_Home)
    qtbot.waitUntil(lambda: shown(window) == MeanKey())
    click(qtbot, page.use_button)
    qtbot.waitUntil(lambda: window.view_models.run.state.result.sharpness == 0)
    assert window.view_models.run.state.sample_number == 2


def test_what_is_not_kept_is_said(qtbot, quick, vault):
    vault.max_memory_bytes, vault.max_disk_bytes = 0, 0
    restored(qtbot, quick)
    page = quick.results_controller.samples_page
    open_page(qtbot, quick, Qt.Key.Key_L)
    assert page.sample_list.count() == 2
    assert "Only the first of 3 versions is kept" in page.status_label.text()
    qtbot.waitUntil(lambda: quick.view_models.run_history.state.is_over_budget)
    quick.bottom_panel.open_page(quick.results_controller.history_page)
    assert "no room left" in quick.results_controller.history_page.hint_label.text()
    assert quick.view_models.run.state.is_sharpness_adjustable


def test_a_result_that_cannot_be_archived_is_reported(qtbot, quick, monkeypatch):
    def fail(_result, _array_store):
        raise MemoryError

    monkeypatch.setattr("app.viewmodels.results.history.archive_result", fail)
    restored(qtbot, quick)
    qtbot.waitUntil(lambda: not quick.view_models.run_history.state.pending_runs)
    hint = quick.results_controller.history_page.hint_label.text()
    assert hint.startswith("Not enough memory. ")


def test_two_runs_are_compared_and_the_first_is_returned_to(qtbot, quick, answers, tmp_path):
    window, page = quick, quick.results_controller.history_page
    first = run_of(qtbot, window, 1, seed=5)
    second = run_of(qtbot, window, 2, seed=6, steps=3)
    open_page(qtbot, window, Qt.Key.Key_H)
    assert page.run_list.topLevelItemCount() == 2
    assert page.selected_run.number == 1
    qtbot.keyClick(page.run_list, Qt.Key.Key_Up)
    assert page.selected_run.number == 2
    assert not page.compare_button.isEnabled()
    qtbot.keyClick(page.run_list, Qt.Key.Key_Down)
    click(qtbot, page.compare_button)
    qtbot.waitUntil(lambda: shown(window, BEFORE_SLOT) == PastRunKey(1))
    assert np.array_equal(picture(window, PastRunKey(1)), to_uint8(first.restoration.image))
    assert np.array_equal(picture(window, ResultKey()), to_uint8(second.restoration.image))

    page.run_list.setFocus()
    qtbot.keyClick(page.run_list, Qt.Key.Key_Return)
    runs = window.view_models.run_history
    qtbot.waitUntil(lambda: runs.state.current_number == 1, timeout=10000)
    back = window.view_models.run.state.result
    assert torch.equal(back.restoration.image, first.restoration.image)
    assert len(back.samples) == 3
    assert back.exact_consistency == first.exact_consistency
    assert (
        window.side_panel.parameter_panel.steps.value(),
        window.view_models.parameters.state.settings.seed,
    ) == (2, 5)
    assert window.side_panel.result_panel.fact_table.value_text("Seed") == "5"
    assert window.run_bar.timeline_strip.isVisible()
    answers.to_save = tmp_path / "first.png"
    qtbot.keyClick(window, Qt.Key.Key_S, CONTROL | Qt.KeyboardModifier.ShiftModifier)
    until(qtbot, window.view_models.saving, SavedFile)
    assert read_run_record(answers.to_save).seed == 5

    third = run_of(qtbot, window, 3, seed=5)
    assert torch.equal(third.restoration.image, first.restoration.image)


def test_settings_are_used_again_and_runs_removed(qtbot, quick):
    window, page = quick, quick.results_controller.history_page
    run_of(qtbot, window, 1, seed=5)
    run_of(qtbot, window, 2, seed=6)
    open_page(qtbot, window, Qt.Key.Key_H)
    window.view_models.parameters.apply_preset(Preset.BEST)
    assert page.selected_run.number == 1
    click(qtbot, page.use_settings_button)
    state = window.view_models.parameters.state
    assert (state.settings.sampler.steps, state.settings.sampler.samples, state.settings.seed) == (
        2,
        3,
        5,
    )
    assert isinstance(window.view_models.run.state, ResultReady)
    click(qtbot, page.remove_button)
    assert [past.number for past in window.view_models.run_history.state.runs] == [2]
    assert window.view_models.gallery.state.find(PastRunKey(1)) is None
    click(qtbot, page.remove_button)
    assert page.run_list.topLevelItemCount() == 0
    assert not page.remove_button.isEnabled()
    assert isinstance(window.view_models.run.state, ResultReady)


def test_runs_of_a_file_are_known_again_when_it_is_opened_again(qtbot, quick, photo, tmp_path):
    window, page = quick, quick.results_controller.history_page
    first = run_of(qtbot, window, 1)
    other = tmp_path / "other.jpg"
    with Image.open(photo) as image:
        image.resize((40, 50)).save(other)

    def opened(path):
        before = window.view_models.document.document
        window.view_models.document.open(OpenRequest(path))
        qtbot.waitUntil(lambda: window.view_models.document.document is not before, timeout=5000)

    opened(other)
    open_page(qtbot, window, Qt.Key.Key_H)
    assert page.selected_run.number == 1
    assert not page.compare_button.isEnabled()
    assert page.activate_button.isEnabled()  # activating the run opens its file again
    assert page.use_settings_button.isEnabled()
    assert window.view_models.gallery.state.find(PastRunKey(1)) is None
    opened(photo)
    assert page.compare_button.isEnabled()
    assert window.view_models.gallery.state.find(PastRunKey(1)) is not None
    click(qtbot, page.activate_button)
    until(qtbot, window.view_models.run, ResultReady)
    back = window.view_models.run.state.result.restoration
    assert torch.equal(back.image, first.restoration.image)


def test_the_latest_result_can_be_saved_during_another_run(scripted, qtbot, quick, photo):
    """Defect 17: *Save as* was gray during another run although a result existed."""
    run_of(qtbot, quick, 1, seed=5)
    quick.view_models.parameters.set_seed(6)
    scripted.hold_before(4)  # after one step of three samples
    quick.action_set.restore.trigger()
    until_held(qtbot, scripted, quick.view_models.run)
    assert quick.action_set.save_as.isEnabled()
    qtbot.keyClick(quick, Qt.Key.Key_S, CONTROL)
    until(qtbot, quick.view_models.saving, SavedFile)  # without waiting for the run
    assert isinstance(quick.view_models.run.state, RunInProgress)
    path = photo.with_name(f"{photo.stem}_restored.png")
    assert read_run_record(path).seed == 5
    [first] = quick.view_models.run_history.state.runs
    assert first.saved_path == path
    qtbot.keyClick(quick, Qt.Key.Key_Escape)
    until(qtbot, quick.view_models.run, RunStopped)


def test_going_back_does_not_end_a_run_that_is_under_way(scripted, qtbot, quick):
    run_of(qtbot, quick, 1)
    page = quick.results_controller.history_page
    open_page(qtbot, quick, Qt.Key.Key_H)
    quick.view_models.parameters.set_steps(20)
    scripted.hold_before(4)  # after one step of three samples
    quick.action_set.restore.trigger()
    until_held(qtbot, scripted, quick.view_models.run)
    assert page.compare_button.isEnabled()
    assert not page.activate_button.isEnabled()
    page.run_list.setFocus()
    qtbot.keyClick(page.run_list, Qt.Key.Key_Return)
    assert isinstance(quick.view_models.run.state, RunInProgress)
    assert scripted.held.is_set()
    qtbot.keyClick(quick, Qt.Key.Key_Escape)
    qtbot.waitUntil(page.activate_button.isEnabled, timeout=10000)
    assert scripted.evaluations == 3


def test_a_run_that_makes_room_for_another_leaves_the_list_at_once(qtbot, quick):
    run_of(qtbot, quick, 1)
    run_of(qtbot, quick, 2, seed=3)
    runs = quick.view_models.run_history
    runs.state.find_run(1).archived_result.samples[0].lose(
        LossReason.NEWER_ARRAYS
    )  # the array store does so while a run is in progress
    quick.action_set.restore.trigger()
    assert [past.number for past in runs.state.runs] == [2]


def test_a_run_that_is_put_away_late_is_not_of_the_file_opened_since(
    qtbot, quick, original, tmp_path, monkeypatch
):
    gate, runs = threading.Event(), quick.view_models.run_history
    # The search for crash reports runs on the thread that archives results.
    monkeypatch.setattr(
        "app.viewmodels.support.bug_report.collect_crash_reports", lambda _folder: gate.wait()
    )
    quick.view_models.bug_report.check_for_crash()
    restored(qtbot, quick)
    other = tmp_path / "other.jpg"
    original.resize((40, 50)).save(other)
    quick.open_paths([other])
    qtbot.waitUntil(lambda: quick.view_models.document.document.source.path == other, timeout=5000)
    assert not runs.state.runs
    gate.set()
    qtbot.waitUntil(lambda: bool(runs.state.runs), timeout=5000)
    assert not runs.state.runs[0].is_of_open_file
    assert quick.view_models.gallery.state.find(PastRunKey(1)) is None


def test_a_return_that_is_given_up_does_not_swallow_the_next_result(qtbot, quick):
    run_of(qtbot, quick, 1)
    run_of(qtbot, quick, 2, seed=6)
    quick.view_models.run_history.activate_run(1)
    quick.view_models.run.reset()
    run_of(qtbot, quick, 3, seed=7)
    runs = quick.view_models.run_history.state.runs
    assert [past.archived_result.run.seed for past in runs][:2] == [7, 6]


def test_older_runs_are_spilled_and_come_back_the_same(qtbot, quick, vault, tmp_path):
    window = quick
    vault.max_memory_bytes, vault.max_disk_bytes = 4 * 4 * 3 * 97 * 64, 64 << 20
    first = run_of(qtbot, window, 1, seed=1).restoration.image.clone()
    for number in (2, 3):
        run_of(qtbot, window, number, seed=number)
    put = window.view_models.run_history.state.find_run(1).archived_result
    assert not any(kept.is_in_memory for kept in put.stored_arrays)
    assert list((tmp_path / "cache").rglob("*.npy"))
    window.view_models.run_history.activate_run(1)
    qtbot.waitUntil(lambda: window.view_models.run_history.state.current_number == 1, timeout=10000)
    assert torch.equal(window.view_models.run.state.result.restoration.image, first)
    window.close()
    assert not list((tmp_path / "cache").rglob("*.npy"))


def test_the_oldest_saved_run_makes_room_and_an_unsaved_one_stays(qtbot, quick, vault, tmp_path):
    window = quick
    run_of(qtbot, window, 1)
    run_of(qtbot, window, 2, seed=3)
    window.view_models.run_history.mark_saved(1, tmp_path / "saved.png")
    size = sum(
        k.nbytes
        for k in window.view_models.run_history.state.find_run(1).archived_result.stored_arrays
    )
    vault.max_memory_bytes, vault.max_disk_bytes = 3 * size, 0
    for number in (3, 4, 5):
        run_of(qtbot, window, number, seed=number)
        window.view_models.run_history.mark_saved(number, tmp_path / "saved.png")
    numbers = [past.number for past in window.view_models.run_history.state.runs]
    assert numbers[0] == 5
    assert 1 not in numbers
    assert 2 in numbers
    assert not window.view_models.run_history.state.is_over_budget
