"""Strength and kept areas that are loaded from a restored file, with mouse and keys."""

from __future__ import annotations

import numpy as np
import pytest
from PIL import Image
from PySide6.QtCore import Qt

from app.jobs.export.save import SavedFile
from app.jobs.run.result_strength import FULL_STRENGTH, ResultStrength
from app.viewmodels.document.document import OpenRequest
from app.viewmodels.parameters.reuse_settings import RecordReadDone
from app.viewmodels.run.run import ResultReady
from ddrm_core.imaging.rectangle import Rectangle
from ddrm_core.sampler.settings import Preset
from tests.support.history_stories import CONTROL, SHIFT, click, restored, until

STRENGTH = ResultStrength(0.5, (Rectangle(16, 16, 32, 16),))


def saved_at(qtbot, window, answers, target, strength):
    """Restore the open file, and save its result at a strength."""
    run = window.view_models.run
    restored(qtbot, window)
    run.set_view(0.0, 1, strength)
    qtbot.waitUntil(lambda: run.state.result.strength == strength)
    answers.to_save = target
    qtbot.keyClick(window, Qt.Key.Key_S, CONTROL | SHIFT)
    until(qtbot, window.view_models.saving, SavedFile)
    return target


def load_settings(qtbot, window, answers, path):
    """Load the settings of a restored file by its keys."""
    answers.to_repeat = path
    qtbot.keyClick(window, Qt.Key.Key_O, CONTROL | SHIFT)
    until(qtbot, window.view_models.reuse_settings, RecordReadDone)


@pytest.fixture
def result(qtbot, open_photo, answers, photo, tmp_path):
    """Return a result at half strength with a kept area, whose source is opened again."""
    window = open_photo
    window.view_models.parameters.apply_preset(Preset.DRAFT)
    path = saved_at(qtbot, window, answers, tmp_path / "half.png", STRENGTH)
    window.view_models.document.open(OpenRequest(photo))
    qtbot.waitUntil(lambda: not isinstance(window.view_models.run.state, ResultReady))
    qtbot.waitUntil(lambda: window.action_set.restore.isEnabled())
    return path


def test_strength_and_kept_areas_are_loaded_and_undone(
    qtbot, open_photo, answers, result, tmp_path
):
    window, run = open_photo, open_photo.view_models.run
    row = window.side_panel.parameter_panel.initial_strength_row
    assert not row.isVisible()
    load_settings(qtbot, window, answers, result)
    expected = "Next result: Strength 50 %, 1 area stays as in the file"
    assert row.isVisible()
    assert row.text_label.text() == expected
    qtbot.keyClick(window, Qt.Key.Key_Z, CONTROL)
    assert not row.isVisible()
    assert window.view_models.parameters.state.initial_strength == FULL_STRENGTH
    qtbot.keyClick(window, Qt.Key.Key_Z, CONTROL | SHIFT)
    assert row.isVisible()

    click(qtbot, window.side_panel.restore_button)
    until(qtbot, run, ResultReady)
    assert run.state.strength == STRENGTH
    adjustments = window.side_panel.result_panel.adjustments
    assert (
        adjustments.strength_slider.slider.value()
        == adjustments.strength_slider.slider.maximum() // 2
    )
    assert adjustments.kept_areas_row.count_label.text() == "1 area stays as in the file"
    answers.to_save = tmp_path / "again.png"
    qtbot.keyClick(window, Qt.Key.Key_S, CONTROL | SHIFT)
    qtbot.waitUntil(answers.to_save.exists)
    with Image.open(result) as first, Image.open(answers.to_save) as again:
        assert np.array_equal(np.asarray(first), np.asarray(again))


def test_the_strength_of_the_next_result_is_removed_by_a_click_or_another_file(
    qtbot, open_photo, answers, result, twice
):
    window, actions = open_photo, open_photo.action_set.parameters
    row = window.side_panel.parameter_panel.initial_strength_row
    load_settings(qtbot, window, answers, result)
    click(qtbot, row.remove_button)
    assert not row.isVisible()
    assert actions.undo.text() == "&Undo: Strength"
    qtbot.keyClick(window, Qt.Key.Key_Z, CONTROL)
    assert row.isVisible()
    window.view_models.document.open(OpenRequest(twice))
    qtbot.waitUntil(lambda: not row.isVisible())
    assert window.view_models.parameters.state.initial_strength == FULL_STRENGTH
