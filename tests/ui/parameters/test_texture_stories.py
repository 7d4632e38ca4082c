"""The texture of a result, set with the mouse and with keys."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, Qt

from app.jobs.parameters.preset_file import UserPreset
from app.viewmodels.parameters.presets import PresetsState
from app.viewmodels.parameters.texture import TEXTURE_STEPS
from ddrm_core.sampler.settings import PRESETS, Preset, SamplerSettings

pytestmark = pytest.mark.usefixtures("expert")

CONTROL = Qt.KeyboardModifier.ControlModifier
LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def panel(window):
    return window.side_panel.parameter_panel


@pytest.fixture
def settings(window):
    return lambda: window.view_models.parameters.state.settings.sampler


def test_it_is_dragged_from_the_mark_of_the_preset_and_undone(qtbot, window, panel, settings):
    slider, number = panel.texture.slider, panel.advanced.setting_controls["sigma_factor"].widget
    undo = window.action_set.parameters.undo
    slider.setFocus()
    mark = slider.mark_point()
    handle = QPoint(mark.x(), slider.height() // 2)
    qtbot.mousePress(slider, LEFT, pos=handle)
    for x in range(handle.x(), slider.width(), 5):
        qtbot.mouseMove(slider, QPoint(x, handle.y()))
    qtbot.mouseRelease(slider, LEFT, pos=QPoint(slider.width() - 1, handle.y()))
    assert slider.value() == TEXTURE_STEPS
    assert settings().sigma_factor == number.value() == 0.8
    assert slider.mark_point() == mark
    assert panel.preset.currentIndex() == -1
    assert undo.text() == "&Undo: Texture"
    qtbot.keyClick(window, Qt.Key.Key_Z, CONTROL)
    assert settings() == PRESETS[Preset.BALANCED]
    assert (slider.value(), number.value()) == (0, 1.0)
    assert not undo.isEnabled()


def test_keys_move_it_by_a_step_and_by_quarters(qtbot, window, panel, settings):
    slider = panel.texture.slider
    window.activateWindow()
    qtbot.keyClick(window, Qt.Key.Key_X, Qt.KeyboardModifier.AltModifier)
    qtbot.waitUntil(slider.hasFocus)
    qtbot.keyClick(slider, Qt.Key.Key_Right)
    assert settings().sigma_factor == 0.99
    qtbot.keyClick(slider, Qt.Key.Key_PageUp)
    assert settings().sigma_factor == 0.94
    assert slider.accessibleDescription() == "30 %; the preset has 0 %"
    qtbot.keyClick(slider, Qt.Key.Key_End)
    assert settings().sigma_factor == 0.8
    qtbot.keyClick(slider, Qt.Key.Key_Home)
    assert settings() == PRESETS[Preset.BALANCED]
    assert panel.preset.currentText() == "Balanced"


def test_the_number_in_the_form_and_the_slider_agree(panel, settings):
    number = panel.advanced.setting_controls["sigma_factor"].widget
    number.setValue(0.876)
    assert (panel.texture.slider.value(), settings().sigma_factor) == (12, 0.876)
    number.setValue(0.5)  # beyond the end of the slider
    assert (panel.texture.slider.value(), settings().sigma_factor) == (TEXTURE_STEPS, 0.5)


def test_the_mark_is_the_value_of_the_preset(qtbot, window, panel):
    slider, parameters = panel.texture.slider, window.view_models.parameters
    own = UserPreset("Grain", SamplerSettings(steps=7, samples=1, sigma_factor=0.9))
    panel.show_user_presets(PresetsState((own,)))
    parameters.apply_settings(own.settings)
    assert slider.value() == slider.mark == 10
    marked, color = slider.mark_point(), slider.palette().windowText().color()
    assert marked.x() == pytest.approx(slider.width() / 2, abs=2)  # half of the way
    assert slider.grab().toImage().pixelColor(marked + QPoint(0, 2)) == color
    qtbot.keyClick(slider, Qt.Key.Key_Right)
    assert (slider.value(), slider.mark, slider.mark_point()) == (11, 10, marked)
    parameters.set_steps(8)
    assert slider.mark_point() is None


def test_it_is_off_where_the_noise_ends_at_zero(window, panel):
    window.view_models.parameters.apply_preset(Preset.PAPER)
    assert not panel.texture.slider.isEnabled()
    assert panel.texture.slider.mark_point() is None
    window.view_models.parameters.apply_preset(Preset.FAST)
    assert panel.texture.slider.isEnabled()
