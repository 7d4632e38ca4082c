from __future__ import annotations

from dataclasses import replace
from itertools import combinations

import pytest

from app.viewmodels.compare.compare import (
    AFTER_SLOT,
    BEFORE_SLOT,
    MAX_SCALE,
    CompareMode,
    CompareState,
    CompareViewModel,
    Point,
    Size,
    fit_view,
    pan_view,
    pane_rectangles,
    pixel_rectangle_between,
    view_to_image,
    view_to_pane,
    visible_image_rectangle,
    with_amplification_changed,
    with_available_keys,
    with_image_size,
    with_loupe_position,
    with_mode,
    with_scale,
    with_slot_key,
    with_split_fraction,
    with_view_size,
    zoom_view,
)
from app.viewmodels.compare.gallery import (
    EstimateKey,
    OriginalKey,
    PastRunKey,
    ResultKey,
    SampleKey,
)
from ddrm_core.imaging.rectangle import Rectangle


@pytest.fixture
def state() -> CompareState:
    empty = with_view_size(CompareState(), Size(800, 600), pane_gap=4)
    return with_image_size(empty, Size(2000, 1000))


def test_a_new_picture_is_seen_whole(state):
    assert (state.scale, state.center, state.is_fitted) == (0.4, Point(1000, 500), True)


def test_fitting_does_not_enlarge_a_small_picture(state):
    """A small picture keeps its own pixels (defect 32)."""
    assert with_image_size(state, Size(140, 110)).scale == 1


@pytest.mark.parametrize(
    ("size", "scale", "fitted"),
    [(Size(140, 110), 5, 1), (Size(700, 500), 2, 1), (Size(3, 2), MAX_SCALE, 21)],
)
def test_a_double_click_on_a_small_picture_enlarges_it_by_a_whole_number(size, scale, fitted):
    model = CompareViewModel()
    model.set_view_size(800, 600, pane_gap=4, pixel_ratio=1)
    model.set_image_size(size.width, size.height)
    model.toggle_fit(Point(400, 300))
    assert model.state.scale == scale
    model.toggle_fit(Point(400, 300))
    assert (model.state.scale, model.state.is_fitted) == (fitted, True)


def test_fitting_follows_the_space_and_the_mode(state):
    assert with_view_size(state, Size(400, 600), pane_gap=4).scale == pytest.approx(0.2)
    side = with_mode(state, CompareMode.SIDE_BY_SIDE)
    assert side.pane_size == Size(398, 600)
    assert side.scale == pytest.approx(398 / 2000)
    assert with_mode(side, CompareMode.SLIDER) == state


def test_a_chosen_scale_does_not_follow_the_space(state):
    assert with_view_size(with_scale(state, 2.0), Size(400, 300), pane_gap=4).scale == 2.0


@pytest.mark.parametrize("place", [Point(0, 0), Point(123, 45), Point(799, 599), Point(400, 300)])
@pytest.mark.parametrize("factor", [1.1, 2.0, 3.7])
def test_zooming_in_keeps_the_point_under_the_cursor(state, place, factor):
    before = with_scale(state, 1.0)
    after = zoom_view(before, factor, place)
    assert after.scale == pytest.approx(factor)
    assert after.pane_to_image(place).x == pytest.approx(before.pane_to_image(place).x)
    assert after.pane_to_image(place).y == pytest.approx(before.pane_to_image(place).y)


@pytest.mark.parametrize("place", [Point(300, 250), Point(500, 350)])
def test_zooming_out_keeps_the_point_under_the_cursor(state, place):
    before = with_scale(state, 4.0)
    after = zoom_view(before, 0.5, place)
    assert after.pane_to_image(place).x == pytest.approx(before.pane_to_image(place).x)
    assert after.pane_to_image(place).y == pytest.approx(before.pane_to_image(place).y)


@pytest.mark.parametrize(
    ("width", "height", "scale"), [(7, 7, 9), (1, 1, 32), (33, 20, 1), (64, 3, 1), (500, 400, 1)]
)
def test_only_tiny_pictures_are_enlarged_to_fit(state, width, height, scale):
    small = fit_view(replace(state, image_size=Size(width, height)))
    assert small.scale == scale


@pytest.mark.parametrize(("ratio", "scale"), [(1.0, 1), (1.5, 1), (2.0, 2), (3.0, 3)])
def test_a_small_picture_is_as_large_on_a_screen_of_high_density(state, ratio, scale):
    size = Size(round(800 * ratio), round(600 * ratio))
    dense = with_view_size(state, size, pane_gap=4, pixel_ratio=ratio)
    assert with_image_size(dense, Size(240, 160)).scale == scale
    assert with_image_size(dense, size).scale == 1


def test_zooming_has_limits(state):
    assert zoom_view(state, 1e9).scale == MAX_SCALE
    assert zoom_view(state, 1e-9).scale == state.fit_scale / 4


def test_no_empty_space_shows_beside_a_picture_larger_than_the_pane(state):
    large = pan_view(with_scale(state, 1.0), 1e6, -1e6)
    assert large.pane_to_image(Point(0, 0)).x == pytest.approx(0)
    assert large.pane_to_image(Point(800, 600)).y == pytest.approx(1000)


def test_a_picture_smaller_than_the_pane_stays_in_the_middle(state):
    small = pan_view(with_scale(state, 0.2), 500, 500)
    assert small.center == Point(1000, 500)


def test_dragging_moves_the_picture_with_the_hand(state):
    before = with_scale(state, 2.0)
    after = pan_view(before, 30, -50)
    assert after.pane_to_image(Point(130, 150)) == before.pane_to_image(Point(100, 200))


def test_fit_undoes_a_scale(state):
    assert fit_view(pan_view(with_scale(state, 3.0), 40, 40)) == state


@pytest.mark.parametrize(("asked", "split"), [(-1, 0), (0.25, 0.25), (7, 1)])
def test_the_split_stays_in_the_view(state, asked, split):
    assert with_split_fraction(state, asked).split_fraction == split


def test_the_model_says_every_change_once(state):
    model = CompareViewModel()
    states = []
    model.state_changed.connect(states.append)
    model.set_view_size(800, 600, pane_gap=4, pixel_ratio=1)
    model.set_image_size(2000, 1000)
    assert model.state == state
    model.toggle_fit(Point(0, 0))
    assert (model.state.scale, model.state.is_fitted) == (1.0, False)
    model.toggle_fit(Point(0, 0))
    model.fit()
    model.set_original_visible(visible=True)
    model.set_original_visible(visible=True)
    assert model.state == replace(state, is_showing_original=True)
    model.toggle_overlay()
    assert model.state.is_overlay_visible
    model.toggle_overlay()
    assert model.state == replace(state, is_showing_original=True)
    assert len(states) == 7


def test_what_is_visible_is_in_whole_pixels_of_the_picture():
    state = with_view_size(
        with_image_size(CompareState(), Size(200, 100)), Size(400, 300), pane_gap=0
    )
    assert visible_image_rectangle(state) == Rectangle(0, 0, 200, 100)
    near = with_scale(state, 8.0, Point(0, 0))
    seen = visible_image_rectangle(near)
    assert (seen.width, seen.height) in {(50, 38), (51, 38), (50, 39), (51, 39)}
    assert seen.intersection(Rectangle(0, 0, 200, 100)) == seen


@pytest.mark.parametrize("space", [Size(801, 603), Size(800, 600), Size(3, 3), Size(1, 1)])
@pytest.mark.parametrize("mode", list(CompareMode))
def test_panes_are_alike_and_lie_in_the_view_without_covering_each_other(mode, space):
    state = with_mode(with_view_size(CompareState(), space, pane_gap=5), mode)
    places = pane_rectangles(state)
    assert len(places) == {CompareMode.SIDE_BY_SIDE: 2, CompareMode.FOUR: 4}.get(mode, 1)
    assert {(place.width, place.height) for place in places} == {
        (state.pane_size.width, state.pane_size.height)
    }
    if min(space.width, space.height) > 10:
        whole = Rectangle(0, 0, space.width, space.height)
        assert all(place.intersection(whole) == place for place in places)
        overlaps = [one.intersection(other) for one, other in combinations(places, 2)]
        assert all(shared.width <= 0 or shared.height <= 0 for shared in overlaps)


@pytest.mark.parametrize("mode", [CompareMode.SIDE_BY_SIDE, CompareMode.FOUR])
def test_all_panes_show_the_same_point_at_the_same_place(state, mode):
    near = pan_view(with_scale(with_mode(state, mode), 3.0), 70, -31)
    points = {
        view_to_image(near, Point(pane.left + 37, pane.top + 91)) for pane in pane_rectangles(near)
    }
    assert len(points) == 1
    assert points != {None}


def test_beside_the_picture_there_is_no_point(state):
    assert view_to_image(state, Point(400, 99)) is None
    assert view_to_image(state, Point(400, 101)) is not None
    assert view_to_image(state, Point(400, 501)) is None


@pytest.mark.parametrize("at", [Point(417, 250), Point(30, 590), Point(790, 5)])
def test_a_place_under_the_cursor_stays_in_every_pane(state, at):
    near = with_scale(with_mode(state, CompareMode.FOUR), 2.0)
    before = near.pane_to_image(view_to_pane(near, at))
    after = zoom_view(near, 1.7, view_to_pane(near, at))
    assert after.pane_to_image(view_to_pane(after, at)).x == pytest.approx(before.x)
    assert after.pane_to_image(view_to_pane(after, at)).y == pytest.approx(before.y)


def test_a_mark_has_all_pixels_from_one_point_to_the_other_whichever_comes_first(state):
    one, other = Point(10.7, 20.2), Point(3.2, 25.9)
    expected = Rectangle(3, 20, 8, 6)
    assert (
        pixel_rectangle_between(state, one, other)
        == pixel_rectangle_between(state, other, one)
        == expected
    )
    assert pixel_rectangle_between(state, one, one) == Rectangle(10, 20, 1, 1)


def test_a_mark_stays_on_the_picture(state):
    assert pixel_rectangle_between(state, Point(1990, 990), Point(9e9, 9e9)) == Rectangle(
        1990, 990, 10, 10
    )
    assert pixel_rectangle_between(state, Point(-5, -5), Point(-1, -1)) is None


def test_a_picture_that_is_gone_gives_way_to_original_or_result(state):
    chosen = with_available_keys(state, (OriginalKey(), ResultKey(), SampleKey(1), SampleKey(2)))
    chosen = with_slot_key(
        with_slot_key(chosen, BEFORE_SLOT, SampleKey(2)), AFTER_SLOT, SampleKey(1)
    )
    assert chosen.slot_keys[:2] == (SampleKey(2), SampleKey(1))
    fewer = with_available_keys(chosen, (OriginalKey(), ResultKey(), SampleKey(1)))
    assert fewer.slot_keys[:2] == (OriginalKey(), SampleKey(1))
    assert with_available_keys(fewer, (OriginalKey(),)).slot_keys[:2] == (
        OriginalKey(),
        ResultKey(),
    )


def test_four_panes_begin_with_what_is_not_shown_yet(state):
    known = (OriginalKey(), ResultKey(), SampleKey(1), EstimateKey(1), PastRunKey(1))
    four = with_mode(with_available_keys(state, known), CompareMode.FOUR)
    assert four.slot_keys == (OriginalKey(), ResultKey(), SampleKey(1), PastRunKey(1))
    # Later images fill default slots only; a slot that the user assigned stays.
    waiting = with_mode(with_available_keys(state, known[:2]), CompareMode.FOUR)
    assert waiting.slot_keys == (OriginalKey(), ResultKey(), OriginalKey(), ResultKey())
    waiting = with_slot_key(waiting, 3, EstimateKey(1))
    later = with_available_keys(waiting, (*known, SampleKey(2)))
    assert later.slot_keys == (OriginalKey(), ResultKey(), SampleKey(1), EstimateKey(1))


def test_gains_are_doubled_and_halved_each_for_its_mode(state):
    assert with_amplification_changed(state, 1) == state
    for mode in (CompareMode.DIFFERENCE, CompareMode.SPREAD):
        shown = with_amplification_changed(with_mode(state, mode), -9)
        assert shown.amplification == 1
        seen = [shown.amplification]
        for _ in range(6):
            shown = with_amplification_changed(shown, 1)
            seen.append(shown.amplification)
        assert seen == [1, 2, 4, 8, 16, 16, 16]
        assert with_mode(shown, CompareMode.SLIDER).amplification is None
    both = with_amplification_changed(
        with_mode(
            with_amplification_changed(with_mode(state, CompareMode.DIFFERENCE), 9),
            CompareMode.SPREAD,
        ),
        -9,
    )
    assert (both.difference_amplification, both.spread_amplification) == (16, 1)


@pytest.mark.parametrize(
    ("asked", "held"),
    [(Point(5, 7), Point(5, 7)), (Point(-9, 9999), Point(0, 599)), (None, None)],
)
def test_the_loupe_stays_in_the_view(state, asked, held):
    assert with_loupe_position(state, asked).loupe_position == held
    smaller = with_view_size(with_loupe_position(state, asked), Size(4, 5), pane_gap=4)
    assert smaller.loupe_position == (
        None if held is None else Point(min(held.x, 3), min(held.y, 4))
    )


def test_another_mode_lays_the_loupe_down_and_begins_with_after(state):
    blinking = replace(with_loupe_position(state, Point(1, 1)), is_showing_before=True)
    assert with_mode(blinking, CompareMode.BLINK) == with_mode(state, CompareMode.BLINK)
