"""The pixels painted by the compare view: images, differences, spread, overlays, the loupe."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QSize, Qt
from PySide6.QtGui import QColor, QImage, QPalette
from PySide6.QtTest import QTest

from app.imaging.colormaps import apply_heat_colors
from app.imaging.mipmap_image import MAX_SHOWN_SPREAD, create_mipmap_image, create_spread_map
from app.imaging.overlay import create_deviation_overlay
from app.imaging.qimage import pixels_from_qimage, qimage_from_pixels
from app.ui.compare.compare_view import CompareView
from app.ui.compare.region_painting import RegionFrame
from app.viewmodels.compare.compare import AMPLIFICATIONS, CompareMode
from app.viewmodels.compare.gallery import LazyImage, SampleKey
from app.viewmodels.compare.scene import ResultOverlays
from ddrm_core.imaging.rectangle import Rectangle
from tests.support.compare_view import BLUE, RED, colour_at, plain


def test_at_100_percent_one_picture_pixel_is_one_screen_pixel(view, compare, show):
    noise = np.random.default_rng(1).integers(0, 256, (700, 900, 3), np.uint8)
    shown = create_mipmap_image(noise)
    show(shown, shown)
    compare.set_scale(1)
    image = view.grab().toImage().convertToFormat(QImage.Format.Format_RGB32)
    part = shown.full_size.copy(150 + 10, 150 + 300, 200, 90)
    assert image.copy(10, 300, 200, 90) == part.convertToFormat(QImage.Format.Format_RGB32)


def test_enlarged_pixels_stay_square_and_sharp(view, compare, show):
    noise = np.random.default_rng(1).integers(0, 256, (70, 90, 3), np.uint8)
    show(create_mipmap_image(noise), create_mipmap_image(noise))
    compare.set_scale(8)
    found = {colour_at(view, x, 300).rgb() for x in range(40, 140)}
    pixels = {QColor(*(int(c) for c in p)).rgb() for row in noise for p in row}
    assert found <= pixels
    assert 12 <= len(found) <= 14


def tinted(rows, columns, place, *, left=0, top=0):
    """Return a deviation overlay of `rows` x `columns` blocks.

    Only the block at `place`, a row and a column, is outside its bins.
    """
    distances = np.zeros((rows, columns), np.float32)
    distances[place] = 9
    return create_deviation_overlay(distances, left=left, top=top)


@pytest.mark.parametrize("mode", [CompareMode.SLIDER, CompareMode.SIDE_BY_SIDE])
def test_tints_lie_on_their_blocks_of_the_after_side(view, compare, show, mode):
    grey = plain(QColor(128, 128, 128), 90, 70)
    show(grey, grey, tinted(10, 13, (5, 7), left=-3, top=-2))
    compare.set_mode(mode)
    compare.set_scale(8)
    before = view.grab().toImage()
    compare.toggle_overlay()
    after = view.grab().toImage()
    # The block's top left corner in the image, which is magnified 8 times around its center.
    middle = 300 if mode is CompareMode.SLIDER else 451
    x, y = middle + 8 * (8 * 7 - 3 - 45), 200 + 8 * (8 * 5 - 2 - 35)
    changed = [
        (i, j)
        for i in range(600)
        for j in range(60, 400)
        if before.pixel(i, j) != after.pixel(i, j)
    ]
    # The part below the handle, or on the other side of the split line, is not painted.
    assert min(changed) == (x, y)
    assert max(changed) == (x + 63, y + 63)
    assert len(changed) == 64 * 64


def test_nothing_is_tinted_beyond_the_picture_nor_on_the_original(qtbot, view, compare, show):
    show(plain(RED, 37, 31), plain(RED, 37, 31), tinted(4, 5, (3, 4)))
    compare.set_scale(4)
    compare.move_split(0)
    around = colour_at(view, 380, 250)
    compare.toggle_overlay()
    # The last block covers 5 x 7 image pixels.
    assert colour_at(view, 300 + 2 * 37 - 1, 200 + 2 * 31 - 1) != RED
    assert colour_at(view, 380, 250) == around
    qtbot.keyPress(view, Qt.Key.Key_Backslash)
    assert colour_at(view, 300 + 2 * 37 - 1, 200 + 2 * 31 - 1) == RED
    qtbot.keyRelease(view, Qt.Key.Key_Backslash)


def test_far_views_of_large_pictures_paint_from_a_small_copy(view, compare, show):
    large = plain(RED, 6000, 4000)
    show(large, plain(BLUE, 6000, 4000))
    assert large.choose_mipmap(compare.state.scale).width() == 750
    assert colour_at(view, 100, 300) == RED
    assert colour_at(view, 500, 300) == BLUE


def painted(view, ratio=1.0):
    """Return the compare view's pixels (h, w, 3), rendered at a device pixel ratio."""
    size = view.size() * ratio
    image = QImage(size, QImage.Format.Format_RGB32)
    image.setDevicePixelRatio(ratio)
    view.render(image)
    return pixels_from_qimage(image)


def noise(height, width, seed=1):
    return np.random.default_rng(seed).integers(0, 256, (height, width, 3), np.uint8)


def expected_of(pixels, state, columns, rows):
    """Return the pixels of an image that device pixels show with nearest-neighbor sampling.

    `columns` and `rows` are those of the device pixels in the view.
    """
    x = (
        state.image_size.width / 2
        + (np.array(columns) + 0.5 - state.view_size.width / 2) / state.scale
    )
    y = (
        state.image_size.height / 2
        + (np.array(rows) + 0.5 - state.view_size.height / 2) / state.scale
    )
    return pixels[np.floor(y).astype(int)[:, None], np.floor(x).astype(int)].astype(int)


@pytest.mark.parametrize("ratio", [1.0, 1.25, 2.0])
@pytest.mark.parametrize("mode", [CompareMode.ONE, CompareMode.DIFFERENCE])
def test_a_picture_pixel_is_a_device_pixel_at_100_percent(
    view, compare, show, monkeypatch, ratio, mode
):
    monkeypatch.setattr(CompareView, "devicePixelRatioF", lambda _self: ratio)
    before, after = noise(1600, 2000), noise(1600, 2000, 2)
    show(create_mipmap_image(before), create_mipmap_image(after))
    view.resize(QSize(500, 360))
    compare.set_mode(mode)
    compare.set_scale(1)
    screen = painted(view, ratio)
    columns, rows = range(20, 400), range(120, 300)
    one, other = (expected_of(p, compare.state, columns, rows) for p in (before, after))
    expected = other if mode is CompareMode.ONE else np.clip(128 + 4 * (other - one), 0, 255)
    assert np.array_equal(screen[120:300, 20:400], expected)


@pytest.mark.parametrize("scale", [2, 2.5, 8])
@pytest.mark.parametrize("gain", [1, 16])
def test_the_painted_difference_is_the_one_of_the_pixels(view, compare, show, scale, gain):
    before, after = noise(400, 300), noise(400, 300, 2)
    after[:, 140:] = before[:, 140:] + (np.arange(160) % 3).astype(np.uint8)[:, None]
    show(create_mipmap_image(before), create_mipmap_image(after))
    compare.set_mode(CompareMode.DIFFERENCE)
    compare.change_amplification(-9)
    compare.change_amplification(AMPLIFICATIONS.index(gain))
    compare.set_scale(scale)
    columns, rows = range(20, 560), range(60, 380)
    one, other = (expected_of(p, compare.state, columns, rows) for p in (before, after))
    expected = np.clip(128 + gain * (other - one), 0, 255)
    assert np.array_equal(painted(view)[60:380, 20:560], expected)


def test_the_painted_spread_has_its_legend_s_colours_where_it_is(view, compare, show):
    deviation = np.random.default_rng(4).uniform(0, 20, (20, 30)).astype(np.float32)
    place = Rectangle(11, 7, 30, 20)
    show(plain(RED, 90, 70), plain(BLUE, 90, 70))
    view.show_result_overlays(ResultOverlays(spread_map=create_spread_map(deviation, place)))
    compare.set_mode(CompareMode.SPREAD)
    compare.set_scale(6)
    screen = painted(view).astype(int)
    ramp = np.arange(256, dtype=np.uint8)[None]
    greys = qimage_from_pixels(ramp).convertToFormat(QImage.Format.Format_RGB32)
    colours = pixels_from_qimage(apply_heat_colors(greys, compare.state.spread_amplification))[0]
    for (row, column), value in np.ndenumerate(deviation):
        x = 300 + 6 * (place.left + column - 45) + 3
        y = 200 + 6 * (place.top + row - 35) + 3
        if y > 60:  # below the pane label
            index = round(min(value / MAX_SHOWN_SPREAD, 1) * 255)
            assert np.abs(screen[y, x] - colours[index]).max() <= 4
    # Pixels outside the spread map have no color of their own.
    assert tuple(screen[200, 600 - 40]) == tuple(screen[390, 5 + 10])


DRAGS = [(3, -5), (-40, 17), (0, 260), (555, 0), (-700, 30), (9, 9)]


@pytest.mark.parametrize(
    ("mode", "scale", "slack"),
    [
        (CompareMode.SLIDER, 1, 0),
        (CompareMode.ONE, 2.5, 0),
        (CompareMode.SIDE_BY_SIDE, 11.3, 0),
        (CompareMode.FOUR, 1, 0),
        (CompareMode.DIFFERENCE, 3, 0),
        (CompareMode.ONE, 0.7, 2),  # Qt interpolates in steps of 1/256
    ],
)
def test_what_is_dragged_looks_as_if_it_was_painted_anew(
    qtbot, view, compare, gallery, show, mode, scale, slack
):
    grain = create_mipmap_image(noise(1400, 1700) // 4 + np.uint8(60))
    findings = ResultOverlays(tinted(175, 213, (80, 100)))
    show(grain, create_mipmap_image(noise(1400, 1700, 2)), findings.overlay)
    compare.set_mode(mode)
    compare.toggle_overlay()
    compare.set_scale(scale)
    view.clearFocus()  # only one of the two views could have the focus
    for number, (right, down) in enumerate(DRAGS):
        painted(view)
        compare.pan(right, down)
        compare.move_split(0.2 + 0.1 * number)
        moved = painted(view).astype(int)
        anew = CompareView(compare, gallery)
        qtbot.addWidget(anew)
        anew.resize(view.size())
        anew.show_result_overlays(findings)
        assert np.abs(moved - painted(anew)).max() <= slack


def test_lines_between_pixels_come_above_800_percent_and_go(view, compare, show):
    show(plain(RED, 50, 50), plain(RED, 50, 50))
    compare.set_mode(CompareMode.ONE)
    compare.set_scale(8)
    assert len(np.unique(painted(view)[150:250, 250:350].reshape(-1, 3), axis=0)) == 1
    compare.set_scale(10)
    rows, columns = np.nonzero((painted(view)[150:250, 250:350] != RED.getRgb()[:3]).any(2))
    # Every tenth row and column is a grid line, at the first device pixel of an image pixel.
    assert set(np.unique(columns[rows == 5])) == set(range(0, 100, 10))
    assert len(rows) == 2 * 10 * 100 - 100
    compare.toggle_grid()
    assert len(np.unique(painted(view)[150:250, 250:350].reshape(-1, 3), axis=0)) == 1


def test_pixels_are_blended_below_200_percent_unless_that_is_off(view, compare, show):
    pixels = np.zeros((300, 400, 3), np.uint8)
    pixels[:, ::2] = 255
    show(create_mipmap_image(pixels), create_mipmap_image(pixels))
    compare.set_mode(CompareMode.ONE)
    shades = {}
    for scale in (1.5, 2.5):
        compare.set_scale(scale)
        shades[scale] = len(np.unique(painted(view)[200:210, 200:300]))
    assert shades[1.5] > 2
    assert shades[2.5] == 2
    compare.toggle_smoothing()
    compare.set_scale(1.5)
    assert len(np.unique(painted(view)[200:210, 200:300])) == 2


@pytest.mark.parametrize("size", [(65_500, 40), (40, 65_500)])
def test_both_ends_of_the_longest_pictures_show(view, compare, show, size):
    width, height = size
    pixels = np.zeros((height, width, 3), np.uint8)
    pixels[:20, :20], pixels[-20:, -20:] = RED.getRgb()[:3], BLUE.getRgb()[:3]
    show(create_mipmap_image(pixels), create_mipmap_image(pixels))
    compare.set_mode(CompareMode.ONE)
    for scale in (1, 1.5, 4):
        compare.set_scale(scale)
        compare.pan(1e9, 1e9)
        seen = painted(view).reshape(-1, 3)
        assert (seen == RED.getRgb()[:3]).all(1).any()
        assert not (seen == BLUE.getRgb()[:3]).all(1).any()
        compare.pan(-1e9, -1e9)
        seen = painted(view).reshape(-1, 3)
        assert (seen == BLUE.getRgb()[:3]).all(1).any()
        assert not (seen == RED.getRgb()[:3]).all(1).any()


def test_marks_are_framed_in_every_pane(view, compare):
    compare.set_mode(CompareMode.SIDE_BY_SIDE)
    compare.set_scale(1)
    plain_view = painted(view).astype(int)
    view.show_region_frames((RegionFrame(Rectangle(420, 320, 50, 40), "3"),))
    changed = np.nonzero((painted(view) != plain_view).any(2))
    # The frame begins at image point (420, 320), 30 left of and above the center of each pane.
    for left in (149 - 30, 149 + 302 - 30):
        here = (changed[1] >= left - 5) & (changed[1] <= left + 55)
        assert (changed[1][here].min(), changed[1][here].max()) == (left - 2, left + 51)
        assert (changed[0][here].min(), changed[0][here].max()) == (200 - 30 - 2, 200 - 30 + 41)


def test_holding_l_shows_before_and_after_at_the_cursor(qtbot, view, compare, show):
    halves = np.zeros((700, 900, 3), np.uint8)
    halves[:, 450:] = 255
    show(create_mipmap_image(halves), create_mipmap_image(255 - halves))
    compare.set_mode(CompareMode.ONE)
    compare.set_scale(1)
    QTest.mouseMove(view, QPoint(300, 200))  # the center of the image
    qtbot.keyPress(view, Qt.Key.Key_L)
    image = painted(view)
    # Two halves of 200 pixels meet at the center; in each, black and white meet at its center.
    assert [int(image[150, x, 0]) for x in (105, 195, 205, 295)] == [0, 0, 255, 255]
    assert [int(image[150, x, 0]) for x in (305, 395, 405, 495)] == [255, 255, 0, 0]
    qtbot.keyRelease(view, Qt.Key.Key_L)
    assert compare.state.loupe_position is None


@pytest.mark.parametrize("width", [600, 601])
def test_nothing_of_the_ground_shows_between_panes(view, compare, width):
    view.resize(width, 400)
    compare.set_mode(CompareMode.FOUR)
    first, last = view.pane_contents()[0].pane_rectangle, view.pane_contents()[-1].pane_rectangle
    palette, image = view.palette(), painted(view)
    between = palette.color(QPalette.ColorRole.Window).getRgb()[:3]
    assert between != palette.color(QPalette.ColorRole.Dark).getRgb()[:3]
    assert (image[20, first.right : last.left] == between).all()
    assert (image[first.bottom : last.top, 20] == between).all()
    assert not (image[20, [first.right - 1, last.left]] == between).all(1).any()


def test_the_loupe_has_no_lens_for_a_picture_that_is_not_there(view, compare, gallery):
    gallery.set_lazy_images(SampleKey, [LazyImage(SampleKey(1), "1", object(), lambda: None)])
    compare.set_mode(CompareMode.SIDE_BY_SIDE)
    for slot in (0, 1):
        compare.show_in_slot(slot, SampleKey(1))
    view.toggle_loupe()
    assert len(np.unique(painted(view)[120, 20:280], axis=0)) == 1  # only the background


def test_the_loupe_enlarges_four_times(view, compare, show):
    grain = noise(700, 900)
    show(create_mipmap_image(grain), create_mipmap_image(grain))
    compare.set_mode(CompareMode.ONE)
    compare.set_scale(1)
    view.toggle_loupe()
    image = painted(view)
    # The center of the left half, 100 left of the view's center, shows the center of the image.
    x, y = 200 + np.arange(-80, 80), 200 + np.arange(-80, 60)
    expected = grain[
        np.floor(350 + (y + 0.5 - 200) / 4).astype(int)[:, None],
        np.floor(450 + (x + 0.5 - 200) / 4).astype(int),
    ]
    assert np.array_equal(image[y[:, None], x], expected)
