from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from app.imaging.mipmap_image import MipmapImage, SpreadMap
from app.imaging.overlay import create_deviation_overlay
from app.viewmodels.compare.compare import (
    CompareMode,
    CompareState,
    Point,
    Size,
    with_mode,
    with_view_size,
)
from app.viewmodels.compare.gallery import (
    GalleryItem,
    GalleryState,
    OriginalKey,
    ResultKey,
    SampleKey,
)
from app.viewmodels.compare.scene import (
    DifferenceImage,
    Placeholder,
    PlainImage,
    ResultOverlays,
    SpreadImage,
    build_legend,
    build_loupe_halves,
    build_pane_contents,
    visible_keys,
)
from ddrm_core.imaging.rectangle import Rectangle

BEFORE, AFTER, SAMPLE = MipmapImage(()), MipmapImage(()), MipmapImage(())
SPREAD = SpreadMap((), Rectangle(0, 0, 1, 1))
GALLERY = GalleryState(
    (
        GalleryItem(OriginalKey(), "Before", BEFORE),
        GalleryItem(ResultKey(), "After", AFTER),
        GalleryItem(SampleKey(1), "Version 1", SAMPLE),
        GalleryItem(SampleKey(2), "Version 2", None),
    )
)
NOTHING = ResultOverlays(no_spread_text="No spread.", no_result_label="After: not restored yet")


def in_mode(mode, **changes):
    state = with_view_size(CompareState(), Size(801, 600), pane_gap=5)
    return replace(with_mode(state, mode), **changes)


def pictures(state, gallery=GALLERY, findings=NOTHING):
    return [
        (one.image_or_placeholder, one.label)
        for one in build_pane_contents(state, gallery, findings)
    ]


def test_without_a_file_nothing_is_seen():
    assert build_pane_contents(in_mode(CompareMode.SLIDER), GalleryState(), NOTHING) == ()
    assert (
        build_loupe_halves(
            in_mode(CompareMode.ONE, loupe_position=Point(1, 1)), GalleryState(), NOTHING
        )
        == ()
    )


@pytest.mark.parametrize("split", [0.0, 0.3, 1.0])
def test_the_slider_shares_the_view_between_before_and_after(split):
    before, after = build_pane_contents(
        in_mode(CompareMode.SLIDER, split_fraction=split), GALLERY, NOTHING
    )
    assert (before.image_or_placeholder, after.image_or_placeholder) == (
        PlainImage(BEFORE),
        PlainImage(AFTER),
    )
    assert before.pane_rectangle == after.pane_rectangle == Rectangle(0, 0, 801, 600)
    assert before.visible_rectangle.right == after.visible_rectangle.left == round(split * 801)
    assert (before.visible_rectangle.left, after.visible_rectangle.right) == (0, 801)
    assert (before.is_label_right, after.is_label_right) == (False, True)


def test_panes_have_the_pictures_of_their_slots():
    shown = (SampleKey(1), ResultKey(), OriginalKey(), SampleKey(2))
    names = [label for _, label in pictures(in_mode(CompareMode.FOUR, slot_keys=shown))]
    assert names == ["Version 1", "After", "Before", "Version 2"]
    assert [
        label for _, label in pictures(in_mode(CompareMode.SIDE_BY_SIDE, slot_keys=shown))
    ] == names[:2]
    assert pictures(in_mode(CompareMode.ONE, slot_keys=shown)) == [(PlainImage(AFTER), "After")]


def test_a_picture_that_is_fetched_is_said_to_be():
    shown = (OriginalKey(), SampleKey(2), OriginalKey(), ResultKey())
    ((drawn, label),) = pictures(in_mode(CompareMode.ONE, slot_keys=shown))
    assert (drawn, label) == (Placeholder("Fetching the picture…"), "Version 2")
    ((drawn, _),) = pictures(in_mode(CompareMode.DIFFERENCE, slot_keys=shown))
    assert isinstance(drawn, Placeholder)


@pytest.mark.parametrize("mode", [CompareMode.ONE, CompareMode.DIFFERENCE])
def test_a_picture_that_is_lost_is_not_waited_for(mode):
    gallery = GalleryState(
        (*GALLERY.items[:3], GalleryItem(SampleKey(2), "Version 2", None, is_lost=True))
    )
    shown = (OriginalKey(), SampleKey(2), OriginalKey(), ResultKey())
    ((drawn, _),) = pictures(in_mode(mode, slot_keys=shown), gallery)
    assert drawn.text.startswith("This picture cannot be read any more.")


def test_before_a_result_there_is_the_original_in_its_place_and_it_says_so():
    gallery = GalleryState(GALLERY.items[:1])
    assert pictures(in_mode(CompareMode.ONE), gallery) == [
        (PlainImage(BEFORE), "After: not restored yet")
    ]


def test_blinking_alternates_between_before_and_after():
    assert pictures(in_mode(CompareMode.BLINK)) == [(PlainImage(AFTER), "After")]
    assert pictures(in_mode(CompareMode.BLINK, is_showing_before=True)) == [
        (PlainImage(BEFORE), "Before")
    ]


def test_a_difference_is_after_minus_before_with_its_gain():
    ((drawn, label),) = pictures(in_mode(CompareMode.DIFFERENCE, difference_amplification=8))
    assert (drawn, label) == (DifferenceImage(BEFORE, AFTER, 8), "After minus Before")


def test_a_picture_does_not_differ_from_itself():
    shown = (OriginalKey(), OriginalKey(), OriginalKey(), ResultKey())
    ((drawn, _),) = pictures(in_mode(CompareMode.DIFFERENCE, slot_keys=shown))
    assert drawn == Placeholder("Both are the same picture, so nothing differs.")
    ((drawn, _),) = pictures(in_mode(CompareMode.DIFFERENCE), GalleryState(GALLERY.items[:1]))
    assert isinstance(drawn, Placeholder)


def test_the_spread_is_shown_or_it_is_said_why_not():
    state = in_mode(CompareMode.SPREAD, spread_amplification=4)
    assert pictures(state) == [(Placeholder("No spread."), "Uncertain areas")]
    found = replace(NOTHING, spread_map=SPREAD)
    assert pictures(state, findings=found) == [(SpreadImage(SPREAD, 4), "Uncertain areas")]


@pytest.mark.parametrize("mode", list(CompareMode))
def test_the_original_is_everywhere_while_it_is_held(mode):
    found = replace(NOTHING, spread_map=SPREAD)
    state = in_mode(mode, is_showing_original=True, is_overlay_visible=True)
    assert {drawn for drawn, _ in pictures(state, findings=found)} == {PlainImage(BEFORE)}
    assert build_legend(state, found) is None


def test_tints_are_on_the_result_only():
    tints = create_deviation_overlay(np.ones((2, 2), np.float32), left=0, top=0)
    state = in_mode(
        CompareMode.FOUR,
        is_overlay_visible=True,
        slot_keys=(OriginalKey(), ResultKey(), SampleKey(1), ResultKey()),
    )
    found = [drawn for drawn, _ in pictures(state, findings=replace(NOTHING, overlay=tints))]
    assert found == [
        PlainImage(BEFORE),
        PlainImage(AFTER, tints),
        PlainImage(SAMPLE),
        PlainImage(AFTER, tints),
    ]


def test_the_loupe_shows_before_and_after_in_every_mode():
    state = in_mode(CompareMode.ONE, loupe_position=Point(3, 4))
    assert [lens.image for lens in build_loupe_halves(state, GALLERY, NOTHING)] == [
        PlainImage(BEFORE),
        PlainImage(AFTER),
    ]
    assert build_loupe_halves(replace(state, loupe_position=None), GALLERY, NOTHING) == ()
    assert set(visible_keys(state)) == {OriginalKey(), ResultKey()}
    assert visible_keys(replace(state, loupe_position=None)) == (ResultKey(),)
    assert visible_keys(in_mode(CompareMode.SPREAD)) == ()


def test_a_legend_says_grey_levels():
    found = replace(NOTHING, spread_map=SPREAD)
    difference = build_legend(in_mode(CompareMode.DIFFERENCE, difference_amplification=16), found)
    assert (difference.low_text, difference.middle_text, difference.high_text) == (
        "\N{MINUS SIGN}8",
        "0",
        "+8",
    )
    assert difference.description.startswith("Differences 16 times enlarged: ")
    plain = build_legend(in_mode(CompareMode.DIFFERENCE, difference_amplification=1), found)
    assert plain.description.startswith(
        "Differences as they are: gray is 0, white is +128 gray levels."
    )
    spread = build_legend(in_mode(CompareMode.SPREAD, spread_amplification=16), found)
    assert (spread.low_text, spread.middle_text, spread.high_text) == ("0", "0.5", "≥ 1")
    assert build_legend(in_mode(CompareMode.SPREAD), NOTHING) is None
    assert build_legend(in_mode(CompareMode.SLIDER), found) is None
