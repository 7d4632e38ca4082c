"""Choosing the strength of a result and keeping areas, with mouse and keys."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QColor

from app.jobs.export.save import SavedFile
from app.viewmodels.compare.compare import Point
from app.viewmodels.run.run import ResultReady
from ddrm_core.export.replay import read_run_record
from ddrm_core.imaging.rectangle import Rectangle
from ddrm_core.restoration.strength import project_decoded_image
from ddrm_core.sampler.settings import Preset
from tests.support.history_stories import click


@pytest.fixture
def restored(qtbot, open_photo):
    """Return a window with a finished result."""
    window = open_photo
    window.view_models.parameters.apply_preset(Preset.FAST)
    window.action_set.restore.trigger()
    qtbot.waitUntil(lambda: isinstance(window.view_models.run.state, ResultReady))
    return window


def shown_result(qtbot, window, condition):
    """Wait until the shown result fulfils a condition, and return the result."""
    run = window.view_models.run
    qtbot.waitUntil(lambda: condition(run.state.result.strength))
    return run.state.result


def drag(qtbot, view, start: QPoint, end: QPoint):
    qtbot.mousePress(view, Qt.MouseButton.LeftButton, pos=start)
    qtbot.mouseMove(view, end)
    qtbot.mouseRelease(view, Qt.MouseButton.LeftButton, pos=end)


def view_point(window, x, y):
    """Return the point of the compare view at which a corner of a pixel is shown."""
    state = window.view_models.compare.state
    origin, other = state.pane_to_image(Point(0, 0)), state.pane_to_image(Point(100, 0))
    scale = 100 / (other.x - origin.x)
    return QPoint(round((x - origin.x) * scale), round((y - origin.y) * scale))


def test_the_strength_goes_down_to_the_file_and_is_saved(qtbot, restored, answers, tmp_path):
    window = restored
    panel = window.side_panel.result_panel
    slider = panel.adjustments.strength_slider.slider
    assert slider.value() == slider.maximum()
    click(qtbot, panel.verdict_view.adjust_button)
    assert not slider.visibleRegion().isEmpty()
    assert slider.hasFocus()
    qtbot.keyClick(slider, Qt.Key.Key_Home)
    result = shown_result(qtbot, window, lambda strength: strength.strength == 0)
    expected = project_decoded_image(result.restoration.run)
    assert torch.equal(result.shown_pixels(), expected)
    verdict_view = window.side_panel.result_panel.verdict_view
    assert verdict_view.title_label.text() == "Faithful to your file\N{NO-BREAK SPACE}✓"
    qtbot.keyClick(slider, Qt.Key.Key_PageUp)
    result = shown_result(qtbot, window, lambda strength: strength.strength == 0.25)
    blend = torch.lerp(expected, result.restoration.image, 0.25)
    torch.testing.assert_close(result.shown_pixels(), blend)

    answers.to_save = tmp_path / "quarter.png"
    qtbot.keyClick(window, Qt.Key.Key_S, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: isinstance(window.view_models.saving.state, SavedFile))
    saved = window.view_models.saving.state
    assert read_run_record(saved.path).strength == 0.25


def test_an_area_is_kept_by_a_drag_and_restored_again(qtbot, restored):
    window = restored
    row = window.side_panel.result_panel.adjustments.kept_areas_row
    assert not row.remove_button.isVisible()
    full = window.view_models.run.state.result.shown_pixels().clone()
    click(qtbot, row.draw_button)
    view = window.compare_view
    middle = view.rect().center()
    drag(qtbot, view, middle - QPoint(20, 20), middle + QPoint(20, 20))
    result = shown_result(qtbot, window, lambda strength: len(strength.kept_areas) == 1)
    assert not row.draw_button.isChecked()
    assert row.count_label.text() == "1 area stays as in the file"
    (area,) = result.strength.kept_areas
    rows, columns = area.slices_in(Rectangle(0, 0, *result.restoration.run.image.size))
    projected = project_decoded_image(result.restoration.run)
    kept = result.shown_pixels()
    assert torch.equal(kept[:, rows, columns], projected[:, rows, columns])
    assert not torch.equal(kept, projected)
    assert window.view_models.regions.state.regions == ()
    assert result.exact_consistency.inside_fraction == 1
    framed = view.grab().toImage()

    click(qtbot, row.remove_button)
    result = shown_result(qtbot, window, lambda strength: not strength.kept_areas)
    assert np.array_equal(result.shown_pixels(), full)
    # The place is framed while it is kept: the label at the frame's upper left corner is black.
    width, height = result.restoration.run.problem.tile_alignment
    corner = view_point(window, area.left // width * width, area.top // height * height)
    corner += QPoint(4, 4)
    black = QColor(Qt.GlobalColor.black)
    assert framed.pixelColor(corner) == black
    assert view.grab().toImage().pixelColor(corner) != black


def test_an_earlier_run_is_shown_again_at_its_strength(qtbot, restored):
    window = restored
    slider = window.side_panel.result_panel.adjustments.strength_slider.slider
    slider.setFocus()
    qtbot.keyClick(slider, Qt.Key.Key_Home)
    shown_result(qtbot, window, lambda strength: strength.strength == 0)
    history = window.view_models.run_history
    qtbot.waitUntil(lambda: len(history.state.runs) == 1)
    window.action_set.restore.trigger()
    qtbot.waitUntil(lambda: len(history.state.runs) == 2)
    qtbot.waitUntil(lambda: isinstance(window.view_models.run.state, ResultReady))
    assert slider.value() == slider.maximum()
    history.activate_run(1)
    qtbot.waitUntil(lambda: isinstance(window.view_models.run.state, ResultReady))
    shown_result(qtbot, window, lambda strength: strength.strength == 0)
    assert slider.value() == 0


def test_strength_and_kept_areas_are_undone_one_by_one(qtbot, restored):
    window = restored
    adjustments = window.side_panel.result_panel.adjustments
    qtbot.waitUntil(lambda: window.view_models.run_history.shown_run_number is not None)
    click(qtbot, window.side_panel.result_panel.verdict_view.adjust_button)
    qtbot.keyClick(adjustments.strength_slider.slider, Qt.Key.Key_Home)
    shown_result(qtbot, window, lambda strength: strength.strength == 0)
    click(qtbot, adjustments.kept_areas_row.draw_button)
    middle = window.compare_view.rect().center()
    drag(qtbot, window.compare_view, middle - QPoint(20, 20), middle + QPoint(20, 20))
    shown_result(qtbot, window, lambda strength: len(strength.kept_areas) == 1)

    actions = window.action_set.parameters
    assert actions.undo.text().endswith("Areas as in the file")
    qtbot.keyClick(window, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    shown_result(qtbot, window, lambda strength: not strength.kept_areas)
    assert actions.undo.text().endswith("Strength")
    qtbot.keyClick(window, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    shown_result(qtbot, window, lambda strength: strength.strength == 1)
    actions.redo.trigger()
    shown_result(qtbot, window, lambda strength: strength.strength == 0)
