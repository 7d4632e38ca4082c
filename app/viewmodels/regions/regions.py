"""View model of the regions, which are compared in several images at once."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from app.i18n.translation import tr
from app.imaging.scaling import IntegerScale
from app.viewmodels.compare.compare import MAX_SCALE, CompareState, Point, Size
from app.viewmodels.compare.gallery import (
    GalleryItem,
    GalleryState,
    ImageKey,
    OriginalKey,
    ResultKey,
)
from app.viewmodels.regions.region_zoom import (
    RegionZoom,
    common_scale,
    visible_rectangle,
    with_cells_fitted,
    with_cells_moved,
    with_cells_zoomed,
)
from app.viewmodels.state_view_model import StateViewModel
from ddrm_core.imaging.rectangle import Rectangle

MAX_REGIONS = 6
# Fraction of the pane's width or height that a region takes after navigation to the region.
_VIEW_FRACTION = 0.5


@dataclass(frozen=True, slots=True)
class NumberedRegion:
    """A region with its number.

    Attributes:
        number: Number, 1 to 6, that stays the same when other regions are removed.
        rectangle: Rectangle in pixels of the displayed image.
    """

    number: int
    rectangle: Rectangle


@dataclass(frozen=True, slots=True)
class RegionsState:
    """State of the regions page: the regions and the images to compare in them.

    Attributes:
        regions: Regions in the order of their numbers.
        compared_keys: Keys of the images to compare, including images that are not available now.
        zoom: Zoom and position of all cells.
    """

    regions: tuple[NumberedRegion, ...] = ()
    compared_keys: tuple[ImageKey, ...] = (OriginalKey(), ResultKey())
    zoom: RegionZoom = field(default_factory=RegionZoom)

    @property
    def is_full(self) -> bool:
        """Whether the maximum number of regions is reached."""
        return len(self.regions) == MAX_REGIONS

    @property
    def rectangles(self) -> tuple[Rectangle, ...]:
        """Rectangles of the regions in pixels of the displayed image."""
        return tuple(region.rectangle for region in self.regions)

    @property
    def scale(self) -> IntegerScale:
        """Scale of all cells."""
        return common_scale(self.zoom, self.rectangles)

    def visible_rectangle(self, region: NumberedRegion) -> Rectangle:
        """Return the image pixels that the cells of a region show."""
        return visible_rectangle(self.zoom, region.rectangle, self.rectangles)


def with_region(state: RegionsState, rectangle: Rectangle) -> RegionsState:
    """Return the state with one more region, which gets the lowest free number.

    The state is not changed if no number is free, the rectangle is empty, or a region with that
    rectangle exists.
    """
    taken_numbers = {region.number for region in state.regions}
    free_numbers = [number for number in range(1, MAX_REGIONS + 1) if number not in taken_numbers]
    if (
        not free_numbers
        or rectangle.pixel_count == 0
        or rectangle in (region.rectangle for region in state.regions)
    ):
        return state
    regions = (*state.regions, NumberedRegion(free_numbers[0], rectangle))
    return replace(state, regions=tuple(sorted(regions, key=lambda region: region.number)))


def without_region(state: RegionsState, number: int) -> RegionsState:
    return replace(
        state, regions=tuple(region for region in state.regions if region.number != number)
    )


def with_compared_key(state: RegionsState, key: ImageKey, *, is_compared: bool) -> RegionsState:
    """Return the state with an image added to the compared images, or removed from them."""
    other_keys = tuple(other_key for other_key in state.compared_keys if other_key != key)
    return replace(state, compared_keys=(*other_keys, key) if is_compared else other_keys)


def compared_items(state: RegionsState, gallery: GalleryState) -> tuple[GalleryItem, ...]:
    """Return the available ones of the compared images, in the order of the gallery."""
    return tuple(item for item in gallery.items if item.key in state.compared_keys)


def format_region_rectangle(rectangle: Rectangle) -> str:
    """Return the size and the position of a region as text."""
    return tr("{width} × {height} px at {left}, {top}").format(  # noqa: RUF001
        width=rectangle.width, height=rectangle.height, left=rectangle.left, top=rectangle.top
    )


def format_enlargement(enlargement: IntegerScale) -> str:
    """Return the scale of a displayed region as text, such as "enlarged 3 times"."""
    if enlargement.reduction > 1:
        return tr("reduced to 1/{parts}").format(parts=enlargement.reduction)
    if enlargement.enlargement == 1:
        return tr("at its own size")
    return tr("enlarged {times} times").format(times=enlargement.enlargement)


def scale_and_center_for_region(
    rectangle: Rectangle, compare_state: CompareState
) -> tuple[float, float, float]:
    """Return the view in which a region is enlarged and in the middle of a pane.

    Returns:
        Scale in device pixels per image pixel, and x and y of the center in image pixels.
    """
    pane_size = compare_state.pane_size
    scale = _VIEW_FRACTION * min(
        pane_size.width / rectangle.width, pane_size.height / rectangle.height
    )
    if scale >= 1:
        scale = min(float(int(scale)), MAX_SCALE)
    return scale, rectangle.left + rectangle.width / 2, rectangle.top + rectangle.height / 2


class RegionsViewModel(StateViewModel[RegionsState]):
    """View model of the regions and of the images to compare in them."""

    def __init__(self) -> None:
        super().__init__(RegionsState())

    def add(self, rectangle: Rectangle) -> None:
        """Add a region of the displayed image, unless the maximum number is reached."""
        self._set_state(with_region(self._state, rectangle))

    def remove(self, number: int) -> None:
        self._set_state(without_region(self._state, number))

    def clear(self) -> None:
        """Remove all regions."""
        self._set_state(replace(self._state, regions=()))

    def set_regions(self, regions: tuple[NumberedRegion, ...]) -> None:
        """Replace all regions, for example by those before a change that is undone."""
        self._set_state(replace(self._state, regions=regions))

    def reset(self, width: int, height: int) -> None:
        """Remove all regions, because an image of this size was opened."""
        zoom = replace(with_cells_fitted(self._state.zoom), image_size=Size(width, height))
        self._set_state(replace(self._state, regions=(), zoom=zoom))

    def set_cell_size(self, width: int, height: int) -> None:
        """Set the size of each cell, in device pixels."""
        zoom = replace(self._state.zoom, cell_size=Size(max(width, 1), max(height, 1)))
        self._set_state(replace(self._state, zoom=zoom))

    def fit_cells(self) -> None:
        """Show every region in the middle of its cell, as large as all regions fit."""
        self._set_state(replace(self._state, zoom=with_cells_fitted(self._state.zoom)))

    def zoom_cells(self, factor: float, anchor: Point | None = None) -> None:
        """Multiply the scale of all cells by about `factor`; see `with_cells_zoomed`."""
        state, anchor = self._state, anchor or Point(0.0, 0.0)
        zoom = with_cells_zoomed(state.zoom, state.rectangles, factor, anchor)
        self._set_state(replace(state, zoom=zoom))

    def move_cells(self, dx: float, dy: float) -> None:
        """Move the images in all cells by a distance in device pixels."""
        state = self._state
        zoom = with_cells_moved(state.zoom, state.rectangles, dx, dy)
        self._set_state(replace(state, zoom=zoom))

    def set_image_compared(self, key: ImageKey, *, is_compared: bool) -> None:
        self._set_state(with_compared_key(self._state, key, is_compared=is_compared))
