"""Comparing images with real clicks and keys."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QSize, Qt
from PySide6.QtGui import QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMenu

from app.i18n.error_messages import UserMessage
from app.i18n.translation import set_language
from app.imaging.mipmap_image import MAX_SHOWN_SPREAD
from app.imaging.qimage import pixels_from_qimage
from app.ui.window.tool_bar import COMPACT_PROPERTY
from app.viewmodels.compare.compare import CompareMode
from app.viewmodels.compare.gallery import OriginalKey, ResultKey, SampleKey
from app.viewmodels.run.run import ResultReady, RunStopped
from ddrm_core.imaging.rectangle import Rectangle
from ddrm_core.sampler.settings import Preset
from tests.support.scripted_denoiser import until_held

LEFT, NONE = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier


def until(qtbot, model, kind, timeout=30000):
    qtbot.waitUntil(lambda: isinstance(model.state, kind), timeout=timeout)


@pytest.fixture
def restored(qtbot, open_photo):
    """Return the window after a run of three samples has ended."""
    window = open_photo
    window.view_models.parameters.apply_preset(Preset.FAST)
    window.view_models.parameters.set_samples(3)
    qtbot.keyClick(window, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    until(qtbot, window.view_models.run, ResultReady)
    window.compare_view.setFocus()
    return window


def popup(qtbot):
    qtbot.waitUntil(lambda: isinstance(QApplication.activePopupWidget(), QMenu))
    return QApplication.activePopupWidget()


def fetched(qtbot, window):
    """Wait until every visible image has been loaded."""
    compare, gallery = window.view_models.compare, window.view_models.gallery

    def there():
        keys = [compare.state.slot_keys[slot] for slot in compare.state.visible_slots]
        entries = [gallery.state.find(key) for key in keys]
        return all(entry is not None and entry.image is not None for entry in entries)

    qtbot.waitUntil(there, timeout=10000)


def test_every_mode_has_a_key_and_a_button_that_shows_it(qtbot, restored):
    window, view = restored, restored.action_set.view
    keys = {
        Qt.Key.Key_O: CompareMode.ONE,
        Qt.Key.Key_D: CompareMode.SIDE_BY_SIDE,
        Qt.Key.Key_Q: CompareMode.FOUR,
        Qt.Key.Key_B: CompareMode.BLINK,
        Qt.Key.Key_X: CompareMode.DIFFERENCE,
        Qt.Key.Key_W: CompareMode.SPREAD,
        Qt.Key.Key_S: CompareMode.SLIDER,
    }
    looks = []
    for key, mode in keys.items():
        qtbot.keyClick(window.compare_view, key)
        assert window.view_models.compare.state.mode is mode
        assert [a.isChecked() for a in view.mode_actions.values()] == [
            m is mode for m in view.mode_actions
        ]
        fetched(qtbot, window)
        looks.append(pixels_from_qimage(window.compare_view.grab().toImage()).tobytes())
    # Blink mode begins with the image that another mode has already shown.
    assert len(set(looks)) == len(keys) - 1
    for mode, action in view.mode_actions.items():
        qtbot.mouseClick(window.tool_bar.button_for(action), LEFT)
        assert window.view_models.compare.state.mode is mode


def test_the_spread_is_the_deviation_of_the_samples(qtbot, restored):
    found = restored.view_models.run.state.result
    samples = np.stack([kept.load() for kept in found.samples])
    assert len(samples) == 3
    deviation = np.sqrt(np.square(samples.std(0, ddof=1)).mean(0))
    expected = np.clip(deviation / MAX_SHOWN_SPREAD, 0, 1) * 255
    image = found.spread_map.mipmaps[0]
    assert found.spread_map.rectangle == Rectangle(0, 0, 97, 64)
    shown = pixels_from_qimage(image)[..., 0].astype(float)
    assert expected.max() > 20
    assert np.abs(shown - expected).max() <= 1

    qtbot.keyClick(restored.compare_view, Qt.Key.Key_W)
    box = restored.compare_view.findChild(type(restored.compare_controller.legend_bar))
    assert box.isVisible()
    assert "8 gray levels" in box.color_bar.accessibleName()
    qtbot.keyClick(restored.compare_view, Qt.Key.Key_Period)
    assert "4 gray levels" in box.color_bar.accessibleName()


def test_where_there_is_no_spread_the_view_says_why(scripted, qtbot, open_photo):
    window = open_photo
    words = []

    def said():
        (shown,) = window.compare_view.pane_contents()
        return shown.image_or_placeholder.text

    qtbot.keyClick(window.compare_view, Qt.Key.Key_W)
    words.append(said())
    window.view_models.parameters.apply_preset(Preset.FAST)
    window.view_models.parameters.set_samples(1)
    window.action_set.restore.trigger()
    until(qtbot, window.view_models.run, ResultReady)
    words.append(said())
    window.view_models.parameters.set_samples(2)
    window.view_models.parameters.set_steps(20)
    scripted.hold_before(5)  # after two steps of two samples
    window.action_set.restore.trigger()
    until_held(qtbot, scripted, window.view_models.run)
    window.action_set.stop.trigger()
    until(qtbot, window.view_models.run, RunStopped, timeout=5000)
    window.view_models.run.use_latest_estimate()
    until(qtbot, window.view_models.run, ResultReady)
    words.append(said())
    assert len(set(words)) == 3
    assert ["two" in line or "stopped" in line for line in words] == [True] * 3
    assert not window.compare_controller.legend_bar.isVisible()


# Qt's offscreen platform logs this for every menu.
@pytest.mark.qt_log_ignore("This plugin does not support (raise|grabbing the keyboard)")
def test_four_pictures_are_chosen_by_mouse_and_by_keys(qtbot, restored):
    window, compare = restored, restored.view_models.compare
    qtbot.keyClick(window.compare_view, Qt.Key.Key_Q)
    assert compare.state.slot_keys == (OriginalKey(), ResultKey(), SampleKey(1), SampleKey(2))
    fetched(qtbot, window)
    # With the mouse: the label of the first pane.
    QTest.mouseClick(window.compare_view, LEFT, NONE, QPoint(20, 20))
    menu = popup(qtbot)
    assert [a.text() for a in menu.actions() if a.isChecked()] == ["Before"]
    (third,) = [a for a in menu.actions() if a.text() == "Version 3"]
    qtbot.mouseClick(menu, LEFT, pos=menu.actionGeometry(third).center())
    assert compare.state.slot_keys[0] == SampleKey(3)
    # With keys: the last pane, second image.
    qtbot.keyClick(window.compare_view, Qt.Key.Key_V)
    menu = popup(qtbot)
    for _ in range(4):
        qtbot.keyClick(menu, Qt.Key.Key_Down)
    qtbot.keyClick(menu, Qt.Key.Key_Right)
    below = popup(qtbot)
    for _ in range(20):
        if below.activeAction() is not None and below.activeAction().text().startswith("After"):
            break
        qtbot.keyClick(below, Qt.Key.Key_Down)
    qtbot.keyClick(below, Qt.Key.Key_Return)
    assert compare.state.slot_keys == (SampleKey(3), ResultKey(), SampleKey(1), ResultKey())
    fetched(qtbot, window)
    # Without their result, the samples are removed from the slots.
    window.view_models.run.reset()
    assert compare.state.slot_keys[:2] == (OriginalKey(), ResultKey())
    assert not any(isinstance(key, SampleKey) for key in compare.state.slot_keys)


def test_the_slider_compares_two_samples(qtbot, restored):
    window, compare = restored, restored.view_models.compare
    compare.show_in_slot(0, SampleKey(1))
    compare.show_in_slot(1, SampleKey(2))
    fetched(qtbot, window)
    assert [shown.label for shown in window.compare_view.pane_contents()] == [
        "Version 1",
        "Version 2",
    ]
    qtbot.keyPress(window.compare_view, Qt.Key.Key_Backslash)
    assert [shown.label for shown in window.compare_view.pane_contents()] == ["Before", "Before"]
    qtbot.keyRelease(window.compare_view, Qt.Key.Key_Backslash)


@pytest.mark.parametrize("key", [Qt.Key.Key_F, Qt.Key.Key_F11])
def test_full_screen_shows_the_pictures_alone_and_escape_leaves(qtbot, open_photo, key):
    window = open_photo
    window.action_set.regions.toggle_regions_page.trigger()  # opens the bottom panel
    window.compare_view.setFocus()
    around = (
        window.menuBar(),
        window.tool_bar,
        window.side_panel,
        window.run_bar,
        window.bottom_panel,
    )
    qtbot.keyClick(window.compare_view, key)
    assert window.isFullScreen()
    assert not any(part.isVisible() for part in around)
    qtbot.waitUntil(lambda: window.compare_view.size() == window.size())
    qtbot.keyClick(window.compare_view, Qt.Key.Key_D)
    assert window.view_models.compare.state.mode is CompareMode.SIDE_BY_SIDE
    qtbot.keyClick(window, Qt.Key.Key_Escape)
    assert not window.isFullScreen()
    assert all(part.isVisible() for part in around)
    assert not window.action_set.view.full_screen.isChecked()


def test_after_full_screen_escape_stops_a_run_again(scripted, qtbot, open_photo):
    window = open_photo
    window.view_models.parameters.set_steps(20)
    scripted.hold_before(5)  # after two steps of two samples
    window.action_set.restore.trigger()
    until_held(qtbot, scripted, window.view_models.run)
    qtbot.keyClick(window, Qt.Key.Key_F)
    qtbot.keyClick(window, Qt.Key.Key_Escape)
    assert not window.view_models.run.state.is_cancelling
    assert scripted.held.is_set()
    qtbot.keyClick(window, Qt.Key.Key_Escape)
    until(qtbot, window.view_models.run, RunStopped, timeout=5000)
    assert scripted.evaluations == 4


def test_a_message_that_is_over_stays_away_after_full_screen(qtbot, open_photo):
    window = open_photo
    window.message_bar.show_info(UserMessage("Stopped", "Keep the estimate?"))
    qtbot.keyClick(window, Qt.Key.Key_F)
    assert window.message_bar.isVisible()
    window.view_models.parameters.apply_preset(Preset.FAST)
    window.action_set.restore.trigger()
    assert not window.message_bar.isVisible()
    qtbot.keyClick(window, Qt.Key.Key_F)
    assert not window.isFullScreen()
    assert not window.message_bar.isVisible()
    until(qtbot, window.view_models.run, ResultReady)


def test_closing_in_full_screen_does_not_begin_there_next_time(qtbot, open_photo, store):
    qtbot.keyClick(open_photo, Qt.Key.Key_F)
    open_photo.close()
    assert not open_photo.isFullScreen()
    assert not store.value("window/geometry").isEmpty()


class Longer(dict):
    """A message catalog that makes every text 30 % longer."""

    def get(self, english, _instead=None):
        return english + "e" * round(0.3 * len(english) + 0.5)


@pytest.fixture
def longer_words():
    set_language(Longer())
    yield
    set_language(None)


@pytest.mark.parametrize(
    ("width", "icon_px", "is_compact"), [(900, 18, False), (900, 30, True), (1280, 18, False)]
)
@pytest.mark.usefixtures("longer_words")
def test_the_toolbar_has_room_for_longer_words(window, width, icon_px, is_compact):
    tools, actions = window.tool_bar, window.action_set
    tools.setIconSize(QSize(icon_px, icon_px))
    window.resize(width, 600)
    QApplication.processEvents()
    assert tools.sizeHint().width() <= tools.width() == width
    assert bool(tools.property(COMPACT_PROPERTY)) == is_compact
    beside = Qt.ToolButtonStyle.ToolButtonTextBesideIcon
    for action in (actions.open, actions.batch.show_page):
        button = tools.button_for(action)
        assert button.isVisible()
        assert button.toolButtonStyle() == beside
    for action in actions.view.mode_actions.values():
        button = tools.button_for(action)
        assert button.isVisible()
        assert button.toolTip()
        assert button.accessibleName() == action.text().replace("&", "")


def test_a_region_drawn_on_the_picture_is_marked(open_photo):
    window = open_photo
    window.view_models.compare.set_scale(5)
    state = window.view_models.compare.state
    scale, ctrl = state.scale, Qt.KeyboardModifier.ControlModifier
    middle = QPoint(state.view_size.width // 2 - 60, state.view_size.height // 2)
    QTest.mousePress(window.compare_view, LEFT, ctrl, middle)
    QTest.mouseMove(window.compare_view, middle + QPoint(round(10 * scale), round(5 * scale)))
    QTest.mouseRelease(window.compare_view, LEFT, ctrl, middle + QPoint(10, 10))
    (crop,) = window.view_models.regions.state.regions
    assert (crop.rectangle.width, crop.rectangle.height) == (11, 6)
    image = window.compare_view.grab().toImage().convertToFormat(QImage.Format.Format_RGB32)
    window.compare_view.show_region_frames(())
    assert window.compare_view.grab().toImage().convertToFormat(QImage.Format.Format_RGB32) != image


@pytest.mark.qt_log_ignore("This plugin does not support (raise|grabbing the keyboard)")
def test_a_right_click_on_the_picture_offers_its_actions(qtbot, open_photo):
    """The picture has a context menu (defect 18)."""
    window = open_photo
    window.view_models.compare.set_scale(4)
    position = window.compare_view.mapTo(window, window.compare_view.rect().center())
    # Only events of the window itself, as of a real mouse, open context menus.
    QTest.mouseClick(window.windowHandle(), Qt.MouseButton.RightButton, pos=position)
    menu = QApplication.activePopupWidget()
    assert isinstance(menu, QMenu)
    actions = window.action_set
    assert {actions.restore, actions.save, actions.view.fit} <= set(menu.actions())
    fit = menu.actionGeometry(actions.view.fit).center()
    qtbot.mouseClick(menu, Qt.MouseButton.LeftButton, pos=fit)
    assert window.view_models.compare.state.is_fitted
    assert QApplication.activePopupWidget() is None
