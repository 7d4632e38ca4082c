"""Common zoom and position of the cells in which regions are compared."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from math import floor, log

from app.imaging.scaling import MAX_ENLARGEMENT, IntegerScale, fit_integer_scale
from app.viewmodels.compare.compare import Point, Size
from ddrm_core.imaging.rectangle import Rectangle

_FACTORS = (2, 3, 4, 5, 6, 8, 10, 12, 16, 20, 24, MAX_ENLARGEMENT)
_SCALES = (
    *(IntegerScale(reduction=n) for n in reversed(_FACTORS)),
    IntegerScale(),
    *(IntegerScale(enlargement=n) for n in _FACTORS),
)
# A notch of the wheel and a click on a button change the scale by one step at least.
_STEP_FACTOR = 1.15
BUTTON_ZOOM_FACTOR = 1.2
"""Factor that changes the scale by one step."""
_MIDDLE = Point(0.0, 0.0)
_NO_IMAGE_SIZE = Size(1, 1)
# A contact sheet can be exported before the page with the cells is shown.
_INITIAL_CELL_SIZE = Size(320, 240)


@dataclass(frozen=True, slots=True)
class RegionZoom:
    """Zoom and position that all cells of the regions have in common.

    Attributes:
        image_size: Size of the images, in image pixels.
        cell_size: Size of a cell, in device pixels.
        scale: Chosen scale; None for the largest scale at which every region fits into its cell.
        shift: Distance from the center of each region to the center of its cell, in image pixels.
        pending_factor: Product of the zoom factors that did not yet reach another scale.
    """

    image_size: Size = _NO_IMAGE_SIZE
    cell_size: Size = _INITIAL_CELL_SIZE
    scale: IntegerScale | None = None
    shift: Point = _MIDDLE
    pending_factor: float = 1.0


def common_scale(zoom: RegionZoom, regions: Sequence[Rectangle]) -> IntegerScale:
    """Return the scale of all cells: the chosen one, or the largest at which all regions fit."""
    if zoom.scale is not None:
        return zoom.scale
    cell = (zoom.cell_size.width, zoom.cell_size.height)
    scales = [fit_integer_scale(region, cell) for region in regions]
    return min(scales, key=lambda scale: scale.factor, default=IntegerScale())


def visible_rectangle(
    zoom: RegionZoom, region: Rectangle, regions: Sequence[Rectangle]
) -> Rectangle:
    """Return the image pixels in the cell of `region`, which is one of `regions`.

    The rectangle is as large as the cell at the common scale, but does not reach past the image.
    """
    scale, image = common_scale(zoom, regions), zoom.image_size
    width = _visible_side(zoom.cell_size.width, scale, image.width)
    height = _visible_side(zoom.cell_size.height, scale, image.height)
    return Rectangle(
        _clamp_start(region.left + region.width / 2 + zoom.shift.x, width, image.width),
        _clamp_start(region.top + region.height / 2 + zoom.shift.y, height, image.height),
        width,
        height,
    )


def with_cells_fitted(zoom: RegionZoom) -> RegionZoom:
    """Return the zoom with each region in the middle of its cell, as large as all regions fit."""
    return replace(zoom, scale=None, shift=_MIDDLE, pending_factor=1.0)


def with_cells_moved(
    zoom: RegionZoom, regions: Sequence[Rectangle], dx: float, dy: float
) -> RegionZoom:
    """Return the zoom with the images in all cells moved by `dx` and `dy` device pixels."""
    factor = common_scale(zoom, regions).factor
    shift = Point(zoom.shift.x - dx / factor, zoom.shift.y - dy / factor)
    return _with_shift(zoom, regions, shift)


def with_cells_zoomed(
    zoom: RegionZoom, regions: Sequence[Rectangle], factor: float, anchor: Point = _MIDDLE
) -> RegionZoom:
    """Return the zoom with the scale multiplied by `factor` and rounded to an integer scale.

    Small factors, as of a pinch, add up until another scale is nearer.

    Args:
        zoom: The zoom to change.
        regions: All regions.
        factor: Factor on the scale.
        anchor: Position whose image point stays where it is, in device pixels from the middle of a
            cell.
    """
    before = common_scale(zoom, regions)
    wanted = before.factor * zoom.pending_factor * factor
    after = min(_SCALES, key=lambda scale: abs(log(scale.factor / wanted)))
    pending_factor = wanted / after.factor
    if after.factor == before.factor or (after.factor > before.factor) != (factor > 1):
        if abs(log(factor)) < log(_STEP_FACTOR):
            return replace(zoom, pending_factor=zoom.pending_factor * factor)
        after, pending_factor = _next_scale(before, factor), 1.0
    shift = Point(
        zoom.shift.x + anchor.x * (1 / before.factor - 1 / after.factor),
        zoom.shift.y + anchor.y * (1 / before.factor - 1 / after.factor),
    )
    zoom = replace(zoom, scale=after, pending_factor=pending_factor)
    return _with_shift(zoom, regions, shift)


def _next_scale(scale: IntegerScale, factor: float) -> IntegerScale:
    """Return the next larger scale for a factor above 1, the next smaller one for other factors."""
    if factor > 1:
        return next((s for s in _SCALES if s.factor > scale.factor), scale)
    return next((s for s in reversed(_SCALES) if s.factor < scale.factor), scale)


def _with_shift(zoom: RegionZoom, regions: Sequence[Rectangle], shift: Point) -> RegionZoom:
    """Return the zoom with a shift that is limited to where a cell still moves."""
    scale, image = common_scale(zoom, regions), zoom.image_size
    width = _visible_side(zoom.cell_size.width, scale, image.width)
    height = _visible_side(zoom.cell_size.height, scale, image.height)
    x = _clamp_shift(
        shift.x, [region.left + region.width / 2 for region in regions], width, image.width
    )
    y = _clamp_shift(
        shift.y, [region.top + region.height / 2 for region in regions], height, image.height
    )
    return replace(zoom, shift=Point(x, y))


def _visible_side(cell_side: int, scale: IntegerScale, image_side: int) -> int:
    """Return how many whole image pixels fit into a side of a cell, between 1 and `image_side`."""
    return min(max(cell_side * scale.reduction // scale.enlargement, 1), image_side)


def _clamp_start(center: float, visible_side: int, image_side: int) -> int:
    return min(max(floor(center - visible_side / 2), 0), image_side - visible_side)


def _clamp_shift(
    shift: float, centers: Sequence[float], visible_side: int, image_side: int
) -> float:
    lows = [visible_side / 2 - center for center in centers]
    highs = [image_side - visible_side / 2 - center for center in centers]
    return min(max(shift, min(lows, default=0.0)), max(highs, default=0.0))
