from __future__ import annotations

from fractions import Fraction
from itertools import pairwise

import numpy as np
import pytest
from PySide6.QtGui import QImage

from app.imaging.colormaps import apply_heat_colors, render_difference
from app.imaging.mipmap_image import create_mipmap_image, create_spread_map
from app.imaging.overlay import create_deviation_overlay
from app.imaging.pixel_grid import draw_pixel_grid, find_pixels_under
from app.imaging.qimage import crop_without_copy, pixels_from_qimage, qimage_from_pixels
from app.viewmodels.compare.compare import AMPLIFICATIONS
from ddrm_core.imaging.rectangle import Rectangle


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
    assert np.array_equal(np.array(colours(qimage_from_pixels(pixels))), expected)


@pytest.mark.parametrize("shape", [(4, 5), (4, 5, 3)])
def test_the_image_does_not_follow_the_array(shape):
    pixels = np.zeros(shape, np.uint8)
    image = qimage_from_pixels(pixels)
    pixels[:] = 255
    assert colours(image) == [[(0, 0, 0)] * 5] * 4


def test_an_array_that_is_not_contiguous_is_taken_too():
    pixels = np.random.default_rng(1).integers(0, 256, (6, 9, 3), np.uint8)
    flipped = pixels[:, ::-1]
    assert np.array_equal(np.array(colours(qimage_from_pixels(flipped))), flipped)


def test_a_pyramid_halves_down_to_a_screen():
    pixels = np.random.default_rng(1).integers(0, 256, (701, 2049, 3), np.uint8)
    sizes = [(i.width(), i.height()) for i in create_mipmap_image(pixels).mipmaps]
    assert sizes == [(2049, 701), (1025, 351), (513, 176), (257, 88)]


@pytest.mark.parametrize(
    ("scale", "width"),
    [(8, 2048), (1, 2048), (0.51, 2048), (0.5, 1024), (0.3, 1024), (0.25, 512), (0.01, 512)],
)
def test_the_copy_for_a_scale_is_the_smallest_that_need_not_be_enlarged(scale, width):
    sizes = create_mipmap_image(np.zeros((16, 2048), np.uint8))
    assert sizes.choose_mipmap(scale).width() == width


def covers(image: QImage) -> np.ndarray:
    return np.array(
        [
            [image.pixelColor(x, y).alpha() for x in range(image.width())]
            for y in range(image.height())
        ]
    )


def test_tints_cover_the_more_the_farther_outside_a_block_is():
    tints = create_deviation_overlay(
        np.array([[0, 0.4, 0.5, 0.6, 2, 8, 90]], np.float32), left=0, top=0
    )
    found = covers(tints.mipmaps[0])[0]
    assert not found[:3].any()
    assert 90 < found[3] < found[4] < found[5] == found[6] < 255
    assert tints.max_distance == 90


@pytest.mark.parametrize("shape", [(131, 67), (1, 200), (65, 65)])
def test_no_tinted_block_is_lost_in_a_far_view(shape):
    distances = np.zeros(shape, np.float32)
    distances[-1, -1] = 3
    tints = create_deviation_overlay(distances, left=0, top=0)
    assert len(tints.mipmaps) > 1
    for level, image in enumerate(tints.mipmaps):
        side = 2**level
        found = covers(image)
        assert found.shape == (-(-shape[0] // side), -(-shape[1] // side))
        assert found[-1, -1] == covers(tints.mipmaps[0])[-1, -1]
        assert np.count_nonzero(found) == 1


@pytest.mark.parametrize(("scale", "side"), [(4, 8), (0.125, 8), (0.12, 16), (0.06, 32)])
def test_the_tints_for_a_scale_are_a_screen_pixel_large_or_more(scale, side):
    assert (
        create_deviation_overlay(np.zeros((300, 400), np.float32), left=0, top=0).choose_mipmap(
            scale
        )[1]
        == side
    )


@pytest.mark.parametrize("shape", [(601, 700), (513, 1), (514, 515, 3)])
def test_smaller_copies_are_means_of_the_one_before(shape):
    pixels = np.random.default_rng(1).integers(0, 256, shape, np.uint8)
    full, half = create_mipmap_image(pixels).mipmaps[:2]
    height, width = shape[:2]
    found = np.array(colours(half.copy(0, 0, half.width(), 3)), int)
    expected = pixels if pixels.ndim == 3 else np.repeat(pixels[..., None], 3, 2)
    for row in range(3):
        for column in range(half.width()):
            block = expected[2 * row : 2 * row + 2, 2 * column : 2 * column + 2]
            assert np.abs(found[row, column] - block.mean((0, 1), float)).max() <= 0.5
    assert half.size().toTuple() == (-(-width // 2), -(-height // 2))
    assert np.array_equal(pixels_from_qimage(full), expected)


@pytest.mark.parametrize("gain", AMPLIFICATIONS)
def test_a_difference_is_enlarged_around_mid_grey_and_clipped(gain):
    rng = np.random.default_rng(2)
    before, after = rng.integers(0, 256, (2, 31, 37, 3), np.uint8)
    after[:10] = np.clip(before[:10].astype(int) + rng.integers(-3, 4, (10, 37, 3)), 0, 255)
    after[0] = before[0]
    expected = [
        [
            [
                min(max(128 + gain * (int(a) - int(b)), 0), 255)
                for a, b in zip(one, other, strict=True)
            ]
            for one, other in zip(row, others, strict=True)
        ]
        for row, others in zip(after, before, strict=True)
    ]
    images = [
        qimage_from_pixels(p).convertToFormat(QImage.Format.Format_RGB32) for p in (before, after)
    ]
    found = pixels_from_qimage(render_difference(*images, gain))
    assert np.array_equal(found, np.array(expected))
    assert (found[0] == 128).all()


def brightness(colour):
    red, green, blue = (int(part) for part in colour)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


@pytest.mark.parametrize("gain", AMPLIFICATIONS)
def test_heat_grows_brighter_up_to_its_limit_and_is_black_at_nothing(gain):
    levels = np.arange(256, dtype=np.uint8)[None]
    values = qimage_from_pixels(levels).convertToFormat(QImage.Format.Format_RGB32)
    shades = [
        brightness(colour) for colour in pixels_from_qimage(apply_heat_colors(values, gain))[0]
    ]
    limit = 255 // gain
    assert shades[0] == 0
    assert all(one < other for one, other in pairwise(shades[: limit + 1]))
    assert all(shade == pytest.approx(255, abs=0.1) for shade in shades[limit + 1 :])


def test_a_spread_map_holds_sixteenths_of_a_grey_level():
    deviation = np.array([[0, 1 / 16, 1, 7.97, 16, 90]], np.float32)
    map_ = create_spread_map(deviation, Rectangle(3, 4, 6, 1))
    (found,) = pixels_from_qimage(map_.mipmaps[0])[..., 0]
    assert np.array_equal(found, [0, 1, 16, 127, 255, 255])
    assert map_.rectangle == Rectangle(3, 4, 6, 1)


def test_the_grid_is_seen_on_every_colour_and_no_channel_spills_into_another():
    colours = np.random.default_rng(2).integers(0, 256, (500, 5, 3), np.uint8)
    colours[:4] = np.array([0, 127, 128, 255], np.uint8)[:, None, None]
    image = qimage_from_pixels(colours).convertToFormat(QImage.Format.Format_RGB32)
    found = pixels_from_qimage(draw_pixel_grid(image, np.array([2]), np.array([7, 8]))).astype(int)
    bright = colours[..., 1:2] >= 128
    way = np.where(bright, colours, 255 - colours).astype(int)
    lines = np.where(bright, -1, 1) * (way // 8 + way // 16)
    on_a_line = np.zeros((500, 5, 1), bool)
    on_a_line[:, 2] = on_a_line[7:9] = True
    assert np.array_equal(found, colours + lines * on_a_line)
    assert np.abs(lines[..., 1]).min() >= 22


@pytest.mark.parametrize("format_", ["RGB888", "RGB32", "Grayscale8"])
def test_a_part_is_what_a_copy_of_it_would_be(format_):
    pixels = np.random.default_rng(1).integers(0, 256, (31, 37, 3), np.uint8)
    image = qimage_from_pixels(pixels).convertToFormat(getattr(QImage.Format, f"Format_{format_}"))
    for place in ((0, 0, 37, 31), (36, 30, 1, 1), (5, 7, 11, 13)):
        assert crop_without_copy(image, Rectangle(*place)).copy() == image.copy(*place)


@pytest.mark.parametrize("across", [0.37, 1, 2.5, 7.3])
@pytest.mark.parametrize("corner", [0, -12.25, 5])
def test_a_screen_pixel_has_the_pixel_under_its_middle(corner, across):
    found = find_pixels_under(6, 40, corner, across, 17)
    for place, index in zip(range(6, 40), found, strict=True):
        exact = Fraction(2 * place + 1, 2) - Fraction(corner)
        assert index == min(max(exact // Fraction(across), 0), 16)
