"""Undo, presets, and a region restored before the remaining image; with real keys."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialogButtonBox

from app.compose import build_window
from app.jobs.parameters.preset_file import UserPreset, load_presets
from app.ui.parameters.name_dialog import NameDialog
from app.viewmodels.compare.gallery import ResultKey
from app.viewmodels.document.document import DocumentOpened
from app.viewmodels.run.run import ResultReady, RunInProgress
from ddrm_core.prior.bundled import BUNDLED_PRIOR_PATH
from ddrm_core.sampler.settings import PRESETS, Preset
from tests.support.history_stories import CONTROL, SHIFT, click, restored, until
from tests.support.window_fixtures import pixels_of, write_renamed_prior

# Qt's offscreen platform logs this for every dialog.
pytestmark = [
    pytest.mark.qt_log_ignore("This plugin does not support propagateSizeHints"),
    pytest.mark.usefixtures("expert"),
]
ALT = Qt.KeyboardModifier.AltModifier


def settings_of(window):
    return window.view_models.parameters.state.settings.sampler


def typed_into(qtbot, window, text):
    """Type a name into the open name dialog, press Enter, and return the dialog."""
    (dialog,) = [d for d in window.findChildren(NameDialog) if d.isVisible()]
    dialog.name_field.selectAll()
    qtbot.keyClicks(dialog.name_field, text)
    qtbot.keyClick(dialog.name_field, Qt.Key.Key_Return)
    return dialog


def test_settings_are_undone_and_redone(qtbot, open_photo):
    window, actions = open_photo, open_photo.action_set.parameters
    steps = window.side_panel.parameter_panel.steps
    assert not actions.undo.isEnabled()
    steps.setFocus()
    for _ in range(3):
        qtbot.keyClick(steps, Qt.Key.Key_Up)
    assert settings_of(window).steps == PRESETS[Preset.BALANCED].steps + 3
    assert actions.undo.text() == "&Undo: Steps"
    choice = window.side_panel.parameter_panel.preset
    choice.setFocus()
    qtbot.keyClick(choice, Qt.Key.Key_Home)
    choice.activated.emit(choice.currentIndex())
    assert settings_of(window) == PRESETS[Preset.DRAFT]
    assert actions.undo.text() == "&Undo: Preset"
    qtbot.keyClick(window, Qt.Key.Key_Z, CONTROL)
    assert steps.value() == PRESETS[Preset.BALANCED].steps + 3
    qtbot.keyClick(window, Qt.Key.Key_Z, CONTROL)
    assert settings_of(window) == PRESETS[Preset.BALANCED]
    assert not actions.undo.isEnabled()
    assert actions.redo.text() == "&Redo: Steps"
    qtbot.keyClick(window, Qt.Key.Key_Z, CONTROL | SHIFT)
    qtbot.keyClick(window, Qt.Key.Key_Y, CONTROL)
    assert settings_of(window) == PRESETS[Preset.DRAFT]


def test_a_field_undoes_what_was_typed_and_then_the_settings(qtbot, open_photo):
    window, seed = open_photo, open_photo.side_panel.parameter_panel.advanced.seed
    window.activateWindow()
    window.view_models.parameters.set_steps(3)
    steps = window.side_panel.parameter_panel.steps
    steps.setFocus()
    qtbot.waitUntil(steps.hasFocus)
    steps.selectAll()
    qtbot.keyClicks(steps, "45")
    assert settings_of(window).steps == 45
    qtbot.keyClick(steps, Qt.Key.Key_Z, CONTROL)
    assert settings_of(window).steps != 45
    while steps.lineEdit().isUndoAvailable():
        qtbot.keyClick(steps, Qt.Key.Key_Z, CONTROL)
    window.view_models.parameters.randomize_seed()
    assert seed.text() != "0"
    qtbot.keyClick(steps, Qt.Key.Key_Z, CONTROL)
    assert window.view_models.parameters.state.settings.seed == 0


def test_ctrl_z_in_a_decimal_field_undoes_the_settings(qtbot, open_photo):
    window, advanced = open_photo, open_photo.side_panel.parameter_panel.advanced
    advanced.setVisible(True)
    eta = advanced.setting_controls["eta"].widget
    window.activateWindow()
    eta.setFocus()
    qtbot.waitUntil(eta.hasFocus)
    before = settings_of(window).eta
    qtbot.keyClick(eta, Qt.Key.Key_Down)
    assert settings_of(window).eta != before
    qtbot.keyClick(eta, Qt.Key.Key_Z, CONTROL)
    assert settings_of(window).eta == before
    qtbot.keyClick(eta, Qt.Key.Key_Z, CONTROL | SHIFT)
    assert settings_of(window).eta != before


def test_a_preset_is_saved_renamed_used_after_a_restart_and_deleted(
    qtbot, qapp, window, answers, store, tmp_path
):
    panel, parameters = window.side_panel.parameter_panel, window.view_models.parameters
    parameters.set_steps(7)
    mine = settings_of(window)
    assert panel.preset.currentIndex() == -1
    qtbot.keyClick(window, Qt.Key.Key_P, CONTROL | SHIFT)
    (dialog,) = window.findChildren(NameDialog)
    ok = dialog.buttons.button(QDialogButtonBox.StandardButton.Ok)
    assert not ok.isEnabled()
    qtbot.keyClicks(dialog.name_field, "fast")
    assert "a preset of the program has it" in dialog.feedback_label.text()
    typed_into(qtbot, window, "Seven")
    assert panel.preset.currentText() == "Seven"
    window.action_set.parameters.save_preset.trigger()
    (dialog,) = [d for d in window.findChildren(NameDialog) if d.isVisible()]
    assert dialog.name_field.text() == "Seven"
    assert dialog.feedback_label.text() == "The preset of this name is replaced."
    typed_into(qtbot, window, "seven")
    assert panel.preset.currentText() == "seven"
    window.action_set.parameters.rename_preset.trigger()
    typed_into(qtbot, window, "Sieben")
    assert panel.preset.currentText() == "Sieben"
    window.close()

    again = build_window(
        qapp, bundled_prior_path=BUNDLED_PRIOR_PATH, settings_store=store, dialogs=answers
    )
    qtbot.addWidget(again)
    again.show()
    again.view_models.presets.load()
    choice = again.side_panel.parameter_panel.preset
    qtbot.waitUntil(lambda: choice.findText("Sieben") > 0)
    assert choice.currentText() == "Sieben"
    assert settings_of(again) == mine
    assert not again.action_set.parameters.undo.isEnabled()
    choice.setFocus()
    again.view_models.parameters.apply_preset(Preset.BALANCED)
    qtbot.keyClick(choice, Qt.Key.Key_End)
    choice.activated.emit(choice.currentIndex())
    assert settings_of(again) == mine
    assert settings_of(again) == replace(PRESETS[Preset.BALANCED], steps=7)
    again.action_set.parameters.delete_preset.trigger()
    assert choice.findText("Sieben") < 0
    assert choice.currentIndex() == -1
    assert settings_of(again) == mine
    assert again.message_bar.title_label.text() == "The preset Sieben was deleted"
    again.message_bar.action_button.click()
    assert choice.currentText() == "Sieben"
    qtbot.keyClick(again, Qt.Key.Key_Z, CONTROL | SHIFT)
    assert choice.findText("Sieben") < 0
    qtbot.keyClick(again, Qt.Key.Key_Z, CONTROL)
    assert choice.currentText() == "Sieben"
    again.close()
    kept = (tmp_path / "config" / "presets.json").read_text("utf-8")
    assert "Sieben" in kept


def test_a_preset_with_the_values_of_a_built_in_one_can_be_renamed_and_deleted(
    qtbot, qapp, window, answers, store
):
    """Defects 3 and 29: the list shows the preset that was saved or chosen, also after a start."""
    choice, actions = window.side_panel.parameter_panel.preset, window.action_set.parameters
    window.view_models.parameters.apply_preset(Preset.FAST)
    actions.save_preset.trigger()
    typed_into(qtbot, window, "My soft one")
    assert choice.currentText() == "My soft one"
    assert actions.rename_preset.isEnabled()
    choice.setFocus()
    qtbot.keyClick(choice, Qt.Key.Key_Home)
    qtbot.keyClick(choice, Qt.Key.Key_Down)
    choice.activated.emit(choice.currentIndex())
    assert choice.currentText() == "Fast"
    assert not actions.delete_preset.isEnabled()
    qtbot.keyClick(choice, Qt.Key.Key_End)
    choice.activated.emit(choice.currentIndex())
    assert choice.currentText() == "My soft one"
    assert actions.delete_preset.isEnabled()
    qtbot.waitUntil(lambda: window.view_models.presets.state.error is None)
    window.close()
    again = build_window(
        qapp, bundled_prior_path=BUNDLED_PRIOR_PATH, settings_store=store, dialogs=answers
    )
    qtbot.addWidget(again)
    again.view_models.presets.load()
    choice = again.side_panel.parameter_panel.preset
    qtbot.waitUntil(lambda: choice.currentText() == "My soft one")
    assert settings_of(again) == PRESETS[Preset.FAST]
    again.close()


def test_a_built_in_preset_is_that_of_the_next_start(qtbot, qapp, window, answers, store):
    """Defect 29: the preset is not forgotten, and an undo does not bring another one."""
    window.view_models.parameters.apply_preset(Preset.FAST)
    window.close()
    again = build_window(
        qapp, bundled_prior_path=BUNDLED_PRIOR_PATH, settings_store=store, dialogs=answers
    )
    qtbot.addWidget(again)
    assert again.side_panel.parameter_panel.preset.currentText() == "Fast"
    assert not again.action_set.parameters.undo.isEnabled()
    again.close()


def test_a_preset_brings_the_prior_that_was_chosen_when_it_was_saved(
    qtbot, window, prior_folder, tmp_path
):
    prior_folder.mkdir(parents=True, exist_ok=True)
    write_renamed_prior(prior_folder / "mine.safetensors", "mine")
    panel, presets = window.side_panel.parameter_panel, window.view_models.presets
    window.view_models.priors.list_priors()
    qtbot.waitUntil(lambda: panel.prior.findText("mine") >= 0)
    panel.prior.setFocus()
    qtbot.keyClick(panel.prior, Qt.Key.Key_Down)
    assert panel.prior.currentText() == "mine"
    qtbot.keyClick(window, Qt.Key.Key_P, CONTROL | SHIFT)
    typed_into(qtbot, window, "With mine")
    # The user's own preset, with the settings of a built-in one, can be renamed and deleted.
    assert panel.preset.currentText() == "With mine"
    assert window.action_set.parameters.rename_preset.isEnabled()
    stored = UserPreset("With mine", PRESETS[Preset.BALANCED], "mine")
    path = tmp_path / "config" / "presets.json"
    qtbot.waitUntil(lambda: load_presets(path) == (stored,))
    qtbot.keyClick(panel.prior, Qt.Key.Key_Up)
    assert (panel.prior.currentText(), panel.preset.currentText()) == ("compact", "Balanced")
    panel.preset.setFocus()
    qtbot.keyClick(panel.preset, Qt.Key.Key_End)
    assert (panel.prior.currentText(), panel.preset.currentText()) == ("mine", "With mine")
    qtbot.keyClick(panel.preset, Qt.Key.Key_Home)
    assert panel.prior.currentText() == "compact"
    presets.save(UserPreset("Theirs", settings_of(window), "theirs"))
    panel.preset.setFocus()
    qtbot.keyClick(panel.preset, Qt.Key.Key_End)
    qtbot.keyClick(panel.preset, Qt.Key.Key_Up)
    qtbot.keyClick(panel.preset, Qt.Key.Key_Down)
    title = "The preset is meant for the model theirs, which is not installed; compact is used"
    assert window.message_bar.title_label.text() == title
    assert window.message_bar.action_button.text() == "Import…"


def test_a_file_of_presets_that_is_none_is_said_in_a_line(qtbot, window, tmp_path):
    folder = tmp_path / "config"
    folder.mkdir(exist_ok=True)
    (folder / "presets.json").write_text("{", "utf-8")
    window.view_models.presets.load()
    qtbot.waitUntil(window.message_bar.isVisible)
    assert (
        window.message_bar.title_label.text()
        == "The presets in presets.json cannot be used: it is not JSON"
    )


@pytest.mark.parametrize("how", ["keys", "button"])
def test_a_region_first_and_then_the_rest(qtbot, window, tmp_path, original, how):
    path = tmp_path / "large.jpg"
    original.resize((194, 128)).save(path, quality=10)
    window.open_paths([path])
    until(qtbot, window.view_models.document, DocumentOpened)
    window.view_models.parameters.apply_preset(Preset.FAST)
    whole = restored(qtbot, window)
    window.view_models.run.reset()
    assert not window.action_set.run.restore_remaining.isEnabled()
    for _ in range(8):
        qtbot.keyClick(window, Qt.Key.Key_Plus)
    part = restored(qtbot, window, CONTROL | SHIFT)
    region = part.restoration.run.region
    assert region is not None
    assert window.message_bar.title_label.text() == "The visible part is restored"
    # Later settings apply to the next run, not to the remaining image of this run.
    window.view_models.parameters.apply_preset(Preset.DETAIL)
    rows, columns = slice(region.top, region.bottom), slice(region.left, region.right)
    finished, shown = pixels_of(part.image)[rows, columns], []

    def look(state):
        if isinstance(state, RunInProgress):
            entry = window.view_models.gallery.state.find(ResultKey())
            shown.append(pixels_of(entry.image)[rows, columns])

    window.view_models.run.state_changed.connect(look)
    if how == "keys":
        qtbot.keyClick(window, Qt.Key.Key_Return, CONTROL | ALT)
    else:
        click(qtbot, window.message_bar.action_button)
    until(qtbot, window.view_models.run, RunInProgress, 5000)
    until(qtbot, window.view_models.run, ResultReady)
    assert len(shown) > 1
    assert all(np.array_equal(pixels, finished) for pixels in shown)
    rest = window.view_models.run.state.result
    assert rest.restoration.run.region is None
    assert not window.action_set.run.restore_remaining.isEnabled()
    same = np.abs(pixels_of(rest.image).astype(int) - pixels_of(whole.image)).max()
    assert same <= 1
    near = np.abs(pixels_of(rest.image)[rows, columns].astype(int) - finished).max()
    assert near <= 2
