from __future__ import annotations

from dataclasses import replace
from itertools import combinations

import pytest

from app.viewmodels.compare.compare import (
    AFTER,
    BEFORE,
    MAX_SCALE,
    CompareState,
    CompareViewModel,
    Mode,
    Point,
    Size,
    fitted,
    in_pane,
    marked,
    on_picture,
    panes,
    panned,
    scaled,
    visible,
    with_gain,
    with_known,
    with_loupe,
    with_mode,
    with_picture,
    with_shown,
    with_space,
    with_split,
    zoomed,
)
from app.viewmodels.compare.gallery import EarlierRun, EstimateOf, Original, Result, SampleOf
from ddrm_core.imaging.rectangle import Rectangle


@pytest.fixture
def state() -> CompareState:
    empty = with_space(CompareState(), Size(800, 600), gap=4)
    return with_picture(empty, Size(2000, 1000))


def test_a_new_picture_is_seen_whole(state):
    assert (state.scale, state.centre, state.fitted) == (0.4, Point(1000, 500), True)


def test_a_tiny_picture_is_not_enlarged_without_end(state):
    assert with_picture(state, Size(3, 2)).scale == MAX_SCALE


def test_fitting_follows_the_space_and_the_mode(state):
    assert with_space(state, Size(400, 600), gap=4).scale == pytest.approx(0.2)
    side = with_mode(state, Mode.SIDE_BY_SIDE)
    assert side.pane == Size(398, 600)
    assert side.scale == pytest.approx(398 / 2000)
    assert with_mode(side, Mode.SLIDER) == state


def test_a_chosen_scale_does_not_follow_the_space(state):
    assert with_space(scaled(state, 2.0), Size(400, 300), gap=4).scale == 2.0


@pytest.mark.parametrize("place", [Point(0, 0), Point(123, 45), Point(799, 599), Point(400, 300)])
@pytest.mark.parametrize("factor", [1.1, 2.0, 3.7])
def test_zooming_in_keeps_the_point_under_the_cursor(state, place, factor):
    before = scaled(state, 1.0)
    after = zoomed(before, factor, place)
    assert after.scale == pytest.approx(factor)
    assert after.at(place).x == pytest.approx(before.at(place).x)
    assert after.at(place).y == pytest.approx(before.at(place).y)


@pytest.mark.parametrize("place", [Point(300, 250), Point(500, 350)])
def test_zooming_out_keeps_the_point_under_the_cursor(state, place):
    before = scaled(state, 4.0)
    after = zoomed(before, 0.5, place)
    assert after.at(place).x == pytest.approx(before.at(place).x)
    assert after.at(place).y == pytest.approx(before.at(place).y)


def test_zooming_has_limits(state):
    assert zoomed(state, 1e9).scale == MAX_SCALE
    assert zoomed(state, 1e-9).scale == state.fit_scale / 4


def test_no_empty_space_shows_beside_a_picture_larger_than_the_pane(state):
    large = panned(scaled(state, 1.0), 1e6, -1e6)
    assert large.at(Point(0, 0)).x == pytest.approx(0)
    assert large.at(Point(800, 600)).y == pytest.approx(1000)


def test_a_picture_smaller_than_the_pane_stays_in_the_middle(state):
    small = panned(scaled(state, 0.2), 500, 500)
    assert small.centre == Point(1000, 500)


def test_dragging_moves_the_picture_with_the_hand(state):
    before = scaled(state, 2.0)
    after = panned(before, 30, -50)
    assert after.at(Point(130, 150)) == before.at(Point(100, 200))


def test_fit_undoes_a_scale(state):
    assert fitted(panned(scaled(state, 3.0), 40, 40)) == state


@pytest.mark.parametrize(("asked", "split"), [(-1, 0), (0.25, 0.25), (7, 1)])
def test_the_split_stays_in_the_view(state, asked, split):
    assert with_split(state, asked).split == split


def test_the_model_says_every_change_once(state):
    model = CompareViewModel()
    states = []
    model.state_changed.connect(states.append)
    model.resize(800, 600, gap=4)
    model.show_picture(2000, 1000)
    assert model.state == state
    model.toggle_fit(Point(0, 0))
    assert (model.state.scale, model.state.fitted) == (1.0, False)
    model.toggle_fit(Point(0, 0))
    model.fit()
    model.show_original(original=True)
    model.show_original(original=True)
    assert model.state == replace(state, original=True)
    model.toggle_overlay()
    assert model.state.overlay
    model.toggle_overlay()
    assert model.state == replace(state, original=True)
    assert len(states) == 7


def test_what_is_visible_is_in_whole_pixels_of_the_picture():
    state = with_space(with_picture(CompareState(), Size(200, 100)), Size(400, 300), gap=0)
    assert visible(state) == Rectangle(0, 0, 200, 100)
    near = scaled(state, 8.0, Point(0, 0))
    seen = visible(near)
    assert (seen.width, seen.height) in {(50, 38), (51, 38), (50, 39), (51, 39)}
    assert seen.within(Rectangle(0, 0, 200, 100)) == seen


@pytest.mark.parametrize("space", [Size(801, 603), Size(800, 600), Size(3, 3), Size(1, 1)])
@pytest.mark.parametrize("mode", list(Mode))
def test_panes_are_alike_and_lie_in_the_view_without_covering_each_other(mode, space):
    state = with_mode(with_space(CompareState(), space, gap=5), mode)
    places = panes(state)
    assert len(places) == {Mode.SIDE_BY_SIDE: 2, Mode.FOUR: 4}.get(mode, 1)
    assert {(place.width, place.height) for place in places} == {
        (state.pane.width, state.pane.height)
    }
    if min(space.width, space.height) > 10:
        whole = Rectangle(0, 0, space.width, space.height)
        assert all(place.within(whole) == place for place in places)
        overlaps = [one.within(other) for one, other in combinations(places, 2)]
        assert all(shared.width <= 0 or shared.height <= 0 for shared in overlaps)


@pytest.mark.parametrize("mode", [Mode.SIDE_BY_SIDE, Mode.FOUR])
def test_all_panes_show_the_same_point_at_the_same_place(state, mode):
    near = panned(scaled(with_mode(state, mode), 3.0), 70, -31)
    points = {on_picture(near, Point(pane.left + 37, pane.top + 91)) for pane in panes(near)}
    assert len(points) == 1
    assert points != {None}


def test_beside_the_picture_there_is_no_point(state):
    assert on_picture(state, Point(400, 99)) is None
    assert on_picture(state, Point(400, 101)) is not None
    assert on_picture(state, Point(400, 501)) is None


@pytest.mark.parametrize("at", [Point(417, 250), Point(30, 590), Point(790, 5)])
def test_a_place_under_the_cursor_stays_in_every_pane(state, at):
    near = scaled(with_mode(state, Mode.FOUR), 2.0)
    before = near.at(in_pane(near, at))
    after = zoomed(near, 1.7, in_pane(near, at))
    assert after.at(in_pane(after, at)).x == pytest.approx(before.x)
    assert after.at(in_pane(after, at)).y == pytest.approx(before.y)


def test_a_mark_has_all_pixels_from_one_point_to_the_other_whichever_comes_first(state):
    one, other = Point(10.7, 20.2), Point(3.2, 25.9)
    expected = Rectangle(3, 20, 8, 6)
    assert marked(state, one, other) == marked(state, other, one) == expected
    assert marked(state, one, one) == Rectangle(10, 20, 1, 1)


def test_a_mark_stays_on_the_picture(state):
    assert marked(state, Point(1990, 990), Point(9e9, 9e9)) == Rectangle(1990, 990, 10, 10)
    assert marked(state, Point(-5, -5), Point(-1, -1)) is None


def test_a_picture_that_is_gone_gives_way_to_original_or_result(state):
    chosen = with_known(state, (Original(), Result(), SampleOf(1), SampleOf(2)))
    chosen = with_shown(with_shown(chosen, BEFORE, SampleOf(2)), AFTER, SampleOf(1))
    assert chosen.shown[:2] == (SampleOf(2), SampleOf(1))
    fewer = with_known(chosen, (Original(), Result(), SampleOf(1)))
    assert fewer.shown[:2] == (Original(), SampleOf(1))
    assert with_known(fewer, (Original(),)).shown[:2] == (Original(), Result())


def test_four_panes_begin_with_what_is_not_shown_yet(state):
    known = (Original(), Result(), SampleOf(1), EstimateOf(1), EarlierRun(1))
    four = with_mode(with_known(state, known), Mode.FOUR)
    assert four.shown == (Original(), Result(), SampleOf(1), EarlierRun(1))
    # What comes later is taken in, but what was chosen stays.
    waiting = with_mode(with_known(state, known[:2]), Mode.FOUR)
    assert waiting.shown == (Original(), Result(), Original(), Result())
    waiting = with_shown(waiting, 3, EstimateOf(1))
    later = with_known(waiting, (*known, SampleOf(2)))
    assert later.shown == (Original(), Result(), SampleOf(1), EstimateOf(1))


def test_gains_are_doubled_and_halved_each_for_its_mode(state):
    assert with_gain(state, 1) == state
    for mode in (Mode.DIFFERENCE, Mode.SPREAD):
        shown = with_gain(with_mode(state, mode), -9)
        assert shown.gain == 1
        seen = [shown.gain]
        for _ in range(6):
            shown = with_gain(shown, 1)
            seen.append(shown.gain)
        assert seen == [1, 2, 4, 8, 16, 16, 16]
        assert with_mode(shown, Mode.SLIDER).gain is None
    both = with_gain(with_mode(with_gain(with_mode(state, Mode.DIFFERENCE), 9), Mode.SPREAD), -9)
    assert (both.difference_gain, both.spread_gain) == (16, 1)


@pytest.mark.parametrize(
    ("asked", "held"),
    [(Point(5, 7), Point(5, 7)), (Point(-9, 9999), Point(0, 599)), (None, None)],
)
def test_the_loupe_stays_in_the_view(state, asked, held):
    assert with_loupe(state, asked).loupe == held
    smaller = with_space(with_loupe(state, asked), Size(4, 5), gap=4)
    assert smaller.loupe == (None if held is None else Point(min(held.x, 3), min(held.y, 4)))


def test_another_mode_lays_the_loupe_down_and_begins_with_after(state):
    blinking = replace(with_loupe(state, Point(1, 1)), blinked=True)
    assert with_mode(blinking, Mode.BLINK) == with_mode(state, Mode.BLINK)
