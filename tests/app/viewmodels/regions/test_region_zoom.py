"""The common zoom of the cells of regions."""

from __future__ import annotations

from itertools import pairwise

import pytest

from app.imaging.scaling import IntegerScale
from app.viewmodels.compare.compare import Point, Size
from app.viewmodels.regions.region_zoom import (
    BUTTON_ZOOM_FACTOR,
    RegionZoom,
    common_scale,
    visible_rectangle,
    with_cells_fitted,
    with_cells_moved,
    with_cells_zoomed,
)
from ddrm_core.imaging.rectangle import Rectangle

REGIONS = (Rectangle(10, 20, 64, 48), Rectangle(500, 300, 17, 31), Rectangle(780, 590, 20, 10))
WHEEL_NOTCH = 1.0015**120


@pytest.fixture
def zoom() -> RegionZoom:
    return RegionZoom(Size(800, 600), Size(403, 251))


@pytest.mark.parametrize("cell", [Size(403, 251), Size(1200, 90), Size(31, 30), Size(9, 400)])
def test_fitted_cells_have_one_scale_and_show_every_region_whole(cell):
    zoom = RegionZoom(Size(800, 600), cell)
    scale = common_scale(zoom, REGIONS)
    for region in REGIONS:
        shown = visible_rectangle(zoom, region, REGIONS)
        assert shown.intersection(region) == region
        width, height = scale.scaled_size(shown)
        assert width <= cell.width
        assert height <= cell.height


def test_the_largest_region_fills_its_cell(zoom):
    scale = common_scale(zoom, REGIONS)
    assert scale == IntegerScale(enlargement=5)
    width, height = IntegerScale(enlargement=6).scaled_size(REGIONS[0])
    assert height > zoom.cell_size.height or width > zoom.cell_size.width


def test_each_notch_of_the_wheel_is_a_step_up_to_the_limits(zoom):
    factors = []
    for _ in range(30):
        factors.append(common_scale(zoom, REGIONS).factor)
        zoom = with_cells_zoomed(zoom, REGIONS, WHEEL_NOTCH)
    top = factors.index(32)
    assert all(b > a for a, b in pairwise(factors[: top + 1]))
    for _ in range(60):
        zoom = with_cells_zoomed(zoom, REGIONS, 1 / BUTTON_ZOOM_FACTOR)
    assert common_scale(zoom, REGIONS).factor == 1 / 32


def test_small_factors_of_a_pinch_add_up(zoom):
    zoom = with_cells_zoomed(zoom, REGIONS, BUTTON_ZOOM_FACTOR)
    first = common_scale(zoom, REGIONS).factor
    for _ in range(200):
        zoom = with_cells_zoomed(zoom, REGIONS, 2 ** (1 / 200))
    assert common_scale(zoom, REGIONS).factor == pytest.approx(2 * first, rel=0.2)


def test_zooming_keeps_the_point_under_the_pointer_in_every_cell(zoom):
    zoom = with_cells_zoomed(zoom, REGIONS[1:2], 1 / BUTTON_ZOOM_FACTOR)
    after = with_cells_zoomed(zoom, REGIONS[1:2], 2, Point(90, -60))
    points = []
    for state in (zoom, after):
        factor = common_scale(state, REGIONS[1:2]).factor
        points.append((state.shift.x + 90 / factor, state.shift.y - 60 / factor))
    assert common_scale(after, REGIONS).factor > common_scale(zoom, REGIONS[1:2]).factor
    assert points[1] == pytest.approx(points[0])


def test_a_movement_moves_every_cell_with_the_hand(zoom):
    before = [visible_rectangle(zoom, region, REGIONS) for region in REGIONS[:2]]
    moved = with_cells_moved(zoom, REGIONS, -5 * 12, -5 * 7)
    after = [visible_rectangle(moved, region, REGIONS) for region in REGIONS[:2]]
    assert after == [rectangle.translated(12, 7) for rectangle in before]
    assert with_cells_fitted(moved) == zoom


def test_no_cell_leaves_the_image_and_the_way_back_is_not_longer(zoom):
    far = with_cells_moved(zoom, REGIONS, 1e6, 1e6)
    for region in REGIONS:
        shown = visible_rectangle(far, region, REGIONS)
        assert (shown.left, shown.top) == (0, 0)
    back = with_cells_moved(far, REGIONS, -5, -5)
    assert visible_rectangle(back, REGIONS[2], REGIONS).left == 1


def test_an_image_smaller_than_the_cell_is_shown_whole():
    zoom = RegionZoom(Size(7, 5), Size(400, 300))
    assert visible_rectangle(zoom, Rectangle(2, 1, 3, 3), [Rectangle(2, 1, 3, 3)]) == Rectangle(
        0, 0, 7, 5
    )
