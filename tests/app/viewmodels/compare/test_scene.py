from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from app.imaging.overlay import overlay
from app.imaging.pyramid import Pyramid, SpreadMap
from app.viewmodels.compare.compare import CompareState, Mode, Point, Size, with_mode, with_space
from app.viewmodels.compare.gallery import Entry, GalleryState, Original, Result, SampleOf
from app.viewmodels.compare.scene import (
    Difference,
    Findings,
    Heat,
    Plain,
    Words,
    legend,
    lenses,
    scene,
    wanted,
)
from ddrm_core.imaging.rectangle import Rectangle

BEFORE, AFTER, SAMPLE = Pyramid(()), Pyramid(()), Pyramid(())
SPREAD = SpreadMap((), Rectangle(0, 0, 1, 1))
GALLERY = GalleryState(
    (
        Entry(Original(), "Before", BEFORE),
        Entry(Result(), "After", AFTER),
        Entry(SampleOf(1), "Sample 1", SAMPLE),
        Entry(SampleOf(2), "Sample 2", None),
    )
)
NOTHING = Findings(no_spread="No spread.", no_result="After: not restored yet")


def in_mode(mode, **changes):
    state = with_space(CompareState(), Size(801, 600), gap=5)
    return replace(with_mode(state, mode), **changes)


def pictures(state, gallery=GALLERY, findings=NOTHING):
    return [(one.drawn, one.label) for one in scene(state, gallery, findings)]


def test_without_a_file_nothing_is_seen():
    assert scene(in_mode(Mode.SLIDER), GalleryState(), NOTHING) == ()
    assert lenses(in_mode(Mode.ONE, loupe=Point(1, 1)), GalleryState(), NOTHING) == ()


@pytest.mark.parametrize("split", [0.0, 0.3, 1.0])
def test_the_slider_shares_the_view_between_before_and_after(split):
    before, after = scene(in_mode(Mode.SLIDER, split=split), GALLERY, NOTHING)
    assert (before.drawn, after.drawn) == (Plain(BEFORE), Plain(AFTER))
    assert before.pane == after.pane == Rectangle(0, 0, 801, 600)
    assert before.seen.right == after.seen.left == round(split * 801)
    assert (before.seen.left, after.seen.right) == (0, 801)
    assert (before.right, after.right) == (False, True)


def test_panes_have_the_pictures_of_their_slots():
    shown = (SampleOf(1), Result(), Original(), SampleOf(2))
    names = [label for _, label in pictures(in_mode(Mode.FOUR, shown=shown))]
    assert names == ["Sample 1", "After", "Before", "Sample 2"]
    assert [label for _, label in pictures(in_mode(Mode.SIDE_BY_SIDE, shown=shown))] == names[:2]
    assert pictures(in_mode(Mode.ONE, shown=shown)) == [(Plain(AFTER), "After")]


def test_a_picture_that_is_fetched_is_said_to_be():
    shown = (Original(), SampleOf(2), Original(), Result())
    ((drawn, label),) = pictures(in_mode(Mode.ONE, shown=shown))
    assert (drawn, label) == (Words("Fetching the picture…"), "Sample 2")
    ((drawn, _),) = pictures(in_mode(Mode.DIFFERENCE, shown=shown))
    assert isinstance(drawn, Words)


@pytest.mark.parametrize("mode", [Mode.ONE, Mode.DIFFERENCE])
def test_a_picture_that_is_lost_is_not_waited_for(mode):
    gallery = GalleryState((*GALLERY.entries[:3], Entry(SampleOf(2), "Sample 2", None, lost=True)))
    shown = (Original(), SampleOf(2), Original(), Result())
    ((drawn, _),) = pictures(in_mode(mode, shown=shown), gallery)
    assert drawn.text.startswith("This picture cannot be read any more.")


def test_before_a_result_there_is_the_original_in_its_place_and_it_says_so():
    gallery = GalleryState(GALLERY.entries[:1])
    assert pictures(in_mode(Mode.ONE), gallery) == [(Plain(BEFORE), "After: not restored yet")]


def test_blinking_alternates_between_before_and_after():
    assert pictures(in_mode(Mode.BLINK)) == [(Plain(AFTER), "After")]
    assert pictures(in_mode(Mode.BLINK, blinked=True)) == [(Plain(BEFORE), "Before")]


def test_a_difference_is_after_minus_before_with_its_gain():
    ((drawn, label),) = pictures(in_mode(Mode.DIFFERENCE, difference_gain=8))
    assert (drawn, label) == (Difference(BEFORE, AFTER, 8), "After minus Before")


def test_a_picture_does_not_differ_from_itself():
    shown = (Original(), Original(), Original(), Result())
    ((drawn, _),) = pictures(in_mode(Mode.DIFFERENCE, shown=shown))
    assert drawn == Words("Both are the same picture, so nothing differs.")
    ((drawn, _),) = pictures(in_mode(Mode.DIFFERENCE), GalleryState(GALLERY.entries[:1]))
    assert isinstance(drawn, Words)


def test_the_spread_is_shown_or_it_is_said_why_not():
    state = in_mode(Mode.SPREAD, spread_gain=4)
    assert pictures(state) == [(Words("No spread."), "Where it guessed")]
    found = replace(NOTHING, spread=SPREAD)
    assert pictures(state, findings=found) == [(Heat(SPREAD, 4), "Where it guessed")]


@pytest.mark.parametrize("mode", list(Mode))
def test_the_original_is_everywhere_while_it_is_held(mode):
    found = replace(NOTHING, spread=SPREAD)
    state = in_mode(mode, original=True, overlay=True)
    assert {drawn for drawn, _ in pictures(state, findings=found)} == {Plain(BEFORE)}
    assert legend(state, found) is None


def test_tints_are_on_the_result_only():
    tints = overlay(np.ones((2, 2), np.float32), left=0, top=0)
    state = in_mode(Mode.FOUR, overlay=True, shown=(Original(), Result(), SampleOf(1), Result()))
    found = [drawn for drawn, _ in pictures(state, findings=replace(NOTHING, tints=tints))]
    assert found == [Plain(BEFORE), Plain(AFTER, tints), Plain(SAMPLE), Plain(AFTER, tints)]


def test_the_loupe_shows_before_and_after_in_every_mode():
    state = in_mode(Mode.ONE, loupe=Point(3, 4))
    assert [lens.drawn for lens in lenses(state, GALLERY, NOTHING)] == [
        Plain(BEFORE),
        Plain(AFTER),
    ]
    assert lenses(replace(state, loupe=None), GALLERY, NOTHING) == ()
    assert set(wanted(state)) == {Original(), Result()}
    assert wanted(replace(state, loupe=None)) == (Result(),)
    assert wanted(in_mode(Mode.SPREAD)) == ()


def test_a_legend_says_grey_levels():
    found = replace(NOTHING, spread=SPREAD)
    difference = legend(in_mode(Mode.DIFFERENCE, difference_gain=16), found)
    assert (difference.least, difference.middle, difference.most) == ("\N{MINUS SIGN}8", "0", "+8")
    assert difference.words.startswith("Differences 16 times enlarged: ")
    plain = legend(in_mode(Mode.DIFFERENCE, difference_gain=1), found)
    assert plain.words == "Differences as they are: grey is 0, white is +128 grey levels"
    spread = legend(in_mode(Mode.SPREAD, spread_gain=16), found)
    assert (spread.least, spread.middle, spread.most) == ("0", "0.5", "≥ 1")
    assert legend(in_mode(Mode.SPREAD), NOTHING) is None
    assert legend(in_mode(Mode.SLIDER), found) is None
