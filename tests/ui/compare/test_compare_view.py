"""The compare view: zooming, dragging, drawing regions and choosing images by mouse and keys."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, QSize, Qt
from PySide6.QtGui import (
    QColor,
    QContextMenuEvent,
    QMouseEvent,
    QNativeGestureEvent,
    QPointingDevice,
    QWheelEvent,
)
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from app.imaging.mipmap_image import create_mipmap_image
from app.ui.compare.compare_view import CompareView
from app.ui.compare.region_painting import RegionFrame
from app.viewmodels.compare.compare import CompareMode, Point, view_to_image
from ddrm_core.imaging.rectangle import Rectangle
from tests.support.compare_view import BLUE, RED, colour_at, plain

NONE = Qt.KeyboardModifier.NoModifier
LEFT = Qt.MouseButton.LeftButton


def wheel(view, x, y, turn, sideways=0):
    place, turned = QPointF(x, y), QPoint(sideways, turn)
    event = QWheelEvent(
        place, view.mapToGlobal(place), QPoint(), turned, Qt.MouseButton.NoButton, NONE,
        Qt.ScrollPhase.NoScrollPhase, False,
    )  # fmt: skip
    QApplication.sendEvent(view, event)


def touch_scroll(pixels, modifiers):
    """Return an event of two fingers that move on a touchpad, in the middle of the view."""
    return QWheelEvent(
        QPointF(300, 200), QPointF(300, 200), pixels, pixels, Qt.MouseButton.NoButton, modifiers,
        Qt.ScrollPhase.ScrollUpdate, False,
    )  # fmt: skip


def native(kind, value, delta=None):
    place, device = QPointF(300, 200), QPointingDevice.primaryPointingDevice()
    return QNativeGestureEvent(kind, device, 2, place, place, place, value, delta or QPointF())


def drag_with_ctrl(view, start, end):
    ctrl = Qt.KeyboardModifier.ControlModifier
    QTest.mousePress(view, LEFT, ctrl, start)
    move = QMouseEvent(
        QEvent.Type.MouseMove, QPointF(end), view.mapToGlobal(QPointF(end)),
        Qt.MouseButton.NoButton, LEFT, ctrl,
    )  # fmt: skip
    QApplication.sendEvent(view, move)
    QTest.mouseRelease(view, LEFT, ctrl, end)


def test_slider_mode_shows_before_left_of_the_line_and_after_right_of_it(view, compare):
    compare.set_scale(1)
    assert (colour_at(view, 250, 330), colour_at(view, 350, 330)) == (RED, BLUE)
    compare.move_split(0.9)
    assert colour_at(view, 350, 330) == RED
    compare.move_split(0.1)
    assert colour_at(view, 250, 330) == BLUE


def test_side_by_side_shows_both_at_the_same_scale_and_place(view, compare, show):
    pixels = np.zeros((700, 900, 3), np.uint8)
    pixels[350:, 450:] = 255
    show(create_mipmap_image(pixels), create_mipmap_image(pixels))
    compare.set_mode(CompareMode.SIDE_BY_SIDE)
    compare.set_scale(1)
    compare.pan(37, -21)
    image = view.grab().toImage()
    left = image.copy(4, 60, 290, 300)
    right = image.copy(306, 60, 290, 300)
    assert left == right
    assert left.pixelColor(100, 20) != left.pixelColor(285, 290)


def test_the_wheel_zooms_at_the_cursor(view, compare):
    compare.set_scale(1)
    before = compare.state.pane_to_image(Point(150, 90))
    wheel(view, 150, 90, 240)
    assert compare.state.scale > 1.3
    assert compare.state.pane_to_image(Point(150, 90)).x == pytest.approx(before.x)
    assert compare.state.pane_to_image(Point(150, 90)).y == pytest.approx(before.y)
    wheel(view, 150, 90, -240)
    assert compare.state.scale == pytest.approx(1)


def test_the_wheel_zooms_at_the_cursor_in_the_right_pane_too(view, compare):
    compare.set_mode(CompareMode.SIDE_BY_SIDE)
    compare.set_scale(2)
    place = Point(452 - 302, 90)
    before = compare.state.pane_to_image(place)
    wheel(view, 452, 90, 120)
    assert compare.state.pane_to_image(place).x == pytest.approx(before.x)


def test_a_wheel_that_turns_sideways_leaves_the_picture_fitted(view, compare):
    before = compare.state
    wheel(view, 150, 100, 0, sideways=240)
    assert compare.state == before


def test_dragging_pans_and_dragging_the_line_splits(view, compare):
    compare.set_scale(2)
    centre = compare.state.center
    QTest.mousePress(view, LEFT, NONE, QPoint(100, 100))
    QTest.mouseMove(view, QPoint(140, 70))
    QTest.mouseRelease(view, LEFT, NONE, QPoint(140, 70))
    assert compare.state.center == Point(centre.x - 20, centre.y + 15)
    QTest.mousePress(view, LEFT, NONE, QPoint(302, 200))
    QTest.mouseMove(view, QPoint(450, 200))
    QTest.mouseRelease(view, LEFT, NONE, QPoint(450, 200))
    assert compare.state.split_fraction == pytest.approx(0.75)
    assert compare.state.center == Point(centre.x - 20, centre.y + 15)


def test_double_click_toggles_fit_and_100_percent(view, compare):
    QTest.mouseDClick(view, LEFT, NONE, QPoint(100, 100))
    assert compare.state.scale == 1
    QTest.mouseDClick(view, LEFT, NONE, QPoint(100, 100))
    assert compare.state.is_fitted


def test_arrows_move_the_view(qtbot, view, compare):
    compare.set_scale(2)
    centre = compare.state.center
    qtbot.keyClick(view, Qt.Key.Key_Right)
    qtbot.keyClick(view, Qt.Key.Key_Up)
    assert compare.state.center == Point(centre.x + 32, centre.y - 32)


@pytest.mark.parametrize("key", [Qt.Key.Key_H, Qt.Key.Key_Backslash])
def test_holding_a_key_shows_the_original_everywhere(qtbot, view, compare, key):
    compare.set_scale(1)
    qtbot.keyPress(view, key)
    assert colour_at(view, 350, 330) == RED
    qtbot.keyRelease(view, key)
    assert colour_at(view, 350, 330) == BLUE


def test_resizing_keeps_the_whole_picture_in_view(view, compare):
    view.resize(QSize(450, 400))
    assert compare.state.scale == pytest.approx(0.5)


def test_on_a_dense_screen_the_view_counts_its_own_pixels(view, compare, monkeypatch):
    monkeypatch.setattr(CompareView, "devicePixelRatioF", lambda _self: 2.0)
    view.resize(QSize(500, 400))
    assert (compare.state.view_size.width, compare.state.view_size.height) == (1000, 800)
    compare.set_scale(3)
    before = compare.state.pane_to_image(Point(200, 100))
    wheel(view, 100, 50, 120)
    assert compare.state.pane_to_image(Point(200, 100)).x == pytest.approx(before.x)


def test_the_cursor_s_point_is_told_and_that_there_is_none(view, compare):
    points = []
    view.hovered.connect(points.append)
    compare.set_mode(CompareMode.SIDE_BY_SIDE)
    compare.set_scale(2)
    for place in ((100, 150), (402, 150)):
        QTest.mouseMove(view, QPoint(*place))
    # Corresponding positions in both panes are one image point, emitted once.
    assert len(points) == 1
    assert points[0] == compare.state.pane_to_image(Point(100, 150))
    compare.zoom(2, Point(0, 0))
    assert points[-1] == compare.state.pane_to_image(Point(100, 150))
    QApplication.sendEvent(view, QEvent(QEvent.Type.Leave))
    assert points[-1] is None


def test_dragging_with_ctrl_marks_and_does_not_move(view, compare):
    compare.set_scale(2)
    marks, before = [], compare.state
    view.region_drawn.connect(marks.append)
    ctrl = Qt.KeyboardModifier.ControlModifier
    QTest.mousePress(view, LEFT, ctrl, QPoint(100, 100))
    move = QMouseEvent(
        QEvent.Type.MouseMove, QPointF(180, 160), view.mapToGlobal(QPointF(180, 160)),
        Qt.MouseButton.NoButton, LEFT, ctrl,
    )  # fmt: skip
    QApplication.sendEvent(view, move)
    QTest.mouseRelease(view, LEFT, ctrl, QPoint(180, 160))
    assert compare.state == before
    corner = before.pane_to_image(Point(100, 100))
    assert marks == [Rectangle(int(corner.x), int(corner.y), 41, 31)]


def test_a_region_may_begin_beside_the_picture(view, compare, show):
    """A drag with Ctrl marks from the margin on, too (defect 35)."""
    show(plain(RED, 200, 100), plain(BLUE, 200, 100))
    marks = []
    view.region_drawn.connect(marks.append)
    corner = QPoint(100, 60)
    assert view_to_image(compare.state, Point(corner.x(), corner.y())) is None
    drag_with_ctrl(view, corner, QPoint(250, 200))
    assert marks == [Rectangle(0, 0, 51, 51)]
    drag_with_ctrl(view, QPoint(20, 20), QPoint(60, 60))
    assert len(marks) == 1


@pytest.mark.parametrize("mode", [CompareMode.SLIDER, CompareMode.SIDE_BY_SIDE])
def test_the_number_of_a_region_is_not_hidden_by_the_label_of_a_pane(view, compare, mode):
    """The number moves to the next corner of its frame where a label covers it (defect 35)."""
    compare.set_mode(mode)
    compare.set_scale(1)
    origin = compare.state.pane_to_image(Point(15, 15))
    frame = Rectangle(int(origin.x), int(origin.y), 120, 150)
    view.show_region_frames((RegionFrame(frame, "1"),))
    black = QColor(Qt.GlobalColor.black)
    assert colour_at(view, 18, 15 + 150 - 4) == black
    compare.pan(0, 80)
    assert colour_at(view, 18, 15 + 80 + 3) == black


@pytest.mark.parametrize(
    ("event", "factor", "moved"),
    [
        (touch_scroll(QPoint(12, -30), NONE), 1, (12, -30)),
        (touch_scroll(QPoint(0, 120), Qt.KeyboardModifier.ControlModifier), 1.0015**120, (0, 0)),
        (native(Qt.NativeGestureType.ZoomNativeGesture, 0.25), 1.25, (0, 0)),
        (native(Qt.NativeGestureType.PanNativeGesture, 0, QPointF(-8, 5)), 1, (-8, 5)),
    ],
    ids=["two fingers pan", "two fingers with Ctrl zoom", "a pinch zooms", "a pan gesture pans"],
)
def test_a_touchpad_moves_with_two_fingers_and_zooms_with_a_pinch(
    view, compare, event, factor, moved
):
    compare.set_scale(2)
    before = compare.state
    QApplication.sendEvent(view, event)
    anchor = Point(300, 200)
    assert compare.state.scale == pytest.approx(2 * factor)
    point, expected = compare.state.pane_to_image(anchor), before.pane_to_image(anchor)
    assert point.x == pytest.approx(expected.x - moved[0] / 2)
    assert point.y == pytest.approx(expected.y - moved[1] / 2)


@pytest.mark.parametrize("by_key", [False, True])
def test_a_right_click_and_the_menu_key_ask_for_the_menu_of_the_picture(view, by_key):
    places = []
    view.menu_requested.connect(places.append)
    reason = QContextMenuEvent.Reason.Keyboard if by_key else QContextMenuEvent.Reason.Mouse
    position = view.mapToGlobal(QPoint(40, 50))
    QApplication.sendEvent(view, QContextMenuEvent(reason, QPoint(40, 50), position))
    assert places == [view.mapToGlobal(view.rect().center()) if by_key else position]


def test_a_click_with_ctrl_marks_nothing(view):
    marks = []
    view.region_drawn.connect(marks.append)
    QTest.mouseClick(view, LEFT, Qt.KeyboardModifier.ControlModifier, QPoint(100, 100))
    assert marks == []


@pytest.mark.parametrize("mode", [CompareMode.SLIDER, CompareMode.FOUR, CompareMode.DIFFERENCE])
def test_a_click_on_a_label_asks_for_another_picture(view, compare, mode):
    asked = []
    view.image_choice_requested.connect(lambda slots, _place: asked.append(slots))
    compare.set_mode(mode)
    places = {
        CompareMode.SLIDER: [(20, 20), (580, 20)],
        CompareMode.FOUR: [(20, 20), (322, 20), (20, 222), (322, 222)],
        CompareMode.DIFFERENCE: [(20, 20)],
    }[mode]
    for place in places:
        QTest.mouseClick(view, LEFT, NONE, QPoint(*place))
    expected = {
        CompareMode.SLIDER: [(0,), (1,)],
        CompareMode.FOUR: [(0,), (1,), (2,), (3,)],
        CompareMode.DIFFERENCE: [(0, 1)],
    }[mode]
    assert asked == expected


def slots_at(view, x):
    """Return the selectable slots of the pane label at `x` on the view's upper edge.

    Return None if no label is at this place.
    """
    asked = []

    def note(slots, _place):
        asked.append(slots)

    view.image_choice_requested.connect(note)
    QTest.mouseClick(view, LEFT, NONE, QPoint(x, 20))
    view.image_choice_requested.disconnect(note)
    return asked[0] if asked else None


def test_right_to_left_labels_are_mirrored_but_before_stays_left(view, compare):
    view.setLayoutDirection(Qt.LayoutDirection.RightToLeft)
    places = (9, 11, 589, 591)
    assert [slots_at(view, x) for x in places] == [None, (0,), (1,), None]
    compare.set_mode(CompareMode.SIDE_BY_SIDE)
    places = (287, 289, 589, 591)
    assert [slots_at(view, x) for x in places] == [(0,), None, (1,), None]
    compare.set_scale(1)
    assert (colour_at(view, 150, 300), colour_at(view, 450, 300)) == (RED, BLUE)


def test_blinking_needs_no_timer_but_while_it_is_seen(qtbot, view, compare, nothing_left_behind):
    assert nothing_left_behind.active_timers == []
    compare.set_mode(CompareMode.BLINK)
    [timer] = nothing_left_behind.active_timers
    assert 300 <= timer.interval() <= 700
    seen = set()
    compare.set_scale(1)
    compare.state_changed.connect(lambda _state: seen.add(colour_at(view, 300, 330).rgb()))
    qtbot.waitUntil(lambda: seen == {RED.rgb(), BLUE.rgb()}, timeout=5000)
    view.hide()
    assert nothing_left_behind.active_timers == []
    view.show()
    assert nothing_left_behind.active_timers == [timer]
    compare.set_mode(CompareMode.ONE)
    assert nothing_left_behind.active_timers == []


def test_arrows_move_the_loupe_and_its_point_is_told(qtbot, view, compare):
    points = []
    view.hovered.connect(points.append)
    compare.set_scale(2)
    centre = compare.state.center
    view.toggle_loupe()
    assert points == [centre]
    qtbot.keyClick(view, Qt.Key.Key_Right)
    qtbot.keyClick(view, Qt.Key.Key_Down)
    assert compare.state.center == centre
    assert points[-1] == Point(centre.x + 8, centre.y + 8)
    view.toggle_loupe()
    assert compare.state.loupe_position is None


def test_with_space_a_drag_moves_wherever_it_begins(qtbot, view, compare):
    compare.set_scale(2)
    centre, split = compare.state.center, compare.state.split_fraction
    qtbot.keyPress(view, Qt.Key.Key_Space)
    QTest.mousePress(view, LEFT, NONE, QPoint(300, 200))
    QTest.mouseMove(view, QPoint(340, 200))
    QTest.mouseRelease(view, LEFT, NONE, QPoint(340, 200))
    qtbot.keyRelease(view, Qt.Key.Key_Space)
    assert compare.state.split_fraction == split
    assert compare.state.center == Point(centre.x - 20, centre.y)


@pytest.mark.parametrize("mode", list(CompareMode))
def test_the_view_is_named_after_what_it_shows(view, compare, mode):
    compare.set_mode(mode)
    name = view.accessibleName()
    labels = [shown.label for shown in view.pane_contents()]
    assert name == "Pictures: " + ", ".join(labels)
    compare.toggle_blink_side()
    assert view.accessibleName() == name
