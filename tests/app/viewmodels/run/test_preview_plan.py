"""The order in which the patches of a quick preview cover the visible image."""

from __future__ import annotations

import random

import numpy as np
import pytest

from app.viewmodels.run.preview_plan import (
    MIN_PATCH_SIDE_PX,
    plan_first_patch,
    plan_next_patch,
    plan_patch_after,
)
from ddrm_core.imaging.rectangle import Rectangle

IMAGE = Rectangle(0, 0, 1201, 907)


def all_patches(visible, image, evaluated_pixels):
    """Return the rectangles of all patches in their order."""
    planned = plan_first_patch(visible, image, evaluated_pixels)
    core = planned.rectangle
    patches = [core]
    while True:
        following = plan_patch_after(planned, evaluated_pixels)
        if following is None:
            core = planned.completed_rectangle or core
            following = plan_next_patch(core.intersection(visible), visible, evaluated_pixels)
        if following is None:
            return patches
        planned = following
        patches.append(planned.rectangle)


@pytest.mark.parametrize("seed", range(8))
def test_the_patches_cover_what_is_visible_once(seed):
    numbers = random.Random(seed)
    width, height = numbers.randint(200, 1201), numbers.randint(200, 907)
    visible = Rectangle(
        numbers.randint(0, 1201 - width), numbers.randint(0, 907 - height), width, height
    )
    covered = np.zeros((IMAGE.height, IMAGE.width), int)
    for patch in all_patches(visible, IMAGE, numbers.choice((0, 60_000, 250_000))):
        assert patch.intersection(visible) == patch
        covered[patch.slices_in(IMAGE)] += 1
    expected = np.zeros_like(covered)
    expected[visible.slices_in(IMAGE)] = 1
    assert np.array_equal(covered, expected)


def test_the_first_patch_is_in_the_middle_and_as_large_as_the_speed_allows():
    visible = Rectangle(101, 50, 900, 700)
    small = plan_first_patch(visible, IMAGE, 0).rectangle
    assert min(small.width, small.height) == MIN_PATCH_SIDE_PX
    large = plan_first_patch(visible, IMAGE, 512 * 512).rectangle
    # The network also evaluates 64 pixels around the patch.
    assert (large.width + 128) * (large.height + 128) == pytest.approx(512 * 512, rel=0.03)
    for patch in (small, large):
        assert abs(2 * patch.left + patch.width - (2 * 101 + 900)) <= 1
        assert abs(2 * patch.top + patch.height - (2 * 50 + 700)) <= 1


def test_the_first_patch_stays_inside_a_small_image_and_at_its_edges():
    small_image = Rectangle(0, 0, 97, 64)
    assert plan_first_patch(small_image, small_image, 0).rectangle == small_image
    corner = plan_first_patch(Rectangle(1191, 897, 10, 10), IMAGE, 0).rectangle
    assert corner == Rectangle(1201 - 128, 907 - 128, 128, 128)


def test_the_bands_grow_to_all_sides():
    patches = all_patches(IMAGE, IMAGE, 400_000)
    first = patches[0]
    sides = {
        (patch.left < first.left, patch.right > first.right, patch.top < first.top)
        for patch in patches[1:5]
    }
    assert len(sides) == 4
