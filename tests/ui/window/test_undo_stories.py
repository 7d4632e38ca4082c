"""Undo and redo of what the user sees change besides settings, with real mouse and keys."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import Qt

from app.config.settings import Appearance
from app.viewmodels.run.run import ResultReady
from ddrm_core.imaging.quantize_pixels import to_uint8
from ddrm_core.imaging.rectangle import Rectangle
from tests.support.history_stories import CONTROL, SHIFT, click, restored, until
from tests.support.unsaved_stories import kept, open_with_key, runs_of


@pytest.fixture
def stepped(qtbot, open_photo):
    """Return the window with the result of a run of five steps."""
    open_photo.view_models.parameters.set_steps(5)
    open_photo.view_models.parameters.set_samples(1)
    restored(qtbot, open_photo)
    kept(qtbot, open_photo, 1)
    return open_photo


def undo(qtbot, window):
    qtbot.keyClick(window, Qt.Key.Key_Z, CONTROL)


def redo(qtbot, window):
    qtbot.keyClick(window, Qt.Key.Key_Z, CONTROL | SHIFT)


def pixels(window):
    return to_uint8(window.view_models.run.state.result.restoration.image)


def settings_of(window):
    return window.view_models.parameters.state.settings


def test_undo_after_use_this_step_brings_the_result_back(qtbot, stepped):
    """Defect 7: undo takes the step back, and the settings stay."""
    stepped.view_models.parameters.set_seed(99)  # not that of the run
    result, settings = pixels(stepped), settings_of(stepped)
    stepped.view_models.timeline.scrub(1)
    click(qtbot, stepped.run_bar.timeline_strip.use_estimate_button)
    kept(qtbot, stepped, 2)
    until(qtbot, stepped.view_models.run, ResultReady)
    step = pixels(stepped)
    assert not np.array_equal(step, result)
    undo(qtbot, stepped)
    qtbot.waitUntil(lambda: runs_of(stepped).current_number == 1)
    until(qtbot, stepped.view_models.run, ResultReady)
    assert np.array_equal(pixels(stepped), result)
    assert settings_of(stepped) == settings
    redo(qtbot, stepped)
    qtbot.waitUntil(lambda: runs_of(stepped).current_number == 2)
    assert np.array_equal(pixels(stepped), step)


def test_undo_after_remove_all_brings_the_crops_back(qtbot, open_photo):
    """Defect 7: undo brings removed regions back, and the settings stay."""
    window = open_photo
    settings, regions = settings_of(window), window.view_models.regions
    for left in (0, 40):
        regions.add(Rectangle(left, 8, 16, 16))
    both = regions.state.regions
    page = window.regions_controller.page
    qtbot.keyClick(window, Qt.Key.Key_K, CONTROL)
    # The splitter lays the page out a moment later.
    qtbot.waitUntil(lambda: page.isVisible() and page.height() > 150)
    click(qtbot, page.clear_button)
    assert not regions.state.regions
    undo(qtbot, window)
    assert regions.state.regions == both
    undo(qtbot, window)
    assert regions.state.regions == both[:1]
    redo(qtbot, window)
    redo(qtbot, window)
    assert not regions.state.regions
    assert settings_of(window) == settings


def test_crops_of_another_file_do_not_come_back(qtbot, open_photo, answers, tmp_path, original):
    path = tmp_path / "other.jpg"
    original.save(path, quality=20)
    open_photo.view_models.regions.add(Rectangle(0, 0, 8, 8))
    open_with_key(qtbot, open_photo, answers, path)
    qtbot.waitUntil(lambda: not open_photo.view_models.regions.state.regions)
    undo(qtbot, open_photo)
    assert not open_photo.view_models.regions.state.regions


def test_undo_of_the_sharpness(qtbot, open_photo):
    window = open_photo
    window.view_models.parameters.set_steps(1)
    window.view_models.parameters.set_samples(2)
    restored(qtbot, window)
    kept(qtbot, window, 1)
    run = window.view_models.run
    for sharpness in (0.25, 0.5):
        run.set_sharpness(sharpness)
    undo(qtbot, window)
    qtbot.waitUntil(lambda: run.state.result.sharpness == run.state.sharpness == 0.0)
    redo(qtbot, window)
    qtbot.waitUntil(lambda: run.state.result.sharpness == run.state.sharpness == 0.5)


def test_undo_after_reset_all_brings_the_settings_back(qtbot, window):
    """Defect 36: a reset of all settings can be undone."""
    window.view_models.preferences.set_appearance(Appearance.DARK)
    window.view_models.stored_results.set_keeps_results(False)
    page = window.preferences_controller.page
    window.preferences_controller.show_page()
    click(qtbot, page.reset_button)
    assert window.view_models.preferences.state.appearance is Appearance.SYSTEM
    assert window.view_models.stored_results.state.keeps_results
    page.close()
    undo(qtbot, window)
    assert window.view_models.preferences.state.appearance is Appearance.DARK
    assert not window.view_models.stored_results.state.keeps_results


def test_undo_of_a_removed_run_even_after_another_file(qtbot, stepped, answers, tmp_path, original):
    path = tmp_path / "other.jpg"
    original.save(path, quality=20)
    stepped.results_controller.history_page.remove_requested.emit(1)
    assert not runs_of(stepped).runs
    open_with_key(qtbot, stepped, answers, path)
    undo(qtbot, stepped)
    assert [run.number for run in runs_of(stepped).runs] == [1]


def test_show_this_result_brings_the_steps_back(qtbot, stepped):
    """Defect 30: the result of an earlier run has its slider of steps again."""
    strip = stepped.run_bar.timeline_strip
    first = stepped.view_models.timeline.state.estimates
    assert len(first) == 5
    stepped.view_models.parameters.set_steps(3)
    restored(qtbot, stepped)
    kept(qtbot, stepped, 2)
    assert len(stepped.view_models.timeline.state.estimates) == 3
    page = stepped.results_controller.history_page
    qtbot.keyClick(stepped, Qt.Key.Key_H, CONTROL)
    qtbot.waitUntil(page.run_list.isVisible)
    page.run_list.setFocus()
    qtbot.keyClick(page.run_list, Qt.Key.Key_End)
    qtbot.keyClick(page.run_list, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: runs_of(stepped).current_number == 1)
    assert strip.isVisible()
    assert stepped.view_models.timeline.state.estimates == first
    stepped.view_models.timeline.scrub(1)
    click(qtbot, strip.use_estimate_button)
    kept(qtbot, stepped, 3)
    assert not runs_of(stepped).runs[0].archived_result.complete
