from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, QSize, Qt
from PySide6.QtGui import QColor, QImage, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from app.convert import overlay, pyramid
from app.ui.compare_view import CompareView
from app.viewmodels.compare import CompareViewModel, Mode, Point
from app.viewmodels.gallery import GalleryViewModel
from app.viewmodels.scene import Findings

NONE = Qt.KeyboardModifier.NoModifier
LEFT = Qt.MouseButton.LeftButton
RED, BLUE = QColor(255, 0, 0), QColor(0, 0, 255)


def plain(colour, width=900, height=700):
    pixels = np.empty((height, width, 3), np.uint8)
    pixels[:] = colour.getRgb()[:3]
    return pyramid(pixels)


def show(view, before, after, tints=None):
    view._gallery.show_original(before, "Before")
    view._gallery.show_result(after, "After")
    view.show_findings(Findings(tints))


@pytest.fixture
def view(qtbot, runner):
    """600x400, red before and blue after."""
    view = CompareView(CompareViewModel(), GalleryViewModel(runner))
    qtbot.addWidget(view)
    view.resize(600, 400)
    with qtbot.waitExposed(view):
        view.show()
    show(view, plain(RED), plain(BLUE))
    return view


@pytest.fixture
def compare(view):
    return view._compare


def colour_at(view, x, y):
    return view.grab().toImage().pixelColor(x, y)


def wheel(view, x, y, turn):
    place = QPointF(x, y)
    event = QWheelEvent(
        place, view.mapToGlobal(place), QPoint(), QPoint(0, turn), Qt.MouseButton.NoButton, NONE,
        Qt.ScrollPhase.NoScrollPhase, False,
    )  # fmt: skip
    QApplication.sendEvent(view, event)


def test_slider_mode_shows_before_left_of_the_line_and_after_right_of_it(view, compare):
    compare.scale_to(1)
    assert (colour_at(view, 250, 330), colour_at(view, 350, 330)) == (RED, BLUE)
    compare.move_split(0.9)
    assert colour_at(view, 350, 330) == RED
    compare.move_split(0.1)
    assert colour_at(view, 250, 330) == BLUE


def test_side_by_side_shows_both_at_the_same_scale_and_place(view, compare):
    pixels = np.zeros((700, 900, 3), np.uint8)
    pixels[350:, 450:] = 255
    show(view, pyramid(pixels), pyramid(pixels))
    compare.choose_mode(Mode.SIDE_BY_SIDE)
    compare.scale_to(1)
    compare.pan(37, -21)
    image = view.grab().toImage()
    left = image.copy(4, 60, 290, 300)
    right = image.copy(306, 60, 290, 300)
    assert left == right
    assert left.pixelColor(100, 20) != left.pixelColor(285, 290)


def test_at_100_percent_one_picture_pixel_is_one_screen_pixel(view, compare):
    noise = np.random.default_rng(1).integers(0, 256, (700, 900, 3), np.uint8)
    shown = pyramid(noise)
    show(view, shown, shown)
    compare.scale_to(1)
    image = view.grab().toImage().convertToFormat(QImage.Format.Format_RGB32)
    part = shown.full.copy(150 + 10, 150 + 300, 200, 90)
    assert image.copy(10, 300, 200, 90) == part.convertToFormat(QImage.Format.Format_RGB32)


def test_enlarged_pixels_stay_square_and_sharp(view, compare):
    noise = np.random.default_rng(1).integers(0, 256, (70, 90, 3), np.uint8)
    show(view, pyramid(noise), pyramid(noise))
    compare.scale_to(8)
    found = {colour_at(view, x, 300).rgb() for x in range(40, 140)}
    pixels = {QColor(*(int(c) for c in p)).rgb() for row in noise for p in row}
    assert found <= pixels
    assert 12 <= len(found) <= 14


def test_the_wheel_zooms_at_the_cursor(view, compare):
    compare.scale_to(1)
    before = compare.state.at(Point(150, 90))
    wheel(view, 150, 90, 240)
    assert compare.state.scale > 1.3
    assert compare.state.at(Point(150, 90)).x == pytest.approx(before.x)
    assert compare.state.at(Point(150, 90)).y == pytest.approx(before.y)
    wheel(view, 150, 90, -240)
    assert compare.state.scale == pytest.approx(1)


def test_the_wheel_zooms_at_the_cursor_in_the_right_pane_too(view, compare):
    compare.choose_mode(Mode.SIDE_BY_SIDE)
    compare.scale_to(2)
    place = Point(452 - 302, 90)
    before = compare.state.at(place)
    wheel(view, 452, 90, 120)
    assert compare.state.at(place).x == pytest.approx(before.x)


def test_dragging_pans_and_dragging_the_line_splits(view, compare):
    compare.scale_to(2)
    centre = compare.state.centre
    QTest.mousePress(view, LEFT, NONE, QPoint(100, 100))
    QTest.mouseMove(view, QPoint(140, 70))
    QTest.mouseRelease(view, LEFT, NONE, QPoint(140, 70))
    assert compare.state.centre == Point(centre.x - 20, centre.y + 15)
    QTest.mousePress(view, LEFT, NONE, QPoint(302, 200))
    QTest.mouseMove(view, QPoint(450, 200))
    QTest.mouseRelease(view, LEFT, NONE, QPoint(450, 200))
    assert compare.state.split == pytest.approx(0.75)
    assert compare.state.centre == Point(centre.x - 20, centre.y + 15)


def test_double_click_toggles_fit_and_100_percent(view, compare):
    QTest.mouseDClick(view, LEFT, NONE, QPoint(100, 100))
    assert compare.state.scale == 1
    QTest.mouseDClick(view, LEFT, NONE, QPoint(100, 100))
    assert compare.state.fitted


def test_arrows_move_the_view(qtbot, view, compare):
    compare.scale_to(2)
    centre = compare.state.centre
    qtbot.keyClick(view, Qt.Key.Key_Right)
    qtbot.keyClick(view, Qt.Key.Key_Up)
    assert compare.state.centre == Point(centre.x + 32, centre.y - 32)


@pytest.mark.parametrize("key", [Qt.Key.Key_Tab, Qt.Key.Key_Backslash])
def test_holding_a_key_shows_the_original_everywhere(qtbot, view, compare, key):
    compare.scale_to(1)
    qtbot.keyPress(view, key)
    assert colour_at(view, 350, 330) == RED
    qtbot.keyRelease(view, key)
    assert colour_at(view, 350, 330) == BLUE


def tinted(rows, columns, place, *, left=0, top=0):
    """Tints where only one block is outside."""
    distances = np.zeros((rows, columns), np.float32)
    distances[place] = 9
    return overlay(distances, left=left, top=top)


@pytest.mark.parametrize("mode", [Mode.SLIDER, Mode.SIDE_BY_SIDE])
def test_tints_lie_on_their_blocks_of_the_after_side(view, compare, mode):
    grey = plain(QColor(128, 128, 128), 90, 70)
    show(view, grey, grey, tinted(10, 13, (5, 7), left=-3, top=-2))
    compare.choose_mode(mode)
    compare.scale_to(8)
    before = view.grab().toImage()
    compare.toggle_overlay()
    after = view.grab().toImage()
    # Left and top of the block in the picture, which is 8 times enlarged around its middle.
    middle = 300 if mode is Mode.SLIDER else 451
    x, y = middle + 8 * (8 * 7 - 3 - 45), 200 + 8 * (8 * 5 - 2 - 35)
    changed = [
        (i, j)
        for i in range(600)
        for j in range(60, 400)
        if before.pixel(i, j) != after.pixel(i, j)
    ]
    # The part that is under the handle or the divider's other side is not painted.
    assert min(changed) == (x, y)
    assert max(changed) == (x + 63, y + 63)
    assert len(changed) == 64 * 64


def test_nothing_is_tinted_beyond_the_picture_nor_on_the_original(qtbot, view, compare):
    show(view, plain(RED, 37, 31), plain(RED, 37, 31), tinted(4, 5, (3, 4)))
    compare.scale_to(4)
    compare.move_split(0)
    around = colour_at(view, 380, 250)
    compare.toggle_overlay()
    # The last block is 5 x 7 pixels of the picture.
    assert colour_at(view, 300 + 2 * 37 - 1, 200 + 2 * 31 - 1) != RED
    assert colour_at(view, 380, 250) == around
    qtbot.keyPress(view, Qt.Key.Key_Backslash)
    assert colour_at(view, 300 + 2 * 37 - 1, 200 + 2 * 31 - 1) == RED
    qtbot.keyRelease(view, Qt.Key.Key_Backslash)


def test_resizing_keeps_the_whole_picture_in_view(view, compare):
    view.resize(QSize(450, 400))
    assert compare.state.scale == pytest.approx(0.5)


def test_on_a_dense_screen_the_view_counts_its_own_pixels(view, compare, monkeypatch):
    monkeypatch.setattr(CompareView, "devicePixelRatioF", lambda _self: 2.0)
    view.resize(QSize(500, 400))
    assert (compare.state.space.width, compare.state.space.height) == (1000, 800)
    compare.scale_to(3)
    before = compare.state.at(Point(200, 100))
    wheel(view, 100, 50, 120)
    assert compare.state.at(Point(200, 100)).x == pytest.approx(before.x)


def test_far_views_of_large_pictures_paint_from_a_small_copy(view, compare):
    large = plain(RED, 6000, 4000)
    show(view, large, plain(BLUE, 6000, 4000))
    assert large.for_scale(compare.state.scale).width() == 750
    assert colour_at(view, 100, 300) == RED
    assert colour_at(view, 500, 300) == BLUE
