"""Every control is reachable by keys, shows its focus, and has an accessible name."""

from __future__ import annotations

from itertools import pairwise

import pytest
from PySide6.QtCore import QCoreApplication, QPoint, Qt
from PySide6.QtGui import QAccessible
from PySide6.QtWidgets import (
    QAbstractScrollArea,
    QApplication,
    QDialog,
    QLabel,
    QSlider,
    QToolBar,
    QWidget,
)

from app.compose import build_window
from app.jobs.export.save import SavedFile
from app.ui.widgets.collapsible import CollapsibleSection
from app.ui.window.accessibility import is_custom_painted
from app.viewmodels.run.run import ResultReady
from ddrm_core.prior.bundled import BUNDLED_PRIOR_PATH
from ddrm_core.sampler.settings import Preset
from tests.support.panel_layers import show_expert_layer

CONTROL, NONE = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.NoModifier


@pytest.fixture
def restored(qtbot, open_photo):
    show_expert_layer(qtbot, open_photo)
    open_photo.view_models.parameters.apply_preset(Preset.FAST)
    open_photo.action_set.restore.trigger()
    qtbot.waitUntil(
        lambda: isinstance(open_photo.view_models.run.state, ResultReady), timeout=20000
    )
    for fold in open_photo.findChildren(CollapsibleSection):
        fold.header.setChecked(True)
    QCoreApplication.processEvents()
    return open_photo


def pages(window):
    """Yield the window once per page of its bottom panel, then each open dialog."""
    actions = window.action_set
    for action in (actions.show_priors, actions.show_settings, actions.support.show_shortcuts):
        action.trigger()
    for index in range(window.bottom_panel.count()):
        window.bottom_panel.open_page(window.bottom_panel.widget(index))
        QCoreApplication.processEvents()
        yield window
    yield from (page for page in window.findChildren(QDialog) if page.isVisible())


def focusable(window):
    """Return the visible widgets of this window, without its dialogs, that Tab can focus."""
    parts = [w for w in window.findChildren(QWidget) if w.window() is window]
    return [
        w
        for w in parts
        if w.isVisible() and w.isEnabled() and w.focusPolicy() & Qt.FocusPolicy.TabFocus
        if w.focusProxy() is None
    ]


def describe(widget):
    owner = widget.parentWidget()
    return f"{type(widget).__name__} {widget.objectName()} in {type(owner).__name__}"


def test_whatever_takes_the_focus_has_a_name_and_a_role(restored):
    unnamed, seen = set(), 0
    for window in pages(restored):
        for widget in focusable(window):
            seen += 1
            told = QAccessible.queryAccessibleInterface(widget)
            name = told.text(QAccessible.Text.Name)
            if not name or told.role() in (QAccessible.Role.NoRole, QAccessible.Role.Client):
                unnamed.add(f"{describe(widget)}: {name!r}, {told.role().name}")
    assert seen > 60
    assert not unnamed


def test_every_painted_picture_says_what_it_is(restored):
    mute, seen = set(), set()
    for window in pages(restored):
        for widget in window.findChildren(QWidget):
            if is_custom_painted(widget) and widget.isVisible():
                told = QAccessible.queryAccessibleInterface(widget)
                name, more = QAccessible.Text.Name, QAccessible.Text.Description
                seen.add(type(widget).__name__)
                words = told.text(name) and (told.text(more) or widget.toolTip())
                if not words or told.role() != QAccessible.Role.Graphic:
                    mute.add(describe(widget))
    assert "CompareView" in seen
    assert not mute, sorted(mute)


def picture_around(window, widget):
    """Return a screenshot of a widget and 4 pixels around the widget."""
    place = widget.mapTo(window, QPoint(0, 0))
    area = widget.rect().translated(place).adjusted(-4, -4, 4, 4)
    return window.grab(area).toImage()


def test_whatever_has_the_focus_looks_like_it(restored):
    alike = set()
    restored.resize(1280, 1400)  # large enough that nothing is scrolled out of view
    for window in pages(restored):
        window.activateWindow()
        QCoreApplication.processEvents()
        parts = focusable(window)
        for widget, other in zip(parts, (*parts[1:], parts[0]), strict=True):
            if isinstance(widget, QAbstractScrollArea) or widget.visibleRegion().isEmpty():
                continue  # lists show their current item instead
            seen = []
            for focused in (other, widget):
                focused.setFocus(Qt.FocusReason.TabFocusReason)
                window.setAttribute(Qt.WidgetAttribute.WA_KeyboardFocusChange)  # set by Qt on Tab
                seen.append(picture_around(window, widget))
            if widget.hasFocus() and seen[0] == seen[1]:
                alike.add(describe(widget))
    assert not alike, sorted(alike)


def test_a_slider_has_a_ring_for_as_long_as_it_has_the_focus(qtbot, window):
    slider = QSlider(Qt.Orientation.Horizontal, window)
    slider.setGeometry(400, 300, 200, 24)
    slider.show()
    window.compare_view.clearFocus()
    before = picture_around(window, slider)
    slider.setFocus()
    assert picture_around(window, slider) != before
    window.action_set.open.trigger()
    slider.clearFocus()
    qtbot.waitUntil(lambda: picture_around(window, slider) == before)
    slider.deleteLater()


def test_tab_goes_through_tools_panel_and_picture_in_the_order_they_are_seen(qtbot, restored):
    window = restored
    window.resize(1280, 1600)  # large enough that nothing is scrolled
    QCoreApplication.processEvents()
    bar = window.findChild(QToolBar)
    first = bar.widgetForAction(window.action_set.open)
    first.setFocus()
    order = []
    for _ in range(80):
        focus = QApplication.focusWidget()
        order.append(focus)
        if focus is window.compare_view:
            break
        qtbot.keyClick(focus, Qt.Key.Key_Tab)
    assert order[-1] is window.compare_view
    areas = ["tools" if bar.isAncestorOf(w) else "panel" for w in order[:-1]]
    panel = [w for w in order[:-1] if window.side_panel.isAncestorOf(w)]
    assert areas == sorted(areas, reverse=True)
    places = [w.mapTo(window.side_panel, QPoint(0, w.height() // 2)).y() for w in panel]
    assert all(below >= above - 4 for above, below in pairwise(places))


@pytest.mark.parametrize("key", [Qt.Key.Key_Tab, Qt.Key.Key_Backtab])
def test_tab_reaches_every_control_in_both_directions(qtbot, restored, key):
    """Defect 20: the picture swallowed Tab, and only Shift+Tab left it."""
    window = restored
    window.compare_view.setFocus()
    expected, reached = set(focusable(window)), set()
    for _ in range(2 * len(expected)):
        qtbot.keyClick(QApplication.focusWidget(), key)
        reached.add(QApplication.focusWidget())
        if QApplication.focusWidget() is window.compare_view:
            break
    assert window.compare_view in reached
    assert len(expected) > 40
    assert {describe(widget) for widget in expected - reached} == set()


def test_a_picture_is_opened_restored_compared_and_saved_by_keys_alone(
    qtbot, window, answers, photo, tmp_path
):
    """Every key goes to the focused widget; no mouse is used."""

    def press(key, modifier=NONE):
        qtbot.keyClick(QApplication.focusWidget() or window, key, modifier)

    answers.to_open, answers.to_save = photo, tmp_path / "result.png"
    press(Qt.Key.Key_O, CONTROL)
    qtbot.waitUntil(lambda: window.view_models.document.document is not None, timeout=5000)
    assert QApplication.focusWidget() is window.compare_view
    press(Qt.Key.Key_S, Qt.KeyboardModifier.AltModifier)  # the mnemonic of the steps
    steps = window.side_panel.parameter_panel.steps
    steps.setFocus()
    steps.selectAll()
    qtbot.keyClicks(steps, "2")
    press(Qt.Key.Key_Return, CONTROL)
    qtbot.waitUntil(lambda: isinstance(window.view_models.run.state, ResultReady), timeout=20000)
    assert window.view_models.run.state.result.restoration.run.settings.steps == 2
    window.compare_view.setFocus()
    compare = window.view_models.compare
    press(Qt.Key.Key_1, CONTROL)
    assert compare.state.scale == 1
    centre = compare.state.center
    for _ in range(15):
        press(Qt.Key.Key_Plus)
    press(Qt.Key.Key_Right)
    assert compare.state.center != centre
    press(Qt.Key.Key_3)
    assert compare.state.split_fraction == 1
    qtbot.keyPress(window.compare_view, Qt.Key.Key_Backslash)
    assert compare.state.is_showing_original
    qtbot.keyRelease(window.compare_view, Qt.Key.Key_Backslash)
    assert not compare.state.is_showing_original
    press(Qt.Key.Key_S, CONTROL | Qt.KeyboardModifier.ShiftModifier)
    qtbot.waitUntil(lambda: isinstance(window.view_models.saving.state, SavedFile), timeout=20000)
    assert (tmp_path / "result.png").exists()
    press(Qt.Key.Key_Backtab, Qt.KeyboardModifier.ShiftModifier)
    assert QApplication.focusWidget() is not window.compare_view


@pytest.fixture
def mirrored(qapp, qtbot, store, answers, photo):
    """Yield the window in a right-to-left layout, with the photo open."""
    qapp.setLayoutDirection(Qt.LayoutDirection.RightToLeft)
    window = build_window(
        qapp, bundled_prior_path=BUNDLED_PRIOR_PATH, settings_store=store, dialogs=answers
    )
    qtbot.addWidget(window)
    with qtbot.waitExposed(window):
        window.show()
    show_expert_layer(qtbot, window)
    window.open_paths([photo])
    qtbot.waitUntil(lambda: window.view_models.document.document is not None, timeout=20000)
    yield window
    qapp.setLayoutDirection(Qt.LayoutDirection.LeftToRight)


def test_from_right_to_left_panels_change_sides_and_pictures_do_not(mirrored, qtbot):
    window = mirrored
    qtbot.waitUntil(
        lambda: window.side_panel.x() > window.compare_view.mapTo(window, QPoint(0, 0)).x()
    )
    labels = [w for w in window.side_panel.findChildren(QLabel) if w.isVisible() and w.buddy()]
    assert len(labels) > 4
    content = window.side_panel
    for label in labels:
        field = label.buddy()
        # A row of two fields has its first field as the focus proxy.
        field = field.focusProxy() or field
        left = field.mapTo(content, QPoint(0, 0)).x()
        right = left + field.width()
        assert left >= 0
        assert right <= label.mapTo(content, QPoint(0, 0)).x(), label.text()
    before = window.view_models.document.document.image.full_size
    window.view_models.compare.set_scale(1.0)
    window.view_models.compare.move_split(1.0)
    shown = window.compare_view.grab().toImage()
    there = " ".join(before.pixelColor(n, 30).name() for n in range(90))
    middle = (shown.height() - before.height()) // 2 + 30
    rows = [
        " ".join(shown.pixelColor(n, y).name() for n in range(shown.width()))
        for y in range(middle - 2, middle + 3)
    ]
    assert any(there in row for row in rows)
