from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtGui import QImage

from app.convert import pyramid, qimage


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
