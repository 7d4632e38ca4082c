from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtGui import QImage

from app.convert import overlay, pyramid, qimage


def colours(image: QImage) -> list[list[tuple[int, int, int]]]:
    return [
        [image.pixelColor(x, y).getRgb()[:3] for x in range(image.width())]
        for y in range(image.height())
    ]


@pytest.mark.parametrize("width", [1, 2, 3, 5, 37])
@pytest.mark.parametrize("grey", [False, True])
def test_every_pixel_keeps_its_place_and_colour(width, grey):
    shape = (31, width) if grey else (31, width, 3)
    pixels = np.random.default_rng(1).integers(0, 256, shape, np.uint8)
    expected = np.repeat(pixels[:, :, None], 3, axis=2) if grey else pixels
    assert np.array_equal(np.array(colours(qimage(pixels))), expected)


@pytest.mark.parametrize("shape", [(4, 5), (4, 5, 3)])
def test_the_image_does_not_follow_the_array(shape):
    pixels = np.zeros(shape, np.uint8)
    image = qimage(pixels)
    pixels[:] = 255
    assert colours(image) == [[(0, 0, 0)] * 5] * 4


def test_an_array_that_is_not_contiguous_is_taken_too():
    pixels = np.random.default_rng(1).integers(0, 256, (6, 9, 3), np.uint8)
    flipped = pixels[:, ::-1]
    assert np.array_equal(np.array(colours(qimage(flipped))), flipped)


def test_a_pyramid_halves_down_to_a_screen():
    pixels = np.random.default_rng(1).integers(0, 256, (701, 2049, 3), np.uint8)
    sizes = [(i.width(), i.height()) for i in pyramid(pixels).sizes]
    assert sizes == [(2049, 701), (1025, 351), (513, 176), (257, 88)]


@pytest.mark.parametrize(
    ("scale", "width"),
    [(8, 2048), (1, 2048), (0.51, 2048), (0.5, 1024), (0.3, 1024), (0.25, 512), (0.01, 512)],
)
def test_the_copy_for_a_scale_is_the_smallest_that_need_not_be_enlarged(scale, width):
    sizes = pyramid(np.zeros((16, 2048), np.uint8))
    assert sizes.for_scale(scale).width() == width


def covers(image: QImage) -> np.ndarray:
    return np.array(
        [
            [image.pixelColor(x, y).alpha() for x in range(image.width())]
            for y in range(image.height())
        ]
    )


def test_tints_cover_the_more_the_farther_outside_a_block_is():
    tints = overlay(np.array([[0, 0.4, 0.5, 0.6, 2, 8, 90]], np.float32), left=0, top=0)
    found = covers(tints.sizes[0])[0]
    assert not found[:3].any()
    assert 90 < found[3] < found[4] < found[5] == found[6] < 255
    assert tints.farthest == 90


@pytest.mark.parametrize("shape", [(131, 67), (1, 200), (65, 65)])
def test_no_tinted_block_is_lost_in_a_far_view(shape):
    distances = np.zeros(shape, np.float32)
    distances[-1, -1] = 3
    tints = overlay(distances, left=0, top=0)
    assert len(tints.sizes) > 1
    for level, image in enumerate(tints.sizes):
        side = 2**level
        found = covers(image)
        assert found.shape == (-(-shape[0] // side), -(-shape[1] // side))
        assert found[-1, -1] == covers(tints.sizes[0])[-1, -1]
        assert np.count_nonzero(found) == 1


@pytest.mark.parametrize(("scale", "side"), [(4, 8), (0.125, 8), (0.12, 16), (0.06, 32)])
def test_the_tints_for_a_scale_are_a_screen_pixel_large_or_more(scale, side):
    assert overlay(np.zeros((300, 400), np.float32), left=0, top=0).for_scale(scale)[1] == side
