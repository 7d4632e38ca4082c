"""The simple layer of the side panel: one click each for quality, Restore and Save."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, QSize, Qt
from PySide6.QtWidgets import QAbstractButton, QLabel

from app.config.settings import PanelLayer
from app.viewmodels.document.document import DocumentOpened
from app.viewmodels.run.run import ResultReady, RunInProgress
from ddrm_core.sampler.settings import PRESETS, Preset
from tests.support.panel_layers import show_expert_layer
from tests.support.scripted_denoiser import until_held

LEFT = Qt.MouseButton.LeftButton
CONTROL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier


def click(qtbot, button):
    """Click a button once the layout has shown all of it."""
    qtbot.waitUntil(lambda: button.visibleRegion().boundingRect() == button.rect())
    qtbot.mouseClick(button, LEFT)


@pytest.fixture
def panel(window):
    return window.side_panel.parameter_panel


def restored(qtbot, window):
    click(qtbot, window.side_panel.restore_button)
    qtbot.waitUntil(lambda: isinstance(window.view_models.run.state, ResultReady), timeout=20000)


def test_a_choice_by_its_use_and_its_time_is_restored_and_saved(qtbot, open_photo, panel):
    window, buttons = open_photo, panel.quality_choice.buttons
    assert list(buttons) == [p for p in Preset if p is not Preset.PAPER]
    assert buttons[Preset.BALANCED].isChecked()
    qtbot.waitUntil(lambda: all(b.time_text for b in buttons.values()), timeout=20000)
    assert not panel.cost_estimate_label.isVisible()
    click(qtbot, buttons[Preset.DRAFT])
    assert window.view_models.parameters.state.settings.sampler == PRESETS[Preset.DRAFT]
    assert panel.settings_line.text() == "JPEG quality 10, 2 steps, 1 version"
    assert window.side_panel.restore_button.is_prominent
    restored(qtbot, window)
    assert window.view_models.run.state.result.restoration.run.settings == PRESETS[Preset.DRAFT]
    assert window.side_panel.save_button.is_prominent
    assert window.side_panel.save_button.isEnabled()
    assert not window.side_panel.restore_button.is_prominent


@pytest.mark.usefixtures("open_photo")
def test_one_line_opens_quality_factor_steps_and_versions(qtbot, window, panel):
    fields = (panel.quality, panel.steps, panel.samples)
    assert not any(field.isVisible() for field in fields)
    assert panel.settings_line.text() == "JPEG quality 10, 8 steps, 2 versions"
    click(qtbot, panel.settings_line)
    assert all(field.isVisible() for field in fields)
    for field, text in zip(fields, ("15", "3", "1"), strict=True):
        field.selectAll()
        qtbot.keyClicks(field, text)
    settings = window.view_models.parameters.state.settings
    assert (settings.assumption.quality, settings.sampler.steps, settings.sampler.samples) == (
        15,
        3,
        1,
    )
    assert panel.settings_line.text() == "JPEG quality 15, 3 steps, 1 version"
    assert not any(button.isChecked() for button in panel.quality_choice.buttons.values())
    click(qtbot, panel.settings_line)
    assert not any(field.isVisible() for field in fields)


def test_arrow_keys_choose_and_tab_goes_on(qtbot, open_photo, panel):
    buttons = panel.quality_choice.buttons
    open_photo.activateWindow()
    buttons[Preset.BALANCED].setFocus()
    qtbot.keyClick(buttons[Preset.BALANCED], Qt.Key.Key_Up)
    assert buttons[Preset.FAST].isChecked()
    assert open_photo.view_models.parameters.state.preset is Preset.FAST
    qtbot.keyClick(buttons[Preset.FAST], Qt.Key.Key_Tab)
    assert panel.settings_line.hasFocus()


def test_the_layer_is_remembered(qtbot, window, panel, show_next_window):
    assert not panel.preset.isVisible()
    assert not panel.advanced_section.isVisible()
    show_expert_layer(qtbot, window)
    assert panel.preset.isVisible()
    assert panel.advanced_section.isVisible()
    assert not panel.quality_choice.isVisible()
    assert window.action_set.show_expert_controls.isChecked()
    window.close()
    again = show_next_window()
    again.activateWindow()
    assert again.side_panel.layer_switch.buttons[PanelLayer.EXPERT].isChecked()
    assert again.side_panel.parameter_panel.preset.isVisible()
    qtbot.keyClick(again, Qt.Key.Key_X, CONTROL | SHIFT)
    assert not again.side_panel.parameter_panel.preset.isVisible()


@pytest.mark.parametrize("layer", PanelLayer)
def test_file_result_and_buttons_are_in_sight_without_scrolling(qtbot, open_photo, layer):
    """Defect 26: after a run, the panel scrolled the file away."""
    window, panel = open_photo, open_photo.side_panel
    window.resize(QSize(1280, 720))
    window.view_models.panel_layer.set_layer(layer)
    window.view_models.parameters.apply_preset(Preset.DRAFT)
    restored(qtbot, window)
    parts = (panel.file_summary, panel.result_panel, panel.restore_button, panel.save_button)
    assert all(part.isVisible() for part in parts)
    assert not any(panel.scroll_area.isAncestorOf(part) for part in parts)

    def all_are_in_sight():
        visible = [part.visibleRegion().boundingRect() == part.rect() for part in parts]
        return all(visible)

    qtbot.waitUntil(all_are_in_sight)
    assert panel.file_summary.facts_label.text().startswith("97 × 64 px, JPEG quality 10")  # noqa: RUF001


def test_a_long_verdict_takes_its_room_from_the_settings(qtbot, window, screenshot):
    """The output below the verdict on pixels alone is not scrolled out of sight at 1280x720."""
    window.resize(QSize(1280, 720))
    window.open_paths([screenshot])
    document = window.view_models.document
    qtbot.waitUntil(lambda: isinstance(document.state, DocumentOpened))
    window.view_models.parameters.apply_preset(Preset.DRAFT)
    restored(qtbot, window)
    options = window.side_panel.save_options
    qtbot.waitUntil(lambda: options.visibleRegion().boundingRect() == options.rect())
    verdict = window.side_panel.result_panel.verdict_view.title_label.text()
    assert verdict.startswith("Not checked against a file")


def test_the_simple_panel_does_not_scroll_after_a_run(qtbot, open_photo):
    """At 1280x720 every control of the layer is in sight; adjustments open where they are asked."""
    window, adjustments = open_photo, open_photo.side_panel.result_panel.adjustments
    window.resize(QSize(1280, 720))
    restored(qtbot, window)
    scroll_bar = window.side_panel.scroll_area.verticalScrollBar()
    details = adjustments.details_section.header
    qtbot.waitUntil(lambda: details.visibleRegion().boundingRect() == details.rect())
    assert scroll_bar.maximum() == 0
    assert not adjustments.strength_slider.isVisible()
    click(qtbot, window.side_panel.result_panel.verdict_view.adjust_button)
    slider = adjustments.strength_slider.slider
    qtbot.waitUntil(lambda: not slider.visibleRegion().isEmpty())
    assert slider.hasFocus()
    click(qtbot, adjustments.adjust_section.header)
    assert not slider.isVisible()


def test_one_stop_button_at_a_time(qtbot, scripted, open_photo):
    """Defect 25: the toolbar, the run bar and the page of the folder each had a Stop button."""
    window = open_photo

    def stop_buttons():
        buttons = window.findChildren(QAbstractButton)
        return [b for b in buttons if b.isVisible() and b.text().startswith("Stop")]

    assert stop_buttons() == []
    scripted.hold_before(5)
    click(qtbot, window.side_panel.restore_button)
    until_held(qtbot, scripted, window.view_models.run)
    assert isinstance(window.view_models.run.state, RunInProgress)
    assert not window.side_panel.restore_button.isEnabled()
    assert stop_buttons() == [window.run_bar.stop_button]
    click(qtbot, window.run_bar.stop_button)
    scripted.release()


def test_a_picture_that_never_was_a_jpeg_says_so_before_the_click(
    qtbot, window, panel, original, tmp_path
):
    """Defect 13: the window was ready to restore such a picture and failed after the click."""
    path = tmp_path / "clean.png"
    original.save(path)
    window.open_paths([path])
    qtbot.waitUntil(lambda: window.view_models.document.document is not None, timeout=10000)
    restore_button = window.side_panel.restore_button
    assert not restore_button.isEnabled()
    assert window.run_bar.status_label.text() == "No sign of JPEG compression"
    assert panel.obstacle_label.text().startswith("No sign of JPEG compression, so there is")
    assert panel.quality.isVisible()  # opened, because a quality factor is the remedy
    assert not window.view_models.cost_estimate.state.is_estimating
    panel.quality.selectAll()
    qtbot.keyClicks(panel.quality, "20")
    assert restore_button.isEnabled()
    assert not panel.obstacle_label.isVisible()
    window.view_models.parameters.set_steps(1)
    restored(qtbot, window)


def test_an_earlier_compression_is_offered_in_one_line(qtbot, window, twice):
    window.open_paths([twice])
    summary = window.side_panel.file_summary
    qtbot.waitUntil(summary.offer.isVisible, timeout=20000)
    assert summary.offer_label.text().startswith("Saved before at lower quality, about ")
    click(qtbot, summary.offer_button)
    assumed = window.view_models.parameters.state.settings.assumption
    assert assumed.quality is not None
    assert assumed.grid == (3, 5)
    assert not summary.offer.isVisible()


def test_facts_and_fields_of_the_panel_begin_in_one_column(qtbot, open_photo):
    """Defect 38: the columns of labels had three offsets."""
    window = show_expert_layer(qtbot, open_photo)
    panel = window.side_panel
    fields = [panel.parameter_panel.quality, panel.parameter_panel.problem]
    value = next(
        label
        for label in panel.file_panel.fact_table.findChildren(QLabel)
        if label.accessibleName().startswith("Coding: ")
    )
    fields.append(value)
    qtbot.waitUntil(value.isVisible)
    assert len({field.mapTo(panel, QPoint(0, 0)).x() for field in fields}) == 1
