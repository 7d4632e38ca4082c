from __future__ import annotations

from dataclasses import replace

import pytest

from app.viewmodels.compare import (
    MAX_SCALE,
    CompareState,
    CompareViewModel,
    Mode,
    Point,
    Size,
    fitted,
    panned,
    scaled,
    visible,
    with_mode,
    with_picture,
    with_space,
    with_split,
    zoomed,
)
from ddrm_core.rectangle import Rectangle


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
