"""The quick preview, which shows the middle of the visible image restored before a run."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QCoreApplication, QPoint, QPointF, Qt, QTimer
from PySide6.QtGui import QWheelEvent
from PySide6.QtTest import QTest

from app.desktop.services import DesktopServices
from app.viewmodels.compare.compare import CompareMode
from app.viewmodels.compare.gallery import ResultKey
from app.viewmodels.document.document import DocumentOpened
from app.viewmodels.run.run import NoRun, ResultReady
from ddrm_core.imaging.rectangle import Rectangle
from ddrm_core.performance.cost_estimate import Throughput
from ddrm_core.sampler.settings import PRESETS, Preset

CTRL = Qt.KeyboardModifier.ControlModifier


class Power:
    """A power source that a test switches."""

    def __init__(self) -> None:
        self.is_on_battery = False

    def __call__(self) -> bool:
        return self.is_on_battery


@pytest.fixture
def power() -> Power:
    return Power()


@pytest.fixture
def desktop(power) -> DesktopServices:
    return DesktopServices(power)


@pytest.fixture
def preview(window):
    return window.view_models.quick_preview


def turn_wheel(window):
    """Turn the wheel by one notch over the compare view."""
    place = QPointF(window.compare_view.rect().center())
    wheel = QWheelEvent(
        place,
        window.compare_view.mapToGlobal(place),
        QPoint(),
        QPoint(0, 120),
        Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    QCoreApplication.sendEvent(window.compare_view, wheel)


def shown_patches(window):
    """Return the patches that the panes of the window show."""
    contents = window.compare_view.pane_contents()
    return [getattr(c.image_or_placeholder, "preview_patches", ()) for c in contents][-1]


def until_previewed(qtbot, window):
    qtbot.waitUntil(lambda: bool(shown_patches(window)))


def test_a_preview_appears_by_itself_and_is_no_run(scripted, qtbot, open_photo, answers):
    window = open_photo
    before = window.compare_view.grab().toImage()
    until_previewed(qtbot, window)
    assert scripted.evaluations == PRESETS[Preset.DRAFT].steps
    (patch,) = shown_patches(window)
    assert patch.rectangle == Rectangle(0, 0, 97, 64)
    assert window.compare_view.pane_contents()[-1].label == "After: live preview"
    assert window.compare_view.grab().toImage() != before
    # Neither a run nor a result, and nothing to save.
    assert window.view_models.run.state == NoRun()
    assert window.view_models.gallery.state.find(ResultKey()) is None
    assert not window.action_set.save.isEnabled()
    assert window.view_models.run_history.state.runs == ()
    window.close()
    assert answers.questions == []


def test_a_click_cancels_the_preview_and_rest_continues_it(scripted, qtbot, window, preview, photo):
    scripted.hold_before(1)
    window.open_paths([photo])
    qtbot.waitUntil(scripted.held.is_set)
    assert preview.state.is_working
    QTest.mouseClick(
        window.windowHandle(),
        Qt.MouseButton.LeftButton,
        Qt.KeyboardModifier.NoModifier,
        QPoint(9, 300),
    )
    assert not preview.state.is_working
    qtbot.waitUntil(lambda: not scripted.held.is_set())  # the thread is free again
    until_previewed(qtbot, window)


@pytest.mark.parametrize("act", ["key", "wheel", "setting"])
def test_anything_cancels_the_preview(scripted, qtbot, window, preview, photo, act):
    scripted.hold_before(1)
    window.open_paths([photo])
    qtbot.waitUntil(scripted.held.is_set)
    match act:
        case "key":
            qtbot.keyClick(window.compare_view, Qt.Key.Key_Plus)
        case "wheel":
            turn_wheel(window)
        case "setting":
            window.view_models.parameters.set_seed(5)
    assert not preview.state.is_working


def test_a_run_does_not_wait_for_the_preview(scripted, qtbot, window, preview, photo):
    """A held preview is given up at once; the run begins, and no preview covers its result."""
    scripted.hold_before(1)
    window.view_models.parameters.apply_preset(Preset.FAST)
    window.open_paths([photo])
    qtbot.waitUntil(scripted.held.is_set)
    qtbot.keyClick(window, Qt.Key.Key_Return, CTRL)
    qtbot.waitUntil(lambda: isinstance(window.view_models.run.state, ResultReady))
    assert preview.state.patches == ()
    assert not preview.state.is_working
    assert shown_patches(window) == ()


@pytest.mark.usefixtures("scripted")
def test_changed_settings_are_previewed_over_an_earlier_result(qtbot, open_photo):
    window = open_photo
    window.view_models.parameters.apply_preset(Preset.FAST)
    window.action_set.restore.trigger()
    qtbot.waitUntil(lambda: isinstance(window.view_models.run.state, ResultReady))
    window.view_models.parameters.set_steps(5)  # changes no draft
    assert shown_patches(window) == ()
    window.view_models.parameters.set_quality(20)
    until_previewed(qtbot, window)
    settings = window.view_models.quick_preview.state.settings
    assert settings.assumption.quality == 20
    assert settings.sampler == PRESETS[Preset.DRAFT]


@pytest.mark.usefixtures("scripted")
def test_the_preview_is_switched_off_and_on(qtbot, open_photo, store, preview):
    window = open_photo
    until_previewed(qtbot, window)
    action = window.action_set.run.toggle_quick_preview
    assert action.isChecked()
    action.trigger()
    assert shown_patches(window) == ()
    assert store.value("computing/quick_preview") == "false"
    window.view_models.compare.zoom(2.0)
    assert not window.view_models.quick_preview_scheduler.findChild(QTimer).isActive()
    assert not preview.state.is_working
    action.trigger()
    until_previewed(qtbot, window)


def test_there_is_no_preview_on_battery(scripted, qtbot, window, preview, photo, power):
    power.is_on_battery = True
    window.open_paths([photo])
    qtbot.waitUntil(lambda: preview.state.pause is not None)
    assert preview.state.pause.is_on_battery
    assert scripted.evaluations == 0
    power.is_on_battery = False
    qtbot.keyClick(window.compare_view, Qt.Key.Key_Plus)
    until_previewed(qtbot, window)


def test_a_mode_without_the_after_image_has_no_preview(scripted, qtbot, window, preview, photo):
    window.view_models.compare.set_mode(CompareMode.DIFFERENCE)
    window.open_paths([photo])
    qtbot.waitUntil(lambda: isinstance(window.view_models.document.state, DocumentOpened))
    assert not window.view_models.quick_preview_scheduler.findChild(QTimer).isActive()
    assert (scripted.evaluations, preview.state.is_working) == (0, False)
    qtbot.keyClick(window.compare_view, Qt.Key.Key_S)
    until_previewed(qtbot, window)


@pytest.mark.usefixtures("scripted")
def test_another_file_has_a_preview_of_its_own(qtbot, open_photo, twice):
    window = open_photo
    until_previewed(qtbot, window)
    window.open_paths([twice])
    qtbot.waitUntil(lambda: window.view_models.document.document.source.path == twice)
    assert shown_patches(window) == ()
    until_previewed(qtbot, window)
    assert shown_patches(window)[0].rectangle != Rectangle(0, 0, 97, 64)


@pytest.mark.usefixtures("scripted")
def test_a_preview_grows_until_it_covers_what_is_visible(qtbot, window, preview, twice):
    window.open_paths([twice])
    qtbot.waitUntil(lambda: isinstance(window.view_models.document.state, DocumentOpened))
    whole = Rectangle(0, 0, 240, 192)
    qtbot.waitUntil(lambda: [p.rectangle for p in preview.state.patches] == [whole])
    assert not preview.state.is_working


@pytest.fixture
def slow(scripted, monkeypatch):  # noqa: ARG001  # it sets the speed, too
    """Let the forecast of each run exceed a minute."""
    monkeypatch.setattr(
        "ddrm_core.performance.cost_estimate.measure_throughput",
        lambda _run, _token: Throughput(1e-2),
    )


@pytest.mark.usefixtures("slow")
def test_a_long_run_is_previewed_first(scripted, qtbot, open_photo, preview, power):
    """Preview here comes before Restore, uses the chosen settings, and is stopped by Esc only."""
    window, panel = open_photo, open_photo.side_panel
    qtbot.waitUntil(lambda: panel.preview_button.isVisible())
    assert panel.preview_button.text() == "Preview here"
    assert panel.preview_button.is_prominent
    assert not panel.restore_button.is_prominent
    qtbot.waitUntil(lambda: not preview.state.is_working)
    power.is_on_battery = True  # a preview that was asked for is made, too
    scripted.hold_before(3)  # the first step evaluates two samples
    qtbot.mouseClick(panel.preview_button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: scripted.held.is_set() and preview.state.fraction_done > 0)
    assert preview.state.settings == window.view_models.parameters.state.settings
    assert window.run_bar.status_label.text().startswith("Previewing the middle, ")
    assert shown_patches(window)  # the quick preview stays until then
    qtbot.keyClick(window.compare_view, Qt.Key.Key_Plus)
    assert preview.state.is_working
    qtbot.mouseClick(window.run_bar.stop_button, Qt.MouseButton.LeftButton)
    assert not preview.state.is_working
    qtbot.mouseClick(panel.preview_button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: bool(preview.state.patches))
    label = window.compare_view.pane_contents()[-1].label
    assert label == "After: preview with your settings"
    assert panel.preview_button.isHidden()
    assert panel.restore_button.is_prominent
