"""A correction from an installed package, selected in the form."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt

from app.jobs.parameters.preset_file import UserPreset
from ddrm_core.sampler.settings import PRESETS, Preset
from tests.support.panel_layers import show_expert_layer
from tests.support.window_fixtures import settle


@pytest.fixture
def installed_window(install_correction, request, qtbot):
    """Return a window that was created after a package with a correction was installed."""
    install_correction()
    return show_expert_layer(qtbot, request.getfixturevalue("window"))


@pytest.fixture
def broken_window(install_correction, request, qtbot):
    install_correction("broken", "raise RuntimeError('out of order')")
    return show_expert_layer(qtbot, request.getfixturevalue("window"))


def choose(window, text):
    form = window.side_panel.parameter_panel.advanced
    form.setVisible(True)
    box = form.correction
    box.setCurrentIndex(box.findText(text))
    box.activated.emit(box.currentIndex())


def settings_of(window):
    return window.view_models.parameters.state.settings.sampler


def test_it_is_loaded_when_chosen_and_has_its_own_controls(
    qtbot, installed_window, runners, tmp_path
):
    window, form = installed_window, installed_window.side_panel.parameter_panel.advanced
    form.setVisible(True)
    offered = [form.correction.itemText(row) for row in range(form.correction.count())]
    assert offered == ["Bins", "Paper", "narrow"]
    assert not (tmp_path / "imported").exists()
    choose(window, "narrow")
    settle(qtbot, *runners)
    assert (tmp_path / "imported").exists()
    assert settings_of(window).correction == "narrow"
    assert window.action_set.parameters.undo.text() == "&Undo: Correction"
    width = form.parameter_controls["narrow"]["width"].widget
    assert width.isVisible()
    assert (width.accessibleName(), width.value()) == ("Width", 0.5)
    assert width.toolTip() == "Width of the set as a share of the bin's, 0 to 1"
    assert not form.parameter_controls["paper"]["eta_b"].widget.isVisible()
    last_setting = list(form.setting_controls.values())[-1].widget
    last_setting.setFocus()
    qtbot.keyClick(last_setting, Qt.Key.Key_Tab)
    assert width.hasFocus()
    qtbot.keyClick(width, Qt.Key.Key_Up)
    assert settings_of(window).parameters_of("narrow").width == 0.55
    qtbot.keyClick(width, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert settings_of(window).parameters_of("narrow").width == 0.5
    width.setValue(0.25)
    assert settings_of(window).parameters_of("narrow").width == 0.25
    choose(window, "Bins")
    assert not width.isVisible()
    assert settings_of(window).correction == "bins"
    choose(window, "narrow")
    assert width.value() == 0.25


def test_a_preset_brings_it_back(qtbot, installed_window, runners):
    window, presets = installed_window, installed_window.view_models.presets
    choose(window, "narrow")
    settle(qtbot, *runners)
    window.view_models.parameters.set_correction_parameter("width", 0.125)
    presets.save(UserPreset("Mine", settings_of(window)))
    window.view_models.parameters.apply_preset(Preset.FAST)
    presets.load()
    settle(qtbot, *runners)
    (preset,) = presets.state.presets
    window.view_models.parameters.apply_settings(preset.settings)
    assert settings_of(window).correction == "narrow"
    assert settings_of(window).parameters_of("narrow").width == 0.125
    assert window.side_panel.parameter_panel.preset.currentText() == "Mine"


def test_one_that_cannot_be_imported_is_said_and_nothing_changes(qtbot, broken_window, runners):
    window = broken_window
    choose(window, "broken")
    settle(qtbot, *runners)
    assert settings_of(window) == PRESETS[Preset.BALANCED]
    assert window.side_panel.parameter_panel.advanced.correction.currentText() == "Bins"
    title = "The correction broken of correction-package cannot be used: RuntimeError: out of order"
    assert window.message_bar.title_label.text() == title
