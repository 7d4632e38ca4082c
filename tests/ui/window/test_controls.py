from __future__ import annotations

import gc

import pytest
import shiboken6
from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QColor
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractSpinBox,
    QComboBox,
    QLabel,
    QLineEdit,
    QProgressBar,
    QPushButton,
    QTabBar,
    QWidget,
)

from app.jobs.run.prior_cache import DeviceInfo, PriorCache
from app.ui.widgets.message_bar import MessageBar
from app.ui.widgets.theme import DARK_COLORS, LIGHT_COLORS, Icon, Theme
from app.ui.widgets.tooltips import TOOLTIP_COLUMNS, wrap_tooltip
from app.viewmodels.compare.compare import CompareMode
from ddrm_core.sampler.corrections.paper import PaperParameters
from ddrm_core.sampler.settings import PRESETS, Preset
from tests.support.window_fixtures import settle


@pytest.fixture
def panel(expert):
    return expert.side_panel.parameter_panel


@pytest.fixture
def state(window):
    return lambda: window.view_models.parameters.state.settings


def choose(box, text):
    index = box.findText(text)
    box.setCurrentIndex(index)
    box.activated.emit(index)


def test_a_preset_fills_the_controls(panel, state):
    choose(panel.preset, "As published (very slow)")
    assert state().sampler == PRESETS[Preset.PAPER]
    assert (panel.steps.value(), panel.samples.value()) == (20, 30)
    assert panel.advanced.start.value() == 300


def test_a_mnemonic_leads_to_a_field_with_a_button_beside_it(qtbot, window, panel):
    window.activateWindow()
    panel.steps.setFocus()
    qtbot.waitUntil(panel.steps.hasFocus)
    qtbot.keyClick(window, Qt.Key.Key_P, Qt.KeyboardModifier.AltModifier)
    qtbot.waitUntil(panel.preset.hasFocus)
    assert panel.preset.hasFocus()


def test_typing_a_value_makes_the_preset_custom(qtbot, panel, state):
    panel.steps.selectAll()
    qtbot.keyClicks(panel.steps, "37")
    assert state().sampler.steps == 37
    assert panel.preset.currentIndex() == -1


@pytest.mark.usefixtures("open_photo")
def test_the_quality_factor_comes_from_the_file_or_the_user(panel, state):
    assert panel.quality.text() == "From the file (10)"
    panel.quality.setValue(30)
    assert state().assumption.quality == 30
    panel.quality.setValue(0)
    assert state().assumption.quality is None


def test_eta_b_shows_for_the_papers_correction_only(panel, state):
    advanced = panel.advanced
    advanced.setVisible(True)
    eta_b = advanced.parameter_controls["paper"]["eta_b"].widget
    assert not eta_b.isVisible()
    choose(advanced.correction, "Paper")
    assert state().sampler.correction == "paper"
    assert eta_b.isVisible()
    eta_b.setValue(0.25)
    assert state().sampler.parameters_of("paper") == PaperParameters(0.25)


def test_start_is_auto_or_a_timestep(panel, state):
    panel.advanced.start.setValue(450)
    assert state().sampler.start == 450
    panel.advanced.start.setValue(0)
    assert state().sampler.start is None
    assert panel.advanced.start.text() == "Auto"


def test_what_spells_no_seed_gives_way_to_the_one_in_force(qtbot, panel, state):
    seed = panel.advanced.seed
    panel.advanced.setVisible(True)
    seed.selectAll()
    qtbot.keyClicks(seed, "42")
    assert state().seed == 42
    qtbot.keyClicks(seed, "x")
    assert state().seed == 42
    qtbot.keyClick(seed, Qt.Key.Key_Return)
    assert seed.text() == "42"
    qtbot.mouseClick(panel.advanced.randomize_seed_button, Qt.MouseButton.LeftButton)
    assert seed.text() == str(state().seed) != "42"


def test_devices_that_are_found_are_offered(qtbot, window, runners, panel, state, monkeypatch):
    devices = (DeviceInfo("auto"), DeviceInfo("cpu"), DeviceInfo("cuda", "NVIDIA H100 80GB"))
    monkeypatch.setattr(PriorCache, "list_devices", lambda _self: devices)
    window.view_models.parameters.find_devices()
    settle(qtbot, *runners)
    device = panel.advanced.device
    assert [device.itemText(i) for i in range(device.count())] == [
        "auto",
        "cpu",
        "cuda (NVIDIA H100 80GB)",
    ]
    choose(device, "cuda (NVIDIA H100 80GB)")
    assert state().device == "cuda"


def test_a_gpu_that_torch_cannot_use_is_named_under_the_devices(
    qtbot, window, runners, panel, monkeypatch
):
    note = panel.advanced.accelerator_note
    assert note.isHidden()
    devices = (DeviceInfo("auto", unused_accelerator="NVIDIA"), DeviceInfo("cpu"))
    monkeypatch.setattr(PriorCache, "list_devices", lambda _self: devices)
    window.view_models.parameters.find_devices()
    settle(qtbot, *runners)
    assert not note.isHidden()
    assert "a GPU by NVIDIA, but the installed torch uses only the CPU" in note.text()


@pytest.mark.parametrize(
    ("key", "modifier", "seen"),
    [
        (Qt.Key.Key_1, "control", lambda c: (c.scale, c.is_fitted) == (1, False)),
        (Qt.Key.Key_D, None, lambda c: c.mode is CompareMode.SIDE_BY_SIDE),
        (Qt.Key.Key_Plus, None, lambda c: c.scale == pytest.approx(1.25 * c.fit_scale)),
        (Qt.Key.Key_Minus, None, lambda c: c.scale == pytest.approx(0.8 * c.fit_scale)),
        (Qt.Key.Key_1, None, lambda c: c.split_fraction == 0),
        (Qt.Key.Key_3, None, lambda c: c.split_fraction == 1),
    ],
)
def test_keys_of_the_view(qtbot, open_photo, key, modifier, seen):
    control = Qt.KeyboardModifier.ControlModifier
    none = Qt.KeyboardModifier.NoModifier
    qtbot.keyClick(open_photo, key, control if modifier else none)
    assert seen(open_photo.view_models.compare.state)
    qtbot.keyClick(open_photo, Qt.Key.Key_0, control)
    assert open_photo.view_models.compare.state.is_fitted


def test_digits_typed_into_a_field_do_not_move_the_split(qtbot, open_photo, panel):
    panel.steps.setFocus()
    panel.steps.selectAll()
    qtbot.keyClicks(panel.steps, "13")
    assert open_photo.view_models.compare.state.split_fraction == 0.5
    assert panel.steps.value() == 13


def test_every_control_has_a_name_and_a_tip(window):
    kinds = (QAbstractButton, QAbstractSpinBox, QComboBox, QLineEdit, QProgressBar)
    controls = [w for kind in kinds for w in window.findChildren(kind)]
    bars = window.findChildren(MessageBar)
    unnamed = [
        b for bar in bars for b in (bar.action_button, bar.second_action_button)
    ]  # buttons get their names with their texts
    own = [w for w in controls if not _part_of_another(w) and w not in unnamed]
    assert len(own) > 15
    assert [w for w in own if not w.accessibleName() or not w.toolTip()] == []


def test_tooltips_are_wrapped_and_labels_have_them_too(expert):
    """Defect 33: tooltips were one long line, and labels had none."""
    window = expert
    items = [*window.findChildren(QAction), *window.findChildren(QWidget)]
    lines = [line for item in items for line in item.toolTip().split("\n")]
    assert [line for line in lines if len(line) > TOOLTIP_COLUMNS and " " in line] == []
    labels = [label for label in window.findChildren(QLabel) if label.buddy() is not None]
    assert len(labels) > 10
    assert [label.text() for label in labels if not label.toolTip()] == []
    assert wrap_tooltip("a" * 40 + " " + "b" * 40) == "a" * 40 + "\n" + "b" * 40


@pytest.mark.parametrize("colors", [LIGHT_COLORS, DARK_COLORS])
def test_the_contrast_of_text_is_at_least_4_5(colors):
    """The ratio is that of WCAG 2.2, success criterion 1.4.3."""
    panels = (colors.window, colors.input_background, colors.button)
    pairs = [
        (text, background)
        for text in (colors.text, colors.secondary_text)
        for background in (*panels, colors.canvas)
    ]
    pairs += [
        (text, background)
        for text in (colors.error, colors.success, colors.accent)
        for background in panels
    ]
    pairs.append((colors.accent_text, colors.accent))
    assert [pair for pair in pairs if contrast_ratio(*pair) < 4.5] == []
    assert contrast_ratio("#000000", "#ffffff") == pytest.approx(21)


def contrast_ratio(one, other):
    """Return the contrast ratio of WCAG 2.2 between two colors."""
    darker, lighter = sorted((relative_luminance(one), relative_luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def relative_luminance(name):
    """Return the relative luminance that WCAG 2.2 defines, 0 to 1."""
    color = QColor(name)
    linear = [
        c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4
        for c in (color.redF(), color.greenF(), color.blueF())
    ]
    return sum(weight * c for weight, c in zip((0.2126, 0.7152, 0.0722), linear, strict=True))


def _part_of_another(widget: QWidget) -> bool:
    """Return whether a widget is an inner part of a Qt widget, like a spin box's line edit."""
    return widget.objectName().startswith("qt_") or isinstance(
        widget.parent(), QAbstractSpinBox | QComboBox | QLineEdit | QTabBar
    )


def test_every_shortcut_is_used_once(window):
    keys = [key.toString() for action in window.findChildren(QAction) for key in action.shortcuts()]
    assert len(keys) == len(set(keys))


def test_the_scheme_follows_the_system(window, qapp):
    gc.collect()  # otherwise themes of earlier windows would respond, too

    def seen():
        return qapp.palette().window().color(), window.action_set.open.icon().pixmap(
            18, 18
        ).toImage()

    system_changed = qapp.styleHints().colorSchemeChanged
    system_changed.emit(Qt.ColorScheme.Light)
    light = seen()
    assert light[0] == QColor(LIGHT_COLORS.window)
    system_changed.emit(Qt.ColorScheme.Dark)
    dark = seen()
    assert dark[0] == QColor(DARK_COLORS.window)
    assert dark[1] != light[1]
    system_changed.emit(Qt.ColorScheme.Light)
    assert seen() == light


def test_a_button_that_is_gone_is_not_asked_to_follow(qtbot, qapp):
    theme, buttons = Theme(qapp), [QPushButton(), QPushButton()]
    for button in buttons:
        qtbot.addWidget(button)
        theme.set_icon(button, Icon.OPEN)
    before = buttons[1].icon().pixmap(18, 18).toImage()
    shiboken6.delete(buttons[0])
    qapp.styleHints().colorSchemeChanged.emit(Qt.ColorScheme.Dark)
    assert buttons[1].icon().pixmap(18, 18).toImage() != before
    qapp.styleHints().colorSchemeChanged.emit(Qt.ColorScheme.Light)
    assert buttons[1].icon().pixmap(18, 18).toImage() == before


@pytest.mark.qt_log_ignore("propagateSizeHints")  # the offscreen platform, for every dialog
def test_the_program_says_what_it_is(qtbot, window):
    window.action_set.support.show_about.trigger()
    [box] = [w for w in window.children() if w.metaObject().className() == "QMessageBox"]
    assert box.isVisible()
    assert "torch 2" in box.detailedText()
    with qtbot.waitSignal(box.destroyed):
        box.close()


def test_the_message_can_be_closed(qtbot, window, text_file):
    window.open_paths([text_file])
    qtbot.waitUntil(window.message_bar.isVisible, timeout=5000)
    close = next(
        b
        for b in window.message_bar.findChildren(QAbstractButton)
        if b.accessibleName()[:5] == "Close"
    )
    qtbot.mouseClick(close, Qt.MouseButton.LeftButton)
    assert not window.message_bar.isVisible()
